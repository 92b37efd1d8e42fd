// The preview of a text while somebody types: the form goes to the address of its
// button [data-preview], and #preview of the page that is answered takes the place
// of the one here. Without this script the button shows the same page.
const button = document.querySelector("[data-preview]");
let waiting = 0;
let asked = 0;

const look = async () => {
  const mine = ++asked;
  try {
    const answer = await fetch(button.formAction, { method: "POST", body: new URLSearchParams(new FormData(button.form)), redirect: "error" });
    const fresh = new DOMParser().parseFromString(await answer.text(), "text/html").querySelector("#preview");
    if (answer.ok && fresh && mine === asked) document.querySelector("#preview")?.replaceWith(document.importNode(fresh, true));
  } catch {} // the next key asks again
};

if (button) {
  button.form.addEventListener("input", () => {
    clearTimeout(waiting);
    waiting = setTimeout(look, 400);
  });
}
