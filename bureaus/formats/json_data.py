"""Pages and lists as dictionaries for JSON (docs/json.md)."""

from datetime import date
from html import escape
from typing import Any
from urllib.parse import urljoin

from bureaus.reading import EventView, Gone, Moment, NewsList, PageView
from bureaus.reading.request_paths import json_address
from bureaus.reading.view_models import (
    ContactView,
    FigureView,
    LinkView,
    NewsEntry,
    PageLink,
    Section,
)
from bureaus.text.formatting import iso_moment
from bureaus.text.html_tree import plain_text
from bureaus.text.periods import is_whole_days, iso_period

JsonData = dict[str, Any]


def json_data(view: PageView | NewsList, origin: str) -> JsonData:
    """Return all that the page shows, with absolute addresses."""
    if isinstance(view, NewsList):
        return news_list_data(view, origin)
    return page_data(view, origin)


def page_data(page: PageView, origin: str) -> JsonData:
    moment = page.site_frame.moment
    return {
        **address_data(moment.exact_address(page.url), origin),
        "at": moment_data(moment),
        "kind": page.kind.value,
        "category": str(page.category.label),
        "title": page.title,
        "english": page.english,
        "is_archived": page.is_archived,
        "note": page.note,
        "issued_on": iso_day(page.issued_on),
        "event": event_data(page.event),
        "published": iso_moment(page.first_published),
        "updated": iso_moment(page.updated),
        "in_force_from": iso_moment(page.in_force_from),
        "organisation": page_link_data(page.organisation_line[-1], origin),
        "lead": page.lead,
        **body_data(page.body, origin),
        "sections": [section_data(section, origin) for section in page.sections],
        "figures": [figure_data(figure, origin) for figure in page.figures],
        "links": [link_data(link, origin) for link in page.links],
        "contacts": [contact_data(contact) for contact in page.contacts],
        "parents": [page_link_data(parent_link(link, page), origin) for link in page.breadcrumbs],
        "children": [page_link_data(link, origin) for link in child_links(page)],
        "previous": page_link_data(page.page_links.previous, origin),
        "next": page_link_data(page.page_links.next, origin),
        "news": [news_entry_data(entry, origin) for entry in page.news],
        "news_list": address_data(page.news_url, origin),
    }


def news_list_data(news: NewsList, origin: str) -> JsonData:
    """Return one page of the list; `next` is the address of the one after it."""
    moment = news.site_frame.moment
    return {
        **address_data(moment.exact_address(news.url), origin),
        "at": moment_data(moment),
        "title": news.title,
        "total": news.total,
        "page": news.page,
        "page_count": news.page_count,
        "previous": address_data(news.previous_url, origin) if news.previous_url else None,
        "next": address_data(news.next_url, origin) if news.next_url else None,
        "parents": [page_link_data(parent_link(link, news), origin) for link in news.breadcrumbs],
        news.json_key: [news_entry_data(entry, origin) for entry in news.entries],
    }


def gone_data(gone: Gone) -> JsonData:
    return {"error": f"「{gone.title}」は掲載を終了しました。", "note": gone.note}


def address_data(url: str, origin: str) -> JsonData:
    """Return the addresses of the page and of its JSON."""
    return {"url": f"{origin}{url}", "json": f"{origin}{json_address(url)}"}


def page_link_data(link: PageLink | None, origin: str) -> JsonData | None:
    if link is None:
        return None
    return {"title": link.title, "english": link.english, **address_data(link.url, origin)}


def parent_link(breadcrumb: PageLink, page: PageView | NewsList) -> PageLink:
    """Return the link of a breadcrumb, to the home page by its name without トップ."""
    home = page.site_frame.home
    return home if breadcrumb.url == home.url else breadcrumb


def child_links(page: PageView) -> list[PageLink]:
    """Return links to the child pages, news left out; of the home page the footer's too."""
    sections = [PageLink(section.title, section.url) for section in page.sections]
    footer = page.site_frame.footer_pages if page.is_root else ()
    return [*sections, *page.organisations, *page.pages, *footer]


def section_data(section: Section, origin: str) -> JsonData:
    return {
        "title": section.title,
        **address_data(section.url, origin),
        "lead": section.lead,
        **body_data(section.body, origin),
        "figures": [figure_data(figure, origin) for figure in section.figures],
        "links": [link_data(link, origin) for link in section.links],
    }


def figure_data(figure: FigureView, origin: str) -> JsonData:
    return {
        "url": urljoin(origin, figure.src),
        "width": figure.width,
        "height": figure.height,
        "alt": figure.alt,
        "caption": figure.caption,
    }


def link_data(link: LinkView, origin: str) -> JsonData:
    url = link.url if link.is_external else f"{origin}{link.url}"
    return {"text": link.text, "url": url, "note": link.note}


def contact_data(contact: ContactView) -> JsonData:
    return {
        "name": contact.name,
        "phone": contact.phone,
        "fax": contact.fax,
        "email": contact.email,
    }


def news_entry_data(entry: NewsEntry, origin: str) -> JsonData:
    return {
        "title": entry.title,
        **address_data(entry.url, origin),
        "issued_on": iso_day(entry.issued_on),
        "category": str(entry.category),
        "event": event_data(entry.event),
    }


def event_data(event: EventView | None) -> JsonData | None:
    """Return the event at the moment; `status` is one of four words of models.events.Phase."""
    if event is None:
        return None
    start, end = iso_period(event.start, event.end)
    return {
        "status": event.phase.value,
        "label": event.label,
        "start": start,
        "end": end,
        "is_whole_days": is_whole_days(event.start, event.end),
        "place": event.place,
    }


def body_data(body: str, origin: str) -> JsonData:
    return {"html": with_absolute_links(body, origin), "text": plain_text(body)}


def with_absolute_links(body: str, origin: str) -> str:
    return body.replace('<a href="/', f'<a href="{escape(origin)}/')


def moment_data(moment: Moment) -> str | None:
    return iso_moment(moment.at) if moment.is_past else None


def iso_day(value: date | None) -> str | None:
    return value.isoformat() if value else None
