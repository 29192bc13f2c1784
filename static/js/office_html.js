// Reduces the HTML of word processors to what its author meant to publish, as
// bureaus/text/office_html does on the server, by the same rules, which come with the form.

const SPACE = "\\t\\n\\f\\r ";
const COMMENT = /<!--(?:-?>|[\s\S]*?(?:--!?>|$))|<(?:[!?]|\/(?![a-z]|$))[^>]*>?/iy;
const OPENING = new RegExp(`<(/?)([a-z][^${SPACE}/>]*)`, "iy");
const ATTRIBUTE = new RegExp(
  `[${SPACE}/]*([^${SPACE}/>][^${SPACE}/>=]*)` +
    `(?:[${SPACE}]*=[${SPACE}]*(?:"([^"]*)(?:"|$)|'([^']*)(?:'|$)|(?=>)|([^${SPACE}>"'][^${SPACE}>]*)))?`,
  "y",
);
const CLOSING = new RegExp(`[${SPACE}/]*>`, "y");
// What these hold is text to a parser, also where it looks like tags.
const RAW = new Set([
  "iframe",
  "noembed",
  "noframes",
  "script",
  "style",
  "textarea",
  "title",
  "xmp",
]);
const KEPT = ["colspan", "href", "rowspan", "scope", "start"];
const SAMPLE = 20; // characters
const LONGEST_MARKER = 10; // characters
const AFTER_MARKER = "\u3000";

export function cleanerBy(rules) {
  const patterns = Object.fromEntries(
    ["target", "alive", "list", "filler", "symbols", "counted", "plain_number", "sequence"].map(
      (name) => [name, new RegExp(rules[name], "u")],
    ),
  );
  const blocks = `${rules.holders} ${rules.blocks}`.replaceAll(" ", ",");
  const dropped = Object.entries(rules.dropped).map(([kind, rule]) => [
    kind,
    new RegExp(rule, "u"),
  ]);
  return (html) => {
    const { tags, sheets } = written(html, rules);
    const root = new DOMParser().parseFromString(`<!DOCTYPE html>${tags}`, "text/html").body;
    for (const element of root.querySelectorAll(rules.unread.replaceAll(" ", ",")))
      element.remove();
    const styles = stylesBy(sheets);
    const notes = {};
    dropRemains(root, { dropped, patterns, styles, notes });
    buildLists(root, { patterns, blocks, styles, notes });
    for (const element of root.querySelectorAll("*")) {
      if (styles(element)["mso-list"] === "ignore")
        element.textContent = textOf(element) + AFTER_MARKER;
    }
    for (const element of root.querySelectorAll("*")) strip(element, styles);
    return { html: root.innerHTML, sentence: sentenceOf(notes, rules.words) };
  };
}

// Before it is parsed, the tags are written anew: those that are known, with the attributes that
// are read here. For a browser complains of a style or a handler in every document that it parses,
// also in one that never runs. What is no tag here has no "<" left that could be one there.
function written(html, { tags: known, attributes, unread }) {
  const [kept, read, bare] = [known, attributes, unread].map((words) => new Set(words.split(" ")));
  const sheets = [];
  let tags = "";
  let at = 0;
  const take = (pattern) => {
    pattern.lastIndex = at;
    const match = pattern.exec(html);
    if (match) at = pattern.lastIndex;
    return match;
  };
  for (;;) {
    const next = html.indexOf("<", at);
    if (next < 0) return { tags: tags + html.slice(at), sheets };
    tags += html.slice(at, next);
    at = next;
    if (take(COMMENT)) continue;
    const opening = take(OPENING);
    if (!opening) {
      tags += "&lt;";
      at += 1;
      continue;
    }
    const name = opening[2].toLowerCase();
    let values = "";
    for (let match = null; !take(CLOSING); ) {
      match = take(ATTRIBUTE);
      if (!match) return { tags, sheets }; // it ends in the middle of a tag
      if (read.has(match[1].toLowerCase())) values += attribute(match);
    }
    if (RAW.has(name)) {
      if (opening[1]) continue;
      const end = endOf(html, name, at);
      if (name === "style") sheets.push(html.slice(at, end));
      at = end;
    } else if (opening[1] && (kept.has(name) || bare.has(name))) tags += `</${name}>`;
    else if (kept.has(name)) tags += `<${name}${values}>`;
    else if (bare.has(name)) tags += html[at - 2] === "/" ? `<${name}/>` : `<${name}>`;
  }
}

