/*
 * Files that are dropped on the panel, or sent by its button, go one by one, and each is told of as
 * soon as it is there. Without this script the form sends them together, and the next page tells.
 */
const form = document.querySelector("[data-upload]");
const report = document.querySelector("[data-report]");
const WAYS_OUT = {
  403: "この操作はできません。画面を開き直してから、もう一度お試しください。",
  413: "大きすぎるため、受け付けられませんでした。小さくするか、分けてください。",
};
const LOGGED_OUT = "ログインが終わっています。画面を開き直してログインしてから、登録してください。";
const UNREACHED = "サーバーにつながりません。通信を確かめてから、もう一度登録してください。";
let isBusy = false;
let queue = []; // what comes while others are on their way goes after them

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
  // What is let go beside the panel does not take the page away.
  for (const name of ["dragover", "drop"]) {
    document.addEventListener(name, (event) => {
      if (holdsFiles(event)) event.preventDefault();
    });
  }
}

const holdsFiles = (event) => [...(event.dataTransfer?.types ?? [])].includes("Files");

function over(event) {
  if (!holdsFiles(event)) return;
  event.preventDefault();
  form.dataset.over = "";
}

function dropped(event) {
  if (!holdsFiles(event)) return;
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
    const answer = await taken(file);
    for (const one of answer.refused) {
      tell("refused", `登録できませんでした：${one.name || file.name}`, one);
    }
    for (const one of answer.stored) tell("stored", "登録しました：", one);
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

/** What became of one file, whatever happens on the way. */
async function taken(file) {
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
    const isData = answer.headers.get("Content-Type")?.startsWith("application/json");
    const told = isData ? await answer.json() : {};
    if (told.stored) return told;
    return refused(told.error ?? WAYS_OUT[answer.status] ?? UNREACHED);
  } catch {
    return refused(UNREACHED);
  }
}

function tell(outcome, words, file) {
  const item = document.createElement("li");
  item.dataset.outcome = outcome;
  const strong = document.createElement("strong");
  strong.textContent = words;
  item.append(strong);
  if (file.address) strong.append(linked(file));
  if (file.note) item.append(` ${file.note}`);
  const sentences = file.reasons ?? file.warnings ?? [];
  if (sentences.length) item.append(listed(sentences));
  report.querySelector("[data-outcomes]").append(item);
}

function linked(file) {
  const link = document.createElement("a");
  link.href = file.address;
  link.textContent = file.name ?? file.title;
  return link;
}

function listed(sentences) {
  const list = document.createElement("ul");
  list.className = "reasons";
  for (const sentence of sentences) {
    const item = document.createElement("li");
    item.textContent = sentence;
    list.append(item);
  }
  return list;
}

/** The list as it is now, from its first page, in the place of the one that is shown. */
async function refresh() {
  try {
    const answer = await fetch(location.pathname);
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    const list = page.querySelector("[data-list]");
    if (list) document.querySelector("[data-list]").replaceWith(document.adoptNode(list));
    document.dispatchEvent(new CustomEvent("listed"));
  } catch {
    // The list stays as it was; what was stored is told of above.
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
