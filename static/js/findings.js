// The findings beside the form: requested after a pause in the typing, shown without a reload.

import { debounced, isJson, isSameCharacter, request, say } from "./shared.js";

const PAUSE = 500; // milliseconds after the last key
const FAILED = "校正の結果を受け取れません。入力を続けると、また調べます。";

const form = document.querySelector("#edition-form");
const panel = document.querySelector("#findings");
const editor = document.querySelector("[data-editor]");
if (form && panel) start();

function start() {
  const list = panel.querySelector("[data-list]");
  const counts = [
    panel.querySelector("[data-count]"),
    document.querySelector("[data-findings-count]"),
  ];
  const status = panel.querySelector("[data-autofix-status]");
  const undoPart = panel.querySelector("[data-undo]");
  const undoStack = [];
  const refreshSoon = debounced(refresh, PAUSE);
  let findings = null; // those in the list, once an answer has come
  let html = "";
  let latest = 0; // number of the request that was sent last
  let controller = null;
  let isComposing = false;

  form.addEventListener("compositionstart", () => {
    isComposing = true;
    refreshSoon.cancel();
  });
  form.addEventListener("compositionend", () => {
    isComposing = false;
    refreshSoon();
  });
  for (const kind of ["input", "change"]) {
    form.addEventListener(kind, ({ target }) => {
      if (!isComposing && target.name !== "submit_note") refreshSoon();
    });
  }
  panel.addEventListener("click", click);
  addEventListener("load", refresh);
  // The editor is a large file, and may come after the first answer.
  editor?.addEventListener("editor-ready", () => findings && announce());

  function refreshNow() {
    refreshSoon.cancel();
    refresh();
  }

  // A newer request ends the one under way.
  async function refresh() {
    latest += 1;
    const number = latest;
    controller?.abort();
    controller = new AbortController();
    const { signal } = controller;
    try {
      const body = formData();
      const answer = await request(form.dataset.findingsUrl, { method: "POST", body, signal });
      if (!isJson(answer) || !answer.ok) throw new Error("server");
      const result = await answer.json();
      if (number === latest) show(result);
    } catch (error) {
      if (number !== latest || error.name === "AbortError" || !findings) return;
      say(status, FAILED);
      say(panel.querySelector("[data-stored]"), "前に調べた結果です。");
    }
  }

  function formData() {
    const data = new FormData(form);
    for (const [name, value] of [...data]) {
      if (typeof value !== "string" || name.startsWith("autofix_")) data.delete(name);
    }
    return data;
  }

  function show(result) {
    findings = result.findings;
    if (result.html !== html) replaceList(result.html);
    html = result.html;
    for (const element of counts) if (element) say(element, result.count);
    say(panel.querySelector("[data-stored]"), "いまの入力内容を調べた結果です。");
    if (status.textContent === FAILED) say(status, "");
    announce();
  }

  function announce() {
    form.dispatchEvent(new CustomEvent("findings-updated", { detail: findings }));
  }

  // The focus stays on the same finding, or goes to the one that is now in its place.
  function replaceList(newHtml) {
    const item = document.activeElement.closest("[data-finding]");
    const hadFocus = item && list.contains(item);
    const open = [...list.querySelectorAll("details[open]")].map(({ dataset }) => dataset.part);
    list.innerHTML = newHtml;
    for (const part of list.querySelectorAll("details"))
      part.open = open.includes(part.dataset.part);
    if (!hadFocus) return;
    const items = [...list.querySelectorAll("[data-finding]")];
    const same = items.find(({ dataset }) => dataset.key === item.dataset.key);
    const next = same ?? items[Math.min(Number(item.dataset.finding), items.length - 1)];
    (next?.querySelector("[data-go]") ?? panel).focus();
  }

  function click(event) {
    const button = event.target.closest(
      "[data-go], [data-autofix], [data-autofix-all], [data-accept], [data-undo-button]",
    );
    if (!button) return;
    const finding = findings?.[button.closest("[data-finding]")?.dataset.finding];
    if (button.matches("[data-undo-button]") ? !undoStack.length : !finding) return;
    event.preventDefault();
    if (button.matches("[data-go]")) select(finding);
    else if (button.matches("[data-autofix]")) autofix(finding);
    else if (button.matches("[data-autofix-all]")) autofixAll(finding.rule);
    else if (button.matches("[data-accept]")) accept(button, finding);
    else undo();
  }

  function isInEditor({ name }) {
    return name === "body" && editor?.editor;
  }

  function select(finding) {
    if (isInEditor(finding)) {
      editor.dispatchEvent(new CustomEvent("finding-select", { detail: finding }));
      return;
    }
    const field = form.elements[finding.name];
    field.focus();
    const range = rangeIn(field.value, finding);
    if (range) field.setSelectionRange(...range);
  }

  function autofix(finding) {
    const undo = isInEditor(finding) ? autofixEditor(finding) : autofixField(finding);
    if (!undo) {
      say(status, "この言葉は、いまの文章にはありません。何も変えていません。");
      return;
    }
    undoStack.push({ undo, finding });
    const { words, replacement } = finding;
    report(`「${words}」を${replacement.trim() ? `「${replacement}」に直し` : "取り除き"}ました。`);
    refreshNow();
  }

  // From the last to the first, so that what stands before each of them is still the same; what
  // stands after it may have been fixed already.
  function autofixAll(rule) {
    const alike = findings.filter((one) => one.rule === rule && one.replacement !== null);
    const undoes = alike
      .toReversed()
      .map((one) => ({ ...one, after: "" }))
      .map((one) => (isInEditor(one) ? autofixEditor(one) : autofixField(one)))
      .filter(Boolean);
    if (!undoes.length) {
      say(status, "この言葉は、いまの文章にはありません。何も変えていません。");
      return;
    }
    const undoAll = () => undoes.toReversed().reduce((done, one) => one() && done, true);
    undoStack.push({ undo: undoAll, count: undoes.length });
    report(`同じ種類の${undoes.length}か所を直しました。`);
    refreshNow();
  }

  function autofixEditor(finding) {
    const event = new CustomEvent("finding-autofix", { detail: { finding } });
    editor.dispatchEvent(event);
    return event.detail.undo;
  }

  function autofixField(finding) {
    const field = form.elements[finding.name];
    const range = rangeIn(field.value, finding, true);
    if (!range) return undefined;
    const [start, end] = range;
    const words = field.value.slice(start, end);
    write(field, finding.replacement, start, end);
    return () => {
      const newEnd = start + finding.replacement.length;
      if (field.value.slice(start, newEnd) !== finding.replacement) return false;
      write(field, words, start, newEnd);
      return true;
    };
  }

  function write(field, words, start, end) {
    field.setRangeText(words, start, end, "end");
    field.dispatchEvent(new Event("input", { bubbles: true }));
  }

  function undo() {
    const { undo: restore, finding, count } = undoStack.pop();
    const restored = finding ? `「${finding.words}」に戻しました。` : `${count}か所を戻しました。`;
    report(restore() ? restored : "そのあとで書き替えたところは、戻せません。");
    if (!undoStack.length) panel.focus();
    refreshNow();
  }

  function report(sentence) {
    say(status, sentence);
    undoPart.hidden = !undoStack.length;
  }

  function accept(link, finding) {
    const dialog = document.querySelector("#dialog-accept");
    const dialogForm = dialog.querySelector("form");
    const { reason } = dialogForm.elements;
    const error = dialog.querySelector("[data-error]");
    dialog.querySelector("[data-words]").textContent =
      `${finding.label}「${finding.words}」：${finding.sentence}`;
    reason.value = "";
    error.textContent = "";
    dialogForm.onsubmit = async (event) => {
      event.preventDefault();
      if (event.submitter?.value === "cancel") {
        dialog.close();
        return;
      }
      error.textContent = "";
      const sentences = await record(link.href, reason.value);
      error.textContent = sentences.join("");
      if (sentences.length) {
        reason.focus();
        return;
      }
      dialog.close();
      say(status, "指摘をそのままにし、理由を記録しました。");
      refreshNow();
    };
    dialog.onclose = () => link.isConnected && link.focus();
    dialog.showModal();
  }

  // The sentences that say why it was not recorded; none: it was.
  async function record(address, reason) {
    const body = new FormData();
    body.set("reason", reason);
    body.set("csrfmiddlewaretoken", form.elements.csrfmiddlewaretoken.value);
    try {
      const answer = await request(address, { method: "POST", body });
      if (isJson(answer)) return (await answer.json()).sentences;
    } catch {
      // as below
    }
    return ["記録できません。つながりとログインを確かめて、もう一度押してください。"];
  }
}

// Where the words of a finding are in `value`: nearest to where they were found. An autofix, which
// is strict, asks for the same words around them. The server counts code points, and so does this.
function rangeIn(value, { start, end, words, before, after }, isStrict = false) {
  const characters = [...value];
  const matches = (text, at) =>
    at >= 0 && [...text].every((one, i) => isSameCharacter(one, characters[at + i]));
  const hasContext = (at) =>
    matches(before, at - [...before].length) && matches(after, at + end - start);
  const found = [...characters.keys()].filter((at) => words && matches(words, at));
  const inContext = found.filter(hasContext);
  const [at] = (inContext.length || isStrict ? inContext : found).sort(
    (a, b) => Math.abs(a - start) - Math.abs(b - start),
  );
  if (at === undefined) return undefined;
  return [at, at + end - start].map((index) => characters.slice(0, index).join("").length);
}
