"""Words and dates for the templates."""

from collections.abc import Iterable
from datetime import date, datetime
from typing import Any

from django import template
from django.conf import settings
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe

from bureaus.reading.shown import NewsList, ShownPage, TreeEntry
from bureaus.structured_data import Head, head_of
from bureaus.text import TOKYO, japanese_date, japanese_moment

register = template.Library()


@register.simple_tag
def day(value: date | datetime) -> SafeString:
    """<time> with the day as Japanese read it and as machines do."""
    local = timezone.localtime(value, TOKYO).date() if isinstance(value, datetime) else value
    return format_html('<time datetime="{}">{}</time>', local.isoformat(), japanese_date(local))


@register.simple_tag
def minute(value: datetime) -> SafeString:
    local = timezone.localtime(value, TOKYO)
    return format_html('<time datetime="{}">{}</time>', local.isoformat(), japanese_moment(value))


@register.filter
def sanitised(body: str) -> SafeString:
    """A stored body: only `richtext.sanitise` writes those, and a check holds it to that."""
    return mark_safe(body)  # noqa: S308


@register.filter
def as_links(entries: Iterable[TreeEntry]) -> list[Any]:
    """The links of a sitemap, nested as `unordered_list` nests its items."""
    items: list[Any] = []
    for entry in entries:
        items.append(format_html('<a href="{}">{}</a>', entry.url, entry.title))
        if entry.below:
            items.append(as_links(entry.below))
    return items


@register.simple_tag
def head(page: ShownPage | NewsList, canonical: str, origin: str) -> Head:
    """What machines read in the head of a page."""
    return head_of(page, canonical=canonical, origin=origin)


@register.simple_tag
def publisher() -> dict[str, str]:
    """Who publishes this site: settings.PUBLISHER."""
    return settings.PUBLISHER


@register.simple_tag
def is_sample() -> bool:
    return bool(settings.SAMPLE_SITE)
