// A button that copies an address. Without this script the address is text to select.

function start() {
  if (!navigator.clipboard) return; // browsers offer it on secure addresses only
  for (const button of document.querySelectorAll("[data-copy][hidden]")) enhance(button);
}

function enhance(button) {
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

start();
document.addEventListener("list-refreshed", start);
