// The letter in which a reader asks to correct or remove something. The fields
// are shown only with this script; they write the letter on the page and into the
// link that begins a mail. Nothing is sent from here.
const form = document.querySelector("form[data-letter]");
const write = () => {
  const of = (name) => form.querySelector(`[data-${name}]`).value.trim();
  const want = form.querySelector("[data-want]:checked")?.dataset.want ?? "";
  const reference = of("reference");
  const letter = [
    `Reference of the entry: ${reference}`, `What should happen: ${want}`, `Which words on the page:\n${of("words")}`,
    `What would be right:\n${of("right")}`, `How you can answer me: ${of("contact")}`,
  ].join("\n\n");
  document.querySelector("#letter").textContent = letter;
  const mail = document.querySelector("[data-mail]");
  if (mail) {
    const subject = reference ? `Correct or remove: ${reference}` : "Correct or remove an entry";
    mail.href = `mailto:${form.dataset.to}?subject=${encodeURIComponent(subject)}&body=${encodeURIComponent(letter.replaceAll("\n", "\r\n"))}`;
  }
};
if (form) {
  form.hidden = false;
  form.addEventListener("input", write);
  form.addEventListener("submit", (event) => event.preventDefault());
  write();
}
