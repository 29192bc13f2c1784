"""
The metadata in the head of a page: its description, its picture, and JSON-LD (schema.org).

Built from the view model in microseconds, as it is part of every page.
"""

import json
from collections.abc import Iterable, Sequence
from typing import Any, NamedTuple, TypedDict, TypeGuard
from urllib.parse import urljoin

from django.conf import settings
from django.templatetags.static import static
from django.utils.safestring import SafeString, mark_safe

from bureaus.models import Category, Kind, Phase
from bureaus.reading import EventView, NewsList, PageView
from bureaus.reading.request_paths import json_address, markdown_address
from bureaus.reading.view_models import PageLink, Section
from bureaus.text.formatting import excerpt, iso_moment
from bureaus.text.periods import iso_period

JsonLdNode = dict[str, Any]

# As in json_script: no text can end the script element, or a line of JavaScript.
ESCAPES = {sign: f"\\u{ord(sign):04X}" for sign in "<>&\u2028\u2029"}
DEFAULT_PICTURE = ("img/og.png", 1200, 630)
ENCODE = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode


class PreviewImage(NamedTuple):
    url: str
    width: int
    height: int
    alt: str


class HeadMetadata(TypedDict):
    """
    Values for the head of a page, with absolute addresses.

    `feed` is that of the nearest organisation. A dictionary, as a template reads its keys twice
    as fast as attributes.
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
    markdown: str  # empty for a list
    published: str  # of a news item, in ISO 8601, as `modified`
    modified: str
    feed: str
    feed_title: str
    data: SafeString  # JSON-LD


def head_metadata(page: PageView | NewsList, *, canonical: str, origin: str) -> HeadMetadata:
    home = page.site_frame.home.title
    organisation = nearest_organisation(page)
    picture = preview_image(page, origin, site_name=home)
    # The JSON of a page in the past is that of its moment.
    url = page.site_frame.moment.address(page.url) if isinstance(page, PageView) else page.url
    return HeadMetadata(
        title=page.heading if isinstance(page, PageView) else page.title,
        description=description_of(page),
        type="article" if is_article(page) else "website",
        site_name=home,
        image=picture.url,
        image_width=picture.width,
        image_height=picture.height,
        image_alt=picture.alt,
        json=f"{origin}{json_address(url)}",
        markdown=f"{origin}{markdown_address(url)}" if isinstance(page, PageView) else "",
        published=iso_moment(page.first_published) if is_article(page) else "",
        modified=iso_moment(page.updated) if is_article(page) else "",
        feed=f"{origin}{address_today(organisation)}feed.xml",
        feed_title=f"{home if organisation.url == '/' else organisation.title}の新着情報",
        data=json_ld(graph_of(page, canonical=canonical, origin=origin, picture=picture)),
    )


def is_article(page: PageView | NewsList) -> TypeGuard[PageView]:
    return isinstance(page, PageView) and page.kind == Kind.NEWS_ITEM


def nearest_organisation(page: PageView | NewsList) -> PageLink:
    """Return the organisation that the page is, or belongs to."""
    if isinstance(page, NewsList):
        return page.breadcrumbs[-1] if page.breadcrumbs else page.site_frame.home
    return page.organisation_line[-1]


def address_today(link: PageLink) -> str:
    return link.url.partition("?")[0]


def description_of(page: PageView | NewsList) -> str:
    """Return the lead, or the beginning of the body, or of the first section with either."""
    if isinstance(page, NewsList):
        return f"{page.title}の一覧です。"
    parts: list[PageView | Section] = [page, *page.sections]
    return excerpt(next((text for part in parts if (text := part.lead or part.body)), ""))


def preview_image(page: PageView | NewsList, origin: str, *, site_name: str) -> PreviewImage:
    """Return the page's first picture, cropped if it has a social image; else that of the site."""
    if isinstance(page, PageView):
        parts: list[PageView | Section] = [page, *page.sections]
        figure = next((part.figures[0] for part in parts if part.figures), None)
        if figure is not None and figure.card is not None:
            return PreviewImage(urljoin(origin, figure.card.src), *figure.card[1:], figure.alt)
        if figure is not None:
            return PreviewImage(
                urljoin(origin, figure.src), figure.width, figure.height, figure.alt
            )
    path, width, height = DEFAULT_PICTURE
    return PreviewImage(f"{origin}{static(path)}", width, height, site_name)


# JSON-LD


def json_ld(graph: list[JsonLdNode]) -> SafeString:
    text = ENCODE({"@context": "https://schema.org", "@graph": graph})
    for sign, escaped in ESCAPES.items():  # translate() takes fifty times as long
        text = text.replace(sign, escaped)
    return mark_safe(text)  # noqa: S308 - nothing in it can be markup now


