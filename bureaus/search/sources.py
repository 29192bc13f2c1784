"""The text of editions as it is indexed."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from hashlib import blake2b
from itertools import chain, starmap
from operator import itemgetter
from typing import Any, NamedTuple, Self

from django.db.models import (
    BigIntegerField,
    Case,
    CharField,
    Exists,
    F,
    OuterRef,
    Q,
    QuerySet,
    Value,
    When,
)
from django.utils import timezone

from bureaus.models import Category, Contact, EarlierFile, Edition, Figure, Kind, Link, Part
from bureaus.models.compiled_sql import Compiled, Parameter
from bureaus.models.edition_text import CONTACT, PROSE, TITLES, prose_lines
from bureaus.models.editions import EditionQuerySet
from bureaus.models.seals import of_hidden_document, of_hidden_image
from bureaus.text.formatting import TOKYO, japanese_date
from bureaus.text.periods import end_in_words, start_in_words
from bureaus.text.words import VERSION, fold

TEXT_LIMIT = 300_000  # characters: PostgreSQL takes no more than a megabyte of index for a row


class Source(NamedTuple):
    """
    The text of an edition and its parts, before it is folded.

    `parts` begins with what the page says of itself: category, date of issue, period and place.
    """

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


COLUMNS = (
    "pk",
    "page__kind",
    "category",
    "issued_on",
    "live_from",
    "event_start",
    "event_end",
    "event_place",
    *TITLES,
    *PROSE,
)


LABELLED = {Kind.ORGANISATION, Kind.NEWS_ITEM}  # whose category the public reads


class ApprovedRow(NamedTuple):
    """The columns of an edition."""

    pk: int
    kind: str
    category: str
    issued_on: date | None
    live_from: datetime
    event_start: datetime | None
    event_end: datetime | None
    event_place: str
    texts: tuple[str, ...]

    @classmethod
    def of(cls, *columns: Any) -> Self:
        return cls._make((*columns[:8], columns[8:]))


class PartRow(NamedTuple):
    """The text of a part, in its order among those of its edition."""

    edition: int
    rank: int
    position: int
    words: tuple[str, ...]

    @classmethod
    def of(cls, edition: int, rank: int, position: int, *words: str) -> Self:
        return cls(edition, rank, position, words)


def sources(editions: EditionQuerySet, at: datetime | None = None) -> Iterator[Source]:
    """
    Yield the text of the approved ones of `editions`. 2 queries, 1 where there are none.

    `at`: without the text of documents that have been replaced since, and of hidden files.
    """
    approved = editions.with_start().order_by()
    rows = approved.values_list(*COLUMNS).iterator()
    first = next(rows, None)
    if first is None:
        return
    of_approved = part_rows(Q(edition__in=approved.values("pk")), at)
    parts = texts_of(starmap(PartRow.of, of_approved))
    for row in chain([first], rows):
        yield source_of(parts, ApprovedRow.of(*row))


def sources_by_key(keys: Sequence[int]) -> Iterator[Source]:
    """Yield the text of the approved ones of these editions. Cost as of `sources`."""
    if len(keys) != 1:
        yield from sources(Edition.objects.filter(pk__in=keys))
        return
    for row in ROW_OF_ONE(edition=keys[0]):
        yield source_of(texts_of(PARTS_OF_ONE(edition=keys[0])), ApprovedRow.of(*row))


def source_of(parts: Mapping[int, list[str]], row: ApprovedRow) -> Source:
    *titles, lead, body, note = row.texts
    others = (*filter(None, shown_of(row)), *parts.get(row.pk, ()))
    day = row.issued_on or timezone.localtime(row.live_from, TOKYO).date()
    return Source(row.pk, day, tuple(titles), lead, body, note, others)


def shown_of(row: ApprovedRow) -> Iterator[str]:
    """Yield what a page says of itself besides its texts."""
    if row.kind in LABELLED:
        yield str(Category(row.category).label)
    if row.issued_on:
        yield japanese_date(row.issued_on)
    if row.event_start:
        yield start_in_words(row.event_start)
    if row.event_end:
        yield end_in_words(row.event_end)
    yield row.event_place


EMPTY = Value("", output_field=CharField())
ALT = Case(When(is_decorative=False, then="alt"), default=EMPTY, output_field=CharField())
DOCUMENT_TEXT = F("document__extracted__text")
OF_FIGURES = (ALT, F("caption"), EMPTY, EMPTY)
OF_CONTACTS = tuple(map(F, CONTACT))


# What an urgent proposal to seal hides stays in the index, for it may lapse.
HIDDEN: dict[type[Part], Q] = {
    Figure: of_hidden_image(),
    Link: of_hidden_document(),
}
NOTHING = Q(pk__in=())


def part_rows(of: Q, at: datetime | None = None) -> QuerySet[Any, Any]:
    """The text of figures, links, documents and contacts of the editions that `of` says."""
    document_text = document_text_at(at) if at else DOCUMENT_TEXT
    of_links = (F("text"), F("document__title"), document_text, EMPTY)
    columns: dict[type[Part], tuple[Any, ...]] = {
        Figure: OF_FIGURES,
        Link: of_links,
        Contact: OF_CONTACTS,
    }
    first, *others = [
        model.objects.filter(of)
        .exclude(HIDDEN.get(model, NOTHING) if at else NOTHING)
        .order_by()
        .annotate(rank=Value(rank), **{f"word{number}": word for number, word in enumerate(words)})
        .values_list("edition", "rank", "position", "word0", "word1", "word2", "word3")
        for rank, (model, words) in enumerate(columns.items())
    ]
    rows: QuerySet[Any, Any] = first.union(*others, all=True)
    return rows


def texts_of(parts: Iterable[PartRow]) -> Mapping[int, list[str]]:
    """Return the text of each edition's parts, in their order."""
    texts: dict[int, list[str]] = defaultdict(list)
    for part in sorted(parts, key=itemgetter(0, 1, 2)):
        texts[part.edition] += filter(None, part.words)
    return texts


# An approval indexes one edition, inside its transaction: docs/adr/0005.
EDITION = Parameter("edition", BigIntegerField())
ROW_OF_ONE = Compiled(
    lambda *columns: columns,
    lambda: Edition.objects.with_start().filter(pk=EDITION).order_by().values_list(*COLUMNS),
    is_prepared=False,
)
PARTS_OF_ONE = Compiled(PartRow.of, lambda: part_rows(Q(edition=EDITION)), is_prepared=False)


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
