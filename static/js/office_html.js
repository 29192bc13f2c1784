// Reduces the HTML of word processors to what its author meant to publish, as
// bureaus/text/office_html does on the server, by the same rules, which come with the form.

import { buildLists } from "./office_lists.js";
import {
  dropFieldCodes,
  dropRemains,
  makeNotes,
  referencesOf,
  setHeadings,
  unlink,
} from "./office_remains.js";
import { AFTER_MARKER, classesOf, note, shortened, textOf } from "./office_shared.js";
import { setTables } from "./office_tables.js";

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
const NAMES_BESIDE = { style: "data-style", src: "data-src" }; // a browser would act on these

const PATTERNS = (
  "target alive footnote footnote_text list filler symbols counted plain_number sequence outline" +
  " bold regular"
).split(" ");

export function cleanerBy(rules) {
  const patterns = Object.fromEntries(PATTERNS.map((name) => [name, new RegExp(rules[name], "u")]));
  const blocks = `${rules.holders} ${rules.blocks}`.replaceAll(" ", ",");
  const dropped = Object.entries(rules.dropped).map(([kind, rule]) => [
    kind,
    new RegExp(rule, "u"),
  ]);
  return (html, { takesPictures = false } = {}) => {
    const { tags, sheets, embedded } = written(html, rules);
    const root = new DOMParser().parseFromString(`<!DOCTYPE html>${tags}`, "text/html").body;
    for (const element of root.querySelectorAll(rules.unread.replaceAll(" ", ",")))
      element.remove();
    const by = { rules, dropped, patterns, blocks, styles: stylesBy(sheets), notes: {} };
    by.pictures = takesPictures ? [] : null;
    const noted = (kind, words) => note(by.notes, kind, words);
    dropFieldCodes(root, [], by);
    const references = referencesOf(root, by);
    dropRemains(root, by);
    const kept = referencesOf(root, by);
    makeNotes(root, new Set([...references].filter((key) => !kept.has(key))), by);
    unlink(root, by);
    setTables(root, { ...by, textOf, noted });
    setHeadings(root, by);
    buildLists(root, by);
    for (const element of root.querySelectorAll("*")) {
      if (by.styles(element)["mso-list"] === "ignore")
        element.textContent = textOf(element) + AFTER_MARKER;
    }
    for (const name of embedded) noted("embedded", rules.embedded[name]);
    for (const element of root.querySelectorAll("*")) strip(element, by);
    return {
      html: root.innerHTML,
      sentence: sentenceOf(by.notes, rules.words),
      details: detailsOf(by.notes, rules.labels),
      pictures: by.pictures ?? [],
    };
  };
}

// Before it is parsed, the tags are written anew: those that are known, with the attributes that
// are read here. For a browser complains of a style or a handler in every document that it parses,
// also in one that never runs. What is no tag here has no "<" left that could be one there.
function written(html, { tags: known, attributes, unread, embedded: shown }) {
  const [kept, read, bare] = [known, attributes, unread].map((words) => new Set(words.split(" ")));
  const [sheets, embedded] = [[], []];
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
    if (next < 0) return { tags: tags + html.slice(at), sheets, embedded };
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
      if (!match) return { tags, sheets, embedded }; // it ends in the middle of a tag
      if (read.has(match[1].toLowerCase())) values += attribute(match);
    }
    if (!opening[1] && name in shown) embedded.push(name);
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
  const key = NAMES_BESIDE[name.toLowerCase()] ?? name.toLowerCase();
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

const REMOVED = ["comment", "deleted", "hidden", "field"];
const CHANGED = ["anchor", "number", "footnote", "head", "picture", "uploaded", "embedded"];

function sentenceOf(notes, words) {
  const samples = (kind) => {
    const first = words.sample.replace("{words}", () => shortened(notes[kind][0], SAMPLE));
    return notes[kind].length > 1 ? first + words.more : first;
  };
  const parts = REMOVED.filter((kind) => notes[kind]);
  const list = parts.map((kind) => words[kind] + samples(kind)).join(words.between);
  const sentences = list ? [words.dropped.replace("{list}", () => list)] : [];
  for (const kind of CHANGED) {
    if (notes[kind]) sentences.push(words[kind].replace("{list}", () => samples(kind)));
  }
  return sentences.length ? sentences.join("") + words.remedy : "";
}

function detailsOf(notes, labels) {
  return [...REMOVED, ...CHANGED].flatMap((kind) =>
    (notes[kind] ?? []).map((words) => [labels[kind], words]),
  );
}

// What is left is for the editor, which reads no styles

function strip(element, { styles, patterns }) {
  const weight = styles(element)["font-weight"] ?? "";
  for (const { name } of [...element.attributes])
    if (!KEPT.includes(name)) element.removeAttribute(name);
  const isBold = patterns.bold.test(weight);
  const isRegular = (patterns.regular.test(weight) && !isBold) || element.closest("h3, h4, th");
  if (element.localName === "b" && isRegular) element.replaceWith(...element.childNodes);
  else element.toggleAttribute("data-bold", isBold && !isRegular);
}
