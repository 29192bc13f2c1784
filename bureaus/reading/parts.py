"""The figures, links and contacts of the editions on a page."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache
from types import MappingProxyType
from typing import Any, NamedTuple

from django.conf import settings

from bureaus.reading import statements
from bureaus.reading.body_documents import documents_in, links_with_documents, note_of
from bureaus.reading.moments import Moment
from bureaus.reading.rows import FigureColumns, LinkColumns, PageRow, PlacedLink
from bureaus.reading.view_models import (
    ContactView,
    FigureView,
    LinkView,
    PictureSource,
    SocialImage,
)
from bureaus.social_image import social_image_in
from bureaus.text.formatting import file_note

EXTERNAL = "（外部サイト）"
# Formats that browsers prefer to that of the picture itself, the lightest first.
LIGHT_FORMATS = {"avif": "image/avif", "webp": "image/webp"}


class PageParts(NamedTuple):
    """The parts of several editions, by the key of the edition."""

    figures: dict[int, tuple[FigureView, ...]]
    links: dict[int, tuple[LinkView, ...]]
    contacts: dict[int, tuple[ContactView, ...]]
    document_notes: Mapping[str, str] = MappingProxyType({})  # of bodies, by address

    def merged_with(self, others: "PageParts") -> "PageParts":
        return PageParts(
            self.figures | others.figures,
            self.links | others.links,
            self.contacts | others.contacts,
            {**self.document_notes, **others.document_notes},
        )


def load_parts(
    *, editions: list[int], contacts: list[int], moment: Moment, bodies: Iterable[str] = ()
) -> PageParts:
    """
    Return figures and links of some editions, and contacts of others. 3 queries.

    `bodies`: those of the editions, for the notes of the documents that they link to.
    """
    figures: dict[int, list[FigureView]] = defaultdict(list)
    links: dict[int, list[LinkView]] = defaultdict(list)
    contact_views: dict[int, list[ContactView]] = defaultdict(list)
    keys = edition_parameters(editions)
    for figure in statements.figures_of(len(editions))(**keys):
        figures[figure.edition].append(figure_view(figure))
    notes: dict[str, str] = {}
    for row in link_rows(keys, documents_in(bodies), moment):
        if row.link.edition:
            links[row.link.edition].append(link_view(row.link, moment))
        else:
            notes[row.link.document or ""] = note_of(row)
    for contact in statements.contacts_of(len(contacts))(**edition_parameters(contacts)):
        contact_views[contact.edition].append(ContactView(*contact[1:]))
    return PageParts(frozen(figures), frozen(links), frozen(contact_views), notes)


def link_rows(keys: dict[str, int], documents: list[str], moment: Moment) -> list[PlacedLink]:
    """Return links with size and pages of their documents at the moment. 1 query."""
    if documents:
        return links_with_documents(keys, documents, moment)
    statement = statements.past_links_of if moment.is_past else statements.links_of
    return [PlacedLink(0, row) for row in statement(len(keys))(at=moment.at, **keys)]


def edition_parameters(editions: Iterable[int]) -> dict[str, int]:
    return {f"edition{number}": pk for number, pk in enumerate(editions)}


def frozen(lists: dict[int, list[Any]]) -> dict[int, tuple[Any, ...]]:
    return {key: tuple(values) for key, values in lists.items()}


def figure_view(row: FigureColumns, *, base_url: str = "") -> FigureView:
    """`base_url`: the address below which the files are, if not the public one."""
    src = f"{base_url or settings.MEDIA_URL}{row.file}"
    srcset, sources = sources_of(src, row.width, row.renditions)
    return FigureView(
        src,
        row.width,
        row.height,
        "" if row.is_decorative else row.alt,
        row.caption,
        srcset,
        sources,
        social_image(src, row.renditions),
        row.size,
        row.position,
    )


@lru_cache(maxsize=4096)
def social_image(src: str, renditions: str) -> SocialImage | None:
    found = social_image_in(renditions)
    return SocialImage(f"{src}.{found[0]}", *found[1:]) if found else None


@lru_cache(maxsize=4096)
def sources_of(src: str, width: int, renditions: str) -> tuple[str, tuple[PictureSource, ...]]:
    """
    Return the `srcset` of a picture, and its other formats, by width.

    `renditions` are the endings of their names: `320.webp 640.webp 320.jpg`.
    """
    formats: dict[str, dict[int, str]] = defaultdict(dict)
    for ending in renditions.split():
        size, _, suffix = ending.partition(".")
        if not size.isdecimal():  # the social image
            continue
        formats[suffix][int(size)] = f"{src}.{ending} {size}w"
    sources = tuple(
        PictureSource(kind, srcset_of(formats[suffix]))
        for suffix, kind in LIGHT_FORMATS.items()
        if suffix in formats
    )
    others = {
        k: v for suffix in formats.keys() - LIGHT_FORMATS.keys() for k, v in formats[suffix].items()
    }
    return (srcset_of({**others, width: f"{src} {width}w"}) if others else ""), sources


def srcset_of(by_width: dict[int, str]) -> str:
    return ", ".join(by_width[width] for width in sorted(by_width))


def link_view(row: LinkColumns, moment: Moment) -> LinkView:
    if row.page:
        return LinkView(row.text, moment.address(row.page), "", is_external=False)
    if row.document:
        note = file_note(row.document, *row.size_and_pages)
        return LinkView(row.text, moment.address(f"/{row.document}"), note, is_external=False)
    return LinkView(row.text, row.url, "" if "外部" in row.text else EXTERNAL, is_external=True)


def nearest_contacts(rows: Sequence[PageRow], parts: PageParts) -> tuple[ContactView, ...]:
    """
    Return the contacts of the last of `rows`, else of the nearest page above that has any.

    Not of the root: the ministry's own number is in every footer already.
    """
    *above, page = rows
    for row in (page, *(row for row in reversed(above) if row.depth > 1)):
        if row.edition in parts.contacts:
            return parts.contacts[row.edition]
    return ()
