// Rows change places without a reload: by the buttons, by their number, with Alt and the arrow
// keys, and by dragging. The order of the form is what is sent; nothing is saved before that.

const list = document.querySelector(".order");
const status = document.querySelector("[data-status]");
const rows = () => [...list.children];
const placeOf = (row) => rows().indexOf(row) + 1;

function renumber(moved) {
  const all = rows();
  for (const [index, row] of all.entries()) {
    row.querySelector("[name=number]").value = index + 1;
    const [up, down] = row.querySelectorAll("button");
    up.disabled = index === 0;
    down.disabled = index === all.length - 1;
    if (row === moved) row.dataset.moved = "";
    else delete row.dataset.moved;
  }
  status.textContent = `「${moved.dataset.title}」を${placeOf(moved)}番目にしました。まだ保存していません。`;
}

function put(row, place) {
  const others = rows().filter((other) => other !== row);
  list.insertBefore(row, others[place - 1] ?? null);
  renumber(row);
}

function step(row, steps) {
  const place = placeOf(row) + steps;
  if (place < 1 || place > list.children.length) return;
  put(row, place);
}

function clicked(event) {
  const button = event.target.closest("button[name=do]");
  if (!button || !list.contains(button)) return;
  event.preventDefault();
  const row = button.closest("li");
  step(row, button.value.startsWith("up-") ? -1 : 1);
  const free = button.disabled ? row.querySelector("button:not([disabled])") : button;
  free?.focus();
}

function pressed(event) {
  const steps = { ArrowUp: -1, ArrowDown: 1 }[event.key];
  if (!steps || !event.altKey || event.ctrlKey || event.metaKey) return;
  event.preventDefault();
  const here = event.target;
  step(here.closest("li"), steps);
  (here.disabled ? here.closest("li").querySelector("button:not([disabled])") : here)?.focus();
}

// A number that cannot be a place stays as it is: the server says what is wrong with it.
function typed(event) {
  const place = Number(event.target.value);
  if (!Number.isInteger(place) || place < 1 || place > list.children.length) return;
  const row = event.target.closest("li");
  const focused = document.activeElement;
  put(row, place);
  focused?.focus();
}

let dragged = null;

function listenToDragging() {
  for (const grip of list.querySelectorAll(".grip")) {
    grip.hidden = false;
    grip.draggable = true;
  }
  list.addEventListener("dragstart", (event) => {
    dragged = event.target.closest(".grip")?.closest("li") ?? null;
    if (!dragged) return;
    event.dataTransfer.effectAllowed = "move";
    event.dataTransfer.setData("text/plain", dragged.dataset.title);
    event.dataTransfer.setDragImage(dragged, 0, 0);
    dragged.dataset.dragged = "";
  });
  list.addEventListener("dragover", (event) => {
    const row = event.target.closest("li");
    if (!dragged || !row) return;
    event.preventDefault();
    if (row === dragged) return;
    const box = row.getBoundingClientRect();
    const isAfter = event.clientY > box.top + box.height / 2;
    list.insertBefore(dragged, isAfter ? row.nextSibling : row);
  });
  list.addEventListener("drop", (event) => event.preventDefault());
  list.addEventListener("dragend", () => {
    if (!dragged) return;
    delete dragged.dataset.dragged;
    renumber(dragged);
    dragged = null;
  });
}

if (list) {
  list.addEventListener("click", clicked);
  list.addEventListener("keydown", pressed);
  list.addEventListener("change", typed);
  listenToDragging();
}
