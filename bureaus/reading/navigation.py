"""The links around the text of a page: breadcrumb, local navigation, chart and site frame."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from itertools import pairwise
from types import MappingProxyType
from typing import NamedTuple

from django.conf import settings

from bureaus.models import Category, Kind
from bureaus.models.placements import STEP, path_range
from bureaus.reading import statements
from bureaus.reading.moments import Moment, present_moment
from bureaus.reading.past_frames import past_frame
from bureaus.reading.rows import ChildRow, NavigationRow, PageRow, TreeRow
from bureaus.reading.tree_order import in_tree_order
from bureaus.reading.view_models import LocalNavigation, PageLink, PageLinks, SiteFrame, TreeEntry

FOOTER_CATEGORIES = (Category.SITEMAP, Category.POLICY_OF_SITE)
FOOTER_DEPTH = 2  # right below the root, where the footer looks for them
LOCAL_LIMIT = 20  # entries; a longer list is left to the text of the page
NEWS = "新着情報"
EVENTS = "意見募集・公募・会議"
DATA = "データと配信"
NO_LEADS: Mapping[str, str] = MappingProxyType({})
HOME = "トップページ"  # of a site without a page and a publisher


def site_frame(moment: Moment, current_url: str, page: PageRow | None = None) -> SiteFrame:
    """
    Return the header and footer of the page at `current_url`, empty for an error. 1 query.

    `page`: the page that is shown, if its other editions are to be linked from a past one.
    """
    if moment.is_past:
        return past_site_frame(moment, current_url, page)
    frame = frame_of(statements.NAVIGATION(at=moment.at), moment, current_url)
    return replace(frame, footer_pages=frame.footer)


def past_site_frame(moment: Moment, current_url: str, page: PageRow | None) -> SiteFrame:
    """Before there are records the whole frame is today's, and so is the footer at any moment."""
    present = present_moment()
    past = past_frame(moment, page)
    today = frame_of(past.today, present, "")
    if not past.then:
        return replace(today, moment=moment, current_url=current_url, precedes_records=True)
    then = frame_of(past.then, moment, current_url)
    return replace(then, footer=today.footer, footer_pages=then.footer, editions=past.editions)


def frame_of(rows: Sequence[NavigationRow], moment: Moment, current_url: str) -> SiteFrame:
    home = PageLink(settings.PUBLISHER.name or HOME, "/")  # at a moment before it had a page, too
    navigation: list[PageLink] = []
    footer: list[PageLink] = []
    for row in in_tree_order(rows):
        current = aria_current(row.url_path, current_url)
        link = PageLink(row.title, moment.address(row.url_path), row.english, current=current)
        if row.url_path == "/":
            home = link
        else:
            (footer if row.category in FOOTER_CATEGORIES else navigation).append(link)
    if rows:
        news = aria_current("/news/", current_url)
        navigation.append(PageLink(NEWS, moment.address("/news/"), current=news))
    return SiteFrame(home, tuple(navigation), tuple(footer), moment, current_url)


def aria_current(address: str, current_url: str) -> str:
    """Return "page" on the page at `address`, "true" on a page below it, else nothing."""
    if address == current_url:
        return "page"
    return "true" if address != "/" and current_url.startswith(address) else ""


def breadcrumbs_of(rows: Sequence[PageRow], moment: Moment) -> tuple[PageLink, ...]:
    return tuple(
        PageLink(
            f"{row.title}トップ" if row.depth == 1 else row.title, moment.address(row.url_path)
        )
        for row in rows
        if row.is_readable
    )


def whole_chart_of(above: Sequence[PageRow], moment: Moment) -> PageLink | None:
    """Return the nearest page of the kind `page` above: it shows the chart of what is below it."""
    pages = [row for row in above if row.kind == Kind.PAGE]
    return PageLink(pages[-1].title, moment.address(pages[-1].url_path)) if pages else None


def organisation_links(rows: Sequence[PageRow], moment: Moment) -> tuple[PageLink, ...]:
    return tuple(
        PageLink(row.title, moment.address(row.url_path), row.english)
        for row in rows
        if row.kind == Kind.ORGANISATION
    )


class Subpages(NamedTuple):
    """The child pages of a page, news left out."""

    sections: tuple[PageLink, ...]
    organisations: tuple[PageLink, ...]
    pages: tuple[PageLink, ...]


def subpages_of(children: Iterable[ChildRow], moment: Moment) -> Subpages:
    """Sort the rows of `statements.CHILDREN` by kind, those of the footer left out."""
    links: dict[str, list[PageLink]] = defaultdict(list)
    for row in children:
        if row.category not in FOOTER_CATEGORIES or row.depth > FOOTER_DEPTH:
            link = PageLink(row.title, moment.address(row.url_path), row.english, row.lead)
            links[row.kind].append(link)
    kinds = (Kind.POLICY_SECTION, Kind.ORGANISATION, Kind.PAGE)
    return Subpages(*(tuple(links[kind]) for kind in kinds))


def siblings(page: PageRow, moment: Moment) -> tuple[PageLink, ...]:
    """Return the policy sections of the parent of `page`, itself marked as current. 1 query."""
    parent_path = page.path[:-STEP]
    rows = statements.SIBLINGS(at=moment.at, **path_range(parent_path))
    return tuple(
        PageLink(
            row.title,
            moment.address(row.url_path),
            current=aria_current(row.url_path, page.url_path),
        )
        for row in in_tree_order(rows)
    )


