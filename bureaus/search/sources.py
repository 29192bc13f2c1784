"""What an edition says, as it is indexed."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from hashlib import blake2b
from typing import Any, NamedTuple

from django.db.models import Case, Q, QuerySet, Value, When
from django.utils import timezone

from bureaus.models import Contact, Edition, Figure, Link
from bureaus.richtext import paragraphs
from bureaus.text import TOKYO
from bureaus.words import VERSION, fold

TEXT_LIMIT = 300_000  # characters: PostgreSQL takes no more than a megabyte of index for a row


class Source(NamedTuple):
    """An edition and its parts, before anything is folded."""

    edition: int
    day: date
    titles: tuple[str, ...]
    lead: str
    body: str
    note: str
    parts: tuple[str, ...]

    @property
    def digest(self) -> str:
        content = "\0".join([str(VERSION), *map(repr, self[2:])])
        return blake2b(content.encode("utf-8", "surrogatepass"), digest_size=8).hexdigest()


@dataclass(frozen=True, slots=True)
class Entry:
    """What the index is given: folded, a line for each paragraph."""

    edition: int
    digest: str
    title: str
    text: str


def sources(editions: QuerySet[Edition]) -> Iterator[Source]:
    """The approved ones of `editions`. 4 queries."""
    approved = editions.filter(live_from__isnull=False)
    parts = parts_of(approved)
    rows = approved.order_by().values_list(
        "pk",
        "issued_on",
        "listed_under",
        "live_from",
        "title",
        "title_reading",
        "title_english",
        "lead",
        "body",
        "note",
    )
    for pk, issued_on, listed_under, live_from, *titles, lead, body, note in rows.iterator():
        day = issued_on if listed_under else timezone.localtime(live_from, TOKYO).date()
        yield Source(pk, day, tuple(titles), lead, body, note, tuple(parts[pk]))


def parts_of(editions: QuerySet[Edition]) -> dict[int, list[str]]:
    """The words of pictures, links, documents and contacts; 3 queries."""
    found: dict[int, list[str]] = defaultdict(list)
    of_these = Q(edition__in=editions.order_by().values("pk"))
    alt = Case(When(is_decorative=False, then="alt"), default=Value(""))
    for rows in (
        words_of(Figure.objects.filter(of_these), alt, "caption"),
        words_of(Link.objects.filter(of_these), "text", "document__title"),
        words_of(Contact.objects.filter(of_these), "name", "phone", "fax", "email"),
    ):
        for edition, *words in rows:
            found[edition] += [word for word in words if word]
    return found


def words_of(parts: "QuerySet[Any, Any]", *columns: str | Case) -> "QuerySet[Any, Any]":
    return parts.order_by("edition", "position").values_list("edition", *columns)


def entry_of(source: Source) -> Entry:
    lines = [source.lead, *paragraphs(source.body), source.note, *source.parts]
    return Entry(
        source.edition,
        source.digest,
        folded_lines(source.titles),
        folded_lines(lines)[:TEXT_LIMIT],
    )


def folded_lines(lines: Iterable[str]) -> str:
    return "\n".join(filter(None, map(fold, lines)))

