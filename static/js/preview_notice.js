// The preview follows the typing after a pause; until then a notice says that it is older. It is
// announced only where the preview does not follow, as otherwise it comes and goes at each pause.

import { debounced, say } from "./shared.js";

const PAUSE = 1_500; // milliseconds after the last change
const form = document.querySelector("#edition-form");
const preview = document.querySelector("[data-preview]");
if (form && preview) start();

function start() {
  const frame = preview.querySelector("iframe");
  const button = preview.querySelector("button[formtarget]");
  const notice = preview.querySelector("[data-stale]");
  const status = preview.querySelector("[data-status]");
  let hasFailed = false;
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
    hasFailed = false;
    scrolled = frame.contentDocument?.defaultView.scrollY ?? 0;
  });
  frame.addEventListener("load", () => {
    // The browser's own page in place of an answer belongs to no site.
    hasFailed = isLoading && !frame.contentDocument;
    if (isLoading && !hasFailed) {
      changes -= sentChanges;
      frame.contentWindow?.scrollTo(0, scrolled);
    }
    sentChanges = 0;
    isLoading = false;
    show();
    if (changes && !hasFailed) followSoon();
  });
  preview.addEventListener("toggle", () => {
    show();
    if (changes) followSoon();
  });
  // A form that came with unsaved text shows it in the frame too.
  addEventListener("load", () => {
    if (form.dataset.isUnsaved) form.requestSubmit(button);
  });

  // Not while a file is chosen, which would be sent with every change; the button still sends it.
  function follow() {
    if (!isLoading && !isPaused()) form.requestSubmit(button);
  }

  function isPaused() {
    return !preview.open || [...form.querySelectorAll("[type=file]")].some((file) => file.value);
  }

  function show() {
    const isAnnounced = hasFailed || isPaused();
    const { failed, paused } = status.dataset;
    say(notice, changes && !isAnnounced ? notice.dataset.stale : "");
    say(status, hasFailed ? failed : changes && isAnnounced ? paused : "");
  }
}
