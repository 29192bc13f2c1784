// A file that is chosen in a row, dropped onto the form or pasted goes into the library at once.
// Without this script it is sent with the form.

import { reportOnText } from "./pasted.js";
import { create, hasFiles, isJson, listOf, request } from "./shared.js";

const form = document.querySelector("#edition-form");
const WAIT = "ファイルを登録しています。終わってから、もう一度押してください。";
const FAILED = "登録できませんでした。つながりとログインを確かめて、もう一度選んでください。";
// Names that say nothing: image.png, スクリーンショット 2026-11-30, IMG_0001, 画像1 and so on.
const NAMELESS =
  /^(image|img|clipboard|screen[ -]?shot|untitled|無題|名称未設定|画像|貼り付け(画像)?|スクリーンショット)?[\d\s()_.,:-]*$/i;
let waiting = 0;
let queue = Promise.resolve();

if (form) start();

function start() {
  form.addEventListener("change", ({ target }) => {
    if (!target.matches("[data-media-choice] input[type='file']") || !target.files.length) return;
    upload(target.closest("[data-media-choice]"), target.files[0]);
    target.value = ""; // it is under way, and is not sent again with the form
  });
  // Before the editor sees it, and wherever it falls: the browser would leave the form for it.
  addEventListener("dragover", (event) => {
    if (hasFiles(event)) event.preventDefault();
    form.toggleAttribute("data-dropping", hasFiles(event));
  });
  addEventListener("dragleave", (event) => {
    if (!event.relatedTarget) form.removeAttribute("data-dropping");
  });
  addEventListener("drop", receive, true);
  addEventListener("paste", receive, true);
  document.addEventListener("picture-pasted", ({ detail }) => {
    const choice = newRow("image");
    upload(choice, named(detail, choice));
  });
  document.addEventListener("document-linked", ({ detail }) => listDocument(detail));
  addEventListener("submit", hold, true);
  addEventListener("beforeunload", (event) => {
    if (waiting) event.preventDefault();
  });
}

function receive(event) {
  const data = event.dataTransfer ?? event.clipboardData;
  form.removeAttribute("data-dropping");
  const isText = event.type === "paste" && data.types.some((type) => type.startsWith("text/"));
  if (!data.files.length || isText) return;
  event.preventDefault();
  if (document.querySelector("dialog[open]")) return; // no row can be seen behind it
  event.stopPropagation();
  const target = event.target.closest?.("[data-media-choice]");
  for (const file of data.files) {
    const kind = file.type.startsWith("image/") ? "image" : "document";
    const isMeant = target?.dataset.mediaChoice === kind && data.files.length === 1;
    const choice = isMeant ? target : newRow(kind);
    upload(choice, kind === "image" ? named(file, choice) : file);
  }
}

