"""
What machines read in the head of a page: its description, its picture, and JSON-LD (schema.org).

Made from what the reader is shown, in microseconds: it comes with every page.
"""

import json
from collections.abc import Iterable, Sequence
from typing import Any, NamedTuple, TypedDict

from django.conf import settings
from django.templatetags.static import static
from django.utils.safestring import SafeString, mark_safe

from bureaus.models import Kind
from bureaus.reading import NewsList, PageView
from bureaus.reading.request_paths import as_json
from bureaus.reading.view_models import PageLink, Section
from bureaus.text.formatting import excerpt, iso_moment

Node = dict[str, Any]

# As json_script does: nothing in a text can end the script element, or a line of JavaScript.
ESCAPES = {sign: f"\\u{ord(sign):04X}" for sign in "<>&\u2028\u2029"}
DEFAULT_PICTURE = ("img/og.png", 1200, 630)


ENCODE = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode


class Picture(NamedTuple):
    url: str
    width: int
    height: int
    alt: str


class HeadMetadata(TypedDict):
    """
    Every address is whole. `feed` is that of the nearest organisation.

    A dictionary, which a template reads twice as fast as attributes.
    """

    title: str
    description: str
    type: str
    site_name: str
    image: str
    image_width: int
    image_height: int
    image_alt: str
    json: str
    feed: str
    feed_title: str
    data: SafeString  # JSON-LD


def head_metadata(page: PageView | NewsList, *, canonical: str, origin: str) -> HeadMetadata:
    home = page.chrome.home.title
    listing = listing_of(page)
    picture = picture_of(page, origin, site_name=home)
    return HeadMetadata(
        title=page.heading if isinstance(page, PageView) else page.title,
        description=description_of(page),
        type="article" if is_news(page) else "website",
        site_name=home,
        image=picture.url,
        image_width=picture.width,
        image_height=picture.height,
        image_alt=picture.alt,
        json=f"{origin}{as_json(at_its_moment(page))}",
        feed=f"{origin}{address_today(listing)}feed.xml",
        feed_title=f"{home if listing.url == '/' else listing.title}の新着情報",
        data=as_data(graph_of(page, canonical=canonical, origin=origin, picture=picture)),
    )


def at_its_moment(page: PageView | NewsList) -> str:
    """The data of a page seen in the past are those of then."""
    return page.chrome.moment.address(page.url) if isinstance(page, PageView) else page.url


def is_news(page: PageView | NewsList) -> bool:
    return isinstance(page, PageView) and page.kind == Kind.NEWS_ITEM


def listing_of(page: PageView | NewsList) -> PageLink:
    """The organisation whose news are nearest: the page itself, or what it stands in."""
    if isinstance(page, NewsList):
        return page.crumbs[-1] if page.crumbs else page.chrome.home
    return line_of(page)[-1]


def line_of(page: PageView) -> tuple[PageLink, ...]:
    """The organisations from the ministry down to the one that the page is, or stands in."""
    if page.kind == Kind.ORGANISATION:
        return (*page.within, PageLink(page.title, page.url, page.english))
    return page.within or (page.chrome.home,)


def address_today(place: PageLink) -> str:
    return place.url.partition("?")[0]


def description_of(page: PageView | NewsList) -> str:
    """The lead, or the first words of the body, or of the first section that has any."""
    if isinstance(page, NewsList):
        return f"{page.title}の一覧です。"
    parts: list[PageView | Section] = [page, *page.sections]
    return excerpt(next((text for part in parts if (text := part.lead or part.body)), ""))


def picture_of(page: PageView | NewsList, origin: str, *, site_name: str) -> Picture:
    """The page's first picture, cut out around its focal point if it has a card; or the site's."""
    if isinstance(page, PageView):
        parts: list[PageView | Section] = [page, *page.sections]
        figure = next((part.figures[0] for part in parts if part.figures), None)
        if figure is not None and figure.card is not None:
            return Picture(f"{origin}{figure.card.src}", *figure.card[1:], figure.alt)
        if figure is not None:
            return Picture(f"{origin}{figure.src}", figure.width, figure.height, figure.alt)
    path, width, height = DEFAULT_PICTURE
    return Picture(f"{origin}{static(path)}", width, height, site_name)


# JSON-LD


def as_data(graph: list[Node]) -> SafeString:
    text = ENCODE({"@context": "https://schema.org", "@graph": graph})
    for sign, escaped in ESCAPES.items():  # translate() takes fifty times as long
        text = text.replace(sign, escaped)
    return mark_safe(text)  # noqa: S308 - nothing in it can be markup now


def graph_of(
    page: PageView | NewsList, *, canonical: str, origin: str, picture: Picture
) -> list[Node]:
    """What the page is about, and the way to it."""
    here = page.title if isinstance(page, PageView) else "新着情報"
    graph = [breadcrumb(page.crumbs, here, origin)] if page.crumbs else []
    if isinstance(page, NewsList):
        graph.append(web_page(page.title, canonical))
        return graph
    organisations = organisation(line_of(page), origin)
    if page.kind == Kind.ORGANISATION:
        return [organisations, *graph]
    node = article(page, canonical, picture) if is_news(page) else web_page(page.title, canonical)
    return [node | dates(page) | {"publisher": organisations}, *graph]


def web_page(name: str, canonical: str) -> Node:
    return {"@type": "WebPage", "name": name, "url": canonical, "inLanguage": "ja"}


def article(page: PageView, canonical: str, picture: Picture) -> Node:
    return {
        "@type": "NewsArticle",
        "headline": page.title,
        "mainEntityOfPage": canonical,
        "image": picture.url,
        "inLanguage": "ja",
    }


def dates(page: PageView) -> Node:
    return {
        "datePublished": iso_moment(page.first_published),
        "dateModified": iso_moment(page.updated),
    }


def organisation(line: Sequence[PageLink], origin: str) -> Node:
    """The last of `line`, inside those before it; the first is the ministry."""
    *above, here = line
    url = f"{origin}{address_today(here)}"
    node: Node = {
        "@type": "GovernmentOrganization",
        "@id": f"{url}#organisation",
        "name": here.title,
        "url": url,
    }
    if here.english:
        node["alternateName"] = here.english
    return node | ({"parentOrganization": organisation(above, origin)} if above else ministry())


def ministry() -> Node:
    """What only the publisher of the site has."""
    us = settings.PUBLISHER
    return {
        "address": {
            "@type": "PostalAddress",
            "addressCountry": "JP",
            "postalCode": us["postal_code"],
            "streetAddress": us["address"],
        },
        "telephone": us["telephone"],
        "identifier": {
            "@type": "PropertyValue",
            "propertyID": "法人番号",
            "value": us["corporate_number"],
        },
    }


def breadcrumb(crumbs: Iterable[PageLink], here: str, origin: str) -> Node:
    places = [
        {
            "@type": "ListItem",
            "position": number,
            "name": place.title,
            "item": f"{origin}{place.url}",
        }
        for number, place in enumerate(crumbs, 1)
    ]
    # The last is the page itself, and has no address, as on the page.
    last = {"@type": "ListItem", "position": len(places) + 1, "name": here}
    return {"@type": "BreadcrumbList", "itemListElement": [*places, last]}
