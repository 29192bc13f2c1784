"""Which pages hold what is looked for, and which of them come first."""

from collections.abc import Container, Iterable
from datetime import date
from typing import NamedTuple

from django.db.models import Exists, OuterRef, Q, QuerySet

from bureaus.models import Answer, EarlierFile, Edition, Kind
from bureaus.reading.moments import Moment
from bureaus.reading.searching.query_params import BY_DATE, SearchParams
from bureaus.search import ParsedQuery, matching_at, matching_editions
from bureaus.text.words import fold

COUNTED = 500  # pages: of more it is only said that there are more


class Row(NamedTuple):
    edition: int
    day: date
    path: str
    kind: str
    url_path: str
    title: str


COLUMNS = ("pk", "search_row__day", "page__path", "page__kind", "page__url_path", "title")


def readable_editions(asked: SearchParams, moment: Moment) -> QuerySet[Edition]:
    """Every page that stands in lists, of the kind, branch and year that are chosen."""
    answers = [Answer.CURRENT, *([Answer.ARCHIVED] if asked.with_archived else [])]
    # What is later than the moment is seen in the rows of the index, before the editions are.
    editions = Edition.objects.in_force(moment.at).filter(
        Q(listed_under=None) | Q(issued_on__lte=moment.day),
        answer__in=answers,
        search_row__day__lte=moment.day,
    )
    if asked.kind:
        editions = editions.filter(page__kind=asked.kind)
    if asked.organisation:
        # "0" follows "/": everything that begins with the address, as a range of an index
        end = f"{asked.organisation[:-1]}0"
        editions = editions.filter(page__url_path__gte=asked.organisation, page__url_path__lt=end)
    if asked.year:
        days = (date(asked.year, 1, 1), date(asked.year, 12, 31))
        editions = editions.filter(search_row__day__range=days)
    return editions


def rows_of(editions: QuerySet[Edition]) -> list[Row]:
    return list(map(Row._make, editions.values_list(*COLUMNS)[: COUNTED + 1]))


def rows_at(editions: QuerySet[Edition], looked_for: ParsedQuery, moment: Moment) -> list[Row]:
    """
    The same of a moment: a past page holds nothing that its documents say only since then.

    1 query, in the past 2 more where a document of what was found has been replaced.
    """
    if not moment.is_past:
        return rows_of(editions)
    found = editions.annotate(is_replaced=Exists(replaced_since(moment)))
    rows = found.values_list("is_replaced", *COLUMNS)[: COUNTED + 1]
    every = {Row._make(row): is_replaced for is_replaced, *row in rows}
    doubtful = [row.edition for row, is_replaced in every.items() if is_replaced]
    told = matching_at(doubtful, looked_for, moment.at) if doubtful else set()
    return [row for row, is_replaced in every.items() if not is_replaced or row.edition in told]


def replaced_since(moment: Moment) -> QuerySet[EarlierFile]:
    """The files of an edition's documents that have been replaced since; inside Exists."""
    return EarlierFile.objects.filter(document__uses__edition=OuterRef("pk"), until__gt=moment.at)


def by_date(rows: Iterable[Row]) -> list[Row]:
    """The newest first."""
    return sorted(rows, key=lambda row: (row.day, row.edition), reverse=True)


def by_relevance(rows: Iterable[Row], titled: Container[int], looked_for: ParsedQuery) -> list[Row]:
    """
    The best first, among equals the newest.

    The page that is called so; places that have it in their names, the shortest first; news that
    has it in its title; all others. `titled`: the editions with everything in their titles.
    """
    names = set(looked_for.all_of[0]) if len(looked_for.all_of) == 1 else set()

    def fit(row: Row) -> tuple[int, int]:
        if row.edition not in titled:
            return 3, 0
        if fold(row.title) in names:
            return 0, len(row.url_path)
        return (2, 0) if row.kind == Kind.NEWS_ITEM else (1, len(row.title))

    return sorted(by_date(rows), key=fit)


def best_matches(
    rows: list[Row], editions: QuerySet[Edition], looked_for: ParsedQuery, asked: SearchParams
) -> list[Row]:
    """All of `rows` in order; 1 query, none where the date is the order."""
    if asked.sort == BY_DATE:
        return by_date(rows)
    in_titles = matching_editions(editions, looked_for, in_titles=True)
    if len(rows) <= COUNTED:
        return by_relevance(rows, set(in_titles.values_list("pk", flat=True)[:COUNTED]), looked_for)
    # There are more than these: of those with it in their titles none may be missing.
    titled = {row.edition: row for row in rows_of(in_titles)}
    every = titled | {row.edition: row for row in rows}
    return by_relevance(every.values(), titled.keys(), looked_for)
