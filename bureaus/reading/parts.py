"""The figures, links and contacts of the editions on a page."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache
from typing import Any, NamedTuple

from django.conf import settings

from bureaus.reading import statements
from bureaus.reading.ancestors import PageRow
from bureaus.reading.compiled_sql import Row
from bureaus.reading.moments import Moment
from bureaus.reading.view_models import ContactView, FigureView, LinkView, SocialImage, Source
from bureaus.social_image import social_image_in
from bureaus.text.formatting import file_note

OUTSIDE = "（外部サイト）"
# What browsers choose from before the format of the picture itself, the lightest first.
LIGHT = {"avif": "image/avif", "webp": "image/webp"}


class Parts(NamedTuple):
    """The parts of several editions, each under its edition's key."""

    figures: dict[int, tuple[FigureView, ...]]
    links: dict[int, tuple[LinkView, ...]]
    contacts: dict[int, tuple[ContactView, ...]]

    def together_with(self, others: "Parts") -> "Parts":
        return Parts(
            self.figures | others.figures,
            self.links | others.links,
            self.contacts | others.contacts,
        )


def parts_of(*, shown: list[int], contacts: list[int], moment: Moment) -> Parts:
    """3 queries."""
    figures: dict[int, list[FigureView]] = defaultdict(list)
    links: dict[int, list[LinkView]] = defaultdict(list)
    people: dict[int, list[ContactView]] = defaultdict(list)
    shown_keys = keys(shown)
    for row in statements.figures_of(len(shown))(**shown_keys):
        figures[row[0]].append(figure_view(*row[1:]))
    for row in link_rows(shown_keys, moment):
        links[row[0]].append(link_view(moment, *row[1:]))
    for row in statements.contacts_of(len(contacts))(**keys(contacts)):
        people[row[0]].append(ContactView(*row[1:]))
    return Parts(frozen(figures), frozen(links), frozen(people))


def link_rows(shown: dict[str, int], moment: Moment) -> Iterator[Row]:
    """1 query; of a document that was replaced since, what its file was like at the moment."""
    if not moment.is_past:
        yield from statements.links_of(len(shown))(**shown)
        return
    for *row, size, pages in statements.past_links_of(len(shown))(at=moment.at, **shown):
        yield row if size is None else [*row[:-2], size, pages]


def keys(editions: Iterable[int]) -> dict[str, int]:
    return {f"edition{number}": pk for number, pk in enumerate(editions)}


def frozen(lists: dict[int, list[Any]]) -> dict[int, tuple[Any, ...]]:
    return {key: tuple(values) for key, values in lists.items()}


def figure_view(  # noqa: PLR0917 - a row
    file: str,
    width: int,
    height: int,
    renditions: str,
    alt: str,
    is_decorative: bool,  # noqa: FBT001 - a row
    caption: str,
    *,
    below: str = "",
) -> FigureView:
    """`below`: where the files are, if not at their public address."""
    src = f"{below or settings.MEDIA_URL}{file}"
    srcset, sources = sources_of(src, width, renditions)
    words = "" if is_decorative else alt
    return FigureView(src, width, height, words, caption, srcset, sources, card_at(src, renditions))


@lru_cache(maxsize=4096)
def card_at(src: str, renditions: str) -> SocialImage | None:
    found = social_image_in(renditions)
    return SocialImage(f"{src}.{found[0]}", *found[1:]) if found else None


@lru_cache(maxsize=4096)
def sources_of(src: str, width: int, renditions: str) -> tuple[str, tuple[Source, ...]]:
    """
    The `srcset` of a picture, and its other formats: what is written beside it, by width.

    `renditions` are the endings of their names: `320.webp 640.webp 320.jpg`.
    """
    formats: dict[str, dict[int, str]] = defaultdict(dict)
    for ending in renditions.split():
        size, _, suffix = ending.partition(".")
        if not size.isdecimal():  # the card
            continue
        formats[suffix][int(size)] = f"{src}.{ending} {size}w"
    sources = tuple(
        Source(kind, joined(formats[suffix])) for suffix, kind in LIGHT.items() if suffix in formats
    )
    others = {k: v for suffix in formats.keys() - LIGHT.keys() for k, v in formats[suffix].items()}
    return (joined({**others, width: f"{src} {width}w"}) if others else ""), sources


def joined(by_width: dict[int, str]) -> str:
    return ", ".join(by_width[width] for width in sorted(by_width))


def link_view(  # noqa: PLR0917 - a row
    moment: Moment,
    text: str,
    page: str | None,
    url: str,
    document: str | None,
    size: int | None,
    pages: int | None,
) -> LinkView:
    if page:
        return LinkView(text, moment.address(page), "", is_external=False)
    if document:
        note = file_note(document, size or 0, pages)
        return LinkView(text, moment.address(f"/{document}"), note, is_external=False)
    return LinkView(text, url, "" if "外部" in text else OUTSIDE, is_external=True)


def nearest_contacts(chain: Sequence[PageRow], parts: Parts) -> tuple[ContactView, ...]:
    """
    Of the page itself, else of the nearest page above that names one.

    Not of the root: the ministry's own number stands in every footer, and would be no help here.
    """
    *above, page = chain
    for row in (page, *(row for row in reversed(above) if row.depth > 1)):
        if row.edition in parts.contacts:
            return parts.contacts[row.edition]
    return ()
