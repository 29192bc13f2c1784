// Shows the whole address while its last part is being typed.
for (const shown of document.querySelectorAll("[data-address-of]")) {
  const field = document.getElementById(shown.dataset.addressOf);
  const part = shown.querySelector("span");
  const nothing = field.value ? "（ここに入ります）" : part.textContent;
  const show = () => { part.textContent = field.value.trim() || nothing; };
  field.addEventListener("input", show);
  show();
}
