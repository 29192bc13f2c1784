// Branches of the tree of pages open and close without a reload, and the address says which are
// open. Every toggle is a link; where anything here fails, the link is followed.

const tree = document.querySelector(".tree[data-tree]");
const status = document.querySelector("[data-status]");
const params = new URLSearchParams(tree?.dataset.tree);
const opened = new Map(
  (params.get("open") ?? "")
    .split(",")
    .filter(Boolean)
    .map((text) => text.split("-")),
);

const say = (words) => {
  status.textContent = words;
};

// Writes the open branches into the address, and into the links and the form that lead back.
function remember() {
  const open = [...opened].map(([key, batch]) => (batch > 1 ? `${key}-${batch}` : key));
  if (open.length) params.set("open", open.join(","));
  else params.delete("open");
  const query = params.toString().replaceAll("%2C", ",");
  history.replaceState(null, "", `${location.pathname}?${query}`);
  const back = tree.closest("form").elements.back;
  if (back) back.value = query;
  for (const link of tree.querySelectorAll("a[data-back]"))
    link.href = leadingBack(link.href, query);
  for (const row of tree.querySelectorAll("[data-moves]")) {
    row.dataset.moves = leadingBack(row.dataset.moves, query);
  }
}

function leadingBack(address, query) {
  const url = new URL(address, location.href);
  url.searchParams.set("back", query);
  return `${url.pathname}${url.search}`;
}

async function fetched(link, batch) {
  const query = new URLSearchParams(params);
  query.set("batch", batch);
  const answer = await fetch(`${link.dataset.rows}?${query}`);
  if (!answer.ok || answer.redirected) throw new Error(answer.statusText);
  const holder = document.createElement("template");
  holder.innerHTML = await answer.text();
  const rows = holder.content.querySelector("ul.rows");
  if (!rows) throw new Error("no rows");
  return rows;
}

function turn(toggle, isOpen) {
  toggle.setAttribute("aria-expanded", isOpen);
  toggle.setAttribute(
    "aria-label",
    `「${toggle.dataset.title}」の下を${isOpen ? "閉じる" : "開く"}`,
  );
}

function close(toggle) {
  toggle.closest("li").querySelector(":scope > ul.rows")?.remove();
  turn(toggle, false);
  opened.delete(toggle.dataset.key);
  remember();
}

async function open(toggle) {
  if (toggle.ariaBusy === "true") return;
  toggle.ariaBusy = "true";
  try {
    const rows = await fetched(toggle, 1);
    toggle.closest("li").append(rows);
    turn(toggle, true);
    opened.set(toggle.dataset.key, 1);
    prepare(rows);
    remember();
    say(`${rows.querySelectorAll(":scope > .node").length}ページを表示しました。`);
  } catch {
    location.assign(toggle.href);
  } finally {
    toggle.ariaBusy = "false";
  }
}

async function showMore(link) {
  try {
    const rows = await fetched(link, link.dataset.batch);
    const items = [...rows.children];
    const shown = items.filter((item) => !item.id || !document.getElementById(item.id));
    link.closest("li").replaceWith(...shown);
    opened.set(link.dataset.key, Number(link.dataset.batch));
    shown.forEach(prepare);
    remember();
    shown[0]?.querySelector("a.title")?.focus();
    say(`続きの${shown.filter((item) => item.id).length}ページを表示しました。`);
  } catch {
    location.assign(link.href);
  }
}

const toggle = (link) => (link.ariaExpanded === "true" ? close(link) : open(link));

function clicked(event) {
  if (event.button || event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return;
  const link = event.target.closest("a.toggle, a[data-batch]");
  if (!link) return;
  event.preventDefault();
  if (link.matches(".toggle")) toggle(link);
  else showMore(link);
}

// The arrow keys on a toggle or a title: up and down the rows, right opens, left closes.
function pressed(event) {
  const here = event.target.closest("a.toggle, a.title");
  if (!here || event.ctrlKey || event.metaKey || event.altKey) return;
  const own = here.closest(".row").querySelector("a.toggle");
  const isOpen = own?.ariaExpanded === "true";
  const steps = { ArrowDown: 1, ArrowUp: -1 };
  if (event.key in steps) {
    const titles = [...tree.querySelectorAll("a.title")];
    const at = titles.indexOf(here.closest(".row").querySelector("a.title"));
    titles[at + steps[event.key]]?.focus();
  } else if (event.key === "ArrowRight" && own && !isOpen) open(own);
  else if (event.key === "ArrowLeft" && isOpen) close(own);
  else if (event.key === " " && here === own) toggle(own);
  else return;
  event.preventDefault();
}

// Dropping a page opens the summary of the move: nothing is moved before it is confirmed there.

let dragged = null;
let waiting = 0;

const over = (target) => {
  const row = target.closest?.("[data-takes]");
  return row && dragged && !dragged.closest("li").contains(row) ? row : null;
};

function mark(row) {
  for (const marked of tree.querySelectorAll("[data-over]")) {
    if (marked !== row) delete marked.dataset.over;
  }
  if (!row || "over" in row.dataset) return;
  row.dataset.over = "";
  clearTimeout(waiting);
  const link = row.querySelector("a.toggle[aria-expanded=false]");
  if (link)
    waiting = setTimeout(() => {
      if ("over" in row.dataset) open(link);
    }, 800);
}

function listenToDragging() {
  tree.addEventListener("dragstart", (event) => {
    dragged = event.target.closest("[data-moves]");
    if (!dragged) return;
    event.dataTransfer.effectAllowed = "move";
    event.dataTransfer.setData("text/plain", dragged.querySelector("a.title").textContent);
    dragged.dataset.dragged = "";
  });
  tree.addEventListener("dragover", (event) => {
    const row = over(event.target);
    mark(row);
    if (row) event.preventDefault();
  });
  tree.addEventListener("drop", (event) => {
    const row = over(event.target);
    if (!row) return;
    event.preventDefault();
    location.assign(`${dragged.dataset.moves}&to=${row.dataset.takes}`);
  });
  tree.addEventListener("dragend", () => {
    clearTimeout(waiting);
    mark(null);
    if (dragged) delete dragged.dataset.dragged;
    dragged = null;
  });
}

function prepare(part) {
  for (const link of part.querySelectorAll("a.toggle")) link.setAttribute("role", "button");
  for (const row of part.querySelectorAll("[data-moves]")) row.draggable = true;
}

function count() {
  const chosen = document.querySelectorAll(".pick input:checked").length;
  const place = document.querySelector("[data-count]");
  if (place) place.textContent = chosen ? `（${chosen}ページ）` : "";
}

document.addEventListener("change", (event) => {
  if (event.target.closest(".pick")) count();
});
if (tree) {
  prepare(tree);
  tree.addEventListener("click", clicked);
  tree.addEventListener("keydown", pressed);
  listenToDragging();
}
count();
