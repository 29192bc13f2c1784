// The findings beside the form, while one types: asked for after a pause, shown without a reload.

const PAUSE = 500; // milliseconds after the last key
const PATIENCE = 20_000; // an answer that does not come
const LOST = "校正の結果を受け取れません。入力を続けると、また調べます。";

const form = document.querySelector("#edition-form");
const panel = document.querySelector("#proof");
const editor = document.querySelector("[data-editor-place]");
if (form && panel) start();

function start() {
  const list = panel.querySelector("[data-list]");
  const counts = [
    panel.querySelector("[data-count]"),
    document.querySelector("[data-proof-count]"),
  ];
  const done = panel.querySelector("[data-undo]");
  const back = panel.querySelector("[data-back]");
  const undos = [];
  let findings = null; // those in the list, once they have been asked for
  let html = "";
  let timer = 0;
  let turn = 0;
  let asking = null;
  let isComposing = false;

  form.addEventListener("compositionstart", () => {
    isComposing = true;
    clearTimeout(timer);
  });
  form.addEventListener("compositionend", () => {
    isComposing = false;
    soon();
  });
  for (const kind of ["input", "change"]) {
    form.addEventListener(kind, ({ target }) => {
      if (!isComposing && target.name !== "submit_note") soon();
    });
  }
  panel.addEventListener("click", click);
  addEventListener("load", ask);
  // The editor is a large file, and may come after the first answer.
  editor?.addEventListener("editor-ready", () => findings && announce());

  function soon(pause = PAUSE) {
    clearTimeout(timer);
    timer = setTimeout(ask, pause);
  }

  // Whoever asks again does not wait for the answer before.
  async function ask() {
    turn += 1;
    const own = turn;
    asking?.abort();
    asking = new AbortController();
    const signal = AbortSignal.any([asking.signal, AbortSignal.timeout(PATIENCE)]);
    try {
      const headers = { Accept: "application/json" };
      const answer = await fetch(form.dataset.proof, {
        method: "POST",
        headers,
        body: typed(),
        signal,
      });
      if (!isJson(answer) || !answer.ok) throw new Error("server");
      const said = await answer.json();
      if (own === turn) show(said);
    } catch (error) {
      if (own !== turn || error.name === "AbortError" || !findings) return;
      say(done, LOST);
      say(panel.querySelector("[data-stored]"), "前に調べた結果です。");
    }
  }

  function typed() {
    const data = new FormData(form);
    for (const [name, value] of [...data]) {
      if (typeof value !== "string" || name.startsWith("unmend_")) data.delete(name);
    }
    return data;
  }

  function show(said) {
    findings = said.findings;
    if (said.html !== html) replace(said.html);
    html = said.html;
    for (const place of counts) if (place) say(place, said.count);
    say(panel.querySelector("[data-stored]"), "いまの入力内容を調べた結果です。");
    if (done.textContent === LOST) say(done, "");
    announce();
  }

  function announce() {
    form.dispatchEvent(new CustomEvent("proof-found", { detail: findings }));
  }

  // What had the focus has it again: the same finding, or else the one in its place.
  function replace(newer) {
    const item = document.activeElement.closest("[data-finding]");
    const had = item && list.contains(item);
    const isOpen = list.querySelector("[data-accepted]")?.open;
    list.innerHTML = newer;
    const accepted = list.querySelector("[data-accepted]");
    if (accepted && isOpen) accepted.open = true;
    if (!had) return;
    const items = [...list.querySelectorAll("[data-finding]")];
    const next = items.find(({ dataset }) => dataset.key === item.dataset.key);
    const there = next ?? items[Math.min(Number(item.dataset.finding), items.length - 1)];
    (there?.querySelector("[data-go]") ?? panel).focus();
  }

  function click(event) {
    const button = event.target.closest("[data-go], [data-mend], [data-accept], [data-undo-do]");
    if (!button) return;
    const finding = findings?.[button.closest("[data-finding]")?.dataset.finding];
    if (button.matches("[data-undo-do]") ? !undos.length : !finding) return;
    event.preventDefault();
    if (button.matches("[data-go]")) go(finding);
    else if (button.matches("[data-mend]")) mend(finding);
    else if (button.matches("[data-accept]")) accept(button, finding);
    else undo();
  }

  function isInEditor({ name }) {
    return name === "body" && editor?.editor;
  }

  function go(finding) {
    if (isInEditor(finding))
      return editor.dispatchEvent(new CustomEvent("proof-go", { detail: finding }));
    const field = form.elements[finding.name];
    field.focus();
    const range = rangeIn(field.value, finding);
    if (range) field.setSelectionRange(...range);
    return undefined;
  }

  function mend(finding) {
    const back = isInEditor(finding) ? inEditor(finding) : inField(finding);
    if (!back) return say(done, "この言葉は、いまの文章にはありません。何も変えていません。");
    undos.push({ back, finding });
    const { words, replacement } = finding;
    tell(`「${words}」を${replacement.trim() ? `「${replacement}」に直し` : "取り除き"}ました。`);
    return soon(0);
  }

  function inEditor(finding) {
    const asked = new CustomEvent("proof-mend", { detail: { finding } });
    editor.dispatchEvent(asked);
    return asked.detail.undo;
  }

  function inField(finding) {
    const field = form.elements[finding.name];
    const range = rangeIn(field.value, finding, true);
    if (!range) return undefined;
    const [start, end] = range;
    const words = field.value.slice(start, end);
    write(field, finding.replacement, start, end);
    return () => {
      const to = start + finding.replacement.length;
      if (field.value.slice(start, to) !== finding.replacement) return false;
      write(field, words, start, to);
      return true;
    };
  }

  function write(field, words, start, end) {
    field.setRangeText(words, start, end, "end");
    field.dispatchEvent(new Event("input", { bubbles: true }));
  }

  function undo() {
    const { back, finding } = undos.pop();
    const isBack = back();
    tell(
      isBack ? `「${finding.words}」に戻しました。` : "そのあとで書き替えたところは、戻せません。",
    );
    if (!undos.length) panel.focus();
    soon(0);
  }

  function tell(words) {
    say(done, words);
    back.hidden = !undos.length;
  }

  function accept(link, finding) {
    const dialog = document.querySelector("#dialog-accept");
    const ours = dialog.querySelector("form");
    const wrong = dialog.querySelector("[data-wrong]");
    dialog.querySelector("[data-words]").textContent =
      `${finding.label}「${finding.words}」：${finding.sentence}`;
    ours.elements.reason.value = wrong.textContent = "";
    ours.onsubmit = async (event) => {
      event.preventDefault();
      if (event.submitter?.value === "cancel") return dialog.close();
      wrong.textContent = "";
      const sentences = await record(link.href, ours.elements.reason.value);
      wrong.textContent = sentences.join("");
      if (sentences.length) return ours.elements.reason.focus();
      dialog.close();
      say(done, "指摘をそのままにし、理由を記録しました。");
      return soon(0);
    };
    dialog.onclose = () => link.isConnected && link.focus();
    dialog.showModal();
  }

  async function record(address, reason) {
    const body = new FormData();
    body.set("reason", reason);
    body.set("csrfmiddlewaretoken", form.elements.csrfmiddlewaretoken.value);
    try {
      const signal = AbortSignal.timeout(PATIENCE);
      const headers = { Accept: "application/json" };
      const answer = await fetch(address, { method: "POST", headers, body, signal });
      if (isJson(answer)) return (await answer.json()).sentences;
    } catch {
      // as below
    }
    return ["記録できません。つながりとログインを確かめて、もう一度押してください。"];
  }
}

// The words nearest to where they were found; what is to be mended stands between the same words.
// Characters are counted as a server counts them: one that takes two places is one.
function rangeIn(value, { start, end, words, before, after }, isStrict = false) {
  const signs = [...value];
  const says = (text, at) => at >= 0 && [...text].every((sign, i) => same(signs[at + i], sign));
  const length = (text) => [...text].length;
  const inPlace = (at) => says(before, at - length(before)) && says(after, at + end - start);
  const found = [...signs.keys()].filter((at) => words && says(words, at));
  const fitting = found.filter(inPlace);
  const [at] = (fitting.length || isStrict ? fitting : found).sort(
    (a, b) => Math.abs(a - start) - Math.abs(b - start),
  );
  if (at === undefined) return undefined;
  return [at, at + end - start].map((place) => signs.slice(0, place).join("").length);
}

// A line is stored with plain spaces only.
function same(one, other) {
  return one === other || (one !== undefined && /\s/.test(one) && /\s/.test(other));
}

function say(place, words) {
  if (place.textContent !== words) place.textContent = words;
}

function isJson(answer) {
  return answer.headers.get("Content-Type")?.startsWith("application/json");
}
