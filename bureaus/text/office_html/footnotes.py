"""Footnotes as notes: the mark and the text get the same number, in the order of the marks."""

from bureaus.text.html_tree import Element
from bureaus.text.office_html.remains import TARGET, Key, Notes, note, reference_key
from bureaus.text.office_html.rules import WORDS, pattern
from bureaus.text.office_html.tree import text_of

NOTE = pattern("footnote_text")
BLOCK = frozenset({"li", "p"})


def make_notes(root: Element, removed: set[Key], notes: Notes) -> None:
    """Number the notes and unlink them; those of the `removed` marks go as well."""
    drop_removed(root, removed, notes)
    anchors = [each for each in root.descendants() if each.tag == "a"]
    texts = {key for each in anchors if (key := text_key(each))}
    numbers: dict[Key, int] = {}
    for anchor in anchors:
        key = reference_key(anchor)
        if key in texts:
            number_mark(anchor, numbers.setdefault(key, len(numbers) + 1), notes)
    for anchor in anchors:
        key = text_key(anchor)
        if key in numbers:
            number_mark(anchor, numbers[key], notes)


def number_mark(anchor: Element, number: int, notes: Notes) -> None:
    note(notes, "footnote", text_of(anchor))
    anchor.children = [WORDS["footnote_mark"].format(number=number)]
    anchor.attributes = {}


def text_key(element: Element) -> Key | None:
    """Return the footnote whose text begins with `element`, a link back to its mark."""
    if element.tag != "a" or reference_key(element):
        return None
    target = TARGET.search(element.value("href"))
    found = NOTE.search(target[2]) if target else None
    return (found[1].rstrip("_"), found[2]) if found else None


def drop_removed(element: Element, removed: set[Key], notes: Notes) -> None:
    """Drop the texts of notes whose marks are among the deleted or hidden text."""
    if not removed:
        return
    for child in element.elements:
        if is_note(child) and first_key(child) in removed:
            note(notes, "deleted", text_of(child))
            child.children = []
        else:
            drop_removed(child, removed, notes)


def is_note(element: Element) -> bool:
    is_division = element.styles.get("mso-element", "") in {"footnote", "endnote"}
    is_named = element.value("id").startswith(("sdfootnote", "sdendnote"))
    return element.tag in BLOCK or (element.tag == "div" and (is_division or is_named))


def first_key(element: Element) -> Key | None:
    return next((key for each in element.descendants() if (key := text_key(each))), None)