def neighbours(sections: Sequence[PageLink]) -> tuple[PageLink | None, PageLink | None]:
    """Return the policy sections before and after the current one."""
    before = after = None
    for first, second in pairwise(sections):
        before = first if second.current else before
        after = second if first.current else after
    return before, after


def page_links(
    page: PageRow, above: Sequence[PageRow], below: Subpages, moment: Moment
) -> PageLinks:
    """
    Return the links from `page` to those around it.

    1 query for a policy section, and for a page with organisations below it.
    """
    here = PageLink(page.title, moment.address(page.url_path), current="page")
    match page.kind:
        case Kind.ORGANISATION if page.depth > 1:
            entries = (*below.sections, *below.organisations, *below.pages)
            news_url = moment.address(f"{page.url_path}news/")
            return PageLinks(
                local_navigation(here, entries, news_url=news_url),
                chart_around(page, above, below.organisations, moment),
                whole_chart_of(above, moment),
            )
        case Kind.POLICY_SECTION:
            sections = siblings(page, moment)
            previous, following = neighbours(sections)
            local = parent_navigation(above, sections, moment)
            return PageLinks(local, previous=previous, next=following)
        case Kind.PAGE:
            chart = chart_below(page, above, below.organisations, moment)
            return PageLinks(local_navigation(here, (*below.sections, *below.pages)), chart)
        case _:
            return PageLinks()


def local_navigation(
    heading: PageLink, entries: Sequence[PageLink], *, news_url: str = ""
) -> LocalNavigation | None:
    """Return the navigation among the pages below `heading`; None where there is no choice."""
    if not 1 < len(entries) <= LOCAL_LIMIT:
        return None
    news = (PageLink(f"{heading.title}の{NEWS}", news_url),) if news_url else ()
    return LocalNavigation(heading, (*entries, *news))


def parent_navigation(
    above: Sequence[PageRow], entries: Sequence[PageLink], moment: Moment
) -> LocalNavigation | None:
    """Return the navigation below the nearest page above; None where none was public yet."""
    if not above:
        return None
    return local_navigation(PageLink(above[-1].title, moment.address(above[-1].url_path)), entries)


def chart_below(
    page: PageRow, above: Sequence[PageRow], below: Sequence[PageLink], moment: Moment
) -> tuple[TreeEntry, ...]:
    """
    Return the organisations two levels down, under the one that this page belongs to. 1 query.

    Those right below the page, which are `below`, say what they do.

    One level where two are more than a reader can take in, and none where that is too many too.
    """
    if not below:
        return ()
    rows = statements.ORGANISATIONS(at=moment.at, **path_range(page.path))
    if len(rows) > statements.CHART_LIMIT:
        rows = [row for row in rows if len(row.path) == len(page.path) + STEP]
    if not rows or len(rows) > statements.CHART_LIMIT:
        return ()
    return nested_line(organisations_of(above, moment), tree_of(rows, moment, leads_of(below)))


def leads_of(links: Sequence[PageLink]) -> dict[str, str]:
    return {link.url: link.lead for link in links}


def chart_around(
    page: PageRow, above: Sequence[PageRow], below: Sequence[PageLink], moment: Moment
) -> tuple[TreeEntry, ...]:
    """Return the organisations above in one line, the organisation itself, and its children."""
    children = tuple(TreeEntry(link.title, link.url) for link in below)
    here = TreeEntry(page.title, moment.address(page.url_path), current="page", below=children)
    return nested_line(organisations_of(above, moment), (here,))


def organisations_of(above: Sequence[PageRow], moment: Moment) -> list[TreeEntry]:
    return [
        TreeEntry(row.title, moment.address(row.url_path))
        for row in above
        if row.kind == Kind.ORGANISATION
    ]


def nested_line(line: Sequence[TreeEntry], end: tuple[TreeEntry, ...]) -> tuple[TreeEntry, ...]:
    """Nest each of `line` below the one before it, and `end` below the last."""
    for entry in reversed(line):
        end = (replace(entry, below=end),)
    return end


def sitemap_tree(moment: Moment) -> tuple[TreeEntry, ...]:
    """Return the upper levels of the tree, and below the home page the lists. 1 query."""
    tree = tree_of(statements.SITEMAP(at=moment.at), moment)
    if not tree:
        return tree
    lists = (
        TreeEntry(title, moment.address(address))
        for title, address in ((NEWS, "/news/"), (EVENTS, "/events/"), (DATA, "/data/"))
    )
    return (replace(tree[0], below=(*tree[0].below, *lists)), *tree[1:])


def tree_of(
    rows: Iterable[TreeRow], moment: Moment, leads: Mapping[str, str] = NO_LEADS
) -> tuple[TreeEntry, ...]:
    """
    Nest rows, in the order of the tree: each entry below its nearest ancestor among them.

    `leads`: what the pages at these addresses say of themselves.
    """
    entries: list[tuple[str, TreeEntry]] = []  # backwards: of a row, the first one below it is last
    for row in reversed(in_tree_order(rows)):
        below: list[TreeEntry] = []
        while entries and entries[-1][0].startswith(row.path):
            below.append(entries.pop()[1])
        url = moment.address(row.url_path)
        entry = TreeEntry(row.title, url, lead=leads.get(url, ""), below=tuple(below))
        entries.append((row.path, entry))
    return tuple(entry for _, entry in reversed(entries))
