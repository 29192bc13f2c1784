"""What stands around the text of a page: the ways up, down, aside and over the whole site."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from itertools import pairwise
from typing import Any, NamedTuple

from django.conf import settings

from bureaus.models import Category, Kind, Page
from bureaus.reading import statements
from bureaus.reading.ancestors import PageRow
from bureaus.reading.moments import Moment
from bureaus.reading.view_models import LocalNavigation, PageLink, PageLinks, SiteFrame, TreeEntry

FOOTER_CATEGORIES = (Category.SITEMAP, Category.POLICY_OF_SITE)
FOOTER_DEPTH = 2  # right below the root, where the footer looks for them
LOCAL_LIMIT = 20  # entries; a longer list is the page's own matter
NEWS = "新着情報"
FURTHER = "further"


def site_frame(moment: Moment, current_url: str) -> SiteFrame:
    """What surrounds the page at `current_url`, or a page that refuses (empty); 1 query."""
    rows = statements.NAVIGATION(at=moment.at)
    home = PageLink(settings.PUBLISHER["name"], "/")  # at a moment before it had a page, too
    navigation: list[PageLink] = []
    footer: list[PageLink] = []
    for address, title, english, category in rows:
        current = position_of(address, current_url)
        place = PageLink(title, moment.address(address), english, current=current)
        if address == "/":
            home = place
        else:
            (footer if category in FOOTER_CATEGORIES else navigation).append(place)
    if rows:
        news = position_of("/news/", current_url)
        navigation.append(PageLink(NEWS, moment.address("/news/"), current=news))
    return SiteFrame(home, tuple(navigation), tuple(footer), moment, current_url)


def position_of(address: str, current_url: str) -> str:
    """The value of aria-current for a link to `address`: on that very page, below it, or none."""
    if address == current_url:
        return "page"
    return "true" if address != "/" and current_url.startswith(address) else ""


def breadcrumbs_of(found: Sequence[PageRow], moment: Moment) -> tuple[PageLink, ...]:
    return tuple(
        PageLink(
            f"{row.title}トップ" if row.depth == 1 else row.title, moment.address(row.url_path)
        )
        for row in found
        if row.is_readable
    )


def whole_chart_of(above: Sequence[PageRow], moment: Moment) -> PageLink | None:
    """The nearest plain page above, for it shows the organisations below it as a chart."""
    guides = [row for row in above if row.kind == Kind.PAGE]
    return PageLink(guides[-1].title, moment.address(guides[-1].url_path)) if guides else None


def organisations_among(found: Sequence[PageRow], moment: Moment) -> tuple[PageLink, ...]:
    return tuple(
        PageLink(row.title, moment.address(row.url_path), row.english)
        for row in found
        if row.kind == Kind.ORGANISATION
    )


class Subpages(NamedTuple):
    """The pages right below a page, news left out."""

    sections: tuple[PageLink, ...]
    organisations: tuple[PageLink, ...]
    pages: tuple[PageLink, ...]
    further: tuple[PageLink, ...]  # organisations one level further down, of the home page


def subpages_of(children: Iterable[Sequence[Any]], depth: int, moment: Moment) -> Subpages:
    """Sort the rows of `statements.CHILDREN` by kind, those of the footer left out."""
    found: dict[str, list[PageLink]] = defaultdict(list)
    for kind, address, _, title, english, lead, _, category, its_depth in children:
        if category not in FOOTER_CATEGORIES or its_depth > FOOTER_DEPTH:
            place = PageLink(title, moment.address(address), english, lead)
            found[kind if its_depth == depth else FURTHER].append(place)
    kinds = (Kind.POLICY_SECTION, Kind.ORGANISATION, Kind.PAGE, FURTHER)
    return Subpages(*(tuple(found[kind]) for kind in kinds))


def siblings(page: PageRow, moment: Moment) -> tuple[PageLink, ...]:
    """The policy sections of this one's parent, itself marked; 1 query."""
    parent_path = page.path[: -Page.steplen]
    rows = statements.SIBLINGS(at=moment.at, **statements.path_range(parent_path))
    return tuple(
        PageLink(title, moment.address(address), current=position_of(address, page.url_path))
        for address, title in rows
    )


def neighbours(sections: Sequence[PageLink]) -> tuple[PageLink | None, PageLink | None]:
    """The policy sections before and after the one that is marked."""
    before = after = None
    for first, second in pairwise(sections):
        before = first if second.current else before
        after = second if first.current else after
    return before, after


