// A field for the address of a page, that also finds pages by their titles (the ARIA combobox).

const PAUSE = 250; // milliseconds after the last key
const search = document.querySelector("[data-search]")?.dataset.search;
let count = 0;

if (search) {
  document.addEventListener("focusin", (event) => {
    if (event.target.matches("[data-chooser]") && !event.target.list_) enhance(event.target);
  });
}

function enhance(input) {
  const list = document.createElement("ul");
  list.className = "chooser__list";
  count += 1;
  list.id = `choices-${count}`;
  list.setAttribute("role", "listbox");
  list.setAttribute("aria-label", "見つかったページ");
  list.hidden = true;
  input.list_ = list;
  input.after(list);
  input.setAttribute("role", "combobox");
  input.setAttribute("aria-autocomplete", "list");
  input.setAttribute("aria-controls", list.id);
  const chosen = input.closest(".chooser").querySelector("[data-chosen]");
  chosen.setAttribute("role", "status");
  let timer = 0;
  let current = -1;
  let asked = "";
  close();

  input.addEventListener("input", () => {
    if (!input.isContentEditable && input.composing_) return;
    clearTimeout(timer);
    timer = setTimeout(find, PAUSE);
  });
  input.addEventListener("compositionstart", () => (input.composing_ = true));
  input.addEventListener("compositionend", () => {
    input.composing_ = false;
    timer = setTimeout(find, PAUSE);
  });
  input.addEventListener("keydown", press);
  input.addEventListener("blur", close);
  list.addEventListener("mousedown", (event) => event.preventDefault()); // the field keeps the focus
  list.addEventListener("click", (event) => {
    const option = event.target.closest("[role=option]");
    if (option) choose(option);
  });

  async function find() {
    asked = input.value.trim();
    if (!asked || /^https?:/.test(asked)) return close();
    const words = asked;
    const answer = await fetch(`${search}?q=${encodeURIComponent(words)}`).catch(() => null);
    if (words !== asked || !answer?.ok || answer.redirected) return;
    const { pages } = await answer.json();
    show(pages);
  }

  function show(pages) {
    list.replaceChildren(...pages.map(option));
    current = -1;
    const exact = pages.find((page) => page.address === input.value.trim());
    // A complete address leaves nothing to choose, and the list would lie over the buttons below.
    const isOpen = pages.length > 0 && !exact && document.activeElement === input;
    list.hidden = !isOpen;
    input.setAttribute("aria-expanded", String(isOpen));
    input.removeAttribute("aria-activedescendant");
    if (exact) chosen.textContent = `いまの表題：${exact.title}`;
    else chosen.textContent = pages.length ? `${pages.length}件見つかりました` : "見つかりません";
  }

  function option(page, place) {
    const item = document.createElement("li");
    item.id = `${list.id}-${place}`;
    item.setAttribute("role", "option");
    item.setAttribute("aria-selected", "false");
    item.dataset.address = page.address;
    item.dataset.title = page.title;
    const address = document.createElement("small");
    address.textContent = page.address;
    item.append(page.title, address);
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
    input.value = item.dataset.address;
    chosen.textContent = `いまの表題：${item.dataset.title}`;
    clearTimeout(timer);
    asked = ""; // an answer that is still on its way does not open the list again
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
