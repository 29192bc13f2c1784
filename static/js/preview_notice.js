// The preview does not follow the typing: it says so, until it is asked for again.

const form = document.querySelector("#edition-form");
const preview = document.querySelector("[data-preview]");
if (form && preview) start();

function start() {
  const frame = preview.querySelector("iframe");
  const button = preview.querySelector("button[formtarget]");
  const status = preview.querySelector("[data-said]");
  let typed = 0; // how often
  let asked = 0; // what `typed` was when the preview was asked for
  let isAsked = false;

  for (const kind of ["input", "change"]) {
    form.addEventListener(kind, ({ target }) => {
      if (target.name === "submit_note") return;
      typed += 1;
      show();
    });
  }
  form.addEventListener("submit", ({ submitter }) => {
    if (submitter !== button) return;
    asked = typed;
    isAsked = true;
  });
  frame.addEventListener("load", () => {
    if (isAsked) typed -= asked;
    asked = 0;
    isAsked = false;
    show();
  });
  // What was not saved stands in the form, and not yet in the frame.
  addEventListener("load", () => {
    if (form.dataset.isUnsaved) form.requestSubmit(button);
  });

  function show() {
    const words = typed ? status.dataset.said : "";
    if (status.textContent !== words) status.textContent = words;
  }
}
