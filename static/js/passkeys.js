// Asks the browser for a passkey, and sends its answer with the form around the button.

const CANCELLED =
  "パスキーを使えませんでした。取り消したときは、もう一度ボタンを押してください。使える機器がないときは、ほかの方法で確かめてください。";

async function answerOf(form) {
  const options = JSON.parse(form.dataset.options);
  if (form.dataset.passkey === "create") {
    const publicKey = PublicKeyCredential.parseCreationOptionsFromJSON(options);
    return navigator.credentials.create({ publicKey });
  }
  const publicKey = PublicKeyCredential.parseRequestOptionsFromJSON(options);
  return navigator.credentials.get({ publicKey });
}

async function send(event) {
  event.preventDefault();
  const form = event.currentTarget;
  const error = form.querySelector(".passkey-error");
  error.textContent = "";
  try {
    const credential = await answerOf(form);
    form.elements.credential.value = JSON.stringify(credential.toJSON());
    form.submit();
  } catch {
    error.textContent = CANCELLED;
  }
}

if (window.PublicKeyCredential?.parseRequestOptionsFromJSON) {
  for (const form of document.querySelectorAll("form[data-passkey]")) {
    form.hidden = false;
    form.addEventListener("submit", send);
  }
}
