"""The rows of the index that hold the rarest terms of a question, in one statement."""

import json
from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple, Self

from django.db import connection

from bureaus.models.compiled_sql import Selection
from bureaus.search.backends import backend

# Rows whose terms are rarest, of which the readable ones are candidates: where these are too few,
# as in one branch or in the past, more of them are looked at.
SCORED, MORE_SCORED = 300, 2_000
UNKNOWN = -1  # stands for each term that no row holds
TEXT = 8_000  # characters of a text that are read
HELD = 5_000  # rows of a term that are looked at, the newest; of more it says little

# The number of a term and a row that holds it, once more where its title does. The readable rows
# are looked up one by one, and the texts of few of them are read.
STATEMENT = """
WITH hits(term, id, field) AS MATERIALIZED ({hits}),
size(number) AS (SELECT MAX(id) - MIN(id) + 1 FROM bureaus_searchrow),
rarities(term, rarity) AS MATERIALIZED (
    SELECT term, CAST(LN((size.number + 1) / (COUNT(*) + 0.5)) AS REAL)
    FROM hits CROSS JOIN size WHERE field = 'text' GROUP BY term, size.number
    UNION ALL SELECT {unknown}, CAST(LN((number + 1) / 0.5) AS REAL) FROM size),
scores(id, score) AS MATERIALIZED (
    SELECT hits.id, SUM(rarities.rarity) FROM hits JOIN rarities ON rarities.term = hits.term
    GROUP BY hits.id ORDER BY SUM(rarities.rarity) DESC, hits.id DESC LIMIT {scored}),
best AS MATERIALIZED (
    SELECT scores.id AS index_key, readable.* FROM scores CROSS JOIN ({readable}) readable
    WHERE readable.index_row = scores.id
    ORDER BY scores.score DESC, scores.id DESC LIMIT {most})
SELECT counted.scored, (SELECT {object}(term, rarity) FROM rarities),
    texts.title, substr(texts.text, 1, {text}), best.*
FROM (SELECT COUNT(*) AS scored FROM scores) counted LEFT JOIN best ON 1 = 1
LEFT JOIN ({texts}) texts ON texts.id = best.index_key
"""


class Candidate(NamedTuple):
    """A row of the index with its texts in their stored form."""

    title: str
    text: str
    columns: tuple[Any, ...]

    @classmethod
    def of(cls, title: str, text: str, _index_key: int, *columns: Any) -> Self:
        return cls(title, text, columns[:-1])


def candidates(
    readable: Selection, terms: Sequence[str], most: int, *, is_narrow: bool = False
) -> tuple[list[Candidate], Mapping[str, float]]:
    """
    Return at most `most` rows of `readable`, and how rare each term is.

    The last column of `readable` is the row of the index; `is_narrow`: few rows of the index are
    among it. 1 query, 2 where they are few all the same.

    The rarity of a term is the logarithm of how many rows there are for each that holds it. The
    cost is bounded by the number of terms: `HELD` rows of each, and `most` texts.
    """
    scored = MORE_SCORED if is_narrow else SCORED
    best = candidates_among(readable, terms, most=most, scored=scored)
    if len(best.rows) < most and best.scored == SCORED:
        best = candidates_among(readable, terms, most=most, scored=MORE_SCORED)
    return best.rows, best.rarities


class Candidates(NamedTuple):
    """The candidates among the `scored` rows whose terms are rarest."""

    rows: list[Candidate]
    rarities: Mapping[str, float]
    scored: int


def candidates_among(
    readable: Selection, terms: Sequence[str], *, most: int, scored: int
) -> Candidates:
    holding = [
        each for number, term in enumerate(terms) for each in backend().holding(number, term, HELD)
    ]
    statement = STATEMENT.format(
        hits=" UNION ALL ".join(each.sql for each in holding),
        scored=scored,
        readable=readable.sql,
        most=most,
        text=TEXT * backend().STORED_WIDTH,
        unknown=UNKNOWN,
        object=backend().JSON_OBJECT,
        texts=backend().TEXTS,
    )
    with connection.cursor() as cursor:
        cursor.execute(statement, [*(each.value for each in holding), *readable.values])
        rows = cursor.fetchall()
    count, rarities = rows[0][0], as_mapping(rows[0][1])
    unknown = rarities[str(UNKNOWN)] or 0.0  # of an empty index
    return Candidates(
        rows=[Candidate.of(*row[2:]) for row in rows if row[2] is not None],
        rarities={term: rarities.get(str(number), unknown) for number, term in enumerate(terms)},
        scored=count,
    )


def as_mapping(value: Any) -> Mapping[str, float]:
    """SQLite returns JSON as text."""
    loaded: Mapping[str, float] = json.loads(value) if isinstance(value, str) else value
    return loaded
