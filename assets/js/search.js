// The slash key goes to the search field, unless somebody is typing.
document.addEventListener("keydown", (event) => {
  if (document.body.classList.contains("is-quiet")) return; // turned off per person
  if (event.key !== "/" || event.ctrlKey || event.altKey || event.metaKey) return;
  if (event.target.closest("input, textarea, select, [contenteditable]")) return;
  const field = document.querySelector('input[type="search"]');
  if (!field) return;
  event.preventDefault();
  field.closest("details")?.setAttribute("open", "");
  field.focus();
  field.select();
});
