// Tables of spreadsheets: hidden columns are dropped, and bold rows and columns become headers.

const LONGEST_SPAN = 99;
const MOST_PLACES = 50_000; // cells of the grid; a larger table keeps its columns

export function setTables(root, by) {
  for (const table of root.querySelectorAll("table")) {
    const rows = rowsOf(table);
    const hidden = hiddenColumns(table, by);
    if (hidden.size) dropColumns(rows, hidden, by);
    const isHead = (cell) => cell.parentElement.parentElement.localName === "thead";
    for (const row of rows) makeHeaders(row, isHead);
    if (!rows.flat().some((cell) => cell.localName === "th")) findHeaders(rows, by);
  }
}

function rowsOf(table) {
  return [...table.rows].map((row) => [...row.cells]);
}

function makeHeaders(row, isHead = () => true) {
  for (const [place, cell] of row.entries()) {
    if (cell.localName === "th" || !isHead(cell)) continue;
    const header = cell.ownerDocument.createElement("th");
    for (const { name, value } of cell.attributes) header.setAttribute(name, value);
    header.append(...cell.childNodes);
    cell.replaceWith(header);
    row[place] = header;
  }
}

// Header cells

function findHeaders(rows, by) {
  const { textOf, noted } = by;
  const filled = rows.filter((row) => row.some(textOf));
  let height = 0;
  while (height < filled.length - 1 && filled[height].length > 1 && isBoldRow(filled[height], by))
    height += 1;
  for (const row of filled.slice(0, height)) {
    makeHeaders(row);
    noted("head", row.map(textOf).filter(Boolean).join(" "));
  }
  const body = filled.slice(height).filter((row) => row.length > 1);
  if (
    body.length > 1 &&
    body.every(([first, ...rest]) => isBold(first, by) && !isBoldRow(rest, by))
  ) {
    for (const row of body) makeHeaders(row, (cell) => cell === row[0]);
    noted("head", body.map(([first]) => textOf(first)).join(" "));
  }
}

function isBoldRow(row, by) {
  const filled = row.filter(by.textOf);
  return filled.length > 0 && filled.every((cell) => isBold(cell, by));
}

function isBold(cell, by) {
  return by.textOf(cell) !== "" && !hasRegularText(cell, false, by);
}

function hasRegularText(element, isBoldAround, by) {
  const weight = by.styles(element)["font-weight"] ?? "";
  let isBoldHere = isBoldAround;
  if (/^(b|strong)$/.test(element.localName) || by.patterns.bold.test(weight)) isBoldHere = true;
  if (by.patterns.regular.test(weight) && !by.patterns.bold.test(weight)) isBoldHere = false;
  return [...element.childNodes].some((child) =>
    child.nodeType === Node.ELEMENT_NODE
      ? hasRegularText(child, isBoldHere, by)
      : !isBoldHere && by.textOf(child) !== "",
  );
}

// Hidden columns

function hiddenColumns(table, { styles }) {
  const hidden = new Set();
  let column = 0;
  for (const part of table.querySelectorAll("col")) {
    const width = spanOf(part, "span");
    if (styles(part).display === "none")
      for (let each = column; each < column + width; each += 1) hidden.add(each);
    column += width;
  }
  return hidden;
}

function dropColumns(rows, hidden, { textOf, noted }) {
  const taken = new Set();
  for (const [number, row] of rows.entries()) {
    let column = 0;
    for (const cell of [...row]) {
      while (taken.has(`${number} ${column}`)) column += 1;
      const [width, height] = [spanOf(cell, "colspan"), spanOf(cell, "rowspan")];
      if (taken.size + width * height > MOST_PLACES) return;
      let shown = 0;
      for (let each = column; each < column + width; each += 1) {
        for (let down = 0; down < height; down += 1) taken.add(`${number + down} ${each}`);
        if (!hidden.has(each)) shown += 1;
      }
      if (shown && shown < width) cell.setAttribute("colspan", shown);
      if (shown === 1) cell.removeAttribute("colspan");
      if (shown) continue;
      noted("hidden", textOf(cell));
      cell.remove();
      row.splice(row.indexOf(cell), 1);
    }
  }
}

function spanOf(element, name) {
  const value = element.getAttribute(name) ?? "";
  return /^[1-9][0-9]*$/.test(value) ? Math.min(Number(value), LONGEST_SPAN) : 1;
}
