"""Pure functions on words, dates and sizes as a citizen reads them."""

from datetime import date, datetime
from zoneinfo import ZoneInfo

from django.utils import timezone

TOKYO = ZoneInfo("Asia/Tokyo")
KILO = 1024


def japanese_date(moment: date | datetime) -> str:
    """2013年5月23日; of an aware moment, the day it is in Tokyo."""
    if isinstance(moment, datetime):
        moment = timezone.localtime(moment, TOKYO)
    return f"{moment.year}年{moment.month}月{moment.day}日"


def japanese_moment(moment: datetime) -> str:
    """2013年5月23日10時05分, in Tokyo."""
    local = timezone.localtime(moment, TOKYO)
    return f"{japanese_date(local)}{local.hour}時{local.minute:02}分"


def file_size(byte_size: int) -> str:
    """136KB, 1.2MB: the way ministries write it, 1KB = 1,024 bytes, never less than 1KB."""
    kilobytes = max(1, round(byte_size / KILO))
    if kilobytes < KILO:
        return f"{kilobytes}KB"
    return f"{byte_size / KILO**2:.1f}MB"
