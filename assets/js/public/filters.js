// Empty fields are not sent: the address then names only what was chosen.
document.addEventListener("formdata", (event) => {
  for (const [name, value] of [...event.formData]) {
    if (value === "" && event.formData.getAll(name).length === 1) event.formData.delete(name);
  }
});

// <form data-auto>: a ticked box or a chosen order applies at once. Typed
// fields wait for Enter or the button, so that no half-typed year is sent.
document.addEventListener("change", (event) => {
  const form = event.target.form;
  if (form?.hasAttribute("data-auto") && event.target.matches('[type="checkbox"], [type="radio"], select')) {
    form.requestSubmit();
  }
});
