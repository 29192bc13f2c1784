"""
The index on SQLite: FTS5, one character a token, and words as phrases of them.

FTS5's own trigrams find nothing below three characters, and its words end at spaces, of which
Japanese has none. Titles are indexed once more by themselves: a sentence in titles alone would
otherwise be searched by the positions of its characters in every text.
"""

import re
from collections.abc import Iterable, Mapping, Sequence

from django.db import connection

from bureaus.models import SearchRow
from bureaus.search.parsed_query import ParsedQuery
from bureaus.search.sources import Entry
from bureaus.search.sql_conditions import SqlCondition, Statement

ASCII_END = "\x80"
# With a space at either end, so that each token stands between two.
TITLE = "(SELECT ' ' || c0 || ' ' FROM bureaus_search_content WHERE id = %(expressions)s)"
TABLES = ("bureaus_search", "bureaus_search_titles")
TEXTS = """SELECT id, ' ' || c0 || ' ' AS title, ' ' || c1 || ' ' AS text
    FROM bureaus_search_content"""
# The texts of the row that FTS5 has found; no phrase goes beyond a line.
WHOLE = """SELECT ' ' || c0 || ' \n ' || c1 || ' ' AS whole
    FROM bureaus_search_content WHERE id = bureaus_search.rowid"""
# A phrase of so many characters is looked for by its rare parts, if they have enough of them.
LONG, ENOUGH = 8, 3
RARE = re.compile("[一-鿿々]+|[0-9a-z]{2,}")
JSON_OBJECT = "json_group_object"
STORED_WIDTH = 2  # a character and the space behind it


def write(entries: Sequence[Entry], keys: Mapping[int, int]) -> None:
    """Index editions that are not indexed; 3 queries for a few hundred, 4 with `keys`."""
    rows = SearchRow.objects.bulk_create(
        SearchRow(
            pk=keys.get(entry.edition),
            edition_id=entry.edition,
            day=entry.day,
            digest=entry.digest,
        )
        for entry in entries
    )
    values = [
        (row.pk, tokens(entry.title), tokens(entry.text))
        for row, entry in zip(rows, entries, strict=True)
    ]
    with connection.cursor() as cursor:
        cursor.executemany(
            "INSERT INTO bureaus_search (rowid, title, text) VALUES (%s, %s, %s)", values
        )
        cursor.executemany(
            "INSERT INTO bureaus_search_titles (rowid, title) VALUES (%s, %s)",
            [(key, title) for key, title, _ in values],
        )


def optimise() -> None:
    with connection.cursor() as cursor:
        for table in TABLES:
            cursor.execute(f"INSERT INTO {table} ({table}) VALUES ('optimize')")  # noqa: S608


def analyse() -> None:
    """Do nothing: SQLite chooses no worse plan without statistics."""


