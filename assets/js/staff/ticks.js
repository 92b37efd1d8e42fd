// Countersigning: the sentence beside the button counts the fields that are
// not ticked yet. The words come with the page; the server checks the ticks.
const count = (form) => {
  const said = form.querySelector("[data-ticks-left]");
  if (!said) return;
  const left = [...form.elements].filter((e) => e.matches("[data-tick]") && !e.checked).length;
  const words = left === 0 ? said.dataset.ticksNone : left === 1 ? said.dataset.ticksOne : said.dataset.ticksMany;
  said.textContent = words.replace("%d", left);
};
for (const form of document.querySelectorAll("form[data-ticks]")) count(form);
document.addEventListener("change", (event) => {
  if (event.target.matches("[data-tick]") && event.target.form?.hasAttribute("data-ticks")) count(event.target.form);
});
