"""The rows of several tables that manuscripts need, read in one query."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from django.db.models import (
    BigIntegerField,
    Case,
    CharField,
    DateTimeField,
    F,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Value,
    When,
)
from django.db.models.expressions import Combinable
from django.db.models.functions import Coalesce
from django.utils import timezone

from bureaus.models import Acceptance, Edition, HouseWord, Image, Placement
from bureaus.models import Contact as StoredContact
from bureaus.models import Figure as StoredFigure
from bureaus.models import Link as StoredLink
from bureaus.models.compiled_sql import Compiled, Parameter
from bureaus.models.visibility import At
from bureaus.proofreading.findings import Consent, Key
from bureaus.proofreading.manuscript import Contact, Figure, Link
from bureaus.proofreading.manuscript import HouseWord as ReadHouseWord
from bureaus.text.formatting import OPERATOR

NO_TEXT = Value("", CharField())
Rows = QuerySet[Any, Any]


class Row(NamedTuple):
    """A row of any of the tables: of which table and owner, in which order, and five texts."""

    table: str
    owner: int
    rank: int  # in the order of parts
    text0: str
    text1: str
    text2: str
    text3: str
    text4: str

    @property
    def texts(self) -> tuple[str, str, str, str, str]:
        return self[3:]


TEXTS = len(Row._fields) - 3


@dataclass(slots=True)
class StoredParts:
    """The parts of one edition, as a manuscript has them, in their order."""

    figures: list[Figure] = field(default_factory=list)
    links: list[Link] = field(default_factory=list)
    contacts: list[Contact] = field(default_factory=list)


def read_rows(tables: Iterable[Rows]) -> dict[str, list[Row]]:
    """Return all their rows, by table and in their order; 1 query."""
    return by_table(map(Row._make, union_of(tables)))


def union_of(tables: Iterable[Rows]) -> Rows:
    first, *others = tables
    return first.union(*others, all=True)


def by_table(rows: Iterable[Row]) -> dict[str, list[Row]]:
    sorted_rows: dict[str, list[Row]] = defaultdict(list)
    for row in sorted(rows):
        sorted_rows[row.table].append(row)
    return sorted_rows


def as_rows(
    queryset: QuerySet[Any, Any],
    table: str,
    owner: str | Combinable,
    *texts: str | Combinable,
    rank: str = "",
) -> Rows:
    """Return `queryset` with the columns of Row."""
    columns = [F(text) if isinstance(text, str) else text for text in texts]
    columns += [NO_TEXT] * (TEXTS - len(texts))
    owner = F(owner) if isinstance(owner, str) else owner
    values = (Value(table, CharField()), owner, F(rank) if rank else Value(0), *columns)
    named: dict[str, Any] = dict(zip(Row._fields, values, strict=True))
    rows: Rows = queryset.order_by().select_related(None).annotate(**named)
    return rows.values_list(*Row._fields)


def accepted_rows(of: Q) -> Rows:
    """The acceptances on the pages that `of` says."""
    actor = Coalesce("actor__username", Value(OPERATOR))
    accepted = Acceptance.objects.filter(of)
    return as_rows(accepted, "accepted", "page_id", "rule", "quote", "reason", actor)


def house_word_rows() -> Rows:
    words = HouseWord.objects.all()
    return as_rows(words, "house_word", Value(0), "written", "preferred", "reason")


def house_words_in(rows: Mapping[str, Iterable[Row]]) -> tuple[ReadHouseWord, ...]:
    return tuple(ReadHouseWord(*row.texts[:3]) for row in rows.get("house_word", ()))


def rows_of_page(editions: Sequence[Edition]) -> dict[str, list[Row]]:
    """Return the parts of one or two editions of a page, its acceptances and the house words."""
    first, last = editions[0], editions[-1]
    return by_table(
        ROWS_OF_PAGE(page=first.page_id, first=first.pk, last=last.pk, now=timezone.now())
    )


def accepted_by_page(rows: Iterable[Row]) -> Mapping[int, Mapping[Key, Consent]]:
    accepted: dict[int, dict[Key, Consent]] = defaultdict(dict)
    for row in rows:
        rule, quote, reason, who, _ = row.texts
        accepted[row.owner][rule, quote] = Consent(who, reason)
    return accepted


def part_rows(of: Q, now: At) -> Iterator[Rows]:
    """The parts of the editions that `of` says, with the addresses at `now`."""
    decorative = Case(When(is_decorative=True, then=Value("x")), default=NO_TEXT)
    here = Placement.objects.in_force(now).filter(page=OuterRef("page")).order_by()
    page = Coalesce(Subquery(here.values("url_path")[:1]), NO_TEXT)
    document = Coalesce("document__address", NO_TEXT)
    figure = ("alt", "caption", decorative, "image__file", "image__name")
    for model, texts in (
        (StoredFigure, figure),
        (StoredLink, ("text", page, document, "url")),
        (StoredContact, ("name", "phone", "fax")),
    ):
        parts = model.objects.filter(of)
        yield as_rows(parts, model.__name__, "edition_id", *texts, rank="position")


# A page has its edition in force and an open one, and each save and decision reads them again:
# the statements are compiled once (docs/adr/0005).
PAGE = Parameter("page", BigIntegerField())
NOW = Parameter("now", DateTimeField())
FIRST, LAST = (Parameter(name, BigIntegerField()) for name in ("first", "last"))
ROWS_OF_PAGE = Compiled(
    Row,
    lambda: union_of(
        [
            accepted_rows(Q(page=PAGE)),
            house_word_rows(),
            *part_rows(Q(edition=FIRST) | Q(edition=LAST), NOW),
        ]
    ),
    is_prepared=False,
)


def parts_by_edition(rows: Mapping[str, Iterable[Row]]) -> Mapping[int, StoredParts]:
    parts: dict[int, StoredParts] = defaultdict(StoredParts)
    for row in rows.get("Figure", ()):
        alt, caption, decorative, file, name = row.texts
        files = Image(file=file, name=name).names
        parts[row.owner].figures.append(Figure(alt, caption, bool(decorative), files))
    for row in rows.get("Link", ()):
        text, page, document, url, _ = row.texts
        target = page or (f"/{document}" if document else url)
        parts[row.owner].links.append(Link(text, target, is_document=bool(document)))
    for row in rows.get("Contact", ()):
        parts[row.owner].contacts.append(Contact(row.text0, row.text1, row.text2))
    return parts
