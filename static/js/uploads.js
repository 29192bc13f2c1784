// Files that are dropped on the panel, or sent by its button, are sent one by one, and the outcome
// of each is shown as soon as it is known. Without this script the form sends them together.

import { create, hasFiles, isJson, listOf } from "./shared.js";

const form = document.querySelector("[data-upload]");
const report = document.querySelector("[data-report]");
const REMEDIES = {
  403: "この操作はできません。画面を開き直してから、もう一度お試しください。",
  413: "大きすぎるため、受け付けられませんでした。小さくするか、分けてください。",
};
const LOGGED_OUT = "ログインが終わっています。画面を開き直してログインしてから、登録してください。";
const UNREACHED = "サーバーにつながりません。通信を確かめてから、もう一度登録してください。";
let isBusy = false;
let queue = []; // files that are dropped during an upload are added to it

if (form && window.FormData && report) prepare();

function prepare() {
  form.querySelector("[data-drop]").hidden = false;
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    send([...form.elements.files.files]);
  });
  for (const name of ["dragenter", "dragover"]) form.addEventListener(name, over);
  form.addEventListener("dragleave", (event) => {
    if (!form.contains(event.relatedTarget)) delete form.dataset.over;
  });
  form.addEventListener("drop", dropped);
  // A file that is dropped beside the panel would replace the page.
  for (const name of ["dragover", "drop"]) {
    document.addEventListener(name, (event) => {
      if (hasFiles(event)) event.preventDefault();
    });
  }
}

function over(event) {
  if (!hasFiles(event)) return;
  event.preventDefault();
  form.dataset.over = "";
}

function dropped(event) {
  if (!hasFiles(event)) return;
  event.preventDefault();
  delete form.dataset.over;
  send([...event.dataTransfer.files]);
}

async function send(files) {
  queue.push(...files);
  if (isBusy || !queue.length) return;
  isBusy = true;
  form.querySelector("button").setAttribute("aria-disabled", "true");
  report.querySelector("[data-outcomes]").replaceChildren();
  const counts = { stored: 0, refused: 0 };
  for (let place = 0; place < queue.length; place += 1) {
    const file = queue[place];
    say(`${queue.length}個のうち${place + 1}個目の「${file.name}」を登録しています……`);
    const answer = await upload(file);
    for (const one of answer.refused) {
      showOutcome("refused", `登録できませんでした：${one.name || file.name}`, one);
    }
    for (const one of answer.stored) showOutcome("stored", "登録しました：", one);
    counts.stored += answer.stored.length;
    counts.refused += answer.refused.length;
  }
  await refresh();
  queue = [];
  form.elements.files.value = "";
  form.querySelector("button").removeAttribute("aria-disabled");
  isBusy = false;
  conclude(counts);
}

// The outcome of one file, also where the server cannot be reached.
async function upload(file) {
  const refused = (sentence) => ({
    stored: [],
    refused: [{ name: file.name, reasons: [sentence] }],
  });
  if (file.size > Number(form.dataset.bytes)) {
    return refused(
      `「${file.name}」は、${form.dataset.size}を超えています。縮めるか、分けてください。`,
    );
  }
  const data = new FormData(form);
  data.delete("files");
  data.append("files", file);
  try {
    const headers = { Accept: "application/json" };
    const answer = await fetch(form.action, { method: "POST", body: data, headers });
    if (answer.redirected) return refused(LOGGED_OUT);
    const outcome = isJson(answer) ? await answer.json() : {};
    if (outcome.stored) return outcome;
    return refused(outcome.error ?? REMEDIES[answer.status] ?? UNREACHED);
  } catch {
    return refused(UNREACHED);
  }
}

function showOutcome(outcome, heading, file) {
  const title = create("strong", {}, heading);
  if (file.address) title.append(create("a", { href: file.address }, file.name ?? file.title));
  const item = create("li", {}, title);
  item.dataset.outcome = outcome;
  if (file.note) item.append(` ${file.note}`);
  const sentences = file.reasons ?? file.warnings ?? [];
  if (sentences.length) item.append(listOf(sentences, "reasons"));
  report.querySelector("[data-outcomes]").append(item);
}

// Replaces the list on the screen by its first page as it is now.
async function refresh() {
  try {
    const answer = await fetch(location.pathname);
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    const list = page.querySelector("[data-list]");
    if (list) document.querySelector("[data-list]").replaceWith(document.adoptNode(list));
    document.dispatchEvent(new CustomEvent("list-refreshed"));
  } catch {
    // The list stays as it was; the outcomes are shown above it.
  }
}

function conclude({ stored, refused }) {
  const both = "登録できたものと、できなかったものがあります";
  const title = refused ? (stored ? both : "登録できませんでした") : "登録しました";
  report.querySelector("[data-report-title]").textContent = title;
  report.hidden = false;
  const failed = refused ? `${refused}個は登録できませんでした。` : "";
  say(`${stored ? `${stored}個を登録しました。` : ""}${failed}`);
  report.focus();
}

function say(words) {
  form.querySelector("[data-progress]").textContent = words;
}
