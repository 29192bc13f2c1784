// Choosing a picture or a document for a row: the chosen one is shown, older ones are found.

const PAUSE = 250; // milliseconds after the last key
const PROPOSED = { alt: "代替テキストの案", caption: "撮影者・提供者" };
const OTHER =
  "下に書いてある代替テキストは、前の画像のものかもしれません。この画像に合わせて直してください。";
const form = document.querySelector("#edition-form");
const dialog = document.querySelector("#dialog-shelf");

if (form && dialog) start();

function start() {
  const field = dialog.querySelector("input");
  const list = dialog.querySelector("[data-found]");
  const said = dialog.querySelector("[data-said]");
  let shelf = null;
  let timer = 0;
  let asked = 0;

  form.dataset.hasShelf = "yes";
  form.addEventListener("change", ({ target, isTrusted }) => {
    if (!target.matches("[data-shelf] select")) return;
    // What an upload has said goes with what it had chosen.
    if (isTrusted) target.closest("[data-shelf]").querySelector("[data-told]").textContent = "";
    show(target);
  });
  form.addEventListener("click", ({ target }) => {
    if (target.matches("[data-find]")) open(target.closest("[data-shelf]"));
  });
  // From whoever has put a new file into the library.
  form.addEventListener("file-chosen", ({ target, detail }) => choose(target, detail));
  field.addEventListener("input", () => {
    clearTimeout(timer);
    timer = setTimeout(find, PAUSE);
  });
  list.addEventListener("click", ({ target }) => {
    const button = target.closest("button");
    if (!button) return;
    choose(shelf, button.file_);
    dialog.close();
  });
  dialog.addEventListener("close", () => shelf.querySelector("[data-find]").focus());

  function open(one) {
    shelf = one;
    const words = `${shelf.querySelector("label").textContent}を探す`;
    dialog.querySelector("h2").textContent = words;
    field.value = "";
    list.replaceChildren();
    dialog.showModal();
    find();
  }

  async function find() {
    asked += 1;
    const number = asked;
    const query = new URLSearchParams({ of: shelf.dataset.shelf, q: field.value.trim() });
    const answer = await fetch(`${form.dataset.shelfSearch}?${query}`).catch(() => null);
    if (number !== asked) return;
    if (!answer?.ok || answer.redirected) {
      said.textContent = "探せませんでした。つながりを確かめて、もう一度お試しください。";
      return;
    }
    const { files, more } = await answer.json();
    list.replaceChildren(...files.map(item));
    const count = more
      ? `新しいほうから${files.length}件です。ほかは、言葉で探してください。`
      : `${files.length}件（新しい順）`;
    said.textContent = files.length ? count : "見つかりません。別の言葉で探してください。";
  }
}

function item(file) {
  const place = document.createElement("li");
  const button = document.createElement("button");
  button.type = "button";
  button.file_ = file;
  if (file.thumbnail) button.append(picture(file.thumbnail));
  const name = document.createElement("span");
  name.textContent = file.name;
  button.append(name);
  place.append(button);
  return place;
}

function choose(shelf, file) {
  const select = shelf.querySelector("select");
  if (![...select.options].some((option) => option.value === String(file.pk))) {
    const option = new Option(file.name, file.pk);
    for (const name of ["thumbnail", "alt", "credit"])
      if (file[name]) option.dataset[name] = file[name];
    select.options[0].after(option);
  }
  select.value = file.pk;
  select.dispatchEvent(new Event("change", { bubbles: true }));
  select.dispatchEvent(new Event("input", { bubbles: true }));
}

function show(select) {
  const shelf = select.closest("[data-shelf]");
  const shown = shelf.querySelector("[data-shown]");
  const { thumbnail, alt, credit } = select.selectedOptions[0].dataset;
  shown.hidden = !thumbnail;
  shown.replaceChildren(...(thumbnail ? [picture(thumbnail)] : []));
  const row = select.closest("[data-row]");
  const isDecorative = row.querySelector("[name$='-is_decorative']")?.checked;
  const said = shelf.querySelector("[data-told]");
  if (thumbnail && !isDecorative && row.querySelector("[name$='-alt']")?.value.trim()) {
    said.textContent += `\n${OTHER}`;
  }
  const proposed = { alt: isDecorative ? "" : alt, caption: credit };
  const put = Object.keys(proposed).filter((name) => fill(row, name, proposed[name]));
  if (!put.length) return;
  const words = put.map((name) => PROPOSED[name]).join("と");
  said.textContent += `\n${words}を入れました。このページに合わせて直してください。`;
}

// Into an empty field only: what somebody has written stays.
function fill(row, name, words) {
  const field = row.querySelector(`[name$='-${name}']`);
  if (!words || !field || field.value.trim()) return false;
  field.value = words;
  return true;
}

function picture(address) {
  const image = new Image();
  image.src = address;
  image.alt = "";
  return image;
}
