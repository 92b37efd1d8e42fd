// Keys of the desk. Shift Esc covers the screen wherever the focus is. Single
// letters work where <body data-shortcuts="ADDRESS OF THEIR LIST"> turns them
// on, and never while a field has the focus: "?" opens the list, "g" and then
// a letter follows the link with that data-go.
const list = document.body.dataset.shortcuts;
let going = false;

document.addEventListener("keydown", (event) => {
  if (event.key === "Escape" && event.shiftKey) {
    const cover = document.querySelector("form[data-cover]");
    if (cover) {
      event.preventDefault();
      cover.requestSubmit();
    }
    return;
  }
  if (!list || event.ctrlKey || event.altKey || event.metaKey) return;
  if (event.target.closest("input, textarea, select, [contenteditable]")) return;

  if (going) {
    going = false;
    const link = document.querySelector(`a[data-go="${CSS.escape(event.key)}"]`);
    if (link) {
      event.preventDefault();
      link.click();
    }
    return;
  }
  if (event.key === "?") {
    event.preventDefault();
    location.assign(list);
  }
  going = event.key === "g";
});
