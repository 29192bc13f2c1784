"""The rows of several tables that manuscripts need, read in one query."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from django.db.models import Case, CharField, F, OuterRef, QuerySet, Subquery, Value, When
from django.db.models.expressions import Combinable
from django.db.models.functions import Coalesce
from django.utils import timezone

from bureaus.models import Acceptance, Image, Placement
from bureaus.models import Contact as StoredContact
from bureaus.models import Figure as StoredFigure
from bureaus.models import Link as StoredLink
from bureaus.proofreading.findings import Consent, Key
from bureaus.proofreading.manuscript import Contact, Figure, Link

OPERATOR = "運用の担当者"
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
    first, *others = tables
    rows: dict[str, list[Row]] = defaultdict(list)
    for row in sorted(map(Row._make, first.union(*others, all=True))):
        rows[row.table].append(row)
    return rows


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


def accepted_rows(pages: Iterable[int]) -> Rows:
    actor = Coalesce("actor__username", Value(OPERATOR))
    accepted = Acceptance.objects.filter(page__in=set(pages))
    return as_rows(accepted, "accepted", "page_id", "rule", "quote", "reason", actor)


def accepted_by_page(rows: Iterable[Row]) -> Mapping[int, Mapping[Key, Consent]]:
    accepted: dict[int, dict[Key, Consent]] = defaultdict(dict)
    for row in rows:
        rule, quote, reason, who, _ = row.texts
        accepted[row.owner][rule, quote] = Consent(who, reason)
    return accepted


def part_rows(editions: Sequence[int]) -> Iterator[Rows]:
    decorative = Case(When(is_decorative=True, then=Value("x")), default=NO_TEXT)
    here = Placement.objects.in_force(timezone.now()).filter(page=OuterRef("page")).order_by()
    page = Coalesce(Subquery(here.values("url_path")[:1]), NO_TEXT)
    document = Coalesce("document__address", NO_TEXT)
    figure = ("alt", "caption", decorative, "image__file", "image__name")
    for model, texts in (
        (StoredFigure, figure),
        (StoredLink, ("text", page, document, "url")),
        (StoredContact, ("name",)),
    ):
        parts = model.objects.filter(edition__in=editions)
        yield as_rows(parts, model.__name__, "edition_id", *texts, rank="position")


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
        parts[row.owner].contacts.append(Contact(row.text0))
    return parts
