"""
The index on PostgreSQL: the pairs of characters as a `tsvector` under GIN, and a recheck.

A word of three characters and more is searched by its pairs, and then in the text itself, as
its pairs may be apart. pg_trgm is slower than no index for one or two characters. Titles have
pairs of their own, short enough to stay in the row: those of a text are stored outside it, and
fetching them costs more than comparing them.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import astuple
from itertools import chain

from django.db import connection

from bureaus.models import SearchRow
from bureaus.search.parsed_query import ParsedQuery
from bureaus.search.sources import Entry
from bureaus.search.sql_conditions import SqlCondition, Statement

COLUMNS = ("bureaus_searchrow.title", "bureaus_searchrow.text")
TITLE = "(SELECT titles.title FROM bureaus_searchrow titles WHERE titles.id = %(expressions)s)"
TEXTS = "SELECT id, title, text FROM bureaus_searchrow"
JSON_OBJECT = "json_object_agg"
STORED_WIDTH = 1
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
    """Analyse now: autovacuum may do it minutes after many pages were added."""
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE bureaus_page, bureaus_edition, bureaus_searchrow")


def editions_without_text() -> set[int]:
    """Return the editions whose row has no text."""
    rows = SearchRow.objects.extra(
        where=["pairs IS NULL OR title_pairs IS NULL OR text IS NULL OR title IS NULL"]
    )
    return set(rows.values_list("edition", flat=True))


def byte_size() -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_total_relation_size('bureaus_searchrow')")
        return int(cursor.fetchone()[0])


def lexemes(*texts: str) -> list[str]:
    """Return each character with the one that follows in its line; so each begins a lexeme."""
    lines = chain.from_iterable(text.split("\n") for text in texts)
    return [*{line[place : place + 2] for line in lines for place in range(len(line))}]


def matching(query: ParsedQuery, *, in_titles: bool) -> SqlCondition:
    pairs = "title_pairs" if in_titles else "pairs"
    expression = " & ".join(f"({any_of(variants)})" for variants in query.all_of)
    where, values = [f"bureaus_searchrow.{pairs} @@ %s::tsquery"], [expression]
    for variants in query.all_of:
        if any(len(variant) > EXACT for variant in variants):
            columns = COLUMNS[:1] if in_titles else COLUMNS
            comparisons = [f"strpos({column}, %s) > 0" for column in columns for _ in variants]
            where.append(f"({' OR '.join(comparisons)})")
            values += [*variants] * len(columns)
    for part in query.none_of:
        where += [f"strpos({column}, %s) = 0" for column in COLUMNS]
        values += [part] * len(COLUMNS)
    return SqlCondition(tuple(where), tuple(values), "-bureaus_searchrow.id")


def similar(pairs: Sequence[str], held: int, most: int) -> SqlCondition:
    """
    Match the `most` titles that hold most of `pairs` of characters.

    As an array, so that they are evaluated first: the planner takes pairs without statistics for
    frequent, and would read the whole table from its end.
    """
    hits = " UNION ALL ".join(
        f"(SELECT id FROM bureaus_searchrow WHERE title_pairs @@ %s::tsquery LIMIT {held:d})"  # noqa: S608
        for _ in pairs
    )
    where = f"""bureaus_searchrow.id = ANY (ARRAY(SELECT id FROM ({hits}) near
        GROUP BY id ORDER BY COUNT(*) DESC, id DESC LIMIT {most:d}))"""  # noqa: S608
    return SqlCondition((where,), tuple(map(lexeme, pairs)), "-bureaus_searchrow.id")


def holding(number: int, term: str, most: int) -> list[Statement]:
    """
    Select `number`, `most` of the rows that hold `term`, and the field: in all, and in titles.

    Of a term of three characters and more, the rows that hold each pair of it. In no order: to
    sort them, PostgreSQL would read the table from its newest row.
    """
    return [
        Statement(
            f"(SELECT {number:d}, id, '{field}' FROM bureaus_searchrow"  # noqa: S608
            f" WHERE {pairs} @@ %s::tsquery LIMIT {most:d})",
            every_pair(term),
        )
        for pairs, field in (("pairs", "text"), ("title_pairs", "title"))
    ]


def stored_form(part: str) -> str:
    return part


def read_form(stored: str) -> str:
    return stored


def any_of(variants: Iterable[str]) -> str:
    return " | ".join(f"({every_pair(variant)})" for variant in variants)


def every_pair(part: str) -> str:
    if len(part) == 1:
        return f"{lexeme(part)}:*"
    return " & ".join(lexeme(part[place : place + 2]) for place in range(len(part) - 1))


def lexeme(text: str) -> str:
    escaped = text.replace("\\", "\\\\").replace("'", "''")
    return f"'{escaped}'"
