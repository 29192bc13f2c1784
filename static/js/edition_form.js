// Leaving with something unsaved is asked about: typing, the editor, and rows moved or removed.

const form = document.querySelector("#edition-form");
const kept = form?.dataset.isUnsaved;

if (form) {
  // After the other scripts have put the form into its shape.
  let before = "";
  addEventListener("load", () => (before = state()));
  let isLeaving = false;
  form.addEventListener("submit", (event) => {
    if (event.submitter?.formTarget !== "preview" && !event.defaultPrevented) isLeaving = true;
  });
  addEventListener("pageshow", () => (isLeaving = false));
  // Whoever still types has not left: the save was stopped, or did not arrive.
  form.addEventListener("input", () => (isLeaving = false));
  addEventListener("beforeunload", (event) => {
    if (isLeaving || (!kept && state() === before)) return;
    event.preventDefault();
  });
  form.addEventListener("form-leaves", () => (isLeaving = true));
}

function state() {
  const data = new FormData(form);
  data.delete("csrfmiddlewaretoken");
  data.delete("revision");
  data.delete("form_key");
  return JSON.stringify([...data]);
}
