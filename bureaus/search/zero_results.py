"""Counting what was looked for and not found: by day and word, and nothing about anybody."""

import logging
import re
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import date, timedelta
from typing import NamedTuple

from django.db import DatabaseError, connection
from django.db.models import Max, Sum

from bureaus.models import ZeroResultQuery
from bureaus.models.search_rows import TYPED_LENGTH, WORD_LENGTH
from bureaus.text.words import fold

KEPT = timedelta(days=90)
LOOKED_BACK = timedelta(days=30)
OFTEN = 3  # times: what one person typed once is not told
WORDS_A_DAY = 1_000
GREATEST = 1_000_000
PATIENCE = 200  # milliseconds to wait for another writer; a reader has waited for his answer
# A name with a number, an address, a telephone number: nothing that is somebody's own is kept.
PERSONAL = re.compile(r"@|[0-9](?:[ー .()]{0,2}[0-9]){5,}")
COUNT = f"""
INSERT INTO bureaus_zeroresultquery (day, word, typed, count)
SELECT %s, %s, %s, 1
WHERE (SELECT count(*) FROM bureaus_zeroresultquery WHERE day = %s) < {WORDS_A_DAY}
    OR EXISTS (SELECT 1 FROM bureaus_zeroresultquery WHERE day = %s AND word = %s)
ON CONFLICT (day, word) DO UPDATE SET count = bureaus_zeroresultquery.count + 1
WHERE bureaus_zeroresultquery.count < {GREATEST}
"""  # noqa: S608 - two numbers of ours
pruned: dict[str, date] = {}  # on which day this process did it last
log = logging.getLogger(__name__)


def count_zero_result(words: Sequence[str], day: date) -> None:
    """
    Count that these words together were not found on `day`. 1 query, a second once a day.

    They are counted as they are folded, and shown as they were typed first on that day.
    Where the database has no time for it nothing is counted: it is not worth a reader's waiting.
    """
    word = " ".join(map(fold, words))
    if not word or len(word) > WORD_LENGTH or PERSONAL.search(word):
        return
    try:
        with short_busy_timeout(), connection.cursor() as cursor:
            cursor.execute(COUNT, [day, word, " ".join(words)[:TYPED_LENGTH], day, day, word])
        if pruned.get("on") != day:
            prune_zero_results(day)
            pruned["on"] = day
    except DatabaseError as error:
        log.warning("見つからなかった検索を数えられませんでした（%s）。", error)


@contextmanager
def short_busy_timeout() -> Iterator[None]:
    """On SQLite one writer holds up all others, for as long as the connection allows."""
    if connection.vendor != "sqlite":
        yield
        return
    connection.ensure_connection()
    (patience,) = connection.connection.execute("PRAGMA busy_timeout").fetchone()
    connection.connection.execute(f"PRAGMA busy_timeout = {PATIENCE}")
    try:
        yield
    finally:
        connection.connection.execute(f"PRAGMA busy_timeout = {patience}")


class ZeroResult(NamedTuple):
    """A word, or several with spaces between them: folded, and as somebody typed it."""

    word: str
    typed: str
    times: int
    last: date


def frequent_zero_results(today: date, most: int) -> list[ZeroResult]:
    """What was looked for in vain `OFTEN` and more in these days, most often first; 1 query."""
    rows = (
        ZeroResultQuery.objects.filter(day__gt=today - LOOKED_BACK)
        .order_by()
        .values("word")
        .annotate(as_typed=Max("typed"), times=Sum("count"), last=Max("day"))
        .filter(times__gte=OFTEN)
        .order_by("-times", "-last", "word")
        .values_list("word", "as_typed", "times", "last")
    )
    # What was counted before it was kept as typed is shown as it was counted.
    return [
        ZeroResult(word, typed or word, times, last) for word, typed, times, last in rows[:most]
    ]


def forget_zero_results(words: Iterable[str]) -> int:
    """Begin to count these folded words anew, because there is an answer now; 1 query."""
    rows = ZeroResultQuery.objects.filter(word__in=list(words))
    return rows._raw_delete(rows.db)  # noqa: SLF001 - one statement: nothing hangs on them


def prune_zero_results(today: date) -> int:
    """Forget the counts that are older than `KEPT`; return how many. 1 query."""
    rows = ZeroResultQuery.objects.filter(day__lt=today - KEPT)
    return rows._raw_delete(rows.db)  # noqa: SLF001 - one statement: nothing hangs on them
