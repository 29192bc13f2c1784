// Shows the whole address while its last part is being typed, or that it cannot end so.
for (const shown of document.querySelectorAll("[data-address-of]")) {
  const field = document.getElementById(shown.dataset.addressOf);
  const [promise, no, end] = ["promise", "no", "end"].map((name) =>
    shown.querySelector(`[data-${name}]`),
  );
  const possible = new RegExp(`^(?:${shown.dataset.pattern})$`);
  const show = () => {
    const typed = field.value.trim();
    no.hidden = !typed || (possible.test(typed) && typed !== shown.dataset.refused);
    promise.hidden = !no.hidden;
    end.textContent = typed || "（ここに入ります）";
  };
  field.addEventListener("input", show);
  show();
}
