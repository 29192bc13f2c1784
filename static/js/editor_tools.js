// The toolbar of the editor, and its dialogs.

const element = document.querySelector("[data-editor]");
const tools = document.querySelector("[data-tools]");
element?.addEventListener("editor-ready", ({ detail: { editor, isSafe } }) => {
  const dialogs = dialogsFor(editor, isSafe);
  toolbar(editor, dialogs);
  element.addEventListener("editor-link", dialogs.link);
  placeFigures(editor);
});

// Where the cursor is, a paragraph says which figure stands there.
function placeFigures(editor) {
  const section = document.querySelector("#figures");
  section.toggleAttribute("data-can-place", true);
  section.addEventListener("click", ({ target }) => {
    if (!target.matches("[data-place]")) return;
    const legend = target.closest("[data-row]").querySelector("legend").textContent;
    const text = `〔${legend}〕`;
    const { $from } = editor.state.selection;
    const content = { type: "paragraph", content: [{ type: "text", text }] };
    const end = $from.depth ? $from.after(1) : 0;
    editor.chain().focus().insertContentAt(end, content).scrollIntoView().run();
  });
}

// Instead of an empty paragraph, or after the block with the cursor.
function insertTerms(editor) {
  const { $from } = editor.state.selection;
  const to = $from.after();
  const from = $from.parent.content.size ? to : $from.before();
  const content = [{ type: "term" }, { type: "meaning", content: [{ type: "paragraph" }] }];
  const chain = editor.chain().focus().insertContentAt({ from, to }, { type: "terms", content });
  return chain.setTextSelection(from + 2).run();
}

// An address that was copied from this site leads to the same page on any host.
function pathOnThisSite(address) {
  const isHere = address.startsWith(`${location.origin}/`);
  return isHere ? address.slice(location.origin.length) : address;
}

// Puts the cursor after the selection, so that the next key does not replace it.
function after(chain) {
  const leave = ({ tr, commands }) => commands.setTextSelection(tr.selection.to);
  return chain.command(leave).unsetMark("link");
}

// The dialogs are in the page; `values` fill their fields when they open.

function dialogsFor(editor, isSafe) {
  return {
    link() {
      const { href = "" } = editor.getAttributes("link");
      const hasWords = !editor.state.selection.empty || href;
      const field = document.querySelector("#dialog-link-href");
      field.chosen_ = null;
      openDialog("link", { href }, (answer, action) => {
        const words = () => editor.chain().focus().extendMarkRange("link");
        if (action === "remove") return after(words().unsetMark("link")).run();
        const address = pathOnThisSite(answer.href.trim());
        if (!isSafe(address)) {
          return "ページや文書を一覧から選ぶか、リンク先を / か https:// から書いてください。";
        }
        const chosen = field.chosen_;
        if (chosen?.is_public === false) {
          document.dispatchEvent(new CustomEvent("document-linked", { detail: chosen }));
        }
        if (hasWords) return after(words().setMark("link", { href: address })).run();
        const link = {
          type: "text",
          text: chosen?.title ?? address,
          marks: [{ type: "link", attrs: { href: address } }],
        };
        return editor.chain().focus().insertContent(link).run();
      });
    },
    ruby() {
      const { selection, doc } = editor.state;
      const node = selection.node?.type.name === "ruby" ? selection.node : null;
      const base = node ? column(node, 0) : doc.textBetween(selection.from, selection.to, "");
      openDialog("ruby", { base, reading: node ? column(node, 1) : "" }, (answer) => {
        const bases = answer.base.split("｜");
        const readings = answer.reading.split("｜");
        const text = { type: "text", text: bases.join("") };
        if (!bases.join("").trim()) return "漢字などを書いてください。";
        if (!answer.reading.trim()) return editor.chain().focus().insertContent(text).run();
        const pairs = bases.map((one, at) => [one, readings[at] ?? ""]);
        return editor.chain().focus().insertContent({ type: "ruby", attrs: { pairs } }).run();
      });
    },
    table() {
      openDialog("table", { caption: "", rows: 3, columns: 3 }, (answer) => {
        const rows = Number(answer.rows) || 3;
        const cols = Number(answer.columns) || 3;
        const made = editor.chain().focus().insertTable({ rows, cols, withHeaderRow: true });
        return made.updateAttributes("table", { caption: answer.caption.trim() }).run();
      });
    },
    caption() {
      const { caption } = editor.getAttributes("table");
      openDialog("table", { caption, rows: null }, (answer) =>
        editor.chain().focus().updateAttributes("table", { caption: answer.caption.trim() }).run(),
      );
    },
    start() {
      const { start } = editor.getAttributes("orderedList");
      openDialog("start", { start }, (answer) =>
        editor
          .chain()
          .focus()
          .updateAttributes("orderedList", { start: Number(answer.start) || 1 })
          .run(),
      );
    },
  };

  function column(node, place) {
    return node.attrs.pairs.map((pair) => pair[place]).join("｜");
  }

  // `done` gets the values, and returns a sentence where they are refused.
  function openDialog(name, values, done) {
    const dialog = document.querySelector(`#dialog-${name}`);
    const form = dialog.querySelector("form");
    const error = dialog.querySelector("[data-error]");
    if (error) error.textContent = "";
    for (const note of dialog.querySelectorAll("[data-chosen]")) note.textContent = "";
    for (const [key, value] of Object.entries(values))
      if (value !== null) form.elements[key].value = value;
    const isNew = dialog.querySelector("[data-new]");
    if (isNew) isNew.hidden = values.rows === null;
    form.onsubmit = (event) => {
      event.preventDefault();
      const action = event.submitter?.value ?? "done";
      if (action === "cancel") return dialog.close();
      const sentence = done(Object.fromEntries(new FormData(form)), action);
      if (typeof sentence === "string" && error) error.textContent = sentence;
      else dialog.close();
    };
    dialog.onclose = () => editor.commands.focus();
    dialog.showModal();
  }
}

