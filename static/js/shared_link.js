// A button beside the link that copies it; without a script the field can be copied by hand.
const place = document.querySelector("[data-copy]");
const field = place.querySelector("input");
const button = place.querySelector("button");
const status = place.querySelector("[role=status]");

button.hidden = false;
button.addEventListener("click", async () => {
  field.select();
  try {
    await navigator.clipboard.writeText(field.value);
    status.textContent = "コピーしました。";
  } catch {
    status.textContent = "コピーできません。選ばれた文字を、Ctrl+C でコピーしてください。";
  }
});
