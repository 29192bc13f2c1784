// The body as rich text, with the vocabulary of bureaus/text/rich_text.py and nothing besides. The
// event editor-ready starts the toolbar and the marks of the findings.

import { reportOnText, sendPicture } from "./pasted.js";

const field = document.querySelector("textarea[data-library]");
const element = document.querySelector("[data-editor]");
const tools = document.querySelector("[data-tools]");
const COVERED = { top: 96, right: 0, bottom: 96, left: 0 }; // px
function start(library, clean) {
  const plain = (html, options) => {
    const { html: kept, sentence, details, pictures } = clean(html, options);
    if (sentence) reportOnText(sentence, details);
    for (const picture of pictures) sendPicture(picture);
    return kept;
  };
  const label = document.querySelector("#body-label").textContent;
  let isOwnChange = false;
  const editor = new library.Editor({
    element,
    extensions: vocabulary(library),
    content: plain(field.value),
    injectCSS: false, // the policy allows no style in the page; editor.css has it
    enableInputRules: false, // typed text stays as it is, also with an input method
    enablePasteRules: false,
    editorProps: {
      // The toolbar and the bar for saving cover what is scrolled below them.
      scrollThreshold: COVERED,
      scrollMargin: COVERED,
      attributes: {
        id: "body-editor",
        role: "textbox",
        "aria-multiline": "true",
        "aria-label": label,
        "aria-describedby": `${field.id}_helptext`,
      },
      transformPastedHTML: (html) => {
        reportOnText("", []); // of an earlier text
        return plain(html, { takesPictures: true });
      },
      handleKeyDown: (_view, event) => {
        if (!event.altKey || event.key !== "F10" || event.isComposing) return false;
        tools.querySelector("[tabindex='0']").focus();
        return true;
      },
    },
    onUpdate() {
      isOwnChange = true;
      field.value = editor.isEmpty ? "" : editor.getHTML();
      field.dispatchEvent(new Event("input", { bubbles: true }));
      isOwnChange = false;
    },
  });
  field.addEventListener("input", () => {
    if (!isOwnChange) editor.commands.setContent(plain(field.value), { emitUpdate: false });
  });
  field.hidden = true;
  element.hidden = tools.hidden = false;
  document.querySelector("[data-plain]").hidden = true;
  document.querySelector("[data-rich]").hidden = false;
  document.querySelector("#body-label").addEventListener("click", () => editor.commands.focus());
  element.editor = editor;
  element.dispatchEvent(new CustomEvent("editor-ready", { detail: { editor, library, isSafe } }));
}

