"""Pages and lists as data: dictionaries for JSON, rows for CSV (docs/json.md)."""

import csv
import io
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime
from html import escape
from typing import Any

from django.utils import timezone

from bureaus.models import Kind
from bureaus.reading import Gone, Moment, NewsList, NewsRow, OrganisationRow, PageView
from bureaus.reading.request_paths import as_json
from bureaus.reading.view_models import (
    ContactView,
    FigureView,
    LinkView,
    NewsEntry,
    PageLink,
    Section,
)
from bureaus.text.formatting import TOKYO, iso_moment
from bureaus.text.html_tree import plain_text

Data = dict[str, Any]


def export_data(shown: PageView | NewsList, origin: str) -> Data:
    """Everything that the page shows, its addresses whole."""
    if isinstance(shown, NewsList):
        return news_data(shown, origin)
    return page_data(shown, origin)


def page_data(page: PageView, origin: str) -> Data:
    moment = page.chrome.moment
    return {
        **addresses(moment.address(page.url), origin),
        "at": at_of(moment),
        "kind": page.kind.value,
        "category": str(page.category.label),
        "title": page.title,
        "english": page.english,
        "is_archived": page.is_archived,
        "note": page.note,
        "issued_on": day(page.issued_on),
        "published": iso_moment(page.first_published),
        "updated": iso_moment(page.updated),
        "in_force_from": iso_moment(page.in_force_from),
        "organisation": place(organisation_of(page), origin),
        "lead": page.lead,
        **text(page.body, origin),
        "sections": [section(part, origin) for part in page.sections],
        "figures": [figure(part, origin) for part in page.figures],
        "links": [link(part, origin) for part in page.links],
        "contacts": [contact(part) for part in page.contacts],
        "parents": [place(named(part, page), origin) for part in page.crumbs],
        "children": [place(part, origin) for part in children_of(page)],
        "previous": place(page.ways.previous, origin),
        "next": place(page.ways.next, origin),
        "news": [news_entry(entry, origin) for entry in page.news],
        "news_list": addresses(page.news_url, origin),
    }


def news_data(news: NewsList, origin: str) -> Data:
    """One page of the list; `next` leads to the one after it."""
    moment = news.chrome.moment
    return {
        **addresses(kept_at(news.url, moment), origin),
        "at": at_of(moment),
        "title": news.title,
        "total": news.total,
        "page": news.page,
        "page_count": news.page_count,
        "previous": addresses(news.previous_url, origin) if news.previous_url else None,
        "next": addresses(news.next_url, origin) if news.next_url else None,
        "parents": [place(named(part, news), origin) for part in news.crumbs],
        "news": [news_entry(entry, origin) for entry in news.entries],
    }


def export_gone(gone: Gone) -> Data:
    return {"error": f"「{gone.title}」は掲載を終了しました。", "note": gone.note}


def addresses(url: str, origin: str) -> Data:
    """The page to read, and the same as JSON."""
    return {"url": f"{origin}{url}", "json": f"{origin}{as_json(url)}"}


def place(found: PageLink | None, origin: str) -> Data | None:
    if found is None:
        return None
    return {"title": found.title, "english": found.english, **addresses(found.url, origin)}


def named(crumb: PageLink, page: PageView | NewsList) -> PageLink:
    """The home page by its name: the breadcrumb adds to it what it is."""
    home = page.chrome.home
    return home if crumb.url == home.url else crumb


def organisation_of(page: PageView) -> PageLink:
    """The organisation that the page is, or whose page it is."""
    if page.kind == Kind.ORGANISATION:
        url = page.chrome.moment.address(page.url)
        return PageLink(page.title, url, page.english)
    return page.within[-1] if page.within else page.chrome.home


def children_of(page: PageView) -> list[PageLink]:
    """What stands right below the page, news left out; of the home page the footer's links too."""
    sections = [PageLink(part.title, part.url) for part in page.sections]
    footer = page.chrome.footer if page.is_root else ()
    return [*sections, *page.organisations, *page.pages, *footer]


def section(part: Section, origin: str) -> Data:
    return {
        "title": part.title,
        **addresses(part.url, origin),
        "lead": part.lead,
        **text(part.body, origin),
        "figures": [figure(found, origin) for found in part.figures],
        "links": [link(found, origin) for found in part.links],
    }


def figure(part: FigureView, origin: str) -> Data:
    return {
        "url": f"{origin}{part.src}",
        "width": part.width,
        "height": part.height,
        "alt": part.alt,
        "caption": part.caption,
    }


def link(part: LinkView, origin: str) -> Data:
    url = part.url if part.is_external else f"{origin}{part.url}"
    return {"text": part.text, "url": url, "note": part.note}


def contact(part: ContactView) -> Data:
    return {"name": part.name, "phone": part.phone, "fax": part.fax, "email": part.email}


def news_entry(entry: NewsEntry, origin: str) -> Data:
    return {
        "title": entry.title,
        **addresses(entry.url, origin),
        "issued_on": day(entry.issued_on),
        "category": str(entry.category),
    }


def text(body: str, origin: str) -> Data:
    return {"html": with_whole_links(body, origin), "text": plain_text(body)}


def with_whole_links(body: str, origin: str) -> str:
    return body.replace('<a href="/', f'<a href="{escape(origin)}/')


def kept_at(url: str, moment: Moment) -> str:
    """`url`, which may have a query, at a past moment."""
    at = moment.address("")
    return f"{url}{at.replace('?', '&') if '?' in url else at}"


def at_of(moment: Moment) -> str | None:
    return iso_moment(moment.at) if moment.is_past else None


def day(value: date | None) -> str | None:
    return value.isoformat() if value else None


# CSV

NEWS_HEADINGS = ("発表日", "表題", "区分", "組織", "アドレス", "要旨", "更新日")
ORGANISATION_HEADINGS = ("名称", "よみ", "英語名", "区分", "上位の組織", "アドレス", "更新日")
# What Excel would take for the beginning of a formula.
FORMULA = tuple("=+-@\t\r\n＝＋－＠")


def news_csv(rows: Iterable[NewsRow], origin: str) -> str:
    return as_csv(
        NEWS_HEADINGS,
        (
            (
                row.issued_on.isoformat(),
                row.title,
                row.category,
                row.organisation,
                f"{origin}{row.url}",
                row.lead,
                day_in_tokyo(row.updated),
            )
            for row in rows
        ),
    )


def organisations_csv(rows: Iterable[OrganisationRow], origin: str) -> str:
    return as_csv(
        ORGANISATION_HEADINGS,
        (
            (
                row.title,
                row.reading,
                row.english,
                row.category,
                row.parent,
                f"{origin}{row.url}",
                day_in_tokyo(row.updated),
            )
            for row in rows
        ),
    )


def as_csv(headings: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """With a byte order mark, by which Excel in Japan knows UTF-8, and with CRLF (RFC 4180)."""
    written = io.StringIO("\ufeff", newline="")
    written.seek(1)
    csv.writer(written).writerows([headings, *harmless(rows)])
    return written.getvalue()


def harmless(rows: Iterable[Sequence[str]]) -> Iterator[list[str]]:
    """No cell begins like a formula: an apostrophe makes it text."""
    for row in rows:
        yield [f"'{cell}" if cell.startswith(FORMULA) else cell for cell in row]


def day_in_tokyo(moment: datetime) -> str:
    return timezone.localtime(moment, TOKYO).date().isoformat()
