// The officer's own copy, kept every few seconds; who else is there; and a login that has ended.

const PAUSE = 5_000; // milliseconds between two copies
const BEAT = 30_000; // between two signs of presence
const ACTIVE = 600_000; // who has not touched anything for ten minutes has gone
const NOT_CONTENT = new Set(["csrfmiddlewaretoken", "revision", "do"]);
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
  let isDone = false;

  form.addEventListener("input", () => {
    touched = Date.now();
    timer ||= setTimeout(keep, PAUSE);
  });
  form.addEventListener("change", () => (timer ||= setTimeout(keep, PAUSE)));
  for (const sign of ["pointerdown", "keydown"]) {
    addEventListener(sign, () => (touched = Date.now()), { passive: true });
  }
  form.addEventListener("submit", save);
  setInterval(beat, BEAT);
  addEventListener("load", () => {
    kept = content();
    send({}).catch(() => {});
  });

  async function keep() {
    timer = 0;
    const now = content();
    if (now === kept || isDone) return true;
    try {
      const answer = await send({ content: JSON.parse(now) });
      if (answer.sentence) return say(answer.sentence);
      kept = now;
      if (!isDone) say(`自動保存しました ${answer.time}`);
      return true;
    } catch (error) {
      timer ||= setTimeout(keep, PAUSE);
      return say(error.message === "login" ? "" : LOST, error.message === "login");
    }
  }

  async function beat() {
    if (document.hidden || Date.now() - touched > ACTIVE) return;
    await send({}).catch(() => {});
  }

  async function send(what, isAgain = false) {
    const body = JSON.stringify({ revision: form.elements.revision.value, ...what });
    const headers = { "Content-Type": "application/json", "X-CSRFToken": token() };
    const answer = await fetch(address, { method: "POST", headers, body, redirect: "follow" });
    const isJson = answer.headers.get("Content-Type")?.startsWith("application/json");
    if (isJson) {
      const said = await answer.json();
      if (answer.ok) show(said);
      return said;
    }
    if (answer.status >= 500) throw new Error("server");
    // The login has ended, or has begun anew elsewhere with another token.
    if (isAgain || !(await renew())) throw new Error("login");
    return send(what, true);
  }

  async function renew() {
    const answer = await fetch(address, { headers: { Accept: "application/json" } });
    if (!answer.headers.get("Content-Type")?.startsWith("application/json")) return false;
    const { token: fresh } = await answer.json();
    for (const field of document.querySelectorAll("[name=csrfmiddlewaretoken]")) field.value = fresh;
    return true;
  }

  // Before leaving with the form, make sure that there is somebody to take it.
  async function save(event) {
    const button = event.submitter;
    if (button?.formTarget === "preview" || form.dataset.isSafe) return;
    event.preventDefault();
    const isTaken = await send({})
      .then(() => true)
      .catch((error) => say(error.message === "login" ? "" : LOST, error.message === "login"));
    if (!isTaken) return;
    isDone = true;
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

  function say(words, needsLogin = false) {
    status.textContent = words;
    if (!needsLogin) return false;
    const link = document.createElement("a");
    link.href = location.pathname;
    link.target = "_blank";
    link.textContent = "新しいタブでログイン";
    status.append(
      "ログインが終わりました。入力はこの画面に残っています。",
      link,
      "してから、もう一度保存してください。",
    );
    return false;
  }

  function token() {
    return form.elements.csrfmiddlewaretoken.value;
  }

  function content() {
    const fields = {};
    for (const [name, value] of new FormData(form)) if (!NOT_CONTENT.has(name)) fields[name] = value;
    return JSON.stringify(fields);
  }
}
