"""The moment of a request: now, or with `?at=` a past day or minute in Tokyo."""

import re
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from urllib.parse import quote

from django.utils import timezone
from django.utils.dateparse import parse_date, parse_datetime

from bureaus.text.dates import named_days
from bureaus.text.formatting import TOKYO, japanese_date, japanese_moment

DAY = re.compile(r"\d{4}-\d\d-\d\d", re.ASCII)
# In a query string an unencoded "+" arrives as a space.
MINUTE = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d)?(Z|[ +-]\d\d:\d\d)?", re.ASCII)
QUOTED_LENGTH = 40


class UnreadableMoment(ValueError):
    """A value of `?at=` that is not a readable moment. The message is for the citizen."""


class FutureMoment(UnreadableMoment):
    """A moment in the future, which only officers may read."""


@dataclass(frozen=True, slots=True)
class Moment:
    """
    `text` is the value of `?at=` in its canonical form, empty where the moment is now.

    Moments with the same text are equal: an answer does not say when it was read. So are the
    present and a moment that only officers read, in the future: there compare `at`.
    """

    at: datetime = field(compare=False)
    text: str = ""

    @property
    def is_past(self) -> bool:
        return bool(self.text)

    @property
    def is_day(self) -> bool:
        """Whether `text` names a day, not a minute of it."""
        return DAY.fullmatch(self.text) is not None

    @property
    def is_final(self) -> bool:
        """Whether the answer stays as it is: the moment is past, and its day is not today's."""
        return self.is_past and not (self.is_day and self.day >= present_moment().day)

    @property
    def day(self) -> date:
        """The day in Tokyo."""
        return timezone.localtime(self.at, TOKYO).date()

    @property
    def in_words(self) -> str:
        """The moment as exactly as it was requested: 2013年8月1日, 2013年8月1日10時05分."""
        return japanese_date(self.day) if self.is_day else japanese_moment(self.at)

    @property
    def day_text(self) -> str:
        """The value of `?at=` in links: a day, so that robots find days and no minutes."""
        return self.day.isoformat() if self.is_past else ""

    def address(self, url_path: str) -> str:
        """Return the link to `url_path` from a page at this moment."""
        return at_address(url_path, self.day_text) if self.text else url_path

    def exact_address(self, url_path: str) -> str:
        """Return the address of `url_path` at this moment itself."""
        return at_address(url_path, self.text)


def at_address(url_path: str, text: str) -> str:
    """Return the address with `?at=`, beside the query that it may have."""
    sign = "&" if "?" in url_path else "?"
    return f"{url_path}{sign}at={quote(text, safe=':')}" if text else url_path


def present_moment() -> Moment:
    return Moment(timezone.now())


def requested_moment(text: str | None) -> Moment:
    """
    Read `?at=`: a day means its end in Tokyo, a time without an offset is Tokyo's.

    A day may be written as people write it; a month or a year means its last day. Raises
    UnreadableMoment for anything else, FutureMoment for the future.
    """
    if text is None or text == "":
        return present_moment()
    days = named_days(text)
    if days is not None:
        return moment_of_days(*days, text)
    try:
        at = parse_moment(text)
    except (ValueError, OverflowError):
        at = None
    if at is None:
        raise UnreadableMoment(
            f"日時「{text[:QUOTED_LENGTH]}」を読み取れません。"
            "「2013-08-01」のように、年-月-日の形で指定してください。"
            "「平成25年8月1日」や「2013年8月」のような形も使えます。"
        )
    if at > timezone.now():
        raise future(text)
    return Moment(at, time_text(at))


def moment_of_days(first: date, last: date, text: str) -> Moment:
    """Return the end of the last day; of today, and of a month or year that runs, the present."""
    now = present_moment()
    if first > now.day:
        raise future(text)
    if last >= now.day:
        return Moment(now.at, now.day.isoformat())
    return Moment(end_of_day(last), last.isoformat())


def future(text: str) -> FutureMoment:
    return FutureMoment(
        f"日時「{text[:QUOTED_LENGTH]}」は未来です。今日までの日時を指定してください。"
    )


def parse_moment(text: str) -> datetime | None:
    """Read a moment in ISO 8601: a day, or a minute or second with or without an offset."""
    if DAY.fullmatch(text):
        day = parse_date(text)
        return end_of_day(day) if day else None
    moment = parse_datetime(text.replace(" ", "+")) if MINUTE.fullmatch(text) else None
    if moment is not None and timezone.is_naive(moment):
        moment = timezone.make_aware(moment, TOKYO)
    if moment is not None:
        # The first and last days of the calendar overflow in one of the two.
        moment = moment.astimezone(TOKYO).astimezone(UTC)
    return moment


def end_of_day(day: date) -> datetime:
    following = datetime.combine(day, time(), TOKYO) + timedelta(days=1)
    return following - timedelta(microseconds=1)


def time_text(at: datetime) -> str:
    """Return the value of `?at=` for a minute, or for a second of it, in Tokyo."""
    local = at.astimezone(TOKYO).replace(tzinfo=None)
    return local.isoformat(timespec="seconds" if local.second else "minutes")


def whole_second(start: datetime) -> datetime:
    """Return the first whole second from `start` on."""
    second = start.replace(microsecond=0)
    return second if second == start else second + timedelta(seconds=1)


def start_text(start: datetime) -> str:
    """Return the first whole second from `start` on as the value of `?at=`."""
    return time_text(whole_second(start))
