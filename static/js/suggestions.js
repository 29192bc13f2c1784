// Suggests titles below the search field. Without this script, or where the site does not answer,
// the field is a plain form.
const WAIT = 150; // milliseconds after the last key
const field = document.getElementById("search");
const list = document.getElementById("suggestions");
const count = document.createElement("p"); // how many there are, read aloud
let asked = "";
let timer = 0;
let request = new AbortController();

const options = () => [...list.children];
const chosen = () => options().findIndex((option) => option.ariaSelected === "true");

// The field becomes a combobox when it is first used.
const prepare = () => {
  count.id = "suggestion-count";
  count.className = "visually-hidden";
  count.setAttribute("role", "status");
  list.after(count);
  list.setAttribute("role", "listbox");
  field.setAttribute("role", "combobox");
  field.setAttribute("aria-autocomplete", "list");
  field.setAttribute("aria-controls", list.id);
  field.setAttribute("aria-expanded", "false");
};

const close = () => {
  list.hidden = true;
  count.textContent = "";
  field.setAttribute("aria-expanded", "false");
  field.removeAttribute("aria-activedescendant");
};

const choose = (number) => {
  options().forEach((option, index) => {
    option.ariaSelected = String(index === number);
  });
  const option = options()[number];
  if (option) {
    field.setAttribute("aria-activedescendant", option.id);
    option.scrollIntoView({ block: "nearest" });
  } else {
    field.removeAttribute("aria-activedescendant");
  }
};

const show = (titles, addresses) => {
  list.replaceChildren(
    ...titles.map((title, index) => {
      const option = document.createElement("li");
      option.id = `suggestion-${index}`;
      option.setAttribute("role", "option");
      option.ariaSelected = "false";
      option.textContent = title;
      option.dataset.address = addresses[index];
      return option;
    }),
  );
  list.hidden = titles.length === 0;
  count.textContent = titles.length
    ? `表題の候補が${titles.length}件あります。上下の矢印で選べます。`
    : "表題の候補はありません。";
  field.setAttribute("aria-expanded", String(titles.length > 0));
  field.removeAttribute("aria-activedescendant");
};

const ask = async () => {
  const typed = field.value.trim();
  if (typed === asked) return;
  asked = typed;
  request.abort();
  request = new AbortController();
  if (!typed) return close();
  try {
    const answer = await fetch(`/search/suggestions.json?q=${encodeURIComponent(typed)}`, {
      signal: request.signal,
    });
    if (!answer.ok || document.activeElement !== field) return;
    const [, titles, addresses] = await answer.json();
    show(titles, addresses);
  } catch {
    // no answer, or a newer question
  }
};

// A suggestion is a page, so it leads there.
const accept = (option) => {
  field.value = option.textContent;
  close();
  location.assign(option.dataset.address);
};

const press = (event) => {
  if (event.isComposing || list.hidden) return;
  const last = options().length - 1;
  const here = chosen();
  if (event.key === "ArrowDown") choose(here < last ? here + 1 : 0);
  else if (event.key === "ArrowUp") choose(here <= 0 ? last : here - 1);
  else if (event.key === "Escape") close();
  else if (event.key === "Enter" && here >= 0) accept(options()[here]);
  else return;
  event.preventDefault();
};

if (field && list && !field.form.elements.at) {
  // a past day has no suggestions
  field.addEventListener("focus", prepare, { once: true });
  field.addEventListener("input", () => {
    clearTimeout(timer);
    timer = setTimeout(ask, WAIT);
  });
  field.addEventListener("keydown", press);
  field.addEventListener("blur", close);
  list.addEventListener("mousedown", (event) => event.preventDefault()); // the field keeps the focus
  list.addEventListener("click", (event) => {
    const option = event.target.closest("[role=option]");
    if (option) accept(option);
  });
}

// What is for officers alone is fetched in their browsers alone.
if (/(?:^|; )officer=1(?:;|$)/.test(document.cookie)) import("./edit_links.js");
