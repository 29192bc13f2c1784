// The preview does not follow the typing: a notice says so until the preview is renewed.

import { say } from "./shared.js";

const form = document.querySelector("#edition-form");
const preview = document.querySelector("[data-preview]");
if (form && preview) start();

function start() {
  const frame = preview.querySelector("iframe");
  const button = preview.querySelector("button[formtarget]");
  const status = preview.querySelector("[data-status]");
  let changes = 0; // since the text in the frame was sent
  let sentChanges = 0; // those of them that are in the request under way
  let isLoading = false;

  for (const kind of ["input", "change"]) {
    form.addEventListener(kind, ({ target }) => {
      if (target.name === "submit_note") return;
      changes += 1;
      show();
    });
  }
  form.addEventListener("submit", ({ submitter }) => {
    if (submitter !== button) return;
    sentChanges = changes;
    isLoading = true;
  });
  frame.addEventListener("load", () => {
    if (isLoading) changes -= sentChanges;
    sentChanges = 0;
    isLoading = false;
    show();
  });
  // A form that came with unsaved text shows it in the frame too.
  addEventListener("load", () => {
    if (form.dataset.isUnsaved) form.requestSubmit(button);
  });

  function show() {
    say(status, changes ? status.dataset.stale : "");
  }
}
