"""Lists, rebuilt from the paragraphs with markers that word processors write."""

import re
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass
from html import escape

from bureaus.text.html_tree import Element, Node
from bureaus.text.office_html.remains import Notes, note
from bureaus.text.office_html.rules import NUMBERINGS, pattern
from bureaus.text.office_html.tree import classes_of, holds_blocks, text_of

LIST, FILLER, SYMBOLS = pattern("list"), pattern("filler"), pattern("symbols")
COUNTED, PLAIN_NUMBER, SEQUENCE = pattern("counted"), pattern("plain_number"), pattern("sequence")
LISTS = frozenset({"ol", "ul"})
LONGEST_MARKER = 10  # characters
NUMBER = re.compile(r"-?[0-9]{1,9}(?:\.[0-9]{1,9})?")
AFTER_MARKER = "\u3000"


@dataclass(slots=True)
class Item:
    level: float
    tag: str
    key: str  # the same in items of one list
    start: int
    content: list[Node]


@dataclass(slots=True)
class Open:
    level: float
    key: str
    element: Element


@dataclass(frozen=True, slots=True)
class Marker:
    """The bullet or number of an item; `is_symbol`: a letter in a symbol font."""

    element: Element
    holder: Element
    is_symbol: bool

    @property
    def words(self) -> str:
        return text_of(self.element)


def build_lists(parent: Element, notes: Notes) -> None:
    built: list[Node] = []
    opened: list[Open] = []
    for child in parent.children:
        if isinstance(child, str) and not text_of(child) and opened:
            continue
        items = items_of(child, notes) if isinstance(child, Element) else None
        if items is None:
            opened = []
            built.append(child)
            if isinstance(child, Element):
                note_numbering(child, notes)
                build_lists(child, notes)
        for item in items or ():
            place(item, opened, built)
    parent.children = adopted(built) if parent.tag in LISTS else built


def note_numbering(element: Element, notes: Notes) -> None:
    """Note a list that does not count 1., 2., 3., as a body's lists do."""
    if element.tag == "ol":
        styled = (each.styles.get("list-style-type", "") for each in (element, *element.elements))
        kinds = [element.value("type"), *styled]
        note(notes, "number", next((NUMBERINGS[kind] for kind in kinds if kind in NUMBERINGS), ""))


def place(item: Item, opened: list[Open], built: list[Node]) -> None:
    """Put `item` into the open list of its level, or into a new one below the item before it."""
    while opened and opened[-1].level > item.level:
        opened.pop()
    if opened and opened[-1].level == item.level and opened[-1].key != item.key:
        opened.pop()
    if not opened or opened[-1].level < item.level:
        new = Element(item.tag, {"start": str(item.start)} if item.start != 1 else {})
        (opened[-1].element.elements[-1].children if opened else built).append(new)
        opened.append(Open(item.level, item.key, new))
    opened[-1].element.children.append(Element("li", children=item.content))


def adopted(children: list[Node]) -> list[Node]:
    """Return the children of a list, with each nested list moved into the item before it."""
    nodes: list[Node] = []
    last: Element | None = None
    for child in children:
        if isinstance(child, Element) and child.tag in LISTS and last:
            last.children.append(child)
            continue
        nodes.append(child)
        last = child if isinstance(child, Element) else last
    return nodes


def spell_markers(root: Element) -> None:
    """Keep the number of a heading, which is in no list, as text."""
    for element in root.descendants():
        if is_marker(element):
            element.children = [escape(text_of(element)) + AFTER_MARKER]


# What is an item


def items_of(element: Element, notes: Notes) -> list[Item] | None:
    """Return the items that `element` stands for: None where it is no item."""
    if "listcontainerwrapper" in classes_of(element):
        return [item for holder in element.elements for item in items_of_word_online(holder)]
    found = LIST.search(element.styles.get("mso-list", ""))
    is_paragraph = element.tag == "p" or (element.tag == "div" and not holds_blocks(element))
    marker = marker_of(element) if is_paragraph else None
    if marker is None:
        return None
    remove_marker(marker)
    if not text_of(element):
        return []
    level = float(found[2]) if found else indent_of(element)
    return [item_with(marker, element.children, level, found[0] if found else "", notes)]


def item_with(marker: Marker, content: list[Node], level: float, key: str, notes: Notes) -> Item:
    plain = unicodedata.normalize("NFKC", marker.words)
    counted = COUNTED.search(plain)
    if marker.is_symbol or not (counted or SEQUENCE.search(plain)):
        return Item(level, "ul", "ul", 1, content)
    if not counted:
        # No list style numbers like this, and the text may refer to the item by it.
        return Item(level, "ul", "words", 1, [escape(marker.words) + AFTER_MARKER, *content])
    if not PLAIN_NUMBER.search(marker.words):
        note(notes, "number", marker.words)
    return Item(level, "ol", f"ol {key}", int(counted[2]), content)


def items_of_word_online(holder: Element) -> list[Item]:
    """Return the items of Word Online, which writes a list for each item, with its level."""
    if holder.tag not in LISTS:
        return []
    start = int(number_in(holder.value("start"), 1))
    level = "data-aria-level"
    return [
        Item(number_in(item.value(level), 1), holder.tag, holder.tag, start, item.children)
        for item in holder.elements
    ]


def marker_of(element: Element) -> Marker | None:
    """Return the bullet or number at the start of a paragraph."""
    path = path_to(element, is_marker)
    if not path:
        path = path_to(element, is_filler)[:-1] or path_to(element, is_symbol)
        if not path or not text_of(path[-1]):
            return None
    if len(path) == 1 or len(text_of(path[-1])) > LONGEST_MARKER:
        return None
    if not text_of(element).startswith(text_of(path[-1])):
        return None
    fonts = [*path[1:], *path[-1].descendants()]
    return Marker(path[-1], path[-2], any(map(has_symbols, fonts)))


def path_to(element: Element, is_match: Callable[[Element], bool]) -> list[Element]:
    """Return the path from `element` to the first matching descendant, or nothing."""
    for child in element.elements:
        if is_match(child):
            return [element, child]
        if path := path_to(child, is_match):
            return [element, *path]
    return []


def is_marker(element: Element) -> bool:
    return element.styles.get("mso-list") == "ignore"


def is_filler(element: Element) -> bool:
    """Return whether it is the gap that Word writes after a marker."""
    return bool(FILLER.search(element.styles.get("font", "")))


def is_symbol(element: Element) -> bool:
    return has_symbols(element) and len(text_of(element)) == 1


def has_symbols(element: Element) -> bool:
    return bool(SYMBOLS.search(element.styles.get("font-family", "")))


def remove_marker(marker: Marker) -> None:
    marker.holder.children = [
        child for child in marker.holder.children if child is not marker.element
    ]


def indent_of(element: Element) -> float:
    """Return its left margin, in the unit that its document uses."""
    margins = element.styles.get("margin", "").split()
    left = margins[3] if len(margins) > 3 else ""  # noqa: PLR2004 - top, right, bottom, left
    return number_in(element.styles.get("margin-left", left), 0)


def number_in(text: str, otherwise: float) -> float:
    found = NUMBER.match(text)
    return float(found[0]) if found else otherwise
