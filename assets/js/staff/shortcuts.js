// Keys of the desk. Shift Esc covers the screen wherever the focus is; the page
// goes from sight before the browser asks about words that were not saved, and
// Shift Esc brings it back for who stays. Single
// letters work where <body data-shortcuts="ADDRESS OF THEIR LIST"> turns them
// on, and never while a field has the focus: "?" shows the list over the page, "g" and then
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
      document.body.hidden = !document.body.hidden;
      if (document.body.hidden) cover.requestSubmit();
    }
    return;
  }
  if (document.querySelector("dialog[open]")) return;
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
    show();
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

// show is the list of keys over the page, so that what was typed stays; the page
// of the list where it cannot be had.
const show = async () => {
  let keys = null;
  try {
    const answer = await fetch(list, { redirect: "error" });
    keys = new DOMParser().parseFromString(await answer.text(), "text/html").querySelector(".keys");
  } catch {}
  if (!keys) return location.assign(list);
  const make = (tag, more, ...inside) => {
    const made = Object.assign(document.createElement(tag), more);
    made.append(...inside);
    return made;
  };
  const dialog = make("dialog", { className: "dialog" },
    make("h2", { id: "keys", textContent: "Shortcuts" }),
    document.importNode(keys, true),
    make("form", { method: "dialog", className: "row" },
      make("button", { className: "btn", textContent: "Close" }),
      make("a", { href: list, textContent: "Turn single letters off" })),
  );
  dialog.setAttribute("aria-labelledby", "keys");
  dialog.addEventListener("close", () => dialog.remove());
  document.body.append(dialog);
  dialog.showModal();
};
