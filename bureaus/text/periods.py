"""
The period of an event, as people write and read it: pure functions.

A period runs from its start until its end, which is no longer part of it. A day without a time is
the whole day: it starts at midnight, and ends at the midnight after it.
"""

import re
import unicodedata
from datetime import date, datetime, time, timedelta

from bureaus.text.dates import LENGTH, named_days
from bureaus.text.formatting import TOKYO, iso_moment, japanese_date

WEEKDAYS = "月火水木金土日"
DAY_OF_WEEK = re.compile(r"\(([月火水木金土日])(?:曜日?)?(?:[・、]?(?:祝日?|休))?\)")
TIME = re.compile(
    r"(?P<half>午前|午後|AM|PM)?"
    r"(?:(?P<noon>正午)|(?<!\d)(?P<hour>\d{1,2})(?:時(?:(?P<minute>\d{1,2})分|(?P<thirty>半))?"
    r"|:(?P<minutes>\d\d)))\Z",
    re.ASCII,
)
FIRST_YEAR, LAST_YEAR = 1900, 9998  # beyond them times of Tokyo and of UTC may not exist
SPACE = re.compile(r"(?<!\d)\s+|\s+(?!\d)")  # but that which parts the day from the hour
NOON, DAY_HOURS = 12, 24


class UnreadablePeriod(ValueError):
    """What somebody has typed is no day, or no day with a time. The message is for them."""


def start_of(text: str) -> datetime:
    """Return the start that `text` names; without a time, of its day. Raises UnreadablePeriod."""
    return moment_of(*day_and_time(text))


def end_of(text: str) -> datetime:
    """Return the end that `text` names; without a time, of its day. Raises UnreadablePeriod."""
    day, after_midnight = day_and_time(text)
    return moment_of(day, timedelta(days=1) if after_midnight is None else after_midnight)


def moment_of(day: date, after_midnight: timedelta | None) -> datetime:
    """Add the time before the zone, so that a day is one of the calendar in any zone."""
    naive = datetime.combine(day, time()) + (after_midnight or timedelta())
    return naive.replace(tzinfo=TOKYO)


def day_and_time(text: str) -> tuple[date, timedelta | None]:
    """Read a day as people write it, and the time after it if there is one, since midnight."""
    short = text[: LENGTH * 2]
    written = SPACE.sub("", unicodedata.normalize("NFKC", short)).upper().strip()
    found = TIME.search(written) if not written.isdecimal() else None
    of_day = written[: found.start()] if found else written
    days = named_days(DAY_OF_WEEK.sub("", of_day))
    if days is None or days[0] != days[1] or not FIRST_YEAR <= days[0].year <= LAST_YEAR:
        raise UnreadablePeriod(
            f"「{short}」を日時として読み取れません。「2026年12月1日」"
            "「令和8年12月1日 17時」「2026-12-1 10:30」のように入れてください。"
        )
    check_weekday(of_day, days[0])
    return days[0], since_midnight(found, short) if found else None


def since_midnight(found: re.Match[str], text: str) -> timedelta:
    hour = NOON if found["noon"] else int(found["hour"])
    minute = 30 if found["thirty"] else int(found["minute"] or found["minutes"] or 0)
    is_half = found["half"] is not None and not found["noon"]
    if found["half"] in {"午後", "PM"} and hour < NOON:
        hour += NOON
    elif is_half and found["half"] in {"午前", "AM"} and hour > NOON:
        hour = DAY_HOURS + 1
    if minute > 59 or hour * 60 + minute > DAY_HOURS * 60:  # noqa: PLR2004 - minutes of an hour
        raise UnreadablePeriod(
            f"「{text}」の時刻がありません。0時00分から24時00分までで入れてください。"
        )
    return timedelta(hours=hour, minutes=minute)


def check_weekday(text: str, day: date) -> None:
    written = DAY_OF_WEEK.search(text)
    if written and written[1] != WEEKDAYS[day.weekday()]:
        raise UnreadablePeriod(
            f"{japanese_date(day)}は{WEEKDAYS[day.weekday()]}曜日です。"
            f"「{written[0]}」か日付のどちらかを直してください。"
        )


# As it is read


def is_midnight(moment: datetime) -> bool:
    return moment.astimezone(TOKYO).time() == time()


def is_whole_days(start: datetime, end: datetime) -> bool:
    """Whether the period consists of whole days in Tokyo."""
    return is_midnight(start) and is_midnight(end)


def last_day(end: datetime) -> date:
    """Return the day in Tokyo that a period with this end still touches."""
    return (end.astimezone(TOKYO) - timedelta(microseconds=1)).date()


def written_start(start: datetime) -> str:
    """Return 2026年12月1日10時30分 for a form, without the time of a whole day."""
    return f"{japanese_date(start)}{'' if is_midnight(start) else time_in_words(start)}"


def written_end(end: datetime) -> str:
    """Return 2026年12月28日17時 for a form; of a midnight, the day that ends with it."""
    return japanese_date(last_day(end)) if is_midnight(end) else written_start(end)


def period_in_words(start: datetime, end: datetime) -> str:
    """Return 2026年12月1日（火）10時から12時まで, or 2026年12月1日（火）から28日 and so on まで."""
    first, last = start.astimezone(TOKYO).date(), last_day(end)
    opening = "" if is_midnight(start) else time_in_words(start)
    closing = "" if is_midnight(end) else time_in_words(end)
    begins = f"{japanese_date(first)}（{WEEKDAYS[first.weekday()]}）{opening}"
    if first == last:
        if not (opening or closing):
            return begins
        return f"{begins}から{closing or '24時'}まで"
    year = "" if first.year == last.year else f"{last.year}年"
    ends = f"{year}{last.month}月{last.day}日（{WEEKDAYS[last.weekday()]}）{closing}"
    return f"{begins}から{ends}まで"


def end_in_words(end: datetime) -> str:
    """Return 2026年12月28日（月）17時."""
    day = last_day(end)
    closing = "" if is_midnight(end) else time_in_words(end)
    return f"{japanese_date(day)}（{WEEKDAYS[day.weekday()]}）{closing}"


def start_in_words(start: datetime) -> str:
    """Return 2026年12月1日（火）10時."""
    day = start.astimezone(TOKYO).date()
    return f"{japanese_date(day)}（{WEEKDAYS[day.weekday()]}）" + (
        "" if is_midnight(start) else time_in_words(start)
    )


def iso_period(start: datetime, end: datetime) -> tuple[str, str]:
    """Return both in ISO 8601: of whole days the first and the last one, else two moments."""
    if is_whole_days(start, end):
        return start.astimezone(TOKYO).date().isoformat(), last_day(end).isoformat()
    return iso_moment(start), iso_moment(end)


def time_in_words(moment: datetime) -> str:
    local = moment.astimezone(TOKYO)
    return f"{local.hour}時{f'{local.minute}分' if local.minute else ''}"
