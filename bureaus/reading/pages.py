"""
What the public sees at (address, moment), in one place.

At most 7 queries a page, the same number at any size of the site.
"""

from collections.abc import Sequence
from datetime import datetime

from bureaus.models import Answer, Category, Kind, Phase
from bureaus.models.addresses import former_path
from bureaus.models.events import event_of
from bureaus.models.placements import path_range
from bureaus.reading import event_statements, news_statements, statements
from bureaus.reading.body_documents import with_notes
from bureaus.reading.body_html import body_on_page, links_at_moment
from bureaus.reading.event_statements import EventScope
from bureaus.reading.events import event_view
from bureaus.reading.moments import Moment
from bureaus.reading.navigation import (
    breadcrumbs_of,
    organisation_links,
    page_links,
    site_frame,
    sitemap_tree,
    subpages_of,
)
from bureaus.reading.parts import PageParts, load_parts, nearest_contacts
from bureaus.reading.resolution import ResolvedPage, resolve
from bureaus.reading.rows import ChildRow, EventRow, NewsItemRow, PageRow
from bureaus.reading.tree_order import in_tree_order
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

CONTENTS_MINIMUM = 3  # headings


def answer_page(path: str, moment: Moment) -> PageAnswer:
    """
    Return what `path` answers at `moment`: a page, a redirect, a page taken down, or nothing.

    2 to 7 queries.
    """
    resolved = resolve(path, moment)
    if not isinstance(resolved, ResolvedPage):
        return resolved
    *above, page = resolved.rows
    return page_view(page, [row for row in above if row.is_readable], moment)


def page_instead_of_list(path: str, moment: Moment) -> PageView | Moved | Gone | None:
    """
    Return what answers at `path` before the list that has this address too; None: the list.

    Pages had the names of the later lists, and other systems any name. 1 query where neither has
    had it, else those of `answer_page` as well.
    """
    address = former_path(path)
    if not address or not statements.STORED_ADDRESS(address=address):
        return None
    answer = answer_page(path, moment)
    return None if isinstance(answer, Missing) else answer


def page_view(
    page: PageRow, above: Sequence[PageRow], moment: Moment, *, draft_parts: PageParts | None = None
) -> PageView:
    """`draft_parts`: the parts of a page whose text is not that of a stored edition."""
    kind = Kind(page.kind)
    is_organisation = kind == Kind.ORGANISATION
    children = [] if kind == Kind.NEWS_ITEM else child_rows(page, moment)
    section_rows = [row for row in children if is_organisation and row.kind == Kind.POLICY_SECTION]
    parts = parts_on_page(page, above, section_rows, draft_parts, moment)
    sections = tuple(section_of(n, row, parts, moment) for n, row in enumerate(section_rows, 1))
    body, headings = body_on_page(body_at_moment(page.body, parts, moment))
    below = subpages_of(children, moment)
    newest, running = current_news(page, moment) if is_organisation else ((), ())
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
        event=event_view(page, moment),
        first_published=page.first_published,
        updated=page.updated,
        reviewed=page.reviewed,
        in_force_from=page.live_from,
        breadcrumbs=breadcrumbs_of(above, moment),
        parent_organisations=organisation_links(above, moment),
        contents=contents_of(headings, sections),
        sections=sections,
        organisations=below.organisations,
        pages=below.pages if is_organisation else below.sections + below.pages,
        figures=parts.figures.get(page.edition, ()),
        links=parts.links.get(page.edition, ()),
        contacts=nearest_contacts((*above, page), parts),
        news=tuple(news_entry(row, moment) for row in newest),
        open_events=tuple(news_entry(row, moment) for row in running),
        events_url=moment.address(f"{page.url_path}events/") if is_organisation else "",
        news_url=news_url_of(page, above, moment),
        page_links=page_links(page, above, below, moment),
        sitemap=sitemap_tree(moment) if page.category == Category.SITEMAP else (),
        site_frame=site_frame(moment, page.url_path, None if draft_parts else page),
    )


def parts_on_page(
    page: PageRow,
    above: Sequence[PageRow],
    sections: Sequence[ChildRow],
    draft_parts: PageParts | None,
    moment: Moment,
) -> PageParts:
    """Load the parts of the page and its sections, and the contacts of the pages above."""
    parts = load_parts(
        editions=[page.edition, *(row.edition for row in sections)],
        contacts=[row.edition for row in (*above, page)],
        moment=moment,
        bodies=[page.body, *(row.body for row in sections)],
    )
    return parts.merged_with(draft_parts) if draft_parts else parts


def body_at_moment(body: str, parts: PageParts, moment: Moment) -> str:
    return links_at_moment(with_notes(body, parts.document_notes), moment)


def heading_of(page: PageRow) -> str:
    """Name an organisation's page as its introduction, as the ministry does; not the home page."""
    introduces = page.kind == Kind.ORGANISATION and page.depth > 1
    return f"{page.title}の紹介" if introduces else page.title


def news_url_of(page: PageRow, above: Sequence[PageRow], moment: Moment) -> str:
    """Return the news list of the organisation that the page is, or belongs to."""
    organisations = [row for row in (*above, page) if row.kind == Kind.ORGANISATION]
    return moment.address(f"{organisations[-1].url_path if organisations else '/'}news/")


def document_title(above: Sequence[PageRow], heading: str) -> str:
    """Return a unique title, from the particular to the general: 統計局の紹介｜組織案内｜総務省."""
    return "｜".join([heading, *(row.title for row in reversed(above))])


def child_rows(page: PageRow, moment: Moment) -> list[ChildRow]:
    rows = statements.CHILDREN(at=moment.at, **path_range(page.path))
    return in_tree_order(rows)


def section_of(number: int, row: ChildRow, parts: PageParts, moment: Moment) -> Section:
    return Section(
        title=row.title,
        url=moment.address(row.url_path),
        anchor=f"section{number}",
        lead=row.lead,
        body=body_at_moment(row.body, parts, moment),
        figures=parts.figures.get(row.edition, ()),
        links=parts.links.get(row.edition, ()),
    )


def contents_of(
    headings: tuple[Heading, ...], sections: tuple[Section, ...]
) -> tuple[Heading, ...]:
    """Return the table of contents; empty for a page of one or two screens."""
    entries = [*headings, *(Heading(section.anchor, section.title) for section in sections)]
    return tuple(entries) if len(entries) >= CONTENTS_MINIMUM else ()


def current_news(
    page: PageRow, moment: Moment
) -> tuple[Sequence[NewsItemRow], Sequence[NewsItemRow]]:
    """
    Return the newest news of an organisation, and the receptions that close first. 1 query.

    Nothing among the rows is newer than the newest, nor closes before those that close first.
    """
    statement = event_statements.current_news(EventScope(whole_site=page.depth == 1))
    rows = statement(at=moment.at, day=moment.day, organisation=page.page)
    newest = sorted(rows, key=lambda row: (row.issued_on, row.page), reverse=True)
    running = [row for row in rows if is_open_reception(row, moment.at)]
    running.sort(key=lambda row: (row.event_end, row.page))
    return newest[: news_statements.NEWEST], running[: event_statements.OPEN_LIMIT]


def is_open_reception(row: NewsItemRow, at: datetime) -> bool:
    event = event_of(row, row.category)
    return event is not None and event.is_reception and event.phase(at) == Phase.RUNNING


def news_entry(row: NewsItemRow | EventRow, moment: Moment) -> NewsEntry:
    category = Category(row.category).label
    address = moment.address(row.url_path)
    return NewsEntry(row.title, address, row.issued_on, category, event_view(row, moment))
