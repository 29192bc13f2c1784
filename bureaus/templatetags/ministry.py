"""Template tags and filters of the public pages: dates, pictures, header and footer."""

import re
from collections.abc import Hashable, Iterable, Iterator, Sequence
from datetime import date, datetime
from functools import lru_cache
from html import escape as escape_text
from typing import NamedTuple

from django import template
from django.conf import settings
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.html import escape, format_html
from django.utils.safestring import SafeString, mark_safe

from bureaus.formats.structured_data import HeadMetadata, head_metadata
from bureaus.reading import Moment
from bureaus.reading.body_html import note_html
from bureaus.reading.view_models import (
    FigureView,
    FilterChoice,
    NewsList,
    PageView,
    SiteFrame,
    TreeEntry,
)
from bureaus.text.figure_marks import MARKED_PARAGRAPH, number_of
from bureaus.text.formatting import TOKYO, iso_moment, japanese_date, japanese_moment
from bureaus.text.words import Pieces

register = template.Library()
Argument = Hashable  # of a component: part of the key of its cache
# 第3回, 第2部会, 平成22年版: what a line break must not separate.
COUNTER = re.compile(r"第[0-9]+[^\s、。（）「」&]?|(?:明治|大正|昭和|平成|令和)[0-9]+年[度版]?")

# The width of a figure of each shape, as in css/components/figures.css.
SIZES = {
    "wide": "(min-width: 64rem) 56rem, 100vw",
    "large": "(min-width: 64rem) 56rem, 100vw",
    "medium": "(min-width: 32rem) 30rem, 100vw",
    "small": "15rem",
    "tall": "16rem",
}
SIZES_WITHOUT_TEXT = "(min-width: 26rem) 24rem, 100vw"
SIZES_BESIDE_TEXT = f"(min-width: 64rem) 15rem, {SIZES_WITHOUT_TEXT}"


@register.filter
def note_links(note: str, moment: Moment) -> SafeString:
    """Render the note of a page that ends, with links to the addresses in it."""
    return mark_safe(note_html(note, moment))  # noqa: S308 - escaped there


@register.simple_tag
def picture(figure: FigureView, *, beside: str, top: bool | str, number: int) -> SafeString:
    """
    Render the picture of a figure in all its formats and widths.

    `beside` is the text next to it, if any. The first at the `top` of a page is not loaded lazily:
    it may be visible before any scrolling.
    """
    render = cached_picture.__wrapped__ if settings.DEBUG else cached_picture
    html: SafeString = render(figure, bool(beside), bool(top) and number == 1)
    return html


@lru_cache(maxsize=1024)
def cached_picture(figure: FigureView, is_beside: bool, is_eager: bool) -> SafeString:  # noqa: FBT001 - parts of the key
    """Render a picture once for each combination of its arguments."""
    sizes = SIZES.get(figure.shape) or (SIZES_BESIDE_TEXT if is_beside else SIZES_WITHOUT_TEXT)
    context = {"figure": figure, "sizes": sizes, "is_eager": is_eager}
    return render_to_string("components/picture.html", context)


class PlacedFigures(NamedTuple):
    """A body with the figures that stand in it, and the figures that stand beside it."""

    body: SafeString
    others: tuple[FigureView, ...]


@register.simple_tag
def placed_figures(body: str, figures: Sequence[FigureView]) -> PlacedFigures:
    """
    Put each figure where `body` has its mark, once.

    A mark of a figure that is sealed or hidden is left out; without any figure it is text.
    """
    if not figures or "〔図" not in body:
        return PlacedFigures(sanitised(body), tuple(figures))
    left = {figure.position: figure for figure in figures}

    def in_place(mark: re.Match[str]) -> str:
        figure = left.pop(number_of(mark), None)
        context = {"figure": figure, "number": 2}  # not the first of the page
        return render_to_string("components/figure.html", context) if figure else ""

    return PlacedFigures(sanitised(MARKED_PARAGRAPH.sub(in_place, body)), tuple(left.values()))


@register.simple_tag
def day(value: date | datetime) -> SafeString:
    """Render the day as <time>, in Japanese and in ISO 8601."""
    local = timezone.localtime(value, TOKYO).date() if isinstance(value, datetime) else value
    return format_html('<time datetime="{}">{}</time>', local.isoformat(), japanese_date(local))


@register.simple_tag
def minute(value: datetime) -> SafeString:
    """Render the day and the minute as <time>, where HTML allows no microseconds."""
    return format_html('<time datetime="{}">{}</time>', iso_moment(value), japanese_moment(value))


@register.filter
def japanese_day(value: date | datetime) -> str:
    """Return the day in Tokyo as text alone: 2013年5月23日."""
    return japanese_date(value)


