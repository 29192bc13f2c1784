"""A manuscript: the text of one edition, and its context that rules need."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from functools import cached_property
from typing import NamedTuple

from bureaus.proofreading.findings import Consent, Fix, Key
from bureaus.proofreading.passage_reader import parse
from bureaus.proofreading.passages import Anchor, Passage, plain
from bureaus.text.alt_text import Fault, faults_of_alt

LABELS = {
    "title": "表題",
    "lead": "要旨",
    "body": "本文",
    "event_place": "場所",
    "note": "お知らせ",
    "change_note": "変更の内容",
}


@dataclass(frozen=True, slots=True)
class Figure:
    alt: str = ""
    caption: str = ""
    is_decorative: bool = False
    files: tuple[str, ...] = ()  # the names of its image

    @property
    def faults(self) -> list[Fault]:
        return faults_of_alt(
            self.alt,
            is_decorative=self.is_decorative,
            caption=self.caption,
            file_names=self.files,
        )


@dataclass(frozen=True, slots=True)
class Link:
    text: str
    target: str  # a path inside the site, or an absolute address
    is_document: bool = False  # the site itself shows its format and size


@dataclass(frozen=True, slots=True)
class Contact:
    """Only the name is proofread."""

    name: str
    phone: str = ""
    fax: str = ""


class HouseWord(NamedTuple):
    """A word that the site writes as `preferred`, or where that is empty as it stands."""

    written: str
    preferred: str = ""
    reason: str = ""


@dataclass(frozen=True, slots=True)
class LinkPlace:
    """The place and text of a link, in the list of links or in the body."""

    passage: Passage
    start: int
    end: int
    text: str
    target: str
    is_document: bool
    is_whole: bool  # the link is the whole field or paragraph


@dataclass(frozen=True)
class Manuscript:
    title: str = ""
    lead: str = ""
    body: str = ""
    note: str = ""
    change_note: str = ""
    figures: tuple[Figure, ...] = ()
    links: tuple[Link, ...] = ()
    contacts: tuple[Contact, ...] = ()
    kind: str = "page"
    issued_on: date | None = None
    event_place: str = ""
    event_start: datetime | None = None
    event_end: datetime | None = None
    sibling_titles: frozenset[str] = frozenset()
    broken_addresses: frozenset[str] = frozenset()  # inside the site, to nothing public
    accepted: Mapping[Key, Consent] = field(default_factory=dict)  # accepted findings on its page
    house_words: tuple[HouseWord, ...] = ()

    @cached_property
    def content(self) -> Passage:
        return parse("body", LABELS["body"], self.body)

    @cached_property
    def prose(self) -> tuple[Passage, ...]:
        """The passages that consist of sentences."""
        named = [plain(name, LABELS[name], getattr(self, name)) for name in ("lead", "note")]
        return tuple(passage for passage in (named[0], self.content, named[1]) if passage.text)

    @cached_property
    def title_passage(self) -> Passage:
        return plain("title", LABELS["title"], self.title)

    @cached_property
    def captions(self) -> tuple[Passage, ...]:
        return tuple(
            plain(f"figures-{number}-caption", f"図{number}の説明文", figure.caption)
            for number, figure in enumerate(self.figures, 1)
        )

    @cached_property
    def alts(self) -> tuple[Passage, ...]:
        return tuple(
            plain(f"figures-{number}-alt", f"図{number}の代替テキスト", figure.alt)
            for number, figure in enumerate(self.figures, 1)
        )

    @cached_property
    def link_texts(self) -> tuple[Passage, ...]:
        return tuple(
            plain(f"links-{number}-text", f"リンク{number}の文字", link.text)
            for number, link in enumerate(self.links, 1)
        )

    @cached_property
    def passages(self) -> tuple[Passage, ...]:
        """All passages that officers type and the public reads, in the order of the form."""
        names = tuple(
            plain(f"contacts-{number}-name", f"連絡先{number}", contact.name)
            for number, contact in enumerate(self.contacts, 1)
        )
        change_note = plain("change_note", LABELS["change_note"], self.change_note)
        place = plain("event_place", LABELS["event_place"], self.event_place)
        parts = (place, *self.alts, *self.captions, *self.link_texts, *names, change_note)
        return tuple(
            passage for passage in (self.title_passage, *self.prose, *parts) if passage.text
        )

    @cached_property
    def numbers(self) -> tuple[Passage, ...]:
        """The telephone and fax numbers of the contacts, which hold no words to proofread."""
        return tuple(
            plain(f"contacts-{number}-{name}", f"連絡先{number}", getattr(contact, name))
            for number, contact in enumerate(self.contacts, 1)
            for name in ("phone", "fax")
        )

    @cached_property
    def link_places(self) -> tuple[LinkPlace, ...]:
        """All links, of the list and of the body."""
        listed = [
            LinkPlace(passage, 0, len(link.text), link.text, link.target, link.is_document, True)
            for link, passage in zip(self.links, self.link_texts, strict=True)
        ]
        return (*listed, *map(self.link_place, self.content.anchors))

    def link_place(self, anchor: Anchor) -> LinkPlace:
        block = self.content.block_at(anchor.start)
        is_document = anchor.href.startswith("/documents/")
        is_whole = block.text.strip() == anchor.text.strip()
        return LinkPlace(
            self.content,
            anchor.start,
            anchor.end,
            anchor.text,
            anchor.href,
            is_document,
            is_whole,
        )

    @cached_property
    def characters(self) -> frozenset[str]:
        """The characters of all texts and numbers, those of full width as both widths."""
        passages = (*self.passages, *self.numbers)
        return frozenset().union(
            *(each.text for each in passages), *(each.masked for each in passages)
        )

    @cached_property
    def all_text(self) -> str:
        return "\n".join((self.title, *(passage.masked for passage in self.prose)))

    def value_of(self, field: str) -> str:
        name, number, part = split_field(field)
        return str(getattr(getattr(self, name)[number], part) if part else getattr(self, name))

    def with_value(self, field: str, value: str) -> "Manuscript":
        name, number, part = split_field(field)
        if not part:
            return replace(self, **{name: value})  # type: ignore[arg-type]
        rows = list(getattr(self, name))
        rows[number] = replace(rows[number], **{part: value})
        return replace(self, **{name: tuple(rows)})  # type: ignore[arg-type]

    def fields(self) -> Iterator[str]:
        """Yield the names of all fields that a fix may change."""
        yield from (passage.field for passage in self.passages)


def split_field(field: str) -> tuple[str, int, str]:
    """Parse a field name: `figures-2-alt` is the `alt` of the second of the `figures`."""
    name, _, rest = field.partition("-")
    number, _, part = rest.partition("-")
    return name, int(number or 1) - 1, part


def apply_fix(manuscript: Manuscript, fix: Fix) -> Manuscript:
    """
    Return the manuscript with this fix applied. Pure and idempotent.

    A fix is for the value it was found in: where that has changed since, nothing happens.
    """
    value = manuscript.value_of(fix.field)
    if value != fix.value:
        return manuscript
    return manuscript.with_value(fix.field, value[: fix.start] + fix.new + value[fix.end :])
