// A file that is chosen in a row, dropped onto the form or pasted goes into the library at once.
// Without this it goes there with the form.

const form = document.querySelector("#edition-form");
const WAIT = "ファイルを登録しています。終わってから、もう一度押してください。";
const LOST = "登録できませんでした。つながりとログインを確かめて、もう一度選んでください。";
let waiting = 0;
let last = Promise.resolve();

if (form) start();

function start() {
  form.addEventListener("change", ({ target }) => {
    if (!target.matches("[data-shelf] input[type='file']") || !target.files.length) return;
    take(target.closest("[data-shelf]"), target.files[0]);
    target.value = ""; // it is on its way, and does not go with the form again
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
  addEventListener("submit", hold, true);
  addEventListener("beforeunload", (event) => {
    if (waiting) event.preventDefault();
  });
}

function hasFiles({ dataTransfer }) {
  return dataTransfer?.types.includes("Files");
}

function receive(event) {
  const data = event.dataTransfer ?? event.clipboardData;
  form.removeAttribute("data-dropping");
  const isText = event.type === "paste" && data.types.some((type) => type.startsWith("text/"));
  if (!data.files.length || isText) return;
  event.preventDefault();
  if (document.querySelector("dialog[open]")) return; // what is beneath it waits
  event.stopPropagation();
  const below = event.target.closest?.("[data-shelf]");
  for (const file of data.files) {
    const kind = file.type.startsWith("image/") ? "image" : "document";
    const isMeant = below?.dataset.shelf === kind && data.files.length === 1;
    take(isMeant ? below : newRow(kind), file);
  }
}

function newRow(kind) {
  const section = document.querySelector(kind === "image" ? "#figures" : "#links");
  section.querySelector("[data-add]").click();
  return [...section.querySelectorAll("[data-row]")].at(-1).querySelector("[data-shelf]");
}

// One at a time, in their order.
function take(shelf, file) {
  waiting += 1;
  complain(shelf, []);
  say(shelf, `「${file.name}」を登録しています……`);
  last = last.then(async () => {
    try {
      await send(shelf, file);
    } catch {
      say(shelf, "");
      complain(shelf, [`「${file.name}」を${LOST}`]);
    } finally {
      waiting -= 1;
    }
  });
}

async function send(shelf, file) {
  const kind = shelf.dataset.shelf;
  const most = Number(shelf.querySelector("input[type='file']").dataset.bytes);
  if (file.size > most) {
    say(shelf, "");
    return complain(shelf, [
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
    say(shelf, "");
    return complain(shelf, [error]);
  }
  complain(
    shelf,
    refused.flatMap(({ reasons }) => reasons),
  );
  if (!stored.length) return say(shelf, "");
  const [taken] = stored;
  const warnings = taken.warnings ?? [];
  say(shelf, ["登録しました。", ...warnings].join("\n"));
  const words = shelf.closest("[data-row]").querySelector("[name$='-text']");
  if (words && !words.value.trim()) words.value = taken.title;
  const name = taken.name ?? `${taken.title}${taken.note}`;
  shelf.dispatchEvent(
    new CustomEvent("file-chosen", { bubbles: true, detail: { ...taken, name } }),
  );
}

function say(shelf, words) {
  shelf.querySelector("[data-told]").textContent = words;
}

function complain(shelf, sentences) {
  const place = shelf.querySelector(".shelf__new");
  place.querySelector(".errorlist, [role=alert]")?.remove();
  if (!sentences.length) return;
  const list = document.createElement("ul");
  list.className = "errorlist";
  for (const sentence of sentences) {
    const line = document.createElement("li");
    line.textContent = sentence;
    list.append(line);
  }
  const alert = document.createElement("div");
  alert.setAttribute("role", "alert");
  alert.append(list);
  place.querySelector("input").before(alert);
}

function hold(event) {
  if (!waiting || event.target !== form || event.submitter?.formTarget === "preview") return;
  event.preventDefault();
  event.stopImmediatePropagation();
  document.querySelector("#autosave-status").textContent = WAIT;
}
