// What is wrong is read first: the error summary takes the focus.
document.querySelector(".error-summary")?.focus();
