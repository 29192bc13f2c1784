"""Removal of comments, deletions, hidden text and dead fragment links, with notes on each."""

from collections.abc import Iterator

from bureaus.text.html_tree import Element, Node
from bureaus.text.office_html.rules import DROPPED, WORDS, pattern
from bureaus.text.office_html.tree import classes_of, text_of

TARGET, ALIVE = pattern("target"), pattern("alive")
FOOTNOTE = pattern("footnote")
PASSAGE = 300  # characters of a removed passage that are shown
PASSAGES = 100  # of a kind
UNREPORTED = "marker"
COLUMNS = frozenset({"col", "colgroup"})  # a hidden one hides cells: see tables.py
TINY = frozenset({"0", "1", "0px", "1px"})
Notes = dict[str, list[str]]  # the removed text by kind
Key = tuple[str, str]  # the series and the number of a footnote


def drop_remains(element: Element, notes: Notes) -> None:
    children: list[Node] = []
    for child in element.children:
        if isinstance(child, str):
            children.append(child)
        elif kind := kind_of(child):
            note(notes, kind, text_of(child))
        elif child.tag == "img":
            note_picture(child, notes)
        else:
            had_words = child.tag == "li" and bool(text_of(child))
            drop_remains(child, notes)
            if not had_words or text_of(child):
                children.append(child)
    element.children = children


def unlink(element: Element, notes: Notes) -> None:
    """Replace the links without an address, or to a missing fragment, by their words."""
    children: list[Node] = []
    for child in element.children:
        if isinstance(child, str):
            children.append(child)
            continue
        unlink(child, notes)
        if is_dead(child):
            note(notes, "anchor", text_of(child) if "href" in child.attributes else "")
            children += child.children
        else:
            children.append(child)
    element.children = children


def kind_of(element: Element) -> str:
    """Return the kind of remains that `element` is; empty where it stays, as a column does."""
    if element.tag in COLUMNS:
        return ""
    facts = list(facts_of(element))
    fits = (kind for kind, rule in DROPPED.items() if any(map(rule.search, facts)))
    return next(fits, "")


def facts_of(element: Element) -> Iterator[str]:
    yield f"tag={element.tag}"
    yield from (f"class={name}" for name in classes_of(element))
    yield from (f"{name}={element.value(name)}" for name in ("id", "name"))
    if "hidden" in element.attributes:
        yield "hidden="
    if target := TARGET.search(element.value("href")):
        yield f"target={target[2]}"
    if element.tag in {"div", "p", "li"}:
        yield f"first={first_name(element)}"
    yield from (f"{name}:{value}" for name, value in element.styles.items())


def first_name(element: Element) -> str:
    """Return the name of the anchor at the start of a block, as comments have one."""
    for child in element.children:
        if isinstance(child, str):
            if text_of(child):
                return ""
        elif child.tag == "a":
            return child.value("name") or child.value("id")
        else:
            return first_name(child)
    return ""


def is_dead(element: Element) -> bool:
    """Return whether it is a link without an address, or to a missing fragment."""
    if element.tag != "a":
        return False
    target = TARGET.search(element.value("href"))
    if not target:
        return "href" not in element.attributes
    return bool(target[1]) or not ALIVE.search(target[2])


def references_of(root: Element) -> set[Key]:
    """Return the footnotes that the text refers to."""
    return {key for each in root.descendants() if (key := reference_key(each))}


def reference_key(element: Element) -> Key | None:
    target = TARGET.search(element.value("href")) if element.tag == "a" else None
    found = FOOTNOTE.search(target[2]) if target else None
    return (found[1], found[2]) if found else None


def note_picture(image: Element, notes: Notes) -> None:
    """Name a picture by its alternative text or its file; one of a pixel is no picture."""
    if image.value("width") in TINY or image.value("height") in TINY:
        return
    source = image.value("src")
    file = "" if source.startswith("data:") else source.split("?")[0].rsplit("/", 1)[-1]
    note(notes, "picture", " ".join(image.value("alt").split()) or file or WORDS["unnamed"])


def note(notes: Notes, kind: str, words: str) -> None:
    if not words or kind == UNREPORTED:
        return
    passages = notes.setdefault(kind, [])
    short = words if len(words) <= PASSAGE else f"{words[:PASSAGE]}…"
    if short not in passages and len(passages) < PASSAGES:
        passages.append(short)
