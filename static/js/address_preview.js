// Shows the whole address while its last part is typed, or that the address cannot end so.
for (const preview of document.querySelectorAll("[data-address-of]")) {
  const field = document.getElementById(preview.dataset.addressOf);
  const [address, refusal, end] = ["address", "refusal", "end"].map((name) =>
    preview.querySelector(`[data-${name}]`),
  );
  const pattern = new RegExp(`^(?:${preview.dataset.pattern})$`);
  const update = () => {
    const slug = field.value.trim();
    refusal.hidden = !slug || (pattern.test(slug) && slug !== preview.dataset.refused);
    address.hidden = !refusal.hidden;
    end.textContent = slug || "（ここに入ります）";
  };
  field.addEventListener("input", update);
  update();
}
