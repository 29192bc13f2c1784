// A button that copies an address. Without this script the address is text to select.
for (const button of document.querySelectorAll("[data-copy]")) {
  if (!navigator.clipboard) break; // the browser offers it on secure addresses only
  const status = button.parentElement.querySelector("[role=status]");
  button.hidden = false;
  button.addEventListener("click", async () => {
    status.textContent = "";
    try {
      await navigator.clipboard.writeText(button.dataset.copy);
      status.textContent = "コピーしました";
    } catch {
      status.textContent = "コピーできませんでした。アドレスを選んでコピーしてください。";
    }
  });
}
