"""Dates, sizes and excerpts as the public reads them: pure functions."""

import re
from datetime import UTC, date, datetime
from html import unescape
from zoneinfo import ZoneInfo

from django.utils import timezone

OPERATOR = "運用の担当者"  # who acts without an account, at the command line
TOKYO = ZoneInfo("Asia/Tokyo")
KILO = 1024
FORMS = {
    "docx": "Word",
    "xlsx": "Excel",
    "pptx": "PowerPoint",
}  # other formats are named by their suffix
# At the end of a link: a note that somebody typed.
TYPED_NOTE = re.compile(
    r"\s*[（(\[［【<](?:(?:PDF|ＰＤＦ|Word|Excel|ワード|エクセル)[^（()）\]］】>]*"
    r"|[0-9,.]+\s?[KM]B)[）)\]］】>]$",
    re.IGNORECASE,
)
# Also a tag that is cut off at the end, and a reading (rt) with its text.
INLINE = re.compile(
    r"<(rt|rp)>[^<]*(?:</\1>|$)"
    r'|<span class="links__note">[^<]*(?:</span>|$)'  # of a document that the text links to
    r"|〔図[0-9０-９]{1,2}〕"  # the place of a figure
    r"|</?(?:a|em|rb|ruby|strong)\b[^>]*(?:>|$)"
)
BLOCK = re.compile(r"<[^>]*(?:>|$)")
CUT_ENTITY = re.compile(r"&[#\w]*$")
EXCERPT_SOURCE = 600  # characters: a body may have two hundred thousand
EXCERPT = 120  # characters, about what a search engine shows


def japanese_date(moment: date | datetime) -> str:
    """Return 2013年5月23日; for an aware moment, the day in Tokyo."""
    if isinstance(moment, datetime):
        moment = timezone.localtime(moment, TOKYO)
    return f"{moment.year}年{moment.month}月{moment.day}日"


def japanese_moment(moment: datetime) -> str:
    """Return 2013年5月23日10時05分, in Tokyo."""
    local = timezone.localtime(moment, TOKYO)
    return f"{japanese_date(local)}{local.hour}時{local.minute:02}分"


def japanese_time(moment: datetime) -> str:
    """Return 10時05分, in Tokyo, for a moment of today."""
    local = timezone.localtime(moment, TOKYO)
    return f"{local.hour}時{local.minute:02}分"


def japanese_time_with_seconds(moment: datetime) -> str:
    """Return 10時05分09秒, in Tokyo."""
    return f"{japanese_time(moment)}{timezone.localtime(moment, TOKYO).second:02}秒"


def iso_moment(moment: datetime) -> str:
    """Return 2013-05-23T10:05:00+09:00, in Tokyo, for machines."""
    return timezone.localtime(moment, TOKYO).isoformat(timespec="seconds")


def utc_moment(moment: datetime) -> str:
    """Return 2013-05-23T01:05:00Z, for machines that expect UTC."""
    return f"{moment.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}"


def file_size(byte_size: int) -> str:
    """Return 136KB or 1.2MB, as ministries write it: 1KB = 1,024 bytes, never less than 1KB."""
    kilobytes = max(1, round(byte_size / KILO))
    if kilobytes < KILO:
        return f"{kilobytes}KB"
    return f"{byte_size / KILO**2:.1f}MB"


def file_note(name: str, byte_size: int, page_count: int | None = None) -> str:
    """Return （PDF形式：136KB、4ページ）, the note after a link to a file."""
    suffix = name.rpartition(".")[2].lower()
    length = f"、{page_count}ページ" if page_count else ""
    return f"（{FORMS.get(suffix, suffix.upper())}形式：{file_size(byte_size)}{length}）"


def excerpt(html: str, length: int = EXCERPT) -> str:
    """
    Return the beginning of the text, at most `length` characters, without ruby readings.

    Reads the beginning only and parses nothing, as every page needs it.
    """
    beginning = CUT_ENTITY.sub("", BLOCK.sub(" ", INLINE.sub("", html[:EXCERPT_SOURCE])))
    words = " ".join(unescape(beginning).split())
    is_whole = len(words) <= length and len(html) <= EXCERPT_SOURCE
    return words if is_whole else f"{words[: length - 1]}…"
