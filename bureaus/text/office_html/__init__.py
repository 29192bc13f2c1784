"""
Cleaning of HTML from word processors.

Comments, deletions and hidden text are removed, links to fragments become text, and paragraphs
with a bullet or a number become lists. The editor does the same by the same rules.
"""

from dataclasses import dataclass

import nh3

from bureaus.text.html_tree import parse_tree
from bureaus.text.office_html.lists import build_lists, spell_markers
from bureaus.text.office_html.remains import Notes, drop_remains
from bureaus.text.office_html.rules import ATTRIBUTES, DROPPED, RULES, TAGS, UNREAD, WORDS
from bureaus.text.office_html.styles import read_styles
from bureaus.text.office_html.tree import write

__all__ = ["RULES", "Cleaned", "clean"]

CHANGED = ("anchor", "number")  # with a sentence of their own: no text is removed


@dataclass(frozen=True, slots=True)
class Cleaned:
    html: str
    sentence: str = ""  # what was dropped or changed; empty where nothing was
    remains: str = ""  # what was removed with its text


def clean(html: str) -> Cleaned:
    """Return `html`, which is within the limits, cleaned; it is not sanitised by this."""
    wide = nh3.clean(
        html,
        tags=set(TAGS),
        clean_content_tags=set(UNREAD),
        attributes={"*": set(ATTRIBUTES)},
        url_schemes={"file", "http", "https", "mailto", "tel"},
        link_rel=None,
    )
    root = parse_tree(wide)
    read_styles(root, html)
    notes: Notes = {}
    drop_remains(root, notes)
    build_lists(root, notes)
    spell_markers(root)
    return Cleaned(write(root), sentence_of(notes), remains_of(notes))


def sentence_of(notes: Notes) -> str:
    remains = remains_of(notes)
    sentences = [WORDS["dropped"].format(list=remains)] if remains else []
    sentences += [
        WORDS[kind].format(list=samples(notes[kind])) for kind in CHANGED if kind in notes
    ]
    return "".join([*sentences, WORDS["remedy"]]) if sentences else ""


def remains_of(notes: Notes) -> str:
    parts = [WORDS[kind] + samples(notes[kind]) for kind in DROPPED if kind in notes]
    return WORDS["between"].join(parts)


def samples(passages: list[str]) -> str:
    first = WORDS["sample"].format(words=passages[0])
    return f"{first}{WORDS['more']}" if len(passages) > 1 else first
