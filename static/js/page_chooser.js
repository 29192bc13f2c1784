// A field for the address of a page, that also finds pages by their titles (the ARIA combobox), and
// with data-chooser="documents" documents too. `chosen_` is what stands in it.

import { create, debounced } from "./shared.js";

const PAUSE = 250; // milliseconds after the last key
const search = document.querySelector("[data-search]")?.dataset.search;
let count = 0;

if (search) {
  document.addEventListener("focusin", (event) => {
    if (event.target.matches("[data-chooser]") && !event.target.list_) enhance(event.target);
  });
}

function enhance(input) {
  count += 1;
  const list = create("ul", { className: "chooser__list", id: `choices-${count}`, hidden: true });
  list.setAttribute("role", "listbox");
  const hasDocuments = input.dataset.chooser === "documents";
  list.setAttribute("aria-label", hasDocuments ? "見つかったページと文書" : "見つかったページ");
  input.list_ = list;
  input.after(list);
  input.setAttribute("role", "combobox");
  input.setAttribute("aria-autocomplete", "list");
  input.setAttribute("aria-controls", list.id);
  const status = input.closest(".chooser").querySelector("[data-chosen]");
  status.setAttribute("role", "status");
  const findSoon = debounced(find, PAUSE);
  let current = -1;
  let query = "";
  close();

  input.addEventListener("input", () => {
    input.chosen_ = null;
    if (!input.isContentEditable && input.composing_) return;
    findSoon();
  });
  input.addEventListener("compositionstart", () => (input.composing_ = true));
  input.addEventListener("compositionend", () => {
    input.composing_ = false;
    findSoon();
  });
  input.addEventListener("keydown", press);
  input.addEventListener("blur", close);
  list.addEventListener("mousedown", (event) => event.preventDefault()); // the field keeps the focus
  list.addEventListener("click", (event) => {
    const option = event.target.closest("[role=option]");
    if (option) choose(option);
  });

  async function find() {
    query = input.value.trim();
    if (!query || /^https?:/.test(query)) return close();
    const own = query;
    const asked = new URLSearchParams({ q: own, ...(hasDocuments && { documents: 1 }) });
    const answer = await fetch(`${search}?${asked}`).catch(() => null);
    if (own !== query || !answer?.ok || answer.redirected) return;
    const { pages, documents = [] } = await answer.json();
    show([...pages, ...documents]);
  }

  function show(pages) {
    list.replaceChildren(...pages.map(option));
    current = -1;
    const exact = pages.find((page) => page.address === input.value.trim().split(/[?#]/)[0]);
    input.chosen_ = exact;
    // A complete address leaves nothing to choose, and the list would lie over the buttons below.
    const isOpen = pages.length > 0 && !exact && document.activeElement === input;
    list.hidden = !isOpen;
    input.setAttribute("aria-expanded", String(isOpen));
    input.removeAttribute("aria-activedescendant");
    if (exact) status.textContent = `いまの表題：${exact.title}`;
    else status.textContent = pages.length ? `${pages.length}件見つかりました` : "見つかりません";
  }

  function option(page, place) {
    const address = create("small", {}, page.address);
    const named = page.name ?? page.title; // of a document with its format and size
    const item = create("li", { id: `${list.id}-${place}`, page_: page }, named, address);
    item.setAttribute("role", "option");
    item.setAttribute("aria-selected", "false");
    return item;
  }

  function press(event) {
    if (event.isComposing || list.hidden) return;
    const options = [...list.children];
    if (event.key === "ArrowDown") current = Math.min(current + 1, options.length - 1);
    else if (event.key === "ArrowUp") current = Math.max(current - 1, 0);
    else if (event.key === "Enter" && current >= 0) choose(options[current]);
    else if (event.key === "Escape") close();
    else return;
    event.preventDefault();
    event.stopPropagation();
    for (const [place, one] of options.entries()) {
      one.setAttribute("aria-selected", String(place === current));
    }
    if (!list.hidden && options[current]) {
      input.setAttribute("aria-activedescendant", options[current].id);
      options[current].scrollIntoView({ block: "nearest" });
    }
  }

  function choose(item) {
    input.chosen_ = item.page_;
    input.value = item.page_.address;
    status.textContent = `いまの表題：${item.page_.title}`;
    findSoon.cancel();
    query = ""; // an answer that comes later does not open the list again
    close();
    input.dispatchEvent(new Event("change", { bubbles: true }));
    input.form?.dispatchEvent(new Event("input", { bubbles: true }));
  }

  function close() {
    list.hidden = true;
    input.setAttribute("aria-expanded", "false");
    input.removeAttribute("aria-activedescendant");
  }
}
