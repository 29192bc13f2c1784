// Choosing a picture or a document for a row: a thumbnail of the chosen one, and a search dialog.

import { create, debounced } from "./shared.js";

const PAUSE = 250; // milliseconds after the last key
const SUGGESTED = { alt: "代替テキストの案", caption: "撮影者・提供者" };
const OTHER =
  "下に書いてある代替テキストは、前の画像のものかもしれません。この画像に合わせて直してください。";
const form = document.querySelector("#edition-form");
const dialog = document.querySelector("#dialog-media");

if (form && dialog) start();

function start() {
  const field = dialog.querySelector("input");
  const list = dialog.querySelector("[data-results]");
  const status = dialog.querySelector("[data-status]");
  const findSoon = debounced(find, PAUSE);
  let choice = null; // the row's part that the dialog is open for
  let latest = 0; // number of the request that was sent last

  form.dataset.hasMediaSearch = "yes";
  form.addEventListener("change", ({ target, isTrusted }) => {
    if (!target.matches("[data-media-choice] select")) return;
    // The message of an upload is of no use once another file is chosen.
    if (isTrusted)
      target.closest("[data-media-choice]").querySelector("[data-status]").textContent = "";
    show(target);
  });
  form.addEventListener("click", ({ target }) => {
    if (target.matches("[data-find]")) open(target.closest("[data-media-choice]"));
  });
  // Sent by row_uploads.js for a new file of the library.
  form.addEventListener("file-chosen", ({ target, detail }) => choose(target, detail));
  field.addEventListener("input", findSoon);
  list.addEventListener("click", ({ target }) => {
    const button = target.closest("button");
    if (!button) return;
    choose(choice, button.file_);
    dialog.close();
  });
  dialog.addEventListener("close", () => choice.querySelector("[data-find]").focus());

  function open(part) {
    choice = part;
    dialog.querySelector("h2").textContent = `${choice.querySelector("label").textContent}を探す`;
    field.value = "";
    list.replaceChildren();
    dialog.showModal();
    find();
  }

  async function find() {
    latest += 1;
    const number = latest;
    const query = new URLSearchParams({ of: choice.dataset.mediaChoice, q: field.value.trim() });
    const answer = await fetch(`${form.dataset.mediaSearchUrl}?${query}`).catch(() => null);
    if (number !== latest) return;
    if (!answer?.ok || answer.redirected) {
      status.textContent = "探せませんでした。つながりを確かめて、もう一度お試しください。";
      return;
    }
    const { files, more } = await answer.json();
    list.replaceChildren(...files.map(item));
    const count = more
      ? `新しいほうから${files.length}件です。ほかは、言葉で探してください。`
      : `${files.length}件（新しい順）`;
    status.textContent = files.length ? count : "見つかりません。別の言葉で探してください。";
  }
}

function item(file) {
  const picture = file.thumbnail ? [pictureOf(file.thumbnail)] : [];
  const name = create("span", {}, file.name);
  const fault = file.fault ? [create("span", { className: "media-fault" }, file.fault)] : [];
  const button = { type: "button", file_: file };
  return create("li", {}, create("button", button, ...picture, name, ...fault));
}

function choose(choice, file) {
  const select = choice.querySelector("select");
  if (![...select.options].some((option) => option.value === String(file.pk))) {
    const option = new Option(file.name, file.pk);
    for (const name of ["thumbnail", "alt", "credit", "fault"])
      if (file[name]) option.dataset[name] = file[name];
    select.options[0].after(option);
  }
  select.value = file.pk;
  select.dispatchEvent(new Event("change", { bubbles: true }));
  select.dispatchEvent(new Event("input", { bubbles: true }));
}

function show(select) {
  const choice = select.closest("[data-media-choice]");
  const picture = choice.querySelector("[data-picture]");
  const { thumbnail, alt, credit, fault } = select.selectedOptions[0].dataset;
  choice.querySelector("[data-fault-of]").textContent = fault ?? "";
  picture.hidden = !thumbnail;
  picture.replaceChildren(...(thumbnail ? [pictureOf(thumbnail)] : []));
  const row = select.closest("[data-row]");
  const isDecorative = row.querySelector("[name$='-is_decorative']")?.checked;
  const status = choice.querySelector("[data-status]");
  if (thumbnail && !isDecorative && row.querySelector("[name$='-alt']")?.value.trim()) {
    status.textContent += `\n${OTHER}`;
  }
  const suggestions = { alt: isDecorative ? "" : alt, caption: credit };
  const filled = Object.keys(suggestions).filter((name) => fill(row, name, suggestions[name]));
  if (!filled.length) return;
  const names = filled.map((name) => SUGGESTED[name]).join("と");
  status.textContent += `\n${names}を入れました。このページに合わせて直してください。`;
}

// Fills an empty field only: what somebody has written stays.
function fill(row, name, text) {
  const field = row.querySelector(`[name$='-${name}']`);
  if (!text || !field || field.value.trim()) return false;
  field.value = text;
  return true;
}

function pictureOf(address) {
  return create("img", { src: address, alt: "" });
}
