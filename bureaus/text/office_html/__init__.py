"""
Cleaning of HTML from word processors.

Comments, deletions, hidden text and field codes are removed, links to fragments become text,
footnotes become notes, and paragraphs with a bullet or a number become lists. The editor does the
same by the same rules.
"""

from dataclasses import dataclass

import nh3

from bureaus.text.html_tree import parse_tree
from bureaus.text.office_html.embedded import note_embedded
from bureaus.text.office_html.emphasis import set_emphasis
from bureaus.text.office_html.fields import drop_field_codes
from bureaus.text.office_html.footnotes import make_notes
from bureaus.text.office_html.headings import set_headings
from bureaus.text.office_html.lists import build_lists, spell_markers
from bureaus.text.office_html.remains import Notes, drop_remains, references_of, unlink
from bureaus.text.office_html.rules import ATTRIBUTES, LABELS, RULES, TAGS, UNREAD, WORDS
from bureaus.text.office_html.styles import read_styles
from bureaus.text.office_html.tables import set_tables
from bureaus.text.office_html.tree import write

__all__ = ["RULES", "Cleaned", "clean"]

REMOVED = ("comment", "deleted", "hidden", "field")
# Each with a sentence of its own: nothing that was meant to be published is removed, or a picture.
CHANGED = ("anchor", "number", "footnote", "head", "picture", "embedded")
SAMPLE = 20  # characters


@dataclass(frozen=True, slots=True)
class Cleaned:
    html: str
    sentence: str = ""  # what was dropped or changed; empty where nothing was
    remains: str = ""  # what was removed with its text
    details: tuple[tuple[str, str], ...] = ()  # each passage that `sentence` is about, by its kind

    @property
    def removed(self) -> list[tuple[str, str]]:
        """The details that are no longer in the text."""
        labels = {LABELS[kind] for kind in REMOVED}
        return [(kind, words) for kind, words in self.details if kind in labels]


def clean(html: str) -> Cleaned:
    """Return `html`, which is within the limits, cleaned; it is not sanitised by this."""
    wide = nh3.clean(
        html,
        tags=set(TAGS),
        clean_content_tags=set(UNREAD),
        attributes={"*": set(ATTRIBUTES)},
        url_schemes={"cid", "data", "file", "http", "https", "mailto", "tel"},
        link_rel=None,
    )
    root = parse_tree(wide)
    read_styles(root, html)
    notes: Notes = {}
    drop_field_codes(root, notes)
    written = references_of(root)
    drop_remains(root, notes)
    make_notes(root, written - references_of(root), notes)
    unlink(root, notes)
    set_tables(root, notes)
    set_headings(root)
    build_lists(root, notes)
    spell_markers(root)
    set_emphasis(root)
    note_embedded(html, notes)
    return Cleaned(write(root), sentence_of(notes), remains_of(notes), details_of(notes))


def sentence_of(notes: Notes) -> str:
    remains = remains_of(notes)
    sentences = [WORDS["dropped"].format(list=remains)] if remains else []
    sentences += [
        WORDS[kind].format(list=samples(notes[kind])) for kind in CHANGED if kind in notes
    ]
    return "".join([*sentences, WORDS["remedy"]]) if sentences else ""


def remains_of(notes: Notes) -> str:
    parts = [WORDS[kind] + samples(notes[kind]) for kind in REMOVED if kind in notes]
    return WORDS["between"].join(parts)


def samples(passages: list[str]) -> str:
    first = passages[0]
    short = first if len(first) <= SAMPLE else f"{first[:SAMPLE]}…"
    first = WORDS["sample"].format(words=short)
    return f"{first}{WORDS['more']}" if len(passages) > 1 else first


def details_of(notes: Notes) -> tuple[tuple[str, str], ...]:
    kinds = (*REMOVED, *CHANGED)
    return tuple((LABELS[kind], words) for kind in kinds for words in notes.get(kind, ()))