@register.simple_tag
def moment(requested: Moment) -> SafeString:
    """Render the requested moment, as exactly as it was requested."""
    html: SafeString = day(requested.day) if requested.is_day else minute(requested.at)
    return html


@register.filter
def sanitised(body: str) -> SafeString:
    """Trust a stored body: only `sanitise` writes those, and an integrity check verifies it."""
    return mark_safe(body)  # noqa: S308


@register.filter
def nested_list(entries: Iterable[TreeEntry]) -> SafeString:
    """
    Render the links of a sitemap as nested lists, in the form of Django's `unordered_list`.

    For a thousand lines: Django's own filters take ten times as long.
    """
    return mark_safe("\n".join(list_items(entries, 1)))  # noqa: S308


def list_items(entries: Iterable[TreeEntry], depth: int) -> Iterator[str]:
    indent = "\t" * depth
    for entry in entries:
        link = f'{indent}<li><a href="{escape_text(entry.url)}">{escape_text(entry.title)}</a>'
        if entry.below:
            yield f"{link}\n{indent}<ul>"
            yield from list_items(entry.below, depth + 1)
            yield f"{indent}</ul>\n{indent}</li>"
        else:
            yield f"{link}</li>"


@register.filter
def highlighted(pieces: Pieces) -> SafeString:
    """Render a text with the words of the query marked."""
    marked = (
        f"<mark>{escape(piece.text)}</mark>" if piece.is_found else escape(piece.text)
        for piece in pieces
    )
    return mark_safe("".join(marked))  # noqa: S308


class FilterGroup(NamedTuple):
    name: str
    choices: Sequence[FilterChoice]


@register.simple_tag
def filters(label: str, *names_and_choices: str | Sequence[FilterChoice]) -> SafeString:
    """
    Render filters in one closed box that says what is chosen; nothing where there is no choice.

    `names_and_choices`: the name of a filter, then its choices, the first one being the default.
    """
    pairs = zip(names_and_choices[::2], names_and_choices[1::2], strict=True)
    groups = [FilterGroup(str(name), choices) for name, choices in pairs if len(choices) > 1]  # type: ignore[arg-type]
    if not groups:
        return SafeString()
    chosen = [each.label for group in groups for each in group.choices[1:] if each.is_chosen]
    context = {"label": label, "groups": groups, "chosen": "、".join(chosen)}
    return render_to_string("components/filters.html", context)


@register.simple_tag
def head(page: PageView | NewsList, canonical: str, origin: str) -> HeadMetadata:
    """Return the metadata in the head of a page."""
    return head_metadata(page, canonical=canonical, origin=origin)


@register.filter
def unbroken(title: str) -> SafeString:
    """Render `title` so that no line ends between a counter and its number."""
    return mark_safe(COUNTER.sub(r'<span class="unit">\g<0></span>', escape(title)))  # noqa: S308


@register.simple_tag
def header(site_frame: SiteFrame | str, *, has_search: bool = True) -> SafeString:
    """
    Render the header of a page; `site_frame` is empty on an error page without queries.

    `has_search`: the page has no search field of its own.
    """
    arguments: dict[str, Argument] = {"has_search": bool(has_search)}
    if not isinstance(site_frame, str):
        arguments |= {
            "home": site_frame.home,
            "navigation": site_frame.navigation,
            "at": requested_day(site_frame),
        }
    return cached_component("components/header.html", **arguments)


@register.simple_tag
def footer(site_frame: SiteFrame | str) -> SafeString:
    """Render the footer of a page."""
    if isinstance(site_frame, str):
        return cached_component("components/footer.html", links=())
    at = requested_day(site_frame)
    return cached_component("components/footer.html", links=site_frame.footer, at=at)


def requested_day(site_frame: SiteFrame) -> str:
    """Return the day that search, data and feeds are read at; empty: today."""
    return "" if site_frame.precedes_records else site_frame.moment.day_text


def cached_component(template: str, **arguments: Argument) -> SafeString:
    """
    Render a component that is the same on many pages once for each combination of arguments.

    The cache is never stale: its key is all that is rendered. Without it, header and footer are a
    fifth of the cost of a page.
    """
    render = rendered if settings.DEBUG else cached
    html: SafeString = render(template, **site_arguments(), **arguments)
    return html


def site_arguments() -> dict[str, Argument]:
    return {"is_sample": settings.SAMPLE, "publisher": settings.PUBLISHER}


def rendered(template: str, **arguments: Argument) -> SafeString:
    return render_to_string(template, arguments)


cached = lru_cache(maxsize=256)(rendered)
