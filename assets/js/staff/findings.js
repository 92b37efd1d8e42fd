// The list of what the disclosure check found: F8 goes to the next finding, Shift F8
// to the one before. The focus goes to its first choice, else to the finding.
const findings = document.querySelector("form[data-findings]");

if (findings) {
  const hint = findings.querySelector("[data-findings-keys]");
  if (hint) hint.hidden = false;

  document.addEventListener("keydown", (event) => {
    if (event.key !== "F8") return;
    const all = [...findings.querySelectorAll(".finding")];
    if (!all.length) return;
    event.preventDefault();
    const at = all.findIndex((finding) => finding.contains(document.activeElement));
    const next = all[(at + (event.shiftKey ? (at < 0 ? 0 : -1) : 1) + all.length) % all.length];
    const choice = next.querySelector("input[type=radio]");
    if (!choice) next.tabIndex = -1;
    (choice ?? next).focus();
  });
}
