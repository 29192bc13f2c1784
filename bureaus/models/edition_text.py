"""
An edition as text: which of its fields and parts are text, and how each is written as lines.

The search index, the comparisons of editions and the editing form share it.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from bureaus.models.editions import Edition
from bureaus.models.events import EVENT_FIELDS
from bureaus.models.parts import Contact, Figure, Link
from bureaus.text.formatting import japanese_date
from bureaus.text.html_tree import text_lines
from bureaus.text.periods import end_in_words, start_in_words

TITLES = ("title", "title_reading", "title_english")
PROSE = ("lead", "body", "note")
CONTACT = ("name", "phone", "fax", "email")
LabelledLines = tuple[str, list[str]]


@dataclass(frozen=True, slots=True)
class EditionText:
    """An edition, stored or not, with its parts, stored or not; their related records at hand."""

    edition: Edition
    figures: tuple[Figure, ...] = ()
    links: tuple[Link, ...] = ()
    contacts: tuple[Contact, ...] = ()


def prefetched_text(edition: Edition) -> EditionText:
    """Return the text of an edition whose parts have been prefetched; no query."""
    return EditionText(
        edition,
        tuple(edition.figures.all()),
        tuple(edition.links.all()),
        tuple(edition.contacts.all()),
    )


def prose_lines(lead: str, body: str, note: str) -> list[str]:
    """Return the texts of PROSE, a line for each paragraph of the body."""
    return [lead, *text_lines(body), note]


def labelled_lines(
    text: EditionText, *, body_lines: Callable[[str], list[str]] = text_lines
) -> list[LabelledLines]:
    """
    Return all that the public reads of `text`, a line each, under labels in the form's order.

    What has been changed is a statement about an edition and no part of its text. `body_lines`
    reads the body.
    """

    def fields(*names: str) -> Iterable[LabelledLines]:
        return ((field_label(name), field_lines(text.edition, name)) for name in names)

    return [
        *fields(*TITLES, "lead"),
        (field_label("body"), body_lines(text.edition.body)),
        ("図", [figure_line(part) for part in text.figures]),
        ("リンク", [link_line(part) for part in text.links]),
        ("連絡先", [contact_line(part) for part in text.contacts]),
        *fields("category", "issued_on", *EVENT_FIELDS, "answer", "note", "moved_to"),
    ]


def field_label(name: str, model: Any = Edition) -> str:
    return str(model._meta.get_field(name).verbose_name)


def field_lines(edition: Edition, name: str) -> list[str]:
    match name:
        case "answer" | "category":
            return [str(getattr(edition, f"get_{name}_display")())]
        case "moved_to":
            return [edition.moved_to.url_path] if edition.moved_to else []
        case "issued_on":
            return [japanese_date(edition.issued_on)] if edition.issued_on else []
        case "event_start" | "event_end" | "is_cancelled":
            return event_lines(edition, name)
        case "is_minor":
            return ["はい" if edition.is_minor else "いいえ"]
        case _:
            return [line for line in getattr(edition, name).splitlines() if line.strip()]


def event_lines(edition: Edition, name: str) -> list[str]:
    """Return a field of EVENT_FIELDS but the place, as it is read; empty where there is none."""
    if name == "event_start" and edition.event_start:
        return [start_in_words(edition.event_start)]
    if name == "event_end" and edition.event_end:
        return [end_in_words(edition.event_end)]
    return ["はい"] if name == "is_cancelled" and edition.is_cancelled else []


def figure_line(part: Figure) -> str:
    alt = "装飾の画像" if part.is_decorative else f"代替テキスト：{part.alt or '（なし）'}"
    size = f"大きさ：{part.get_size_display()}" if part.size else ""
    return joined(f"画像{part.image_id}「{part.image}」", alt, part.caption, size)


def link_line(part: Link) -> str:
    target = part.page.url_path if part.page else str(part.document or part.url)
    return f"{part.text}　→　{target}"


def contact_line(part: Contact) -> str:
    numbers = [
        f"{field_label(name, Contact)} {value}"
        for name in CONTACT[1:]
        if (value := getattr(part, name))
    ]
    return joined(part.name, *numbers)


def joined(*texts: str) -> str:
    return "　".join(filter(None, texts))