function attribute([, name, ...values]) {
  const key = name.toLowerCase() === "style" ? "data-style" : name.toLowerCase();
  const value = values.find((one) => one !== undefined) ?? "";
  return ` ${key}="${value.replaceAll('"', "&quot;")}"`;
}

function endOf(html, name, at) {
  const end = new RegExp(`</${name}(?=[${SPACE}/>])`, "gi");
  end.lastIndex = at;
  return end.exec(html)?.index ?? html.length;
}

// Styles

function stylesBy(sheets) {
  const byClass = {};
  for (const rule of sheets.flatMap((sheet) => sheet.toLowerCase().split("}"))) {
    const [selectors, body = ""] = rule.split("{", 2);
    for (const selector of selectors.split("*/").pop().split("<!--").pop().split(",")) {
      const name = /^[a-z0-9]*\.([\p{L}\p{N}_-]+)$/u.exec(selector.trim())?.[1];
      if (name) byClass[`.${name}`] = { ...byClass[`.${name}`], ...declarations(body) };
    }
  }
  const known = new WeakMap();
  return (element) => {
    if (!known.has(element)) {
      const classes = classesOf(element).map((name) => byClass[`.${name}`]);
      known.set(element, Object.assign({}, ...classes, declarations(element.dataset.style ?? "")));
    }
    return known.get(element);
  };
}

function declarations(text) {
  const found = {};
  for (const part of text.toLowerCase().split(";")) {
    const [name, ...value] = part.split(":");
    if (value.length)
      found[name.trim()] = value.join(":").replace("!important", "").replace(/\s+/g, " ").trim();
  }
  return found;
}

function classesOf(element) {
  return (element.getAttribute("class") ?? "").toLowerCase().split(/\s+/).filter(Boolean);
}

function textOf(node) {
  return node.textContent.replace(/\s+/g, " ").trim();
}

// Comments, deletions, hidden text and dead links inside the page

function dropRemains(parent, by) {
  for (const child of [...parent.children]) {
    const facts = factsOf(child, by);
    const kind = by.dropped.find(([, rule]) => facts.some((fact) => rule.test(fact)))?.[0];
    if (kind) {
      note(by.notes, kind, textOf(child));
      child.remove();
      continue;
    }
    const hadWords = child.localName === "li" && textOf(child) !== "";
    dropRemains(child, by);
    if (isDead(child, by.patterns)) {
      note(by.notes, "anchor", child.hasAttribute("href") ? textOf(child) : "");
      child.replaceWith(...child.childNodes);
    } else if (hadWords && !textOf(child)) child.remove();
  }
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

function note(notes, kind, words) {
  if (!words || kind === "marker") return;
  const signs = [...words];
  const short = signs.length <= SAMPLE ? words : `${signs.slice(0, SAMPLE).join("")}…`;
  notes[kind] ??= [];
  if (!notes[kind].includes(short)) notes[kind].push(short);
}

function sentenceOf(notes, words) {
  const samples = (kind) => {
    const first = words.sample.replace("{words}", () => notes[kind][0]);
    return notes[kind].length > 1 ? first + words.more : first;
  };
  const parts = ["comment", "deleted", "hidden"].filter((kind) => notes[kind]);
  const list = parts.map((kind) => words[kind] + samples(kind)).join(words.between);
  const sentences = list ? [words.dropped.replace("{list}", () => list)] : [];
  for (const kind of ["anchor", "number"]) {
    if (notes[kind]) sentences.push(words[kind].replace("{list}", () => samples(kind)));
  }
  return sentences.length ? sentences.join("") + words.remedy : "";
}

// Paragraphs with a bullet or a number, made lists again

function buildLists(parent, by) {
  let opened = [];
  for (const child of [...parent.childNodes]) {
    if (child.nodeType === Node.TEXT_NODE && !textOf(child) && opened.length) continue;
    const items = child.nodeType === Node.ELEMENT_NODE ? itemsOf(child, by) : null;
    if (!items) {
      opened = [];
      if (child.nodeType === Node.ELEMENT_NODE) buildLists(child, by);
      continue;
    }
    for (const item of items) place(item, opened, child);
    child.remove();
  }
  if (isList(parent)) adopt(parent);
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

// What is left is for the editor, which reads no styles

function strip(element, styles) {
  const weight = styles(element)["font-weight"] ?? "";
  for (const { name } of [...element.attributes])
    if (!KEPT.includes(name)) element.removeAttribute(name);
  if (element.localName === "b" && /^(normal|400)$/.test(weight))
    element.replaceWith(...element.childNodes);
  else element.toggleAttribute("data-bold", /^(bold|[6-9]00)/.test(weight));
}
