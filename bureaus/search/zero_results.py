"""Counts of queries without results, by day and word; they hold nothing about a person."""

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

RETENTION = timedelta(days=90)
PERIOD = timedelta(days=30)
OFTEN = 3  # times: what one person typed once is not reported
WORDS_A_DAY = 1_000
COUNT_LIMIT = 1_000_000
BUSY_TIMEOUT = 200  # milliseconds to wait for another writer, while a reader waits
# A name with a number, an address, a telephone number: personal data is not stored.
PERSONAL = re.compile(r"@|[0-9](?:[ー .()]{0,2}[0-9]){5,}")
COUNT = f"""
INSERT INTO bureaus_zeroresultquery (day, word, typed, count)
SELECT %s, %s, %s, 1
WHERE (SELECT count(*) FROM bureaus_zeroresultquery WHERE day = %s) < {WORDS_A_DAY}
    OR EXISTS (SELECT 1 FROM bureaus_zeroresultquery WHERE day = %s AND word = %s)
ON CONFLICT (day, word) DO UPDATE SET count = bureaus_zeroresultquery.count + 1
WHERE bureaus_zeroresultquery.count < {COUNT_LIMIT}
"""  # noqa: S608 - two numbers of ours
pruned: dict[str, date] = {}  # on which day this process did it last
log = logging.getLogger(__name__)


def count_zero_result(words: Sequence[str], day: date) -> None:
    """
    Count that these words together were not found on `day`. 1 query, a second once a day.

    They are counted as they are folded, and shown as they were typed first on that day.
    Where the database is busy nothing is counted, so that no reader waits for it.
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
    """Wait less than usual for other writers: on SQLite one writer blocks all others."""
    if connection.vendor != "sqlite":
        yield
        return
    connection.ensure_connection()
    (busy_timeout,) = connection.connection.execute("PRAGMA busy_timeout").fetchone()
    connection.connection.execute(f"PRAGMA busy_timeout = {BUSY_TIMEOUT}")
    try:
        yield
    finally:
        connection.connection.execute(f"PRAGMA busy_timeout = {busy_timeout}")


class ZeroResult(NamedTuple):
    """A word, or several with spaces between them: folded, and as typed."""

    word: str
    typed: str
    times: int
    last: date


def frequent_zero_results(today: date, most: int) -> list[ZeroResult]:
    """Return the queries without results of the period, the most frequent first; 1 query."""
    rows = (
        ZeroResultQuery.objects.filter(day__gt=today - PERIOD)
        .order_by()
        .values("word")
        .annotate(as_typed=Max("typed"), times=Sum("count"), last=Max("day"))
        .filter(times__gte=OFTEN)
        .order_by("-times", "-last", "word")
        .values_list("word", "as_typed", "times", "last")
    )
    # Rows from before `typed` existed are shown folded.
    return [
        ZeroResult(word, typed or word, times, last) for word, typed, times, last in rows[:most]
    ]


def forget_zero_results(words: Iterable[str]) -> int:
    """Delete the counts of these folded words, because there is a result now; 1 query."""
    rows = ZeroResultQuery.objects.filter(word__in=list(words))
    return rows._raw_delete(rows.db)  # noqa: SLF001 - one statement: nothing hangs on them


def prune_zero_results(today: date) -> int:
    """Delete the counts that are older than `RETENTION`; return how many. 1 query."""
    rows = ZeroResultQuery.objects.filter(day__lt=today - RETENTION)
    return rows._raw_delete(rows.db)  # noqa: SLF001 - one statement: nothing hangs on them
