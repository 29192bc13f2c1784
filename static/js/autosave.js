// Autosave of the draft every few seconds, the list of other editors, and a login that has ended.

import { create, isJson, request } from "./shared.js";

const PAUSE = 5_000; // milliseconds between two saves
const HEARTBEAT = 30_000; // between two signs of presence
const ACTIVE = 600_000; // who has touched nothing for ten minutes is away
const SAVING = 10_000; // after that the button may be pressed again
const NOT_CONTENT = new Set(["csrfmiddlewaretoken", "revision", "do", "form_key", "origin"]);
const FAILED = "保存できません。つながりを確かめてください。";

const form = document.querySelector("#edition-form");
if (form) start();

function start() {
  const status = document.querySelector("#autosave-status");
  const editors = document.querySelector("#others");
  const address = form.dataset.autosaveUrl;
  let saved = content();
  let timer = 0;
  let lastActivity = Date.now();
  let sequence = 0;
  let isAutosaving = false;
  let isSubmitting = false; // the button was pressed
  let isSubmitted = false; // the browser has the form to send
  let queue = Promise.resolve();

  form.addEventListener("input", () => {
    lastActivity = Date.now();
    resume(); // who types again has not left
    schedule();
  });
  form.addEventListener("change", schedule);
  for (const kind of ["pointerdown", "keydown"]) {
    addEventListener(kind, noteActivity, { passive: true });
  }
  form.addEventListener("submit", submit);
  addEventListener("pageshow", resume);
  setInterval(heartbeat, HEARTBEAT);
  addEventListener("load", () => {
    saved = content();
    send({}).catch(() => {});
    // An autosave that was opened moves into this form.
    if (form.elements.origin.value) {
      saved = "";
      schedule();
    }
  });

  function noteActivity() {
    lastActivity = Date.now();
  }

  function schedule() {
    if (!timer) timer = setTimeout(autosave, PAUSE);
  }

  function resume() {
    isSubmitting = false;
    isSubmitted = false;
  }

  async function autosave() {
    timer = 0;
    const current = content();
    if (current === saved || isSubmitted) return;
    if (isAutosaving) {
      schedule();
      return;
    }
    isAutosaving = true;
    try {
      sequence += 1;
      const origin = form.elements.origin.value;
      const { sentence, time } = await send({ content: JSON.parse(current), origin, sequence });
      if (!sentence) saved = current;
      if (sentence || !isSubmitted) status.textContent = sentence ?? `自動保存しました ${time}`;
    } catch (error) {
      schedule();
      showError(error);
    } finally {
      isAutosaving = false;
    }
  }

  async function heartbeat() {
    if (document.hidden || Date.now() - lastActivity > ACTIVE) return;
    await send({}).catch(() => {});
  }

  // One request at a time, so that the server gets them in their order.
  function send(data) {
    const next = queue.then(() => post(data));
    queue = next.catch(() => {});
    return next;
  }

  async function post(data, isRetry = false) {
    const { revision, form_key: key, csrfmiddlewaretoken: token } = form.elements;
    const response = await request(address, {
      method: "POST",
      headers: { "Content-Type": "application/json", "X-CSRFToken": token.value },
      body: JSON.stringify({ revision: revision.value, form_key: key.value, ...data }),
    });
    if (isJson(response)) {
      const answer = await response.json();
      if (response.ok) showEditors(answer.others);
      // The content of this form has been saved or discarded; what is typed since has a new key.
      if (!answer.form_key || isRetry || isSubmitted) return answer;
      key.value = answer.form_key;
      return post(data, true);
    }
    if (!response.redirected && response.status !== 403) throw new Error("server");
    // The login has ended, or a new one in another tab has another token.
    if (isRetry) throw new Error("login");
    const renewed = await renewToken();
    return renewed.token ? post(data, true) : renewed;
  }

  // Puts a new token into all forms, or returns the sentence that says why there is none.
  async function renewToken() {
    const response = await request(address);
    if (!isJson(response)) throw new Error(response.status >= 500 ? "server" : "login");
    const answer = await response.json();
    if (!answer.token) return answer;
    for (const field of document.querySelectorAll("[name=csrfmiddlewaretoken]")) {
      field.value = answer.token;
    }
    return answer;
  }

  // Before the form is sent, make sure that the server answers and the login is in force.
  async function submit(event) {
    const button = event.submitter;
    if (button?.formTarget === "preview" || form.dataset.isSafe) return;
    event.preventDefault();
    if (isSubmitting) return;
    isSubmitting = true;
    isSubmitted = false;
    try {
      const { sentence } = await send({});
      if (sentence) {
        isSubmitting = false;
        status.textContent = sentence;
        return;
      }
    } catch (error) {
      isSubmitting = false;
      showError(error);
      return;
    }
    isSubmitted = true;
    setTimeout(() => {
      isSubmitting = false;
    }, SAVING);
    form.dataset.isSafe = "yes";
    form.dispatchEvent(new Event("form-submitting"));
    form.requestSubmit(button);
    delete form.dataset.isSafe;
  }

  function showEditors(sentences) {
    const before = [...editors.children].map((item) => item.textContent.trim()).join();
    if (before === sentences.join()) return;
    editors.replaceChildren(...sentences.map((sentence) => create("p", {}, sentence)));
  }

  function showError(error) {
    if (error.message !== "login") {
      status.textContent = FAILED;
      return;
    }
    const properties = { href: location.pathname, target: "_blank" };
    status.replaceChildren(
      "ログインが終わりました。入力はこの画面に残っています。",
      create("a", properties, "新しいタブでログイン"),
      "してから、もう一度保存してください。",
    );
  }

  function content() {
    const fields = {};
    for (const [name, value] of new FormData(form)) {
      if (!NOT_CONTENT.has(name) && typeof value === "string") fields[name] = value;
    }
    return JSON.stringify(fields);
  }
}
