"""Querysets of the editions that match a query."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from functools import reduce
from itertools import starmap
from operator import or_
from typing import NamedTuple

from django.db import connection
from django.db.models import F, Func, Q, QuerySet, TextField

from bureaus.models import Edition
from bureaus.models.edition_text import PROSE, TITLES, prose_lines
from bureaus.search.backends import backend
from bureaus.search.parsed_query import ParsedQuery
from bureaus.search.sources import (
    PartRow,
    entry_of,
    folded_lines,
    part_rows,
    sources,
    texts_of,
)
from bureaus.search.sql_conditions import SqlCondition

ALIKE = 500  # titles that are compared with what was typed
PAIRS = 40  # of what was typed, and
HELD = 5_000  # titles with each that are looked at
MOST_DRAFTS = 500  # whose text is compared for one query


class MatchingDrafts(NamedTuple):
    """The pages of matching drafts. `is_cut`: there are older drafts, which were not compared."""

    pages: set[int]
    is_cut: bool = False


def matching_editions(
    editions: QuerySet[Edition], query: ParsedQuery, *, in_titles: bool = False
) -> QuerySet[Edition]:
    """
    Return those of `editions` that match `query`, the newest first; none for an empty query.

    `in_titles`: every word in the title, its reading or its English. Take a slice: the statement
    ends when that is full.
    """
    if not query.all_of:
        return editions.none()
    return restricted(editions, backend().matching(query, in_titles=in_titles))


def counts_of(querysets: Sequence[QuerySet[Edition]], most: int) -> list[int]:
    """Return how many editions each queryset holds, up to `most`; 1 query for all of them."""
    statements = [each.values("pk")[:most].query.sql_with_params() for each in querysets]
    if not statements:
        return []
    counts = ", ".join(
        f"(SELECT COUNT(*) FROM ({sql}) AS found)"  # noqa: S608 - Django's, its values apart
        for sql, _ in statements
    )
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {counts}", [each for _, values in statements for each in values])
        return list(cursor.fetchone())


def matching_at(editions: Iterable[int], query: ParsedQuery, at: datetime) -> set[int]:
    """
    Return those of `editions` that match by what a citizen can read at `at`. 2 queries.

    The index holds what documents say today, and the words of files that a seal hides.
    """
    entries = map(entry_of, sources(Edition.objects.filter(pk__in=list(editions)), at))
    return {entry.edition for entry in entries if query.matches(f"{entry.title}\n{entry.text}")}


def part_texts(editions: Iterable[int], at: datetime) -> Mapping[int, list[str]]:
    """
    Return the texts of the parts of each edition as citizens read them at `at`. 1 query.

    The words of figures, links, their documents, and contacts.
    """
    return texts_of(starmap(PartRow.of, part_rows(Q(edition__in=list(editions)), at)))


def pages_of_matching_drafts(drafts: QuerySet[Edition], query: ParsedQuery) -> MatchingDrafts:
    """
    Return the pages of those of `drafts` that match, which the index does not hold. 2 queries.

    Each of the newest MOST_DRAFTS is compared, with the text of its parts and of the documents
    that it links to.
    """
    newest = drafts.order_by("-pk")
    rows = list(newest.values_list("pk", "page", *TITLES, *PROSE)[: MOST_DRAFTS + 1])
    if not rows:
        return MatchingDrafts(set())
    compared = newest.values("pk")[:MOST_DRAFTS]
    parts = texts_of(starmap(PartRow.of, part_rows(Q(edition__in=compared))))
    pages = {
        page
        for pk, page, title, reading, english, *prose in rows[:MOST_DRAFTS]
        if query.matches(
            folded_lines([title, reading, english, *prose_lines(*prose), *parts.get(pk, ())])
        )
    }
    return MatchingDrafts(pages, is_cut=len(rows) > MOST_DRAFTS)


def matching_by_title(editions: QuerySet[Edition], query: ParsedQuery) -> QuerySet[Edition]:
    """
    Return those whose titles match, in no order; each of `editions` is compared.

    For callers that read many of which most match, and stop soon.
    """
    title = Func(F("search_row"), template=backend().TITLE, output_field=TextField())
    matching = editions.alias(folded_title=title)
    for variants in query.all_of:
        matching = matching.filter(any_in_title(variants))
    return matching.exclude(any_in_title(query.none_of)) if query.none_of else matching


def any_in_title(parts: Iterable[str]) -> Q:
    stored_form = backend().stored_form
    return reduce(or_, (Q(folded_title__contains=stored_form(part)) for part in parts))


def similar_editions(editions: QuerySet[Edition], folded: str) -> QuerySet[Edition]:
    """
    Return those with the most alike titles: they share the most pairs of characters.

    One wrong character takes two pairs of a title, so it is among these by all the others.
    """
    pairs = list(dict.fromkeys(folded[place : place + 2] for place in range(len(folded) - 1)))
    if not pairs:
        return editions.none()
    return restricted(editions, backend().similar(pairs[:PAIRS], HELD, ALIKE))


def restricted(editions: QuerySet[Edition], condition: SqlCondition) -> QuerySet[Edition]:
    joined = editions.filter(search_row__pk__gt=0)
    return joined.extra(  # noqa: S610 - the values stand apart from the SQL
        tables=list(condition.tables),
        where=list(condition.where),
        params=list(condition.values),
    ).extra(order_by=[condition.newest_first])
