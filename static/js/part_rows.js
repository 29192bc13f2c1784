// Rows of a form that are added, moved and removed. Without this script their order is typed as
// numbers, and a checkbox removes them.

const PREFIX = /__prefix__/g; // of Django's empty form

for (const section of document.querySelectorAll("[data-rows]")) enhance(section);

function enhance(section) {
  const list = section.querySelector(".rows__list");
  const total = section.querySelector("[name$='-TOTAL_FORMS']");
  const template = section.querySelector("template");
  const status = section.querySelector("[data-rows-status]");
  const rows = () => [...list.querySelectorAll("[data-row]")];

  for (const row of rows()) if (isBlank(row)) row.hidden = true;
  for (const row of rows()) prepare(row);
  section.querySelector(".rows__add").hidden = false;
  section.querySelector("[data-add]").addEventListener("click", add);
  number();

  function add() {
    // An empty row of the server's is used first: its number is in the form already.
    let row = rows().find((one) => one.hidden);
    if (row) {
      row.hidden = false;
      list.append(row);
    } else {
      const html = template.innerHTML.replace(PREFIX, total.value);
      list.insertAdjacentHTML("beforeend", html);
      total.value = Number(total.value) + 1;
      row = list.lastElementChild;
      prepare(row);
    }
    number();
    row.querySelector("input, select, textarea").focus();
    report(`${section.dataset.name}の行を追加しました`);
  }

  function prepare(row) {
    row.querySelector("[data-order]").hidden = true;
    row.querySelector(".row__moves").hidden = false;
    row
      .querySelector("[data-up]")
      .addEventListener("click", (event) => move(row, -1, event.target));
    row
      .querySelector("[data-down]")
      .addEventListener("click", (event) => move(row, 1, event.target));
    const removed = row.querySelector("[name$='-DELETE']");
    const show = () => row.toggleAttribute("data-removed", removed.checked);
    removed.addEventListener("change", show);
    show();
  }

  function move(row, step, button) {
    const visible = rows().filter((one) => !one.hidden);
    const other = visible[visible.indexOf(row) + step];
    if (!other) return;
    if (step < 0) other.before(row);
    else other.after(row);
    number();
    button.focus();
    report(`${row.querySelector("legend").textContent}に移しました`);
  }

  function number() {
    let place = 0;
    for (const row of rows()) {
      if (row.hidden) continue;
      place += 1;
      row.querySelector("legend").textContent = `${section.dataset.name}${place}`;
      row.querySelector("[name$='-ORDER']").value = place;
      const name = `${section.dataset.name}${place}`;
      row.querySelector("[data-up]").setAttribute("aria-label", `${name}を上へ`);
      row.querySelector("[data-down]").setAttribute("aria-label", `${name}を下へ`);
    }
  }

  function report(sentence) {
    status.textContent = sentence;
    list.dispatchEvent(new Event("input", { bubbles: true }));
  }
}

function isBlank(row) {
  const controls = [...row.querySelectorAll("input, select, textarea")];
  return controls.every((control) =>
    /-(ORDER|DELETE)$/.test(control.name) || control.type === "checkbox"
      ? !control.checked
      : !control.value.trim(),
  );
}
