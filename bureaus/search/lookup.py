"""Looking something up in the index."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from functools import reduce
from operator import or_

from django.db import connection
from django.db.models import F, Func, Q, QuerySet, TextField

from bureaus.models import Edition
from bureaus.search.backends import backend
from bureaus.search.parsed_query import ParsedQuery
from bureaus.search.sources import entry_of, sources
from bureaus.search.sql_conditions import SqlCondition


def matching_editions(
    editions: QuerySet[Edition], wanted: ParsedQuery, *, in_titles: bool = False
) -> QuerySet[Edition]:
    """
    Those of `editions` that hold what is wanted, the newest first; none where nothing is.

    `in_titles`: every word in the title, its reading or its English. Take a slice: the statement
    ends when that is full.
    """
    if not wanted.all_of:
        return editions.none()
    return within(editions, backend().found(wanted, in_titles=in_titles))


def counts_of(found: Sequence[QuerySet[Edition]], most: int) -> list[int]:
    """How many editions each of these holds, up to `most`; 1 query for all of them."""
    statements = [each.values("pk")[:most].query.sql_with_params() for each in found]
    if not statements:
        return []
    counts = ", ".join(
        f"(SELECT COUNT(*) FROM ({sql}) AS found)"  # noqa: S608 - Django's, its values apart
        for sql, _ in statements
    )
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {counts}", [each for _, values in statements for each in values])
        return list(cursor.fetchone())


def matching_at(editions: Iterable[int], wanted: ParsedQuery, at: datetime) -> set[int]:
    """
    Those of `editions` that hold it without what their documents say only since `at`. 2 queries.

    The index says what documents say today.
    """
    entries = map(entry_of, sources(Edition.objects.filter(pk__in=list(editions)), at))
    return {entry.edition for entry in entries if wanted.is_in(f"{entry.title}\n{entry.text}")}


def matching_by_title(editions: QuerySet[Edition], wanted: ParsedQuery) -> QuerySet[Edition]:
    """
    The same of titles alone, and in no order; each of `editions` is looked at.

    For who walks along many of which most hold it, and stops soon.
    """
    title = Func(F("search_row"), template=backend().TITLE, output_field=TextField())
    told = editions.alias(kept_title=title)
    for ways in wanted.all_of:
        told = told.filter(any_in_title(ways))
    return told.exclude(any_in_title(wanted.none_of)) if wanted.none_of else told


def any_in_title(parts: Iterable[str]) -> Q:
    kept = backend().as_kept
    return reduce(or_, (Q(kept_title__contains=kept(part)) for part in parts))


def similar_editions(editions: QuerySet[Edition], folded: str) -> QuerySet[Edition]:
    """Those with a title that holds any two characters of `folded`, the newest first."""
    pairs = {folded[place : place + 2] for place in range(len(folded) - 1)}
    return within(editions, backend().near(sorted(pairs))) if pairs else editions.none()


def within(editions: QuerySet[Edition], found: SqlCondition) -> QuerySet[Edition]:
    joined = editions.filter(search_row__pk__gt=0)
    return joined.extra(  # noqa: S610 - the values stand apart from the SQL
        tables=list(found.tables), where=list(found.where), params=list(found.values)
    ).extra(order_by=[found.newest_first])
