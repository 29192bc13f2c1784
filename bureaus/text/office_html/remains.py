"""Removal of comments, deletions, hidden text and dead fragment links, with notes on each."""

from collections.abc import Iterator

from bureaus.text.html_tree import Element, Node
from bureaus.text.office_html.rules import DROPPED, pattern
from bureaus.text.office_html.tree import classes_of, text_of

TARGET, ALIVE = pattern("target"), pattern("alive")
SAMPLE = 20  # characters
UNREPORTED = "marker"
Notes = dict[str, list[str]]  # the removed text by kind


def drop_remains(element: Element, notes: Notes) -> None:
    children: list[Node] = []
    for child in element.children:
        if isinstance(child, str):
            children.append(child)
        elif kind := kind_of(child):
            note(notes, kind, text_of(child))
        else:
            had_words = child.tag == "li" and bool(text_of(child))
            drop_remains(child, notes)
            if is_dead(child):
                note(notes, "anchor", text_of(child) if "href" in child.attributes else "")
                children += child.children
            elif not had_words or text_of(child):
                children.append(child)
    element.children = children


def kind_of(element: Element) -> str:
    """Return the kind of remains that `element` is; empty where it stays."""
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


def note(notes: Notes, kind: str, words: str) -> None:
    if not words or kind == UNREPORTED:
        return
    samples = notes.setdefault(kind, [])
    short = words if len(words) <= SAMPLE else f"{words[:SAMPLE]}…"
    if short not in samples:
        samples.append(short)
