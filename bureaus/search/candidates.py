"""The rows of the index that hold the rarest terms of a question, in one statement."""

import json
from collections.abc import Mapping, Sequence
from itertools import starmap
from typing import Any, NamedTuple, Self

from django.db import connection
from django.db.models import F, QuerySet

from bureaus.models import Edition
from bureaus.search.backends import backend

SCORED = 2_000  # rows, of which the readable ones are candidates
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
SELECT texts.title, substr(texts.text, 1, {text}),
    (SELECT {object}(term, rarity) FROM rarities), best.*
FROM best JOIN ({texts}) texts ON texts.id = best.index_key
"""


class Candidate(NamedTuple):
    """A row of the index with its texts in their stored form."""

    title: str
    text: str
    columns: tuple[Any, ...]

    @classmethod
    def of(cls, title: str, text: str, _rarities: Any, _index_key: int, *columns: Any) -> Self:
        return cls(title, text, columns[:-1])


def candidates(
    editions: QuerySet[Edition, Any], terms: Sequence[str], columns: Sequence[str], most: int
) -> tuple[list[Candidate], Mapping[str, float]]:
    """
    Return at most `most` of `editions` with their `columns`, and how rare each term is. 1 query.

    The rarity of a term is the logarithm of how many rows there are for each that holds it. The
    cost is bounded by the number of terms: `HELD` rows of each, and `most` texts.
    """
    readable = editions.order_by().annotate(index_row=F("search_row__pk"))
    sql, values = readable.values_list(*columns, "index_row").query.sql_with_params()
    holding = [
        each for number, term in enumerate(terms) for each in backend().holding(number, term, HELD)
    ]
    statement = STATEMENT.format(
        hits=" UNION ALL ".join(each.sql for each in holding),
        scored=SCORED,
        readable=sql,
        most=most,
        text=TEXT * backend().STORED_WIDTH,
        unknown=UNKNOWN,
        object=backend().JSON_OBJECT,
        texts=backend().TEXTS,
    )
    with connection.cursor() as cursor:
        cursor.execute(statement, [*(each.value for each in holding), *values])
        rows = cursor.fetchall()
    rarities = as_mapping(rows[0][2]) if rows else {}
    unknown = rarities.get(str(UNKNOWN), 0.0)
    return list(starmap(Candidate.of, rows)), {
        term: rarities.get(str(number), unknown) for number, term in enumerate(terms)
    }


def as_mapping(value: Any) -> Mapping[str, float]:
    """SQLite returns JSON as text."""
    loaded: Mapping[str, float] = json.loads(value) if isinstance(value, str) else value
    return loaded
