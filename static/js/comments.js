// A passage that is selected in the lines of a draft goes into the form of a comment.

import { say } from "./shared.js";

const place = document.querySelector("#place");
if (place) start();

function start() {
  const quote = document.querySelector("#quote");
  const text = document.querySelector("#text");
  const chosen = document.querySelector("#chosen");

  document.addEventListener("selectionchange", () => {
    const selection = document.getSelection();
    const line = selection.anchorNode?.parentElement?.closest("[data-place]");
    const words = selection.toString().trim();
    if (!line || !words || !line.contains(selection.focusNode)) return;
    place.value = line.dataset.place;
    quote.value = words.slice(0, quote.maxLength);
    say(chosen, `「${quote.value}」を選びました。`);
  });
  for (const link of document.querySelectorAll("[data-choose]")) {
    link.addEventListener("click", (event) => {
      event.preventDefault();
      const selected = place.value === link.dataset.choose && quote.value;
      place.value = link.dataset.choose;
      if (!selected) quote.value = "";
      text.focus();
    });
  }
}