def page_links(
    page: PageRow, above: Sequence[PageRow], below: Subpages, moment: Moment
) -> PageLinks:
    """1 query for a policy section, and for a page with organisations below it."""
    here = PageLink(page.title, moment.address(page.url_path), current="page")
    match page.kind:
        case Kind.ORGANISATION if page.depth > 1:
            entries = (*below.sections, *below.organisations, *below.pages)
            news_url = moment.address(f"{page.url_path}news/")
            return PageLinks(
                beside(here, entries, news_url=news_url),
                chart_around(page, above, below.organisations, moment),
                whole_chart_of(above, moment),
            )
        case Kind.POLICY_SECTION:
            beside_it = siblings(page, moment)
            before, after = neighbours(beside_it)
            return PageLinks(beside_in(above, beside_it, moment), previous=before, next=after)
        case Kind.PAGE:
            chart = chart_below(page, above, moment) if below.organisations else ()
            return PageLinks(beside(here, (*below.sections, *below.pages)), chart)
        case _:
            return PageLinks()


def beside(
    heading: PageLink, entries: Sequence[PageLink], *, news_url: str = ""
) -> LocalNavigation | None:
    """The local navigation: what `heading` holds; None where there is nothing to choose from."""
    if not 1 < len(entries) <= LOCAL_LIMIT:
        return None
    news = (PageLink(f"{heading.title}の{NEWS}", news_url),) if news_url else ()
    return LocalNavigation(heading, (*entries, *news))


def beside_in(
    above: Sequence[PageRow], entries: Sequence[PageLink], moment: Moment
) -> LocalNavigation | None:
    """The same under the nearest page above; None where none was public yet."""
    if not above:
        return None
    return beside(PageLink(above[-1].title, moment.address(above[-1].url_path)), entries)


def chart_below(page: PageRow, above: Sequence[PageRow], moment: Moment) -> tuple[TreeEntry, ...]:
    """
    The organisations two levels down, under the one that this page stands in; 1 query.

    One level where two are more than a reader can take in, and none where that is too many too.
    """
    rows = statements.ORGANISATIONS(at=moment.at, **statements.path_range(page.path))
    if len(rows) > statements.CHART_LIMIT:
        rows = [row for row in rows if len(row[0]) == len(page.path) + Page.steplen]
    if not rows or len(rows) > statements.CHART_LIMIT:
        return ()
    below = nested((path, title, moment.address(address)) for path, address, title in rows)
    return line_of(organisations_of(above, moment), below)


def chart_around(
    page: PageRow, above: Sequence[PageRow], below: Sequence[PageLink], moment: Moment
) -> tuple[TreeEntry, ...]:
    """The organisation's place: those above it in one line, itself, and those right below it."""
    here = TreeEntry(page.title, moment.address(page.url_path), current="page")
    here.below.extend(TreeEntry(place.title, place.url) for place in below)
    return line_of(organisations_of(above, moment), (here,))


def organisations_of(above: Sequence[PageRow], moment: Moment) -> list[TreeEntry]:
    return [
        TreeEntry(row.title, moment.address(row.url_path))
        for row in above
        if row.kind == Kind.ORGANISATION
    ]


def line_of(line: Sequence[TreeEntry], end: tuple[TreeEntry, ...]) -> tuple[TreeEntry, ...]:
    """Each of `line` below the one before it, and `end` below the last."""
    for entry in reversed(line):
        entry.below.extend(end)
        end = (entry,)
    return end


def sitemap(moment: Moment) -> tuple[TreeEntry, ...]:
    """The upper levels of the tree; 1 query."""
    rows = statements.SITEMAP(at=moment.at)
    return nested((path, title, moment.address(address)) for path, address, title in rows)


def nested(rows: Iterable[tuple[str, str, str]]) -> tuple[TreeEntry, ...]:
    """
    (tree path, title, address), in the order of the tree, as a tree.

    An entry hangs below the nearest one above it that is there.
    """
    top: list[TreeEntry] = []
    way: list[tuple[str, list[TreeEntry]]] = [("", top)]
    for path, title, url in rows:
        while not path.startswith(way[-1][0]):
            way.pop()
        entry = TreeEntry(title, url)
        way[-1][1].append(entry)
        way.append((path, entry.below))
    return tuple(top)
