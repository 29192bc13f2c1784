"""Periods as people type them and read them: pure functions."""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bureaus.text.periods import (
    UnreadablePeriod,
    end_of,
    iso_period,
    period_in_words,
    start_of,
    written_end,
    written_start,
)
from tests.helpers.cast import tokyo

MORNING, DAY, NEXT = tokyo(2026, 12, 1, 10, 30), tokyo(2026, 12, 1), tokyo(2026, 12, 2)


@pytest.mark.parametrize(
    ("text", "start", "end"),
    [
        ("令和8年12月1日", DAY, NEXT),
        ("2026-12-1", DAY, NEXT),
        ("R8.12.1(火)", DAY, NEXT),
        ("20261201", DAY, NEXT),
        ("２０２６年１２月１日（火）午前１０時３０分", MORNING, MORNING),
        ("2026/12/01 10:30", MORNING, MORNING),
        ("令和8年12月1日（火曜日）10時半", MORNING, MORNING),
        ("2026年12月1日 午後5時", tokyo(2026, 12, 1, 17), tokyo(2026, 12, 1, 17)),
        ("2026-12-01 0:00", DAY, DAY),
        ("2026 - 12 - 1　９：０５", tokyo(2026, 12, 1, 9, 5), tokyo(2026, 12, 1, 9, 5)),
        ("2026年12月1日 正午", tokyo(2026, 12, 1, 12), tokyo(2026, 12, 1, 12)),
        ("2026年12月1日 24時", NEXT, NEXT),
        ("2028年2月29日", tokyo(2028, 2, 29), tokyo(2028, 3, 1)),
    ],
)
def test_a_day_with_or_without_a_time_is_read(text: str, start: datetime, end: datetime) -> None:
    assert (start_of(text), end_of(text)) == (start, end)


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("2026年12月1日（月）", "2026年12月1日は火曜日です。"),
        ("2027年2月29日", "読み取れません"),
        ("2026年12月", "読み取れません"),
        ("12月1日", "読み取れません"),
        ("9999-12-31", "読み取れません"),
        ("0001-01-01", "読み取れません"),
        ("2026-12-1 25:00", "時刻がありません"),
        ("2026-12-1 10:75", "時刻がありません"),
        ("2026年12月1日 午前13時", "時刻がありません"),
        ("1" * 5000, "読み取れません"),
        ("2026-12-0110:30", "読み取れません"),
        ("10:30", "読み取れません"),
    ],
)
def test_what_cannot_be_read_is_refused_with_the_reason(text: str, reason: str) -> None:
    for read in (start_of, end_of):
        with pytest.raises(UnreadablePeriod, match=reason):
            read(text)


@pytest.mark.parametrize(
    ("start", "end", "words"),
    [
        (DAY, NEXT, "2026年12月1日（火）"),
        (DAY, tokyo(2026, 12, 29), "2026年12月1日（火）から12月28日（月）まで"),
        (DAY, tokyo(2027, 1, 5, 17), "2026年12月1日（火）から2027年1月5日（火）17時まで"),
        (MORNING, tokyo(2026, 12, 1, 12), "2026年12月1日（火）10時30分から12時まで"),
        (MORNING, NEXT, "2026年12月1日（火）10時30分から24時まで"),
    ],
)
def test_a_period_is_written_with_weekdays(start: datetime, end: datetime, words: str) -> None:
    assert period_in_words(start, end) == words


def test_machines_read_the_last_day_of_whole_days() -> None:
    assert iso_period(DAY, tokyo(2026, 12, 29)) == ("2026-12-01", "2026-12-28")
    assert iso_period(DAY, MORNING)[1] == "2026-12-01T10:30:00+09:00"


@given(st.datetimes(datetime(1952, 1, 1), datetime(9998, 1, 1)))  # noqa: DTZ001 - UTC is added
def test_what_a_form_writes_it_reads_again(naive: datetime) -> None:
    moment = naive.replace(second=0, microsecond=0, tzinfo=UTC)
    assert start_of(written_start(moment)) == moment
    assert end_of(written_end(moment)) == moment
