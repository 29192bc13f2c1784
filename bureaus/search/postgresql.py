"""
The index on PostgreSQL: the pairs of characters as a `tsvector` under GIN, and a second look.

A word of three characters and more is looked for by its pairs, and then in the text itself:
its pairs may stand apart. pg_trgm is slower than no index for one or two characters.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import astuple

from django.db import connection
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

from bureaus.models import SearchRow
from bureaus.search.asked import Wanted
from bureaus.search.finding import Found
from bureaus.search.sources import Entry

# What is still to be sorted in is read whole by every search, so it is kept short.
CREATE = (
    """ALTER TABLE bureaus_searchrow
    ADD COLUMN title text, ADD COLUMN text text, ADD COLUMN pairs tsvector""",
    """CREATE INDEX bureaus_search ON bureaus_searchrow USING gin (pairs)
    WITH (gin_pending_list_limit = 1024)""",
)
DROP = ("ALTER TABLE bureaus_searchrow DROP COLUMN title, DROP COLUMN text, DROP COLUMN pairs",)
IN_TITLE = "\x02"  # before the pairs of a title; no folded text holds it
COLUMNS = ("bureaus_searchrow.title", "bureaus_searchrow.text")
EXACT = 2  # characters of which one pair says everything


def create(schema: BaseDatabaseSchemaEditor) -> None:
    for statement in CREATE:
        schema.execute(statement)


def drop(schema: BaseDatabaseSchemaEditor) -> None:
    for statement in DROP:
        schema.execute(statement)


def write(entries: Sequence[Entry]) -> None:
    """Index editions that are not indexed; 1 query."""
    values = [(*astuple(entry), [*set(lexemes(entry))]) for entry in entries]
    with connection.cursor() as cursor:
        cursor.executemany(
            "INSERT INTO bureaus_searchrow (edition_id, day, digest, title, text, pairs)"
            " VALUES (%s, %s, %s, %s, %s, array_to_tsvector(%s))",
            values,
        )


def optimise() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT gin_clean_pending_list('bureaus_search')")


def lacking() -> set[int]:
    """The editions whose row has no words."""
    rows = SearchRow.objects.extra(where=["pairs IS NULL OR text IS NULL OR title IS NULL"])
    return set(rows.values_list("edition", flat=True))


def byte_size() -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_total_relation_size('bureaus_searchrow')")
        return int(cursor.fetchone()[0])


def lexemes(entry: Entry) -> Iterator[str]:
    for line in (*entry.title.split("\n"), *entry.text.split("\n")):
        yield from pairs_and_last(line)
    for line in entry.title.split("\n"):
        yield from (f"{IN_TITLE}{pair}" for pair in pairs_and_last(line))


def pairs_and_last(line: str) -> Iterator[str]:
    """Every character with the one that follows; so each begins a lexeme."""
    return (line[place : place + 2] for place in range(len(line)))


def found(wanted: Wanted, *, in_titles: bool) -> Found:
    before = IN_TITLE if in_titles else ""
    query = " & ".join(f"({any_of(ways, before)})" for ways in wanted.all_of)
    where, values = ["bureaus_searchrow.pairs @@ %s::tsquery"], [query]
    for ways in wanted.all_of:
        if any(len(way) > EXACT for way in ways):
            columns = COLUMNS[:1] if in_titles else COLUMNS
            looks = [f"strpos({column}, %s) > 0" for column in columns for _ in ways]
            where.append(f"({' OR '.join(looks)})")
            values += [*ways] * len(columns)
    for part in wanted.none_of:
        where += [f"strpos({column}, %s) = 0" for column in COLUMNS]
        values += [part] * len(COLUMNS)
    return Found(tuple(where), tuple(values), "-bureaus_searchrow.id")


def near(pairs: Iterable[str]) -> Found:
    """
    Where a title holds any of `pairs` of characters.

    As an array, so that they are looked up first: the planner takes pairs that it does not know
    for frequent, and would go through the whole table from its end.
    """
    query = " | ".join(lexeme(f"{IN_TITLE}{pair}") for pair in pairs)
    where = """bureaus_searchrow.id = ANY (ARRAY(
        SELECT near.id FROM bureaus_searchrow near WHERE near.pairs @@ %s::tsquery))"""
    return Found((where,), (query,), "-bureaus_searchrow.id")


def any_of(ways: Iterable[str], before: str) -> str:
    return " | ".join(f"({every_pair(way, before)})" for way in ways)


def every_pair(part: str, before: str) -> str:
    if len(part) == 1:
        return f"{lexeme(before + part)}:*"
    return " & ".join(lexeme(before + part[place : place + 2]) for place in range(len(part) - 1))


def lexeme(text: str) -> str:
    escaped = text.replace("\\", "\\\\").replace("'", "''")
    return f"'{escaped}'"
