"""The pages that match a query, and their order."""

from collections.abc import Container, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from functools import lru_cache
from typing import Any, NamedTuple

from django.db import connection
from django.db.models import (
    BooleanField,
    DateField,
    DateTimeField,
    Exists,
    ExpressionWrapper,
    F,
    OuterRef,
    Q,
    QuerySet,
)

from bureaus.models import Answer, EarlierFile, Edition, Kind
from bureaus.models.compiled_sql import Parameter, Selection
from bureaus.models.visibility import not_hidden
from bureaus.reading.hidden import uses_hidden_files
from bureaus.reading.moments import Moment
from bureaus.reading.searching.query_params import BY_DATE, SearchParams
from bureaus.search import ParsedQuery, matching_at, matching_editions, nearest_editions
from bureaus.text.words import fold

NEAREST = 20  # pages that do not contain every word
COUNTED = 500  # pages; beyond that, the results only say that there are more

AT, DAY = Parameter("at", DateTimeField()), Parameter("day", DateField())


class MatchRow(NamedTuple):
    edition: int
    day: date
    path: str
    kind: str
    url_path: str
    title: str


COLUMNS = (
    "pk",
    "search_row__day",
    "placement__path",
    "placement__kind",
    "placement__url_path",
    "title",
)


@dataclass(frozen=True, slots=True)
class OpenMoment:
    """A moment that is given when the statement is executed."""

    is_past: bool
    at: Parameter = AT
    day: Parameter = DAY


def readable_editions(params: SearchParams, moment: Moment | OpenMoment) -> QuerySet[Edition]:
    """Return the pages that lists contain, of the kind, branch and year of `params`."""
    answers = [Answer.CURRENT, *([Answer.ARCHIVED] if params.with_archived else [])]
    # The day excludes later editions in the rows of the index, before the editions are read.
    editions: Any = (
        Edition.objects.in_force(moment.at)
        .placed(moment.at)
        .filter(
            not_hidden(),
            Q(issued_on=None) | Q(issued_on__lte=moment.day),
            answer__in=answers,
            search_row__day__lte=moment.day,
        )
    )
    if params.kind:
        editions = editions.filter(page__kind=params.kind)
    if params.organisation:
        # "0" follows "/": everything that begins with the address, as a range of an index
        end = f"{params.organisation[:-1]}0"
        editions = editions.filter(
            placement__url_path__gte=params.organisation, placement__url_path__lt=end
        )
    if params.year:
        days = (date(params.year, 1, 1), date(params.year, 12, 31))
        editions = editions.filter(search_row__day__range=days)
    found: QuerySet[Edition] = editions
    return found


def match_rows(editions: QuerySet[Edition]) -> list[MatchRow]:
    return list(map(MatchRow._make, editions.values_list(*COLUMNS)[: COUNTED + 1]))


def matches_at(editions: QuerySet[Edition], query: ParsedQuery, moment: Moment) -> list[MatchRow]:
    """
    Return the matches at a moment, by what a citizen can read at it.

    Neither by the text of a document that was replaced since nor by the words of hidden files.
    1 query, and 2 more where a match has such a file.
    """
    is_doubtful = ExpressionWrapper(says_less(moment), output_field=BooleanField())
    annotated = editions.annotate(is_doubtful=is_doubtful)
    values = annotated.values_list("is_doubtful", *COLUMNS)[: COUNTED + 1]
    matches = {MatchRow._make(row): is_doubtful for is_doubtful, *row in values}
    doubtful = [row.edition for row, is_doubtful in matches.items() if is_doubtful]
    confirmed = matching_at(doubtful, query, moment.at) if doubtful else set()
    return [
        row for row, is_doubtful in matches.items() if not is_doubtful or row.edition in confirmed
    ]


def says_less(moment: Moment | OpenMoment) -> Q:
    """The condition for editions of which the index holds more than a citizen can read."""
    if not moment.is_past:
        return uses_hidden_files()
    return uses_hidden_files() | Q(Exists(replaced_since(moment)))


def replaced_since(moment: Moment | OpenMoment) -> QuerySet[EarlierFile]:
    """Return the replaced files of the documents of the outer edition; for Exists."""
    return EarlierFile.objects.filter(document__uses__edition=OuterRef("pk"), until__gt=moment.at)


def nearest_matches(
    params: SearchParams,
    terms: Mapping[str, float],
    besides: Container[MatchRow],
    moment: Moment,
    *,
    question: str,
) -> list[MatchRow]:
    """
    Return the readable pages nearest to `terms`, the best first, without `besides`. 1 query.

    None of which the index holds more than can be read: a document that was replaced since, in
    the past, or the words of a hidden file.
    """
    narrowed = replace(params, text="", sort="", page=1)
    readable = readable_selection(connection.vendor, narrowed, is_past=moment.is_past)
    filled = readable.filled(at=moment.at, day=moment.day)
    is_narrow = params.is_narrowed or moment.is_past
    found = nearest_editions(filled, terms, NEAREST, question, is_narrow=is_narrow)
    rows = map(MatchRow._make, found)
    return [row for row in rows if row not in besides]


@lru_cache(maxsize=64)
def readable_selection(vendor: str, params: SearchParams, *, is_past: bool) -> Selection:
    """Return COLUMNS and the row of the index, built once: building costs more than executing."""
    del vendor  # a part of the key
    moment = OpenMoment(is_past=is_past)
    editions = readable_editions(params, moment).exclude(says_less(moment)).order_by()
    rows = editions.annotate(index_row=F("search_row__pk")).values_list(*COLUMNS, "index_row")
    return Selection(*rows.query.sql_with_params())


def by_date(rows: Iterable[MatchRow]) -> list[MatchRow]:
    """Sort the newest first."""
    return sorted(rows, key=lambda row: (row.day, row.edition), reverse=True)


def by_relevance(
    rows: Iterable[MatchRow], titled: Container[int], query: ParsedQuery
) -> list[MatchRow]:
    """
    Sort the best first, among equals the newest.

    First the page whose title is the query; then pages of the tree with it in their titles, the
    shortest first; then news with it in its title; then all others. `titled`: the editions whose
    titles match the query.
    """
    names = set(query.all_of[0]) if len(query.all_of) == 1 else set()

    def rank(row: MatchRow) -> tuple[int, int]:
        if row.edition not in titled:
            return 3, 0
        if fold(row.title) in names:
            return 0, len(row.url_path)
        return (2, 0) if row.kind == Kind.NEWS_ITEM else (1, len(row.title))

    return sorted(by_date(rows), key=rank)


def in_order(rows: list[MatchRow], query: ParsedQuery, params: SearchParams) -> list[MatchRow]:
    """Return the few `rows` that there are in order; a title alone matches, not its reading."""
    if params.sort == BY_DATE:
        return by_date(rows)
    titled = {row.edition for row in rows if query.matches(fold(row.title))}
    return by_relevance(rows, titled, query)


def best_matches(
    rows: list[MatchRow], editions: QuerySet[Edition], query: ParsedQuery, params: SearchParams
) -> list[MatchRow]:
    """Return all of `rows` in order. 1 query, none if sorted by date."""
    if params.sort == BY_DATE:
        return by_date(rows)
    in_titles = matching_editions(editions, query, in_titles=True)
    if len(rows) <= COUNTED:
        return by_relevance(rows, set(in_titles.values_list("pk", flat=True)[:COUNTED]), query)
    # There are more matches than `rows`: none with a matching title may be missing.
    titled = {row.edition: row for row in match_rows(in_titles)}
    matches = titled | {row.edition: row for row in rows}
    return by_relevance(matches.values(), titled.keys(), query)
