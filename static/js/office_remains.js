// What was not meant to be published, and what points to a place that no page has.

import { classesOf, note, textOf } from "./office_shared.js";

const INLINE = /^data:image\/(png|jpeg|gif|webp);base64,(.*)$/i;
const TINY = new Set(["0", "1", "0px", "1px"]);

// Comments, deletions, hidden text and dead links inside the page

export function dropRemains(parent, by) {
  for (const child of [...parent.children]) {
    if (child.localName === "col" || child.localName === "colgroup") continue;
    const facts = factsOf(child, by);
    const kind = by.dropped.find(([, rule]) => facts.some((fact) => rule.test(fact)))?.[0];
    if (kind || child.localName === "img") {
      if (kind) note(by.notes, kind, textOf(child));
      else notePicture(child, by);
      child.remove();
      continue;
    }
    const hadWords = child.localName === "li" && textOf(child) !== "";
    dropRemains(child, by);
    if (hadWords && !textOf(child)) child.remove();
  }
}

export function unlink(root, { patterns, notes }) {
  for (const link of root.querySelectorAll("a")) {
    if (!isDead(link, patterns)) continue;
    note(notes, "anchor", link.hasAttribute("href") ? textOf(link) : "");
    link.replaceWith(...link.childNodes);
  }
}

function notePicture(image, { notes, pictures, rules }) {
  if (TINY.has(image.getAttribute("width")) || TINY.has(image.getAttribute("height"))) return;
  const source = image.dataset.src ?? "";
  const isInside = source.startsWith("data:");
  const file = isInside ? "" : source.split("?")[0].split("/").at(-1);
  const name = textOf({ textContent: image.alt }) || file || rules.words.unnamed;
  const taken = pictures && fileOf(name, source);
  if (taken) pictures.push(taken);
  note(notes, taken ? "uploaded" : "picture", name);
}

// The file that a data: address holds; null where it is of another type, or damaged.
function fileOf(name, source) {
  const [, type, data] = INLINE.exec(source.replace(/\s/g, "")) ?? [];
  if (!type) return null;
  try {
    const bytes = Uint8Array.from(atob(data), (sign) => sign.charCodeAt(0));
    const stem = name.replace(/[\\/:*?"<>|]/g, "").slice(0, 50);
    const ending = type.toLowerCase();
    return new File([bytes], `${stem}.${ending.replace("jpeg", "jpg")}`, {
      type: `image/${ending}`,
    });
  } catch {
    return null;
  }
}

// The text from the beginning of a field to its separator, within one block

export function dropFieldCodes(parent, fields, by) {
  for (const child of [...parent.childNodes]) {
    if (child.nodeType === Node.TEXT_NODE && fields.includes(true)) {
      note(by.notes, "field", textOf(child));
      child.remove();
    }
    if (child.nodeType !== Node.ELEMENT_NODE) continue;
    const mark = by.styles(child)["mso-element"];
    if (mark === "field-begin") fields.push(true);
    if (mark === "field-separator" && fields.length) fields[fields.length - 1] = false;
    if (mark === "field-end") fields.pop();
    dropFieldCodes(child, isBlock(child, by) ? [] : fields, by);
  }
}

function isBlock(element, { blocks }) {
  return element.matches(blocks);
}

// Footnotes as notes: the mark and the text get the same number

export function referencesOf(root, by) {
  const keys = [...root.querySelectorAll("a")].map((link) => referenceKey(link, by));
  return new Set(keys.filter(Boolean));
}

function referenceKey(link, { patterns }) {
  const target = patterns.target.exec(link.getAttribute("href") ?? "");
  const found = target && patterns.footnote.exec(target[2]);
  return found ? `${found[1]} ${found[2]}` : "";
}

function textKey(link, { patterns }) {
  const target = patterns.target.exec(link.getAttribute("href") ?? "");
  const found = target && !patterns.footnote.test(target[2]);
  const text = found && patterns.footnote_text.exec(target[2]);
  return text ? `${text[1]} ${text[2]}` : "";
}

export function makeNotes(root, removed, by) {
  const keyIn = (block) =>
    [...block.querySelectorAll("a")].map((link) => textKey(link, by)).find(Boolean);
  for (const block of removed.size ? root.querySelectorAll("div, li, p") : []) {
    const isPart = /^(foot|end)note$/.test(by.styles(block)["mso-element"] ?? "");
    const isNote = block.localName !== "div" || isPart || /^sd(foot|end)note/.test(block.id);
    if (!isNote || !removed.has(keyIn(block))) continue;
    note(by.notes, "deleted", textOf(block));
    block.replaceChildren();
  }
  const links = [...root.querySelectorAll("a")];
  const texts = new Set(links.map((link) => textKey(link, by)).filter(Boolean));
  const numbers = new Map();
  const keys = links.map((link) => referenceKey(link, by));
  for (const key of keys)
    if (texts.has(key) && !numbers.has(key)) numbers.set(key, numbers.size + 1);
  const backs = links.map((link) => textKey(link, by));
  for (const [place, link] of links.entries()) {
    const number = numbers.get(keys[place]) ?? numbers.get(backs[place]);
    if (!number) continue;
    note(by.notes, "footnote", textOf(link));
    link.replaceWith(by.rules.words.footnote_mark.replace("{number}", number));
  }
}

// The highest level becomes the first of a body, and all lower ones the second

export function setHeadings(root, { patterns, styles }) {
  const rename = (element, tag) => {
    if (element.localName === tag) return;
    const heading = element.ownerDocument.createElement(tag);
    for (const { name, value } of element.attributes) heading.setAttribute(name, value);
    heading.append(...element.childNodes);
    element.replaceWith(heading);
  };
  for (const paragraph of root.querySelectorAll("p")) {
    const level = styles(paragraph)["mso-outline-level"] ?? "";
    if (patterns.outline.test(level)) rename(paragraph, `h${level}`);
  }
  const headings = [...root.querySelectorAll("h1, h2, h3, h4, h5, h6")];
  const highest = headings.map((heading) => heading.localName).sort()[0];
  for (const heading of headings)
    rename(heading, heading.localName === highest && highest <= "h3" ? "h3" : "h4");
}

function factsOf(element, { patterns, styles }) {
  const facts = [`tag=${element.localName}`, ...classesOf(element).map((name) => `class=${name}`)];
  for (const name of ["id", "name"]) facts.push(`${name}=${element.getAttribute(name) ?? ""}`);
  if (element.hasAttribute("hidden")) facts.push("hidden=");
  const target = patterns.target.exec(element.getAttribute("href") ?? "");
  if (target) facts.push(`target=${target[2]}`);
  if (["div", "p", "li"].includes(element.localName)) facts.push(`first=${firstName(element)}`);
  for (const [name, value] of Object.entries(styles(element))) facts.push(`${name}:${value}`);
  return facts;
}

function firstName(element) {
  for (const child of element.childNodes) {
    if (child.nodeType === Node.TEXT_NODE) {
      if (textOf(child)) return "";
    } else if (child.localName === "a") return child.getAttribute("name") || child.id;
    else return firstName(child);
  }
  return "";
}

function isDead(element, { target, alive }) {
  if (element.localName !== "a") return false;
  const found = target.exec(element.getAttribute("href") ?? "");
  if (!found) return !element.hasAttribute("href");
  return Boolean(found[1]) || !alive.test(found[2]);
}
