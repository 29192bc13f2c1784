// The officer's own copy, kept every few seconds; who else is there; and a login that has ended.

const PAUSE = 5_000; // milliseconds between two copies
const BEAT = 30_000; // between two signs of presence
const ACTIVE = 600_000; // who has not touched anything for ten minutes has gone
const PATIENCE = 20_000; // an answer that does not come
const SAVING = 10_000; // a save that has not left the page may be pressed again
const NOT_CONTENT = new Set(["csrfmiddlewaretoken", "revision", "do", "form_key", "origin"]);
const LOST = "保存できません。つながりを確かめてください。";

const form = document.querySelector("#edition-form");
if (form) start();

function start() {
  const status = document.querySelector("#autosave-status");
  const others = document.querySelector("#others");
  const address = form.dataset.workingCopy;
  let kept = content();
  let timer = 0;
  let touched = Date.now();
  let sequence = 0;
  let isKeeping = false;
  let isSaving = false; // pressed, and perhaps under way
  let isDone = false; // given to the browser to send
  let last = Promise.resolve();

  form.addEventListener("input", () => {
    touched = Date.now();
    again(); // whoever still types is still here
    soon();
  });
  form.addEventListener("change", soon);
  for (const sign of ["pointerdown", "keydown"]) {
    addEventListener(sign, () => (touched = Date.now()), { passive: true });
  }
  form.addEventListener("submit", save);
  addEventListener("pageshow", again);
  setInterval(beat, BEAT);
  addEventListener("load", () => {
    kept = content();
    send({}).catch(() => {});
    // A copy that has been taken up moves into this form.
    if (form.elements.origin.value) {
      kept = "";
      soon();
    }
  });

  function soon() {
    if (!timer) timer = setTimeout(keep, PAUSE);
  }

  function again() {
    isSaving = isDone = false;
  }

  async function keep() {
    timer = 0;
    const now = content();
    if (now === kept || isDone) return;
    if (isKeeping) return soon();
    isKeeping = true;
    try {
      sequence += 1;
      const answer = await send({
        content: JSON.parse(now),
        origin: form.elements.origin.value,
        sequence,
      });
      if (answer.sentence) return say(answer.sentence);
      kept = now;
      if (!isDone) say(`自動保存しました ${answer.time}`);
    } catch (error) {
      soon();
      fail(error);
    } finally {
      isKeeping = false;
    }
  }

  async function beat() {
    if (document.hidden || Date.now() - touched > ACTIVE) return;
    await send({}).catch(() => {});
  }

  // One at a time: what was typed first arrives first.
  function send(what) {
    const next = last.then(() => post(what));
    last = next.catch(() => {});
    return next;
  }

  async function post(what, isAgain = false) {
    const { revision, form_key: key } = form.elements;
    const body = JSON.stringify({ revision: revision.value, form_key: key.value, ...what });
    const headers = { "Content-Type": "application/json", "X-CSRFToken": token() };
    const signal = AbortSignal.timeout(PATIENCE);
    const answer = await fetch(address, { method: "POST", headers, body, signal });
    if (isJson(answer)) {
      const said = await answer.json();
      if (answer.ok) show(said);
      // What was in this form has been saved or thrown away; what is typed since is a new one.
      if (!said.form_key || isAgain || isDone) return said;
      key.value = said.form_key;
      return post(what, true);
    }
    if (!answer.redirected && answer.status !== 403) throw new Error("server");
    // The login has ended, or has begun anew elsewhere with another token.
    if (isAgain) throw new Error("login");
    const fresh = await renew();
    return fresh.token ? post(what, true) : fresh;
  }

  // A fresh token, or the sentence that says why there is none for this draft.
  async function renew() {
    const signal = AbortSignal.timeout(PATIENCE);
    const answer = await fetch(address, { headers: { Accept: "application/json" }, signal });
    if (!isJson(answer)) throw new Error(answer.status >= 500 ? "server" : "login");
    const said = await answer.json();
    if (!said.token) return said;
    for (const field of document.querySelectorAll("[name=csrfmiddlewaretoken]")) {
      field.value = said.token;
    }
    return said;
  }

  // Before leaving with the form, make sure that there is somebody to take it.
  async function save(event) {
    const button = event.submitter;
    if (button?.formTarget === "preview" || form.dataset.isSafe) return;
    event.preventDefault();
    if (isSaving) return;
    isSaving = true;
    isDone = false;
    try {
      const answer = await send({});
      if (answer.sentence) {
        isSaving = false;
        return say(answer.sentence);
      }
    } catch (error) {
      isSaving = false;
      return fail(error);
    }
    isDone = true;
    setTimeout(() => (isSaving = false), SAVING);
    form.dataset.isSafe = "yes";
    form.dispatchEvent(new Event("form-leaves"));
    form.requestSubmit(button);
    delete form.dataset.isSafe;
  }

  function show(said) {
    const lines = said.others.map((words) => {
      const item = document.createElement("p");
      item.textContent = words;
      return item;
    });
    const before = [...others.children].map((item) => item.textContent.trim()).join();
    if (before !== said.others.join()) others.replaceChildren(...lines);
  }

  function say(words) {
    status.textContent = words;
  }

  function fail(error) {
    if (error.message !== "login") return say(LOST);
    const link = document.createElement("a");
    link.href = location.pathname;
    link.target = "_blank";
    link.textContent = "新しいタブでログイン";
    status.replaceChildren(
      "ログインが終わりました。入力はこの画面に残っています。",
      link,
      "してから、もう一度保存してください。",
    );
  }

  function isJson(answer) {
    return answer.headers.get("Content-Type")?.startsWith("application/json");
  }

  function token() {
    return form.elements.csrfmiddlewaretoken.value;
  }

  function content() {
    const fields = {};
    for (const [name, value] of new FormData(form)) {
      if (!NOT_CONTENT.has(name) && typeof value === "string") fields[name] = value;
    }
    return JSON.stringify(fields);
  }
}
