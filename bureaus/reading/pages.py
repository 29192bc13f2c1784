"""
The one place that says what the public sees at (address, moment).

At most 7 queries an answer, the same number at any size of the site.
"""

from collections.abc import Sequence
from typing import Any

from bureaus.models import Answer, Category, Kind
from bureaus.reading import statements
from bureaus.reading.ancestors import PageRow, find_ancestors
from bureaus.reading.body_html import body_on_page, links_at_moment
from bureaus.reading.moments import Moment, present_moment
from bureaus.reading.navigation import (
    breadcrumbs_of,
    organisations_among,
    page_links,
    site_frame,
    sitemap,
    subpages_of,
)
from bureaus.reading.parts import Parts, nearest_contacts, parts_of
from bureaus.reading.request_paths import canonical_address, known_beginning
from bureaus.reading.statements import NewsOf
from bureaus.reading.view_models import (
    Gone,
    Heading,
    Missing,
    Moved,
    NewsEntry,
    PageAnswer,
    PageView,
    Section,
)

MOVES_FOLLOWED = 3
CONTENTS_WORTH = 3  # headings


def answer_page(path: str, moment: Moment) -> PageAnswer:
    """
    What `path` answers at `moment`: a page, a redirect, a page taken down, or nothing.

    `path` is whatever came in; nothing in it can make this fail. 2 to 7 queries.
    """
    address = canonical_address(path)
    found = find_ancestors(address or known_beginning(path), moment)
    instead = instead_of_page(address, found, moment)
    if instead is not None:
        return instead
    if path != address:
        return Moved(address)
    return page_view(found[-1], [row for row in found[:-1] if row.is_readable], moment)


def instead_of_page(
    address: str, found: Sequence[PageRow], moment: Moment
) -> Moved | Gone | Missing | None:
    """What is answered where no page that can be read is at `address`; None where one is."""
    if not found or found[-1].url_path != address:
        return answer_former(address, found, moment)
    page = found[-1]
    if page.moved_to:
        return Moved(final_address(page.moved_to, moment))
    if page.answer == Answer.GONE:
        crumbs = breadcrumbs_of(found[:-1], moment)
        return Gone(page.title, page.note, crumbs, site_frame(moment, page.url_path))
    return None


def answer_former(address: str, found: Sequence[PageRow], moment: Moment) -> Moved | Missing:
    former = statements.FORMER(address=address) if address else []
    if former:
        return Moved(final_address(former[0][0], moment))
    today = find_ancestors(address, present_moment()) if moment.is_past else []
    exists_today = bool(today) and today[-1].url_path == address
    return Missing(
        breadcrumbs_of(found, moment),
        exists_today,
        site_frame(moment, address if exists_today else ""),
    )


def final_address(address: str, moment: Moment) -> str:
    """Where the page at `address` has moved in the end, that a redirect takes one hop."""
    for _ in range(MOVES_FOLLOWED):
        found = find_ancestors(address, moment)
        if not found or found[-1].url_path != address or not found[-1].moved_to:
            break
        address = found[-1].moved_to
    return address


def is_organisation(address: str, moment: Moment) -> bool:
    """1 query; asked where a page has moved, for not everything has news."""
    found = find_ancestors(address, moment)
    return bool(found) and found[-1].url_path == address and found[-1].kind == Kind.ORGANISATION


