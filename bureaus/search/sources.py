"""The text of editions as it is indexed."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from hashlib import blake2b
from itertools import chain
from operator import itemgetter
from typing import Any, NamedTuple

from django.db.models import Case, CharField, Exists, F, OuterRef, QuerySet, Value, When
from django.utils import timezone

from bureaus.models import Contact, EarlierFile, Edition, Figure, Link, Part
from bureaus.models.edition_text import CONTACT, PROSE, TITLES, prose_lines
from bureaus.models.editions import EditionQuerySet
from bureaus.text.formatting import TOKYO
from bureaus.text.words import VERSION, fold

TEXT_LIMIT = 300_000  # characters: PostgreSQL takes no more than a megabyte of index for a row


class Source(NamedTuple):
    """The text of an edition and its parts, before it is folded."""

    edition: int
    day: date
    titles: tuple[str, ...]
    lead: str
    body: str
    note: str
    parts: tuple[str, ...]

    @property
    def digest(self) -> str:
        content = "\0".join([str(VERSION), *map(repr, self[1:])])
        return blake2b(content.encode("utf-8", "surrogatepass"), digest_size=8).hexdigest()


@dataclass(frozen=True, slots=True)
class Entry:
    """A row for the index: folded, a line for each paragraph."""

    edition: int
    day: date
    digest: str
    title: str
    text: str


COLUMNS = ("pk", "issued_on", "live_from", *TITLES, *PROSE)


def sources(editions: EditionQuerySet, at: datetime | None = None) -> Iterator[Source]:
    """
    Yield the text of the approved ones of `editions`. 2 queries, 1 where there are none.

    `at`: without the text of documents that have been replaced since.
    """
    approved = editions.with_start().order_by()
    rows = approved.values_list(*COLUMNS).iterator()
    first = next(rows, None)
    if first is None:
        return
    parts = parts_of(approved, at)
    for pk, issued_on, live_from, *titles, lead, body, note in chain([first], rows):
        day = issued_on or timezone.localtime(live_from, TOKYO).date()
        yield Source(pk, day, tuple(titles), lead, body, note, tuple(parts[pk]))


EMPTY = Value("", output_field=CharField())
ALT = Case(When(is_decorative=False, then="alt"), default=EMPTY, output_field=CharField())
DOCUMENT_TEXT = F("document__said__text")
OF_FIGURES = (ALT, F("caption"), EMPTY, EMPTY)
OF_CONTACTS = tuple(map(F, CONTACT))


def parts_of(editions: QuerySet[Edition], at: datetime | None) -> dict[int, list[str]]:
    """Return the text of figures, links, documents and contacts, in their order; 1 query."""
    document_text = document_text_at(at) if at else DOCUMENT_TEXT
    of_links = (F("text"), F("document__title"), document_text, EMPTY)
    columns: dict[type[Part], tuple[Any, ...]] = {
        Figure: OF_FIGURES,
        Link: of_links,
        Contact: OF_CONTACTS,
    }
    first, *others = [
        model.objects.filter(edition__in=editions.values("pk"))
        .order_by()
        .annotate(rank=Value(rank), **{f"word{number}": word for number, word in enumerate(words)})
        .values_list("edition", "rank", "position", "word0", "word1", "word2", "word3")
        for rank, (model, words) in enumerate(columns.items())
    ]
    texts: dict[int, list[str]] = defaultdict(list)
    for edition, _, _, *words in sorted(first.union(*others, all=True), key=itemgetter(0, 1, 2)):
        texts[edition] += [word for word in words if word]
    return texts


def document_text_at(at: datetime) -> Case:
    """The text of a linked document; empty where its file has been replaced since `at`."""
    replaced = EarlierFile.objects.filter(document=OuterRef("document"), until__gt=at)
    return Case(When(Exists(replaced), then=EMPTY), default=DOCUMENT_TEXT, output_field=CharField())


def entry_of(source: Source) -> Entry:
    lines = [*prose_lines(source.lead, source.body, source.note), *source.parts]
    return Entry(
        source.edition,
        source.day,
        source.digest,
        folded_lines(source.titles),
        folded_lines(lines)[:TEXT_LIMIT],
    )


def folded_lines(lines: Iterable[str]) -> str:
    return "\n".join(filter(None, map(fold, lines)))
