// Marks the findings in the editor. A mark is a decoration: it is drawn over the text and is no
// part of it, so that it is never saved.

import { isSameCharacter } from "./shared.js";

const form = document.querySelector("#edition-form");
const element = document.querySelector("[data-editor]");
element?.addEventListener("editor-ready", ({ detail }) => start(detail));

function start({ editor, library }) {
  const { Plugin, PluginKey } = library.pm.state;
  const { Decoration, DecorationSet } = library.pm.view;
  const key = new PluginKey("findings");
  const autofixed = []; // ranges that move with the text, for the undo
  let findings = [];

  editor.registerPlugin(
    new Plugin({
      key,
      state: {
        init: () => DecorationSet.empty,
        apply: (tr, marks) => tr.getMeta(key) ?? marks.map(tr.mapping, tr.doc),
      },
      props: { decorations: (state) => key.getState(state) },
    }),
  );
  editor.on("transaction", ({ transaction }) => {
    if (!transaction.docChanged) return;
    for (const range of autofixed) {
      range.from = transaction.mapping.map(range.from, -1);
      range.to = transaction.mapping.map(range.to, 1);
    }
  });
  form.addEventListener("findings-updated", ({ detail }) => {
    findings = detail.filter(({ name }) => name === "body");
    if (!editor.view.composing) mark();
  });
  // A word that an input method is still composing is left alone.
  element.addEventListener("compositionend", () => setTimeout(mark));
  element.addEventListener("finding-select", ({ detail }) => {
    const range = rangeOf(detail, blocksOf(editor.state.doc));
    if (range) editor.chain().focus().setTextSelection(range).scrollIntoView().run();
    else editor.commands.focus();
  });
  element.addEventListener("finding-autofix", ({ detail }) => {
    detail.undo = autofix(detail.finding);
  });

  function mark() {
    const { state, view } = editor;
    const blocks = blocksOf(state.doc);
    const marks = findings.flatMap((finding) => {
      const range = rangeOf(finding, blocks);
      if (!range || range.from === range.to) return [];
      return [
        Decoration.inline(range.from, range.to, { class: "found", "data-level": finding.level }),
      ];
    });
    const decorations = DecorationSet.create(state.doc, marks);
    view.dispatch(state.tr.setMeta(key, decorations).setMeta("addToHistory", false));
  }

  // Returns the function that undoes it, or nothing where the text has other words now.
  function autofix({ replacement, ...finding }) {
    const { state, view } = editor;
    const range = rangeOf(finding, blocksOf(state.doc), true);
    if (!range || state.doc.textBetween(range.from, range.to) !== finding.words) return undefined;
    const before = state.doc.slice(range.from, range.to);
    view.dispatch(state.tr.insertText(replacement, range.from, range.to).scrollIntoView());
    const target = { from: range.from, to: range.from + replacement.length };
    autofixed.push(target);
    return () => {
      const { doc, tr } = editor.state;
      autofixed.splice(autofixed.indexOf(target), 1);
      if (doc.textBetween(target.from, target.to) !== replacement) return false;
      editor.view.dispatch(tr.replace(target.from, target.to, before).scrollIntoView());
      return true;
    };
  }
}

// The blocks as the server counts them (proofreading/passages.py): each as a list of characters,
// with where they stand. Blank paragraphs go when a body is saved, and are not counted.
function blocksOf(doc) {
  const blocks = [];
  doc.descendants((node, at, parent) => {
    if (node.type.name === "table" && node.attrs.caption) blocks.push(captionOf(node, at));
    if (!node.isTextblock) return true;
    const isBare = parent === doc || parent.type.name === "blockquote";
    if (node.textContent.trim() || node.childCount || !isBare)
      blocks.push(charactersOf(node, at + 1));
    return false;
  });
  return blocks;
}

// The table shows its caption by itself, so the first cell is marked in its place.
function captionOf(table, at) {
  const paragraph = table.firstChild?.firstChild?.firstChild;
  const position = { at: at + 4, end: at + 4 + (paragraph?.content.size ?? 0) };
  return [...table.attrs.caption].map((sign) => ({ sign, ...position }));
}

function charactersOf(block, start) {
  const characters = [];
  block.forEach((child, offset) => {
    let at = start + offset;
    for (const sign of wordsOf(child)) {
      characters.push({ sign, at, end: at + (child.isText ? sign.length : child.nodeSize) });
      if (child.isText) at += sign.length;
    }
  });
  return characters;
}

function wordsOf(node) {
  if (node.isText) return node.text;
  if (node.type.name === "ruby") return node.attrs.pairs.map(([base]) => base).join("");
  return "\n";
}

// The range of a finding: where it says, or else where its words are nearest to there. An autofix,
// which is strict, asks for the same words around them.
function rangeOf(
  { block, block_start: start, block_end: end, words, before, after },
  blocks,
  isStrict,
) {
  // Of a finding that spans several blocks, a whole table say, the first block is marked.
  const isLonger = blocks[block] && end > blocks[block].length;
  const signs = [...(isLonger ? words.split("\n")[0] : words)];
  const says = (characters, at, text = signs) =>
    at + text.length <= characters.length &&
    text.every((sign, i) => isSameCharacter(characters[at + i].sign, sign));
  const span = (characters, from, to) =>
    from < to && {
      from: characters[from].at,
      to: characters[Math.min(to, characters.length) - 1].end,
    };
  if (!signs.length) return undefined;
  const [first, last] = [[...before], [...after]];
  const inPlace = (characters, at) =>
    at >= first.length &&
    says(characters, at - first.length, first) &&
    says(characters, at + end - start, last);
  const own = blocks[block];
  if (own && says(own, start) && (!isStrict || inPlace(own, start))) return span(own, start, end);
  const near = blocks.map((_, i) => i).sort((a, b) => Math.abs(a - block) - Math.abs(b - block));
  for (const fits of isStrict ? [inPlace] : [inPlace, () => true]) {
    for (const i of near) {
      const found = [...blocks[i].keys()].filter(
        (at) => says(blocks[i], at) && fits(blocks[i], at),
      );
      const [at] = found.sort((a, b) => Math.abs(a - start) - Math.abs(b - start));
      if (at !== undefined)
        return span(blocks[i], at, at + (isLonger ? signs.length : end - start));
    }
  }
  return undefined;
}
