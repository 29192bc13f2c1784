// What the parts of office_html.js share: texts, classes, and notes on what was dropped.

export const AFTER_MARKER = "\u3000";
const PASSAGE = 300; // characters of a removed passage that are shown
const PASSAGES = 100; // of a kind

export function classesOf(element) {
  return (element.getAttribute("class") ?? "").toLowerCase().split(/\s+/).filter(Boolean);
}

export function textOf(node) {
  return node.textContent.replace(/\s+/g, " ").trim();
}

export function note(notes, kind, words) {
  if (!words || kind === "marker") return;
  const short = shortened(words, PASSAGE);
  notes[kind] ??= [];
  if (!notes[kind].includes(short) && notes[kind].length < PASSAGES) notes[kind].push(short);
}

export function shortened(words, most) {
  const signs = [...words];
  return signs.length <= most ? words : `${signs.slice(0, most).join("")}…`;
}
