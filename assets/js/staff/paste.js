// A table that is pasted into a field keeps its cells: the page that the
// clipboard holds goes along, until somebody changes the text. Without scripts
// the text's tabs divide the cells.
for (const form of document.querySelectorAll("form[data-paste-table]")) {
  const { paste, page } = form.elements;
  paste.addEventListener("paste", (event) => {
    page.value = paste.value === "" ? event.clipboardData.getData("text/html") : "";
  });
  paste.addEventListener("input", (event) => {
    if (event.inputType !== "insertFromPaste") page.value = "";
  });
}
