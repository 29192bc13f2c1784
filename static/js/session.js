// The notice that the login is about to end or has ended. What is typed stays on the screen.

import { create, isJson, request } from "./shared.js";

const PAUSE = 10_000; // milliseconds between two looks at the clock
const AGAIN = 30_000; // between two questions whether another tab has prolonged the login
const ENDED = "ログインが終わりました。書いたものは、この画面に残っています。";
const OTHER = "別の人がログインしています。書いたものは、この画面に残っています。";
const LOST = "まだ送っていません。つながりを確かめて、もう一度押してください。";
const BACK = "ログインしました。続けられます。";

const notice = document.querySelector("#session-notice");
if (notice) start();

function start() {
  const { url, login, officer } = notice.dataset;
  const warning = Number(notice.dataset.warning) * 1_000;
  const channel = new BroadcastChannel("session");
  let end = Date.now() + Number(notice.dataset.left) * 1_000;
  let asked = 0;
  let hasEnded = false;

  setInterval(look, PAUSE);
  document.addEventListener("visibilitychange", look);
  addEventListener("pageshow", look);
  channel.addEventListener("message", () => ask());
  // Before another script sends the form, or the browser does.
  document.addEventListener("submit", hold, true);

  function look() {
    if (document.hidden || Date.now() < end - warning || Date.now() < asked + AGAIN) return;
    ask();
  }

  // Whether the login is in force. The question itself does not prolong it, a POST does.
  async function ask(options = {}) {
    asked = Date.now();
    try {
      const response = await request(url, options);
      if (isJson(response)) return show(await response.json());
      if (response.redirected || response.status === 403) showEnd(ENDED);
    } catch {
      // Without the network nothing is known: the next look asks again.
    }
    return false;
  }

  function show(answer) {
    if (String(answer.officer) !== officer) {
      showEnd(OTHER);
      return false;
    }
    end = Date.now() + answer.left * 1_000;
    for (const field of document.querySelectorAll("[name=csrfmiddlewaretoken]")) {
      field.value = answer.token;
    }
    if (hasEnded) set("back", BACK);
    else if (answer.left * 1_000 > warning) set("");
    else if (answer.is_final) set("final", answer.sentence);
    else set("soon", answer.sentence, prolongButton());
    hasEnded = false;
    return true;
  }

  function showEnd(sentence) {
    hasEnded = true;
    const link = create("a", { href: login, target: "_blank" }, "新しいタブでログイン");
    set(sentence, sentence, create("span", {}, link, "してから、続けてください。"));
  }

  function prolongButton() {
    const button = create("button", { type: "button", className: "button" }, "続ける");
    button.addEventListener("click", prolong);
    return button;
  }

  async function prolong() {
    const token = document.querySelector("[name=csrfmiddlewaretoken]").value;
    if (await ask({ method: "POST", headers: { "X-CSRFToken": token } })) channel.postMessage("");
  }

  // The same notice is not set again: a live region would read it again.
  function set(state, ...contents) {
    if (notice.dataset.state === state) return;
    const hadFocus = notice.contains(document.activeElement);
    notice.dataset.state = state;
    const [sentence, ...others] = contents;
    notice.replaceChildren(...(sentence ? [create("p", {}, sentence), ...others] : []));
    if (hadFocus) document.querySelector("#content-start").focus({ preventScroll: true });
  }

  // A form that is sent after the end would be lost: ask first. The draft's form does so itself.
  function hold(event) {
    const form = event.target;
    const isOurs = form.method !== "post" || ["edition-form", "logout-form"].includes(form.id);
    if (isOurs || Date.now() < end || form.dataset.isHeld) return;
    event.preventDefault();
    event.stopPropagation();
    send(form, event.submitter);
  }

  async function send(form, button) {
    if (!(await ask())) {
      if (!hasEnded) set("lost", LOST);
      return;
    }
    form.dataset.isHeld = "yes";
    form.requestSubmit(button);
    delete form.dataset.isHeld;
  }
}