// A pasted picture has no name of its own, or that of a program: the page and the number say more.
function named(file, choice) {
  const [stem, ending] = file.name.split(/\.(?=[^.]*$)/);
  if (!NAMELESS.test(stem.normalize("NFKC").trim())) return file;
  const title = form.elements.title.value
    .trim()
    .replaceAll(/[\\/:*?"<>|]/g, " ")
    .slice(0, 40);
  const number = choice.closest("[data-row]").querySelector("legend").textContent;
  const name = `${title || "無題のページ"} ${number}.${ending ?? file.type.split("/")[1]}`;
  const proposed = new File([file], name, { type: file.type });
  proposed.isProposed_ = true;
  return proposed;
}

function newRow(kind) {
  const section = document.querySelector(kind === "image" ? "#figures" : "#links");
  section.querySelector("[data-add]").click();
  return [...section.querySelectorAll("[data-row]")].at(-1).querySelector("[data-media-choice]");
}

// The text links a document that is not public: a row of the links publishes it with this edition.
function listDocument(file) {
  const rows = [...document.querySelectorAll("#links [data-row]:not([data-removed])")];
  const isListed = (row) => row.querySelector("[name$='-document']").value === String(file.pk);
  if (rows.some(isListed)) return;
  const choice = newRow("document");
  choice.closest("[data-row]").querySelector("[name$='-text']").value = file.title;
  choice.dispatchEvent(new CustomEvent("file-chosen", { bubbles: true, detail: file }));
  report(choice, "本文からリンクした文書です。この版と一緒に公開されます。");
  reportOnText(
    `文書「${file.title}」はまだ公開されていないので、「リンク」の行にも加えました。`,
    [],
  );
}

// One at a time, in their order.
function upload(choice, file) {
  waiting += 1;
  showErrors(choice, []);
  report(choice, `「${file.name}」を登録しています……`);
  queue = queue.then(async () => {
    try {
      await send(choice, file);
    } catch {
      report(choice, "");
      showErrors(choice, [`「${file.name}」を${FAILED}`]);
    } finally {
      waiting -= 1;
    }
  });
}

async function send(choice, file) {
  const kind = choice.dataset.mediaChoice;
  const most = Number(choice.querySelector("input[type='file']").dataset.bytes);
  if (file.size > most) {
    report(choice, "");
    return showErrors(choice, [
      `「${file.name}」は、${most / 1024 ** 2}MBを超えています。縮めるか、分けてください。`,
    ]);
  }
  const body = new FormData();
  body.append("files", file);
  const answer = await fetch(form.dataset[kind === "image" ? "uploadImage" : "uploadDocument"], {
    method: "POST",
    headers: { Accept: "application/json", "X-CSRFToken": form.elements.csrfmiddlewaretoken.value },
    body,
  });
  const { stored, refused, error } = await answer.json();
  if (error) {
    report(choice, "");
    return showErrors(choice, [error]);
  }
  showErrors(
    choice,
    refused.flatMap(({ reasons }) => reasons),
  );
  if (!stored.length) return report(choice, "");
  const [added] = stored;
  const warnings = added.warnings ?? [];
  report(choice, ["登録しました。", ...warnings].join("\n"));
  const linkText = choice.closest("[data-row]").querySelector("[name$='-text']");
  if (linkText && !linkText.value.trim()) linkText.value = added.title;
  const name = added.name ?? `${added.title}${added.note}`;
  if (file.isProposed_) offerName(choice, added);
  choice.dispatchEvent(
    new CustomEvent("file-chosen", { bubbles: true, detail: { ...added, name } }),
  );
}

// The name that was proposed can be changed at once.
function offerName(choice, added) {
  choice.querySelector("[data-name]")?.remove();
  const id = `name-of-${added.pk}`;
  const label = create("label", { htmlFor: id }, "この画像の名前（ライブラリで探すときの名前）");
  const input = create("input", { type: "text", id, value: added.name, maxLength: 180 });
  const button = create("button", { type: "button", className: "button" }, "名前を変える");
  button.dataset.small = "";
  const field = create("div", { className: "field" }, label, input, button);
  field.dataset.name = "";
  choice.querySelector(".media-choice__new").append(field);
  button.addEventListener("click", () => rename(choice, added, input));
  input.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || event.isComposing) return;
    event.preventDefault(); // it would send the whole form
    rename(choice, added, input);
  });
}

async function rename(choice, added, input) {
  const body = new FormData();
  body.append("name", input.value);
  const headers = { "X-CSRFToken": form.elements.csrfmiddlewaretoken.value };
  const answer = await request(added.name_address, { method: "POST", headers, body }).catch(
    () => null,
  );
  const { name, error } = answer && isJson(answer) ? await answer.json() : {};
  if (!name) return report(choice, error ?? "名前を変えられませんでした。もう一度お試しください。");
  input.value = name;
  for (const option of choice.querySelectorAll(`option[value="${added.pk}"]`)) option.text = name;
  report(choice, `名前を「${name}」に変えました。`);
}

function report(choice, text) {
  choice.querySelector("[data-status]").textContent = text;
}

function showErrors(choice, sentences) {
  const part = choice.querySelector(".media-choice__new");
  part.querySelector(".errorlist, [role=alert]")?.remove();
  if (!sentences.length) return;
  const alert = document.createElement("div");
  alert.setAttribute("role", "alert");
  alert.append(listOf(sentences, "errorlist"));
  part.querySelector("input").before(alert);
}

function hold(event) {
  if (!waiting || event.target !== form || event.submitter?.formTarget === "preview") return;
  event.preventDefault();
  event.stopImmediatePropagation();
  document.querySelector("#autosave-status").textContent = WAIT;
}