def page_view(
    page: PageRow, above: Sequence[PageRow], moment: Moment, *, own: Parts | None = None
) -> PageView:
    """`own`: the parts of a page whose text is not that of a stored edition."""
    kind = Kind(page.kind)
    is_listing, has_children = kind == Kind.ORGANISATION, kind != Kind.NEWS_ITEM
    children = children_of(page, moment) if has_children else []
    shown_whole = [row for row in children if is_listing and row[0] == Kind.POLICY_SECTION]
    parts = parts_of(
        shown=[page.edition, *(row[2] for row in shown_whole)],
        contacts=[row.edition for row in (*above, page)],
        moment=moment,
    )
    parts = parts.together_with(own) if own else parts
    sections = tuple(section_of(n, row, parts, moment) for n, row in enumerate(shown_whole, 1))
    body, headings = body_on_page(links_at_moment(page.body, moment))
    below = subpages_of(children, page.depth + 1, moment)
    return PageView(
        kind=kind,
        category=Category(page.category),
        is_root=page.depth == 1,
        is_archived=page.answer == Answer.ARCHIVED,
        title=page.title,
        document_title=document_title(above, heading_of(page)),
        heading=heading_of(page),
        english=page.english,
        url=page.url_path,
        lead=page.lead,
        body=body,
        note=page.note,
        issued_on=page.issued_on,
        first_published=page.first_from,
        updated=page.updated_from,
        in_force_from=page.live_from,
        crumbs=breadcrumbs_of(above, moment),
        within=organisations_among(above, moment),
        contents=contents(headings, sections),
        sections=sections,
        organisations=below.organisations,
        pages=below.pages if is_listing else below.sections + below.pages,
        figures=parts.figures.get(page.edition, ()),
        links=parts.links.get(page.edition, ()),
        contacts=nearest_contacts((*above, page), parts),
        news=newest(page, moment) if is_listing else (),
        news_url=news_url_of(page, above, moment),
        ways=page_links(page, above, below, moment),
        sitemap=sitemap(moment) if page.category == Category.SITEMAP else (),
        bureaus=below.further,
        chrome=site_frame(moment, page.url_path),
    )


def heading_of(page: PageRow) -> str:
    """An organisation's page introduces it, as the ministry's own pages do; home needs no words."""
    introduces = page.kind == Kind.ORGANISATION and page.depth > 1
    return f"{page.title}の紹介" if introduces else page.title


def news_url_of(page: PageRow, above: Sequence[PageRow], moment: Moment) -> str:
    """The list of the organisation that the page is, or stands in."""
    organisations = [row for row in (*above, page) if row.kind == Kind.ORGANISATION]
    return moment.address(f"{organisations[-1].url_path if organisations else '/'}news/")


def document_title(above: Sequence[PageRow], heading: str) -> str:
    """総務省｜組織案内｜情報通信国際戦略局の紹介: unique, from the general to the particular."""
    return "｜".join([*(row.title for row in above), heading])


def children_of(page: PageRow, moment: Moment) -> list[list[Any]]:
    if page.depth == 1:
        return statements.CHILDREN_OF_HOME(at=moment.at)
    return statements.CHILDREN(at=moment.at, **statements.path_range(page.path))


def section_of(number: int, child: list[Any], parts: Parts, moment: Moment) -> Section:
    _, url_path, edition, title, _, lead, body, *_ = child
    return Section(
        title=title,
        url=moment.address(url_path),
        anchor=f"section{number}",
        lead=lead,
        body=links_at_moment(body, moment),
        figures=parts.figures.get(edition, ()),
        links=parts.links.get(edition, ()),
    )


def contents(headings: tuple[Heading, ...], sections: tuple[Section, ...]) -> tuple[Heading, ...]:
    """What follows on this page; nothing where a screen or two hold it."""
    entries = [*headings, *(Heading(section.anchor, section.title) for section in sections)]
    return tuple(entries) if len(entries) >= CONTENTS_WORTH else ()


def newest(page: PageRow, moment: Moment) -> tuple[NewsEntry, ...]:
    which = NewsOf(whole_site=page.depth == 1)
    newest_rows = statements.news_rows(which, start=0, count=statements.NEWEST)
    rows = newest_rows(at=moment.at, day=moment.day, organisation=page.page)
    return tuple(news_entry(row, moment) for row in rows)


def news_entry(row: Sequence[Any], moment: Moment) -> NewsEntry:
    url_path, title, issued_on, category = row
    return NewsEntry(title, moment.address(url_path), issued_on, Category(category).label)
