// What the proofreader found, marked in the editor. A mark is a decoration: it is drawn over the
// text and is no part of it, so that it is never saved.

const form = document.querySelector("#edition-form");
const place = document.querySelector("[data-editor-place]");
place?.addEventListener("editor-ready", ({ detail }) => start(detail));

function start({ editor, library }) {
  const { Plugin, PluginKey } = library.pm.state;
  const { Decoration, DecorationSet } = library.pm.view;
  const key = new PluginKey("proof");
  const mended = []; // ranges that move with the text, until they are taken back
  let found = [];

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
    for (const range of mended) {
      range.from = transaction.mapping.map(range.from, -1);
      range.to = transaction.mapping.map(range.to, 1);
    }
  });
  form.addEventListener("proof-found", ({ detail }) => {
    found = detail.filter(({ name }) => name === "body");
    if (!editor.view.composing) mark();
  });
  // A word that is still being put together is left alone.
  place.addEventListener("compositionend", () => setTimeout(mark));
  place.addEventListener("proof-go", ({ detail }) => {
    const range = rangeOf(detail, blocksOf(editor.state.doc));
    if (range) editor.chain().focus().setTextSelection(range).scrollIntoView().run();
    else editor.commands.focus();
  });
  place.addEventListener("proof-mend", ({ detail }) => (detail.undo = mend(detail.finding)));

  function mark() {
    const { state, view } = editor;
    const blocks = blocksOf(state.doc);
    const marks = found.flatMap((finding) => {
      const range = rangeOf(finding, blocks);
      if (!range || range.from === range.to) return [];
      return [
        Decoration.inline(range.from, range.to, { class: "found", "data-level": finding.level }),
      ];
    });
    const shown = DecorationSet.create(state.doc, marks);
    view.dispatch(state.tr.setMeta(key, shown).setMeta("addToHistory", false));
  }

  // Returns how to take it back, or nothing where the words are not there any more.
  function mend({ replacement, ...finding }) {
    const { state, view } = editor;
    const range = rangeOf(finding, blocksOf(state.doc), true);
    if (!range || state.doc.textBetween(range.from, range.to) !== finding.words) return undefined;
    const before = state.doc.slice(range.from, range.to);
    view.dispatch(state.tr.insertText(replacement, range.from, range.to).scrollIntoView());
    const place = { from: range.from, to: range.from + replacement.length };
    mended.push(place);
    return () => {
      const { doc, tr } = editor.state;
      mended.splice(mended.indexOf(place), 1);
      if (doc.textBetween(place.from, place.to) !== replacement) return false;
      editor.view.dispatch(tr.replace(place.from, place.to, before).scrollIntoView());
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

// Of a caption, which the table shows by itself, the first cell is marked.
function captionOf(table, at) {
  const words = table.firstChild?.firstChild?.firstChild;
  const place = { at: at + 4, end: at + 4 + (words?.content.size ?? 0) };
  return [...table.attrs.caption].map((sign) => ({ sign, ...place }));
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

// Where the finding said, or where else its words stand, nearest to there; what is to be mended
// stands between the same words.
function rangeOf(
  { block, block_start: start, block_end: end, words, before, after },
  blocks,
  isStrict,
) {
  // Of what goes on in the next blocks, a whole table say, the first one is marked.
  const isLonger = blocks[block] && end > blocks[block].length;
  const signs = [...(isLonger ? words.split("\n")[0] : words)];
  const says = (characters, at, text = signs) =>
    at + text.length <= characters.length &&
    text.every((sign, i) => same(characters[at + i].sign, sign));
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

function same(one, other) {
  return one === other || (/\s/.test(one) && /\s/.test(other));
}
