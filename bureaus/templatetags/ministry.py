"""Words and dates for the templates."""

import re
from collections.abc import Iterable
from datetime import date, datetime
from functools import lru_cache
from typing import Any

from django import template
from django.conf import settings
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.html import escape, format_html
from django.utils.safestring import SafeString, mark_safe

from bureaus.formats.structured_data import HeadMetadata, head_metadata
from bureaus.reading import Moment
from bureaus.reading.view_models import (
    FigureView,
    NewsList,
    PageLink,
    PageView,
    SiteFrame,
    TreeEntry,
)
from bureaus.text.formatting import TOKYO, iso_moment, japanese_date, japanese_moment
from bureaus.text.words import Pieces

register = template.Library()
Value = PageLink | tuple[PageLink, ...] | str | bool
# 第3回, 第2部会, 平成22年版: what a line break would tear apart.
COUNTER = re.compile(r"第[0-9]+[^\s、。（）「」&]?|(?:明治|大正|昭和|平成|令和)[0-9]+年[度版]?")

# How wide a figure of each shape stands, as css/components/figures.css has it.
SIZES = {"wide": "(min-width: 64rem) 56rem, 100vw", "tall": "16rem"}
ALONE = "(min-width: 26rem) 24rem, 100vw"
BESIDE = f"(min-width: 64rem) 15rem, {ALONE}"


@register.simple_tag
def picture(figure: FigureView, *, beside: str, top: bool | str, number: int) -> SafeString:
    """
    The picture of a figure in all its formats and widths.

    `beside` which text it stands, if any. The first at the `top` of a page may be above the fold,
    and does not wait to be scrolled to.
    """
    render = kept_picture.__wrapped__ if settings.DEBUG else kept_picture
    html: SafeString = render(figure, bool(beside), bool(top) and number == 1)
    return html


@lru_cache(maxsize=1024)
def kept_picture(figure: FigureView, is_beside: bool, is_eager: bool) -> SafeString:  # noqa: FBT001 - parts of the key
    """Rendered once for all that it says, as `surrounding` below: it is on every page anew."""
    sizes = SIZES.get(figure.shape) or (BESIDE if is_beside else ALONE)
    context = {"figure": figure, "sizes": sizes, "is_eager": is_eager}
    return render_to_string("components/picture.html", context)


@register.simple_tag
def day(value: date | datetime) -> SafeString:
    """<time> with the day as Japanese read it and as machines do."""
    local = timezone.localtime(value, TOKYO).date() if isinstance(value, datetime) else value
    return format_html('<time datetime="{}">{}</time>', local.isoformat(), japanese_date(local))


@register.simple_tag
def minute(value: datetime) -> SafeString:
    """The same with the minute; HTML takes no microseconds in a time."""
    return format_html('<time datetime="{}">{}</time>', iso_moment(value), japanese_moment(value))


@register.simple_tag
def moment(asked: Moment) -> SafeString:
    """The moment that a reader asked for, as exactly as they did."""
    html: SafeString = day(asked.day) if asked.is_day else minute(asked.at)
    return html


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


@register.filter
def highlighted(pieces: Pieces) -> SafeString:
    """A text with the words in it that were looked for."""
    marked = (
        f"<mark>{escape(piece.text)}</mark>" if piece.is_found else escape(piece.text)
        for piece in pieces
    )
    return mark_safe("".join(marked))  # noqa: S308


@register.simple_tag
def head(page: PageView | NewsList, canonical: str, origin: str) -> HeadMetadata:
    """What machines read in the head of a page."""
    return head_metadata(page, canonical=canonical, origin=origin)


@register.filter
def unbroken(title: str) -> SafeString:
    """`title`, for a heading: a line never ends between a counter and its number."""
    return mark_safe(COUNTER.sub(r'<span class="unit">\g<0></span>', escape(title)))  # noqa: S308


@register.simple_tag
def header(chrome: SiteFrame | str, *, query: str = "", is_home: bool = False) -> SafeString:
    """
    The top of every page; `chrome` is empty where a page refuses before anything is read.

    `query`: what the search field holds. `is_home`: the ministry's name is the page's heading.
    """
    values: dict[str, Value] = {"is_home": is_home}
    if not isinstance(chrome, str):
        values |= {
            "home": chrome.home,
            "navigation": chrome.navigation,
            "at": chrome.moment.text,
        }
    if query:  # anybody's words: nothing to keep
        return rendered("components/header.html", settings.SAMPLE_SITE, query=query, **values)
    return surrounding("components/header.html", **values)


@register.simple_tag
def footer(chrome: SiteFrame | str) -> SafeString:
    places = () if isinstance(chrome, str) else chrome.footer
    return surrounding("components/footer.html", places=places)


def surrounding(template: str, **values: Value) -> SafeString:
    """
    What is the same on a thousand pages is rendered once.

    Never stale: it is kept under all that it says. Rendering it anew took a fifth of a page.
    """
    render = rendered if settings.DEBUG else kept
    html: SafeString = render(template, settings.SAMPLE_SITE, **values)
    return html


def rendered(template: str, is_sample: bool, **values: Value) -> SafeString:  # noqa: FBT001 - part of the key
    return render_to_string(template, {**values, "is_sample": is_sample, "us": settings.PUBLISHER})


kept = lru_cache(maxsize=256)(rendered)
