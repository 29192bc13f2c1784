"""
The index on PostgreSQL: the pairs of characters as a `tsvector` under GIN, and a second look.

A word of three characters and more is looked for by its pairs, and then in the text itself:
its pairs may stand apart. pg_trgm is slower than no index for one or two characters. Titles have
pairs of their own, short enough to stay in the row: those of a text lie outside of it, and to
fetch them costs more than to compare them.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import astuple
from itertools import chain

from django.db import connection

from bureaus.models import SearchRow
from bureaus.search.parsed_query import ParsedQuery
from bureaus.search.sources import Entry
from bureaus.search.sql_conditions import SqlCondition

COLUMNS = ("bureaus_searchrow.title", "bureaus_searchrow.text")
TITLE = "(SELECT kept.title FROM bureaus_searchrow kept WHERE kept.id = %(expressions)s)"
EXACT = 2  # characters of which one pair says everything


def write(entries: Sequence[Entry], keys: Mapping[int, int]) -> None:
    """Index editions that are not indexed; 1 query."""
    values = [
        (
            keys.get(entry.edition),
            *astuple(entry),
            lexemes(entry.title, entry.text),
            lexemes(entry.title),
        )
        for entry in entries
    ]
    with connection.cursor() as cursor:
        cursor.executemany(
            "INSERT INTO bureaus_searchrow"
            " (id, edition_id, day, digest, title, text, pairs, title_pairs)"
            " VALUES (coalesce(%s, nextval(pg_get_serial_sequence('bureaus_searchrow', 'id'))),"
            " %s, %s, %s, %s, %s, array_to_tsvector(%s), array_to_tsvector(%s))",
            values,
        )


def optimise() -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT gin_clean_pending_list('bureaus_search'),"
            " gin_clean_pending_list('bureaus_search_titles')"
        )


def analyse() -> None:
    """Where many pages came at once, its own turn may come minutes later, or amid them."""
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE bureaus_page, bureaus_edition, bureaus_searchrow")


def lacking() -> set[int]:
    """The editions whose row has no words."""
    rows = SearchRow.objects.extra(
        where=["pairs IS NULL OR title_pairs IS NULL OR text IS NULL OR title IS NULL"]
    )
    return set(rows.values_list("edition", flat=True))


def byte_size() -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_total_relation_size('bureaus_searchrow')")
        return int(cursor.fetchone()[0])


def lexemes(*texts: str) -> list[str]:
    """Every character with the one that follows in its line; so each begins a lexeme."""
    lines = chain.from_iterable(text.split("\n") for text in texts)
    return [*{line[place : place + 2] for line in lines for place in range(len(line))}]


def found(wanted: ParsedQuery, *, in_titles: bool) -> SqlCondition:
    pairs = "title_pairs" if in_titles else "pairs"
    query = " & ".join(f"({any_of(ways)})" for ways in wanted.all_of)
    where, values = [f"bureaus_searchrow.{pairs} @@ %s::tsquery"], [query]
    for ways in wanted.all_of:
        if any(len(way) > EXACT for way in ways):
            columns = COLUMNS[:1] if in_titles else COLUMNS
            looks = [f"strpos({column}, %s) > 0" for column in columns for _ in ways]
            where.append(f"({' OR '.join(looks)})")
            values += [*ways] * len(columns)
    for part in wanted.none_of:
        where += [f"strpos({column}, %s) = 0" for column in COLUMNS]
        values += [part] * len(COLUMNS)
    return SqlCondition(tuple(where), tuple(values), "-bureaus_searchrow.id")


def near(pairs: Iterable[str]) -> SqlCondition:
    """
    Where a title holds any of `pairs` of characters.

    As an array, so that they are looked up first: the planner takes pairs that it does not know
    for frequent, and would go through the whole table from its end.
    """
    query = " | ".join(map(lexeme, pairs))
    where = """bureaus_searchrow.id = ANY (ARRAY(
        SELECT near.id FROM bureaus_searchrow near WHERE near.title_pairs @@ %s::tsquery))"""
    return SqlCondition((where,), (query,), "-bureaus_searchrow.id")


def as_kept(part: str) -> str:
    return part


def any_of(ways: Iterable[str]) -> str:
    return " | ".join(f"({every_pair(way)})" for way in ways)


def every_pair(part: str) -> str:
    if len(part) == 1:
        return f"{lexeme(part)}:*"
    return " & ".join(lexeme(part[place : place + 2]) for place in range(len(part) - 1))


def lexeme(text: str) -> str:
    escaped = text.replace("\\", "\\\\").replace("'", "''")
    return f"'{escaped}'"
