// Paragraphs with a bullet or a number, made lists again

import { AFTER_MARKER, classesOf, note, textOf } from "./office_shared.js";

const LONGEST_MARKER = 10; // characters

export function buildLists(parent, by) {
  let opened = [];
  for (const child of [...parent.childNodes]) {
    if (child.nodeType === Node.TEXT_NODE && !textOf(child) && opened.length) continue;
    const items = child.nodeType === Node.ELEMENT_NODE ? itemsOf(child, by) : null;
    if (!items) {
      opened = [];
      if (child.nodeType === Node.ELEMENT_NODE) {
        noteNumbering(child, by);
        buildLists(child, by);
      }
      continue;
    }
    for (const item of items) place(item, opened, child);
    child.remove();
  }
  if (isList(parent)) adopt(parent);
}

function noteNumbering(element, { styles, notes, rules }) {
  if (element.localName !== "ol") return;
  const styled = [element, ...element.children].map((each) => styles(each)["list-style-type"]);
  const kind = [element.getAttribute("type"), ...styled].find((each) => each in rules.numberings);
  if (kind) note(notes, "number", rules.numberings[kind]);
}

function place(item, opened, before) {
  const last = () => opened.at(-1);
  while (last()?.level > item.level) opened.pop();
  if (last()?.level === item.level && last().key !== item.key) opened.pop();
  if (!(last()?.level >= item.level)) {
    const list = before.ownerDocument.createElement(item.tag);
    if (item.start !== 1) list.setAttribute("start", item.start);
    if (last()) last().list.lastElementChild.append(list);
    else before.before(list);
    opened.push({ level: item.level, key: item.key, list });
  }
  const li = before.ownerDocument.createElement("li");
  li.append(...item.content);
  last().list.append(li);
}

function adopt(list) {
  let before = null;
  for (const child of [...list.children]) {
    if (isList(child) && before) before.append(child);
    else before = child;
  }
}

function isList(element) {
  return element.localName === "ol" || element.localName === "ul";
}

function itemsOf(element, by) {
  if (classesOf(element).includes("listcontainerwrapper")) {
    return [...element.children].filter(isList).flatMap(itemsOfWordOnline);
  }
  const styles = by.styles(element);
  const found = by.patterns.list.exec(styles["mso-list"] ?? "");
  const isParagraph =
    element.localName === "p" || (element.localName === "div" && !element.querySelector(by.blocks));
  const marker = isParagraph && markerOf(element, by);
  if (!marker) return null;
  marker.element.remove();
  if (!textOf(element)) return [];
  const level = found ? Number(found[2]) : indentOf(styles);
  return [itemWith(marker, [...element.childNodes], level, found?.[0] ?? "", by)];
}

function itemWith({ words, isSymbol }, content, level, key, { patterns, notes }) {
  const plain = words.normalize("NFKC");
  const counted = patterns.counted.exec(plain);
  if (isSymbol || !(counted || patterns.sequence.test(plain))) {
    return { level, tag: "ul", key: "ul", start: 1, content };
  }
  // No list of ours counts so, and the text may speak of the item by this name.
  if (!counted)
    return {
      level,
      tag: "ul",
      key: "words",
      start: 1,
      content: [words + AFTER_MARKER, ...content],
    };
  if (!patterns.plain_number.test(words)) note(notes, "number", words);
  return { level, tag: "ol", key: `ol ${key}`, start: Number(counted[2]), content };
}

function itemsOfWordOnline(list) {
  const start = numberIn(list.getAttribute("start"), 1);
  const tag = list.localName;
  return [...list.children].map((item) => {
    const level = numberIn(item.getAttribute("data-aria-level"), 1);
    return { level, tag, key: tag, start, content: [...item.childNodes] };
  });
}

function markerOf(element, { patterns, styles }) {
  const all = [...element.querySelectorAll("*")];
  const hasSymbols = (one) => patterns.symbols.test(styles(one)["font-family"] ?? "");
  let found = all.find((one) => styles(one)["mso-list"] === "ignore");
  if (!found) {
    const filler = all.find((one) => patterns.filler.test(styles(one).font ?? ""));
    found =
      filler?.parentElement ?? all.find((one) => hasSymbols(one) && [...textOf(one)].length === 1);
    if (!found || !textOf(found)) return null;
  }
  const words = textOf(found);
  if (found === element || [...words].length > LONGEST_MARKER || !textOf(element).startsWith(words))
    return null;
  const around = all.filter((one) => one.contains(found) || found.contains(one));
  return { element: found, words, isSymbol: around.some(hasSymbols) };
}

function indentOf(styles) {
  const left = (styles.margin ?? "").split(" ")[3];
  return numberIn(styles["margin-left"] ?? left, 0);
}

function numberIn(text, otherwise) {
  const found = /^-?[0-9]{1,9}(?:\.[0-9]{1,9})?/.exec(text ?? "");
  return found ? Number(found[0]) : otherwise;
}
