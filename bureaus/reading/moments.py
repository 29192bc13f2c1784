"""The moment of a request: now, or with `?at=` a past day or minute in Tokyo."""

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from urllib.parse import quote

from django.utils import timezone
from django.utils.dateparse import parse_date, parse_datetime

from bureaus.text.formatting import TOKYO

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
    """`text` is the value of `?at=`, empty where the moment is now."""

    at: datetime
    text: str = ""

    @property
    def is_past(self) -> bool:
        return bool(self.text)

    @property
    def is_day(self) -> bool:
        """Whether `text` names a day, not a minute of it."""
        return DAY.fullmatch(self.text) is not None

    @property
    def day(self) -> date:
        """The day in Tokyo."""
        return timezone.localtime(self.at, TOKYO).date()

    def address(self, url_path: str) -> str:
        """Return the link to `url_path` from a page at this moment."""
        return f"{url_path}?at={quote(self.text)}" if self.text else url_path


def present_moment() -> Moment:
    return Moment(timezone.now())


def requested_moment(text: str | None) -> Moment:
    """
    Read `?at=`: a day means its end in Tokyo, a time without an offset is Tokyo's.

    Raises UnreadableMoment for anything else, FutureMoment for the future.
    """
    if text is None or text == "":
        return present_moment()
    try:
        at = parse_moment(text)
    except (ValueError, OverflowError):
        at = None
    if at is None:
        raise UnreadableMoment(
            f"日時「{text[:QUOTED_LENGTH]}」を読み取れません。"
            "「2013-08-01」のように、年-月-日の形で指定してください。"
        )
    if at > timezone.now():
        if DAY.fullmatch(text) and at - timezone.now() < timedelta(days=1):
            return Moment(timezone.now(), text)  # today is not over yet: today so far
        raise FutureMoment(
            f"日時「{text[:QUOTED_LENGTH]}」は未来です。今日までの日時を指定してください。"
        )
    return Moment(at, text)


def parse_moment(text: str) -> datetime | None:
    if DAY.fullmatch(text):
        day = parse_date(text)
        if day is None:
            return None
        following = datetime.combine(day, time(), TOKYO) + timedelta(days=1)
        return following - timedelta(microseconds=1)
    moment = parse_datetime(text.replace(" ", "+")) if MINUTE.fullmatch(text) else None
    if moment is not None and timezone.is_naive(moment):
        moment = timezone.make_aware(moment, TOKYO)
    if moment is not None:
        # The first and last days of the calendar overflow in one of the two.
        moment = moment.astimezone(TOKYO).astimezone(UTC)
    return moment