def graph_of(
    page: PageView | NewsList, *, canonical: str, origin: str, picture: PreviewImage
) -> list[JsonLdNode]:
    """Return what the page is about, and its breadcrumb."""
    here = page.title if isinstance(page, PageView) else page.subject
    graph = [breadcrumb_node(page.breadcrumbs, here, origin)] if page.breadcrumbs else []
    if isinstance(page, NewsList):
        graph.append(web_page_node(page.title, canonical))
        return graph
    organisations = organisation_node(page.organisation_line, origin)
    if page.is_root:
        return [organisations, site_node(page, origin), *graph]
    if page.kind == Kind.ORGANISATION:
        return [organisations, *graph]
    node = (
        article_node(page, canonical, picture)
        if is_article(page)
        else web_page_node(page.title, canonical)
    )
    node |= date_values(page) | action_values(page.event, canonical)
    events = event_nodes(page, canonical, organisations)
    return [node | {"publisher": organisations}, *events, *graph]


def site_node(home: PageView, origin: str) -> JsonLdNode:
    """Return the site with its search, for the search fields of other sites."""
    return {
        "@type": "WebSite",
        "name": home.title,
        "url": f"{origin}/",
        "inLanguage": "ja",
        "potentialAction": {
            "@type": "SearchAction",
            "target": f"{origin}/search/?q={{search_term_string}}",
            "query-input": "required name=search_term_string",
        },
    }


def web_page_node(name: str, canonical: str) -> JsonLdNode:
    return {"@type": "WebPage", "name": name, "url": canonical, "inLanguage": "ja"}


def article_node(page: PageView, canonical: str, picture: PreviewImage) -> JsonLdNode:
    return {
        "@type": "NewsArticle",
        "headline": page.title,
        "mainEntityOfPage": canonical,
        "image": picture.url,
        "inLanguage": "ja",
    }


# schema.org has no type of its own for a period in which the public can do something: it is an
# action of that period, whose status says whether it can still be done.
ACTIONS = {Category.CONSULTATION: "CommentAction", Category.INVITATION: "RegisterAction"}
ACTION_STATUS = {
    Phase.COMING: "PotentialActionStatus",
    Phase.RUNNING: "ActiveActionStatus",
    Phase.ENDED: "CompletedActionStatus",
    Phase.CANCELLED: "FailedActionStatus",
}


def action_values(event: EventView | None, canonical: str) -> JsonLdNode:
    """Return what the public can do in the period of a reception; nothing for a meeting."""
    if event is None or not event.event.is_reception:
        return {}
    return {
        "potentialAction": {
            "@type": ACTIONS[event.event.category],
            "startTime": iso_moment(event.start),
            "endTime": iso_moment(event.end),
            "actionStatus": f"https://schema.org/{ACTION_STATUS[event.phase]}",
            "target": canonical,
        }
    }


def event_nodes(page: PageView, canonical: str, organiser: JsonLdNode) -> list[JsonLdNode]:
    """Return the meeting of a page as an Event: without a time where it takes whole days."""
    event = page.event
    if event is None or event.event.is_reception:
        return []
    start, end = iso_period(event.start, event.end)
    status = "EventCancelled" if event.phase == Phase.CANCELLED else "EventScheduled"
    node: JsonLdNode = {
        "@type": "Event",
        "name": page.title,
        "startDate": start,
        "endDate": end,
        "eventStatus": f"https://schema.org/{status}",
        "url": canonical,
        "organizer": organiser,
    }
    if event.place:
        node["location"] = {"@type": "Place", "name": event.place, "address": event.place}
    return [node]


def date_values(page: PageView) -> JsonLdNode:
    return {
        "datePublished": iso_moment(page.first_published),
        "dateModified": iso_moment(page.updated),
    }


def organisation_node(line: Sequence[PageLink], origin: str) -> JsonLdNode:
    """Return the last of `line`, nested in those before it; the first is the ministry."""
    *above, here = line
    url = f"{origin}{address_today(here)}"
    node: JsonLdNode = {
        "@type": "GovernmentOrganization",
        "@id": f"{url}#organisation",
        "name": here.title,
        "url": url,
    }
    if here.english:
        node["alternateName"] = here.english
    return node | (
        {"parentOrganization": organisation_node(above, origin)} if above else publisher_values()
    )


def publisher_values() -> JsonLdNode:
    """Return the values that only the publisher of the site has."""
    publisher = settings.PUBLISHER
    address = {
        "postalCode": publisher.postal_code,
        "streetAddress": publisher.address,
    }
    node: JsonLdNode = {}
    if any(address.values()):
        given = {name: value for name, value in address.items() if value}
        node["address"] = {"@type": "PostalAddress", "addressCountry": "JP", **given}
    if publisher.telephone:
        node["telephone"] = publisher.telephone
    if publisher.corporate_number:
        node["identifier"] = {
            "@type": "PropertyValue",
            "propertyID": "法人番号",
            "value": publisher.corporate_number,
        }
    return node


def breadcrumb_node(breadcrumbs: Iterable[PageLink], here: str, origin: str) -> JsonLdNode:
    items = [
        {
            "@type": "ListItem",
            "position": number,
            "name": link.title,
            "item": f"{origin}{link.url}",
        }
        for number, link in enumerate(breadcrumbs, 1)
    ]
    # The last is the page itself, without an address, as on the page.
    last = {"@type": "ListItem", "position": len(items) + 1, "name": here}
    return {"@type": "BreadcrumbList", "itemListElement": [*items, last]}
