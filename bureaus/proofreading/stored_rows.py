"""What manuscripts need of several tables, read together: rows of words, whatever they are of."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Case, CharField, F, QuerySet, Value, When
from django.db.models.expressions import Combinable
from django.db.models.functions import Coalesce

from bureaus.models import Acceptance, Image
from bureaus.models import Contact as StoredContact
from bureaus.models import Figure as StoredFigure
from bureaus.models import Link as StoredLink
from bureaus.proofreading.findings import Consent, Key
from bureaus.proofreading.manuscript import Contact, Figure, Link

COLUMNS = ("sort", "whose", "place", "a", "b", "c", "d", "e")
OPERATOR = "運用の担当者"
NO_WORDS = Value("", CharField())
Rows = QuerySet[Any, Any]
Row = tuple[Any, ...]


@dataclass(slots=True)
class StoredRows:
    """The parts of one edition, as a manuscript has them, in their order."""

    figures: list[Figure] = field(default_factory=list)
    links: list[Link] = field(default_factory=list)
    contacts: list[Contact] = field(default_factory=list)


def read(tables: Iterable[Rows]) -> dict[str, list[Row]]:
    """All their rows, by sort and in their order; 1 query."""
    first, *others = tables
    found: dict[str, list[Row]] = defaultdict(list)
    for sort, *row in sorted(first.union(*others, all=True)):
        found[sort].append(tuple(row))
    return found


def columns(
    rows: QuerySet[Any, Any],
    sort: str,
    whose: str | Combinable,
    *words: str | Combinable,
    place: str = "",
) -> Rows:
    """Rows of COLUMNS: of which sort, whose, in which place of his, and up to five words."""
    told = [F(each) if isinstance(each, str) else each for each in words]
    told += [NO_WORDS] * (len(COLUMNS) - 3 - len(words))
    owner = F(whose) if isinstance(whose, str) else whose
    values = (Value(sort, CharField()), owner, F(place) if place else Value(0), *told)
    named: dict[str, Any] = dict(zip(COLUMNS, values, strict=True))
    bare: Rows = rows.order_by().select_related(None).annotate(**named)
    return bare.values_list(*COLUMNS)


def accepted_rows(pages: Iterable[int]) -> Rows:
    who = Coalesce("actor__username", Value(OPERATOR))
    accepted = Acceptance.objects.filter(page__in=set(pages))
    return columns(accepted, "accepted", "page_id", "rule", "quote", "reason", who)


def accepted_in(rows: Iterable[Row]) -> Mapping[int, Mapping[Key, Consent]]:
    """By page."""
    found: dict[int, dict[Key, Consent]] = defaultdict(dict)
    for page, _, rule, quote, reason, who, _ in rows:
        found[page][rule, quote] = Consent(who, reason)
    return found


def part_rows(editions: Sequence[int]) -> Iterator[Rows]:
    mark = Case(When(is_decorative=True, then=Value("x")), default=NO_WORDS)
    page = Coalesce("page__url_path", NO_WORDS)
    document = Coalesce("document__address", NO_WORDS)
    figure = ("alt", "caption", mark, "image__file", "image__name")
    for model, words in (
        (StoredFigure, figure),
        (StoredLink, ("text", page, document, "url")),
        (StoredContact, ("name",)),
    ):
        parts = model.objects.filter(edition__in=editions)
        yield columns(parts, model.__name__, "edition_id", *words, place="position")


def parts_in(rows: Mapping[str, Iterable[Row]]) -> Mapping[int, StoredRows]:
    """By edition."""
    told: dict[int, StoredRows] = defaultdict(StoredRows)
    for edition, _, alt, caption, mark, file, name in rows.get("Figure", ()):
        files = Image(file=file, name=name).names
        told[edition].figures.append(Figure(alt, caption, bool(mark), files))
    for edition, _, text, page, document, url, _ in rows.get("Link", ()):
        target = page or (f"/{document}" if document else url)
        told[edition].links.append(Link(text, target, is_document=bool(document)))
    for edition, _, name, *_ in rows.get("Contact", ()):
        told[edition].contacts.append(Contact(name))
    return told