// The toolbar: one stop for Tab, arrows inside (the ARIA pattern).

function toolbar(editor, dialogs) {
  const chain = () => editor.chain().focus();
  const actions = {
    undo: () => chain().undo().run(),
    redo: () => chain().redo().run(),
    paragraph: () => chain().setParagraph().run(),
    heading3: () => chain().toggleHeading({ level: 3 }).run(),
    heading4: () => chain().toggleHeading({ level: 4 }).run(),
    quote: () => chain().toggleBlockquote().run(),
    bullets: () => chain().toggleBulletList().run(),
    numbers: () => chain().toggleOrderedList().run(),
    terms: () => insertTerms(editor),
    strong: () => chain().toggleBold().run(),
    em: () => chain().toggleItalic().run(),
    rowBefore: () => chain().addRowBefore().run(),
    rowAfter: () => chain().addRowAfter().run(),
    columnBefore: () => chain().addColumnBefore().run(),
    columnAfter: () => chain().addColumnAfter().run(),
    deleteRow: () => chain().deleteRow().run(),
    deleteColumn: () => chain().deleteColumn().run(),
    headerCell: () => chain().toggleHeaderCell().run(),
    merge: () => chain().mergeOrSplit().run(),
    deleteTable: () => chain().deleteTable().run(),
    ...dialogs,
  };
  const active = {
    paragraph: ["paragraph"],
    heading3: ["heading", { level: 3 }],
    heading4: ["heading", { level: 4 }],
    quote: ["blockquote"],
    bullets: ["bulletList"],
    numbers: ["orderedList"],
    terms: ["terms"],
    strong: ["bold"],
    em: ["italic"],
    link: ["link"],
    ruby: ["ruby"],
    table: ["table"],
    headerCell: ["tableHeader"],
  };
  const buttons = [...tools.querySelectorAll("[data-command]")];
  const shown = () => buttons.filter((button) => !button.closest("[hidden]"));

  tools.addEventListener("click", (event) => {
    const button = event.target.closest("[data-command]");
    if (!button) return;
    stopAt(button);
    actions[button.dataset.command]();
  });
  tools.addEventListener("mousedown", (event) => event.preventDefault()); // the selection stays
  tools.addEventListener("keydown", (event) => {
    const now = shown();
    const at = now.indexOf(document.activeElement);
    const to = { ArrowRight: at + 1, ArrowLeft: at - 1, Home: 0, End: now.length - 1 }[event.key];
    if (event.key === "Escape") return editor.commands.focus();
    if (to === undefined) return undefined;
    event.preventDefault();
    const next = now[(to + now.length) % now.length];
    stopAt(next);
    return next.focus();
  });
  editor.on("transaction", show);
  show();
  stopAt(buttons[0]);

  function stopAt(button) {
    for (const other of buttons) other.tabIndex = other === button ? 0 : -1;
  }

  function show() {
    for (const part of tools.querySelectorAll("[data-within]")) {
      part.hidden = !editor.isActive(part.dataset.within);
    }
    for (const button of buttons) {
      const what = active[button.dataset.command];
      if (what) button.setAttribute("aria-pressed", String(editor.isActive(...what)));
    }
    if (!shown().some((button) => button.tabIndex === 0)) stopAt(buttons[0]);
  }
}