function isSafe(href) {
  if (/[\p{C}\\]/u.test(href)) return false;
  if (/^(https?:\/\/[^/]|mailto:.|tel:.)/i.test(href)) return true;
  return /^[/#?]/.test(href) && !href.startsWith("//");
}

function vocabulary(library) {
  const { Node, Mark, Extension } = library;
  const {
    Document,
    Text,
    Paragraph,
    Heading,
    Bold,
    Italic,
    BulletList,
    ListItem,
    Blockquote,
    HardBreak,
  } = library;
  const { Table, TableRow, TableCell, TableHeader, UndoRedo, Gapcursor, Dropcursor } = library;

  const levels = [
    [1, 3],
    [2, 3],
    [3, 3],
    [4, 4],
    [5, 4],
    [6, 4],
  ];
  const headings = Heading.configure({ levels: [3, 4] }).extend({
    addAttributes: () => ({ level: { default: 3, rendered: false } }),
    parseHTML: () => levels.map(([from, level]) => ({ tag: `h${from}`, attrs: { level } })),
  });

  const strong = Bold.extend({
    parseHTML: () => [{ tag: "strong" }, { tag: "b" }, { tag: "span[data-bold]" }],
  });
  const em = Italic.extend({ parseHTML: () => [{ tag: "em" }, { tag: "i" }] });

  const orderedList = BulletList.extend({
    name: "orderedList",
    addAttributes: () => ({
      start: {
        default: 1,
        parseHTML: (element) => Number.parseInt(element.getAttribute("start"), 10) || 1,
        renderHTML: ({ start }) => (start === 1 ? {} : { start }),
      },
    }),
    parseHTML: () => [{ tag: "ol" }],
    renderHTML: ({ HTMLAttributes }) => ["ol", HTMLAttributes, 0],
    addCommands() {
      return {
        toggleOrderedList:
          () =>
          ({ commands }) =>
            commands.toggleList("orderedList", "listItem"),
      };
    },
    addKeyboardShortcuts() {
      return { "Mod-Shift-7": () => this.editor.commands.toggleOrderedList() };
    },
  });

  const link = Mark.create({
    name: "link",
    inclusive: false,
    addAttributes: () => ({ href: { default: "" } }),
    parseHTML: () => [
      {
        tag: "a[href]",
        getAttrs: (element) => isSafe(element.getAttribute("href").trim()) && null,
      },
    ],
    renderHTML: ({ HTMLAttributes }) => ["a", { href: HTMLAttributes.href }, 0],
    addKeyboardShortcuts: () => ({
      "Mod-k": () => {
        element.dispatchEvent(new CustomEvent("editor-link"));
        return true;
      },
    }),
  });

  // One unit in the text: a dialog changes base and reading together.
  const ruby = Node.create({
    name: "ruby",
    group: "inline",
    inline: true,
    atom: true,
    addAttributes: () => ({ pairs: { default: [["", ""]], rendered: false } }),
    parseHTML: () => [{ tag: "ruby", getAttrs: (element) => ({ pairs: pairsOf(element) }) }],
    renderHTML: ({ node }) => ["ruby", {}, ...node.attrs.pairs.flatMap(rubyOf)],
    renderText: ({ node }) => node.attrs.pairs.map(([base]) => base).join(""),
  });

  const spans = {
    colspan: {
      default: 1,
      parseHTML: (cell) => cell.colSpan || 1,
      renderHTML: ({ colspan }) => (colspan > 1 ? { colspan } : {}),
    },
    rowspan: {
      default: 1,
      parseHTML: (cell) => cell.rowSpan || 1,
      renderHTML: ({ rowspan }) => (rowspan > 1 ? { rowspan } : {}),
    },
  };
  const cell = TableCell.extend({
    addAttributes: () => spans,
    renderHTML: ({ HTMLAttributes }) => ["td", HTMLAttributes, 0],
  });
  // The server derives the scope of a header cell; only a group's is kept here.
  const header = TableHeader.extend({
    addAttributes: () => ({
      ...spans,
      scope: {
        default: null,
        parseHTML: (element) => (/group$/.test(element.scope) ? element.scope : null),
        renderHTML: ({ scope }) => (scope ? { scope } : {}),
      },
    }),
    renderHTML: ({ HTMLAttributes }) => ["th", HTMLAttributes, 0],
  });

  const table = Table.extend({
    addAttributes: () => ({
      caption: {
        default: "",
        rendered: false,
        parseHTML: (element) => element.querySelector(":scope > caption")?.textContent.trim() ?? "",
      },
    }),
    parseHTML: () => [{ tag: "table" }],
    renderHTML: ({ node }) =>
      node.attrs.caption
        ? ["table", ["caption", node.attrs.caption], ["tbody", 0]]
        : ["table", ["tbody", 0]],
    addNodeView: () => tableView,
    addKeyboardShortcuts() {
      // Tab goes on to the next cell, and out of the table after the last one.
      return { ...this.parent?.(), Tab: () => this.editor.commands.goToNextCell() };
    },
  });
  const captions = Node.create({
    name: "captionOfTable", // shown by the table itself
    parseHTML: () => [{ tag: "caption", ignore: true, priority: 100 }],
  });

  const terms = Node.create({
    name: "terms",
    group: "block",
    content: "(term | meaning)+",
    parseHTML: () => [{ tag: "dl" }],
    renderHTML: () => ["dl", 0],
  });
  const term = Node.create({
    name: "term",
    content: "inline*",
    defining: true,
    parseHTML: () => [{ tag: "dt" }],
    renderHTML: () => ["dt", 0],
    addKeyboardShortcuts() {
      return { Enter: () => afterTerm(this.editor) };
    },
  });
  const meaning = Node.create({
    name: "meaning",
    content: "block+",
    defining: true,
    parseHTML: () => [{ tag: "dd" }],
    renderHTML: () => ["dd", 0],
    addKeyboardShortcuts() {
      return { Enter: () => afterMeaning(this.editor) };
    },
  });

  const keys = Extension.create({
    name: "extraKeys",
    addKeyboardShortcuts() {
      return { "Mod-Alt-0": () => this.editor.commands.setParagraph() };
    },
  });

  return [
    Document,
    Text,
    Paragraph,
    headings,
    strong,
    em,
    BulletList,
    orderedList,
    ListItem,
    Blockquote,
    HardBreak,
    link,
    ruby,
    table,
    TableRow,
    cell,
    header,
    captions,
    terms,
    term,
    meaning,
    keys,
    UndoRedo,
    Gapcursor,
    Dropcursor,
  ];
}

function pairsOf(ruby) {
  const pairs = [];
  let base = "";
  for (const child of ruby.childNodes) {
    if (child.nodeName === "RT") {
      pairs.push([base, child.textContent.trim()]);
      base = "";
    } else if (child.nodeName !== "RP") base += child.textContent;
  }
  if (base.trim() || !pairs.length) pairs.push([base, ""]);
  return pairs.map(([text, reading]) => [text.trim(), reading]);
}

function rubyOf([base, reading]) {
  return reading ? [base, ["rp", "（"], ["rt", reading], ["rp", "）"]] : [base];
}

function tableView({ node }) {
  const dom = document.createElement("div");
  dom.className = "table-place";
  const shown = dom.appendChild(document.createElement("table"));
  const caption = shown.appendChild(document.createElement("caption"));
  caption.contentEditable = "false";
  const contentDOM = shown.appendChild(document.createElement("tbody"));
  const show = ({ attrs }) => {
    caption.textContent = attrs.caption || "（表題がありません）";
    caption.toggleAttribute("data-empty", !attrs.caption);
  };
  show(node);
  return {
    dom,
    contentDOM,
    update(newer) {
      if (newer.type !== node.type) return false;
      show(newer);
      return true;
    },
    ignoreMutation: (mutation) =>
      mutation.type !== "selection" && !contentDOM.contains(mutation.target),
  };
}

// Enter after a term begins its meaning; in an empty term it ends the list.
function afterTerm(editor) {
  const { $from, empty } = editor.state.selection;
  if (!empty || $from.parent.type.name !== "term") return false;
  if (!$from.parent.content.size) return leaveTerms(editor, $from.depth);
  const end = $from.after();
  if (editor.state.doc.resolve(end).nodeAfter?.type.name === "meaning") {
    return editor
      .chain()
      .setTextSelection(end + 2)
      .scrollIntoView()
      .run();
  }
  const meaning = { type: "meaning", content: [{ type: "paragraph" }] };
  return editor
    .chain()
    .insertContentAt(end, meaning)
    .setTextSelection(end + 2)
    .scrollIntoView()
    .run();
}

// Enter in an empty last paragraph of a meaning begins the next term.
function afterMeaning(editor) {
  const { $from, empty } = editor.state.selection;
  const isLast =
    $from.depth > 1 &&
    $from.node(-1).type.name === "meaning" &&
    $from.indexAfter(-1) === $from.node(-1).childCount;
  if (!empty || !isLast || $from.parent.content.size) return false;
  const isOnly = $from.node(-1).childCount === 1;
  const [start, end] = isOnly
    ? [$from.after(-1), $from.after(-1)]
    : [$from.before(), $from.after()];
  const chain = editor.chain();
  if (!isOnly) chain.deleteRange({ from: start, to: end });
  const at = isOnly ? end : $from.after(-1) - (end - start);
  return chain
    .insertContentAt(at, { type: "term" })
    .setTextSelection(at + 1)
    .scrollIntoView()
    .run();
}

function leaveTerms(editor, depth) {
  const { $from } = editor.state.selection;
  const [from, to] = [$from.before(depth), $from.after(depth)];
  const isOnly = $from.node(depth - 1).childCount === 1;
  const after = $from.after(depth - 1);
  const at = isOnly ? $from.before(depth - 1) : after - (to - from);
  return editor
    .chain()
    .deleteRange(isOnly ? { from: at, to: after } : { from, to })
    .insertContentAt(at, { type: "paragraph" })
    .setTextSelection(at + 1)
    .run();
}

if (field && element) {
  const [library, office] = await Promise.all([
    import(field.dataset.library),
    import(field.dataset.officeHtml),
  ]);
  start(library, office.cleanerBy(JSON.parse(field.dataset.officeRules)));
}
