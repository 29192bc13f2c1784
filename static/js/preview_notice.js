// The preview follows the typing after a pause; until then a notice says that it is older.

import { debounced, say } from "./shared.js";

const PAUSE = 1_500; // milliseconds after the last change
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
  let scrolled = 0; // how far the frame was, which a new page in it forgets
  const followSoon = debounced(follow, PAUSE);

  for (const kind of ["input", "change"]) {
    form.addEventListener(kind, ({ target }) => {
      if (target.name === "submit_note") return;
      changes += 1;
      show();
      followSoon();
    });
  }
  form.addEventListener("submit", ({ submitter }) => {
    if (submitter !== button) return;
    followSoon.cancel();
    sentChanges = changes;
    isLoading = true;
    scrolled = frame.contentWindow?.scrollY ?? 0;
  });
  frame.addEventListener("load", () => {
    if (isLoading) changes -= sentChanges;
    sentChanges = 0;
    if (isLoading) frame.contentWindow?.scrollTo(0, scrolled);
    isLoading = false;
    show();
    if (changes) followSoon();
  });
  // A form that came with unsaved text shows it in the frame too.
  addEventListener("load", () => {
    if (form.dataset.isUnsaved) form.requestSubmit(button);
  });

  // Not while a file is chosen, which would be sent with every change; the button still sends it.
  function follow() {
    if (isLoading) return;
    if (!preview.open || [...form.querySelectorAll("[type=file]")].some((f) => f.value)) return;
    form.requestSubmit(button);
  }

  function show() {
    say(status, changes ? status.dataset.stale : "");
  }
}
