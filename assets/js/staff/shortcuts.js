// Keys of the desk. Shift Esc covers the screen wherever the focus is. Single
// letters work where <body data-shortcuts="ADDRESS OF THEIR LIST"> turns them
// on, and never while a field has the focus: "?" opens the list, "g" and then
// a letter follows the link with that data-go; "j" and "k" go through the rows
// of the page's list, whose first link Enter opens; "a" and "e" follow the link
// with that data-key, of the row if it has one.
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
  if (event.key === "j" || event.key === "k") step(event.key === "j" ? 1 : -1);
  if (event.key === "a" || event.key === "e") {
    const key = `a[data-key="${event.key}"]`;
    const link = document.activeElement.closest("tr, .queue > li")?.querySelector(key) ?? document.querySelector(`main ${key}`);
    if (link) {
      event.preventDefault();
      link.click();
    }
  }
  going = event.key === "g";
});

// step moves the focus to the first link of the next row, or the one before.
const step = (by) => {
  const links = [...document.querySelectorAll("main tbody tr, main .queue > li")].map((row) => row.querySelector("a[href]")).filter(Boolean);
  const at = links.findIndex((link) => link.closest("tr, li").contains(document.activeElement));
  links[at < 0 ? (by > 0 ? 0 : links.length - 1) : Math.min(Math.max(at + by, 0), links.length - 1)]?.focus();
};