def editions_without_text() -> set[int]:
    """Return the editions whose row has no text."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT edition_id FROM bureaus_searchrow"
            " WHERE id NOT IN (SELECT id FROM bureaus_search_docsize)"
            " OR id NOT IN (SELECT id FROM bureaus_search_titles_docsize)"
        )
        return {edition for (edition,) in cursor.fetchall()}


def byte_size() -> int:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT sum(length(block)) FROM bureaus_search_data"
            " UNION ALL SELECT sum(length(c0) + length(c1)) FROM bureaus_search_content"
            " UNION ALL SELECT sum(length(block)) FROM bureaus_search_titles_data"
            " UNION ALL SELECT sum(length(c0)) FROM bureaus_search_titles_content"
        )
        return sum(size or 0 for (size,) in cursor.fetchall())


def matching(query: ParsedQuery, *, in_titles: bool) -> SqlCondition:
    without = any_of(query.none_of)
    if not in_titles:
        every = " AND ".join(f"({any_held(variants)})" for variants in query.all_of)
        found = matched("bureaus_search", f"({every}) NOT ({without})" if without else every)
        return checked(found, query)
    every = " AND ".join(f"({any_of(variants)})" for variants in query.all_of)
    found = matched("bureaus_search_titles", every)
    if not without:
        return found
    others = "SELECT rowid FROM bureaus_search WHERE bureaus_search MATCH %s"
    where = (*found.where, f"bureaus_searchrow.id NOT IN ({others})")
    return found._replace(where=where, values=(*found.values, without))


def any_held(variants: Iterable[str]) -> str:
    """As `any_of`, of a long variant only its rare parts: `checked` looks at the rest."""
    return " OR ".join(
        f"({' AND '.join(map(phrase, rare_parts(each) or [each]))})" for each in variants
    )


def rare_parts(part: str) -> list[str]:
    """
    Return the runs of kanji, letters and numbers of a long phrase; none of a short one.

    To place a phrase, FTS5 reads where each of its characters stands, and kana stand everywhere.
    """
    found = RARE.findall(part) if len(part) >= LONG else []
    return found if sum(map(len, found)) >= ENOUGH else []


def checked(found: SqlCondition, query: ParsedQuery) -> SqlCondition:
    """Require the variants themselves of the words that were looked for by their parts."""
    for variants in query.all_of:
        if any(map(rare_parts, variants)):
            holds = " OR ".join("instr(whole, %s)" for _ in variants)
            where = f"EXISTS (SELECT 1 FROM ({WHOLE}) WHERE {holds})"  # noqa: S608
            found = found._replace(
                where=(*found.where, where),
                values=(*found.values, *map(stored_form, variants)),
            )
    return found


def similar(pairs: Sequence[str], held: int, most: int) -> SqlCondition:
    """Where the title is one of the `most` that hold most of `pairs` of characters."""
    hits = " UNION ALL ".join(
        "SELECT * FROM (SELECT rowid AS id FROM bureaus_search_titles"  # noqa: S608
        f" WHERE bureaus_search_titles MATCH %s ORDER BY rowid DESC LIMIT {held:d})"
        for _ in pairs
    )
    where = f"""bureaus_searchrow.id IN (SELECT id FROM ({hits})
        GROUP BY id ORDER BY COUNT(*) DESC, id DESC LIMIT {most:d})"""  # noqa: S608
    return SqlCondition((where,), tuple(map(phrase, pairs)), "-bureaus_searchrow.id")


def holding(number: int, term: str, most: int) -> list[Statement]:
    """Select `number`, the newest rows that hold `term`, and the field: in all, and in titles."""
    return [
        Statement(
            f"SELECT * FROM (SELECT {number:d}, rowid, '{field}' FROM {table}"  # noqa: S608
            f" WHERE {table} MATCH %s ORDER BY rowid DESC LIMIT {most:d})",
            phrase(term),
        )
        for table, field in zip(TABLES, ("text", "title"), strict=True)
    ]


def matched(table: str, expression: str) -> SqlCondition:
    """`expression` in the language of FTS5. No sign of that language is left in a phrase."""
    return SqlCondition(
        tables=(table,),
        where=(f"{table} MATCH %s", f"{table}.rowid = bureaus_searchrow.id"),
        values=(expression,),
        newest_first=f"-{table}.rowid",
    )


def stored_form(part: str) -> str:
    return f" {tokens(part)} "


def read_form(stored: str) -> str:
    signs = stored.split()
    return "".join(sign if len(sign) == 1 else chr(int(sign[1:], 16)) for sign in signs)


def any_of(parts: Iterable[str]) -> str:
    return " OR ".join(phrase(part) for part in parts)


def phrase(part: str) -> str:
    return f'"{tokens(part)}"'


def tokens(folded: str) -> str:
    """Return a token for each character; separators are written as tokens of their own."""
    return " ".join(
        sign if sign >= ASCII_END or sign.isalnum() else f"u{ord(sign):x}" for sign in folded
    )
