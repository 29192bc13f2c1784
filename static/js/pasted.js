// What is said about a text that came from elsewhere, and what becomes of its pictures.

import { create } from "./shared.js";

const note = document.querySelector("[data-removed-note]");
const list = document.querySelector("[data-removed-list]");

export function reportOnText(sentence, details) {
  note.textContent = sentence;
  list.hidden = !details.length;
  list.open = false;
  const summary = list.querySelector("summary");
  summary.textContent = `取り除いたもの、変えたもの（${details.length}件）を見る`;
  const items = details.map(([kind, words]) =>
    create("li", {}, create("strong", {}, kind), `：${words}`),
  );
  list.replaceChildren(summary, create("ul", {}, ...items));
}

// A picture that stood in the HTML itself goes into the library, as a row of the figures.
export function sendPicture(file) {
  document.dispatchEvent(new CustomEvent("picture-pasted", { detail: file }));
}
