// The browser asks before the page is left with unsaved text or with rows moved or removed.

const form = document.querySelector("#edition-form");
if (form) start();

function start() {
  let initial = "";
  let isLeaving = false;
  // After the other scripts have put the form into its shape.
  addEventListener("load", () => {
    initial = content();
  });
  form.addEventListener("submit", (event) => {
    if (event.submitter?.formTarget !== "preview" && !event.defaultPrevented) isLeaving = true;
  });
  form.addEventListener("form-submitting", () => {
    isLeaving = true;
  });
  // Who types again is still here: the save was stopped, or did not arrive.
  form.addEventListener("input", () => {
    isLeaving = false;
  });
  addEventListener("pageshow", () => {
    isLeaving = false;
  });
  addEventListener("beforeunload", (event) => {
    if (!isLeaving && (form.dataset.isUnsaved || content() !== initial)) event.preventDefault();
  });
}

function content() {
  const data = new FormData(form);
  for (const name of ["csrfmiddlewaretoken", "revision", "form_key"]) data.delete(name);
  return JSON.stringify([...data]);
}
