// Copy buttons beside citations: <button hidden data-copy="#id"> is shown and
// copies the text of #id; the [data-copied] element beside it says so.
const shown = (root) => {
  if (!navigator.clipboard) return;
  for (const button of root.querySelectorAll("button[data-copy]")) button.hidden = false;
};
shown(document);
document.addEventListener("htmx:load", (event) => shown(event.target));

document.addEventListener("click", async (event) => {
  const button = event.target.closest("button[data-copy]");
  if (!button) return;
  const said = button.parentElement.querySelector("[data-copied]");
  try {
    await navigator.clipboard.writeText(document.querySelector(button.dataset.copy).textContent.trim());
    if (said) said.textContent = button.dataset.done ?? "Copied";
  } catch {
    if (said) said.textContent = button.dataset.failed ?? "Not copied. Select the text and copy it.";
  }
});
