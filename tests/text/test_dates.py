"""Dates as people write them."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bureaus.text.dates import named_days
from bureaus.text.eras import FIRST_AND_LAST, LETTERS

FIRST_OF_AUGUST = date(2013, 8, 1)


@pytest.mark.parametrize(
    "text",
    [
        "2013-8-1",
        "2013-08-01",
        "2013/08/01",
        "2013.8.1",
        "20130801",
        "2013年8月1日",
        "2013年08月1日（木）",
        "２０１３年８月１日",
        "２０１３／８／１",
        "平成25年8月1日",
        "平成２５年８月１日",
        "平成 25年 8月 1日",
        "㍻25年8月1日",
        "平25.8.1",
        "H25.8.1",
        "h25/8/1",
        "Ｈ２５．８．１",
        " H25-08-01 ",
    ],
)
def test_a_day_is_read_as_people_write_it(text: str) -> None:
    assert named_days(text) == (FIRST_OF_AUGUST, FIRST_OF_AUGUST)


@pytest.mark.parametrize(
    ("text", "last"),
    [
        ("2013年8月", date(2013, 8, 31)),
        ("2013-8", date(2013, 8, 31)),
        ("平成25年8月", date(2013, 8, 31)),
        ("H25.8", date(2013, 8, 31)),
        ("2016年2月", date(2016, 2, 29)),
        ("2013", date(2013, 12, 31)),
        ("2013年", date(2013, 12, 31)),
        ("平成25年", date(2013, 12, 31)),
        ("H25", date(2013, 12, 31)),
        ("令和元年", date(2019, 12, 31)),
        ("R元.5", date(2019, 5, 31)),
        ("平成31年", date(2019, 4, 30)),
        ("昭和64年", date(1989, 1, 7)),
        ("昭和64年1月", date(1989, 1, 7)),
        ("大正元年", date(1912, 12, 31)),
        ("明治45年", date(1912, 7, 30)),
        ("平成32年", date(2020, 12, 31)),  # written before it was known to be 令和2年
    ],
)
def test_a_month_or_a_year_ends_with_its_last_day(text: str, last: date) -> None:
    days = named_days(text)
    assert days is not None
    assert days[1] == last


@pytest.mark.parametrize(
    "text",
    [
        "",
        "never",
        "元年",
        "平成",
        "平成年",
        "平成0年",
        "H0.8.1",
        "13.8.1",
        "201308",
        "2013-W31-4",
        "2013-13-01",
        "2013-02-30",
        "平成25年2月29日",
        "0000",
        "2013-8/1",
        "2013-8-",
        "2013年8",
        "8月1日",
        "2013-08-01T10:00",
        "2013-08-01 10:00",
        "2013-08-01x",
        "2013-08-01" * 700,
    ],
)
def test_what_is_no_date_is_not_read(text: str) -> None:
    assert named_days(text) is None


@given(st.dates(date(1873, 1, 1), date(2099, 12, 31)))
def test_every_day_is_read_in_its_era(day: date) -> None:
    era, (first, _) = next(
        (era, days) for era, days in reversed(FIRST_AND_LAST.items()) if days[0] <= day
    )
    letter = next(letter for letter, name in LETTERS.items() if name == era)
    year = day.year - first.year + 1
    for written in (
        f"{era}{year}年{day.month}月{day.day}日",
        f"{era}{'元' if year == 1 else year}年{day.month}月{day.day}日",
        f"{letter}{year}.{day.month}.{day.day}",
        f"{day.year}/{day.month}/{day.day}",
        f"{day:%Y%m%d}",
    ):
        assert named_days(written) == (day, day)


@given(st.text(alphabet="0123456789年月日平成令和元HR./- ０１", max_size=12))
def test_no_text_fails(text: str) -> None:
    days = named_days(text)
    assert days is None or days[0] <= days[1]
