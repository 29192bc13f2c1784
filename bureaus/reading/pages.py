"""
The one place that says what the public sees at (address, moment).

At most 7 queries an answer, the same number at any size of the site.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from itertools import pairwise
from pathlib import PurePosixPath
from typing import Any, NamedTuple

from django.conf import settings

from bureaus.models import Answer, Category, Kind, Page
from bureaus.models.addresses import DEPTH_LIMIT, address_chain, parent_address
from bureaus.reading import statements
from bureaus.reading.addresses import canonical_address, known_beginning
from bureaus.reading.bodies import as_page, at_moment
from bureaus.reading.moments import Moment, present
from bureaus.reading.shown import (
    Answered,
    Chrome,
    Gone,
    Heading,
    Missing,
    Moved,
    NewsEntry,
    Place,
    Section,
    ShownContact,
    ShownFigure,
    ShownLink,
    ShownPage,
    SitemapEntry,
)
from bureaus.reading.statements import NewsOf
from bureaus.text import file_size

FOOTER_CATEGORIES = (Category.SITEMAP, Category.POLICY_OF_SITE)
MOVES_FOLLOWED = 3
CONTENTS_WORTH = 3  # headings


class Found(NamedTuple):
    """A row of `statements.chain_of`: a page, its edition in force, and its dates."""

    page: int
    path: str
    depth: int
    kind: str
    url_path: str
    edition: int
    answer: str
    live_from: Any
    title: str
    english: str
    lead: str
    body: str
    category: str
    issued_on: Any
    note: str
    moved_to: str | None
    first_from: Any
    updated_from: Any

    @property
    def is_readable(self) -> bool:
        return self.answer in (Answer.CURRENT, Answer.ARCHIVED)


class Parts(NamedTuple):
    """The parts of several editions, each under its edition's key."""

    figures: dict[int, tuple[ShownFigure, ...]]
    links: dict[int, tuple[ShownLink, ...]]
    contacts: dict[int, tuple[ShownContact, ...]]


def answer(path: str, moment: Moment) -> Answered:
    """
    What `path` answers at `moment`: a page, a redirect, a page taken down, or nothing.

    `path` is whatever came in; nothing in it can make this fail. 2 to 7 queries.
    """
    address = canonical_address(path)
    found = find_chain(address or known_beginning(path), moment)
    instead = instead_of_page(address, found, moment)
    if instead is not None:
        return instead
    if path != address:
        return Moved(address)
    return show(found[-1], [row for row in found[:-1] if row.is_readable], moment)


def instead_of_page(
    address: str, found: Sequence[Found], moment: Moment
) -> Moved | Gone | Missing | None:
    """What is answered where no page that can be read is at `address`; None where one is."""
    if not found or found[-1].url_path != address:
        return answer_former(address, found, moment)
    page = found[-1]
    if page.moved_to:
        return Moved(final_address(page.moved_to, moment))
    if page.answer == Answer.GONE:
        crumbs = crumbs_of(found[:-1], moment)
        return Gone(page.title, page.note, crumbs, chrome(moment, page.url_path))
    return None


def find_chain(address: str, moment: Moment) -> list[Found]:
    """The pages in force on the way from the root to `address`, itself last; 1 query."""
    addresses = address_chain(address)
    if not addresses or len(addresses) > DEPTH_LIMIT:
        return []
    values = {f"address{number}": text for number, text in enumerate(addresses)}
    rows = statements.chain_of(len(addresses))(at=moment.at, **values)
    return [Found(*row) for row in rows]


def answer_former(address: str, found: Sequence[Found], moment: Moment) -> Moved | Missing:
    former = statements.FORMER(address=address) if address else []
    if former:
        return Moved(final_address(former[0][0], moment))
    today = find_chain(address, present()) if moment.is_past else []
    exists_today = bool(today) and today[-1].url_path == address
    return Missing(
        crumbs_of(found, moment), exists_today, chrome(moment, address if exists_today else "")
    )


def final_address(address: str, moment: Moment) -> str:
    """Where the page at `address` has moved in the end, that a redirect takes one hop."""
    for _ in range(MOVES_FOLLOWED):
        found = find_chain(address, moment)
        if not found or found[-1].url_path != address or not found[-1].moved_to:
            break
        address = found[-1].moved_to
    return address


def show(page: Found, above: Sequence[Found], moment: Moment) -> ShownPage:
    kind = Kind(page.kind)
    children = children_of(page, moment) if kind != Kind.NEWS_ITEM else []
    sections = [child for child in children if child[0] == Kind.POLICY_SECTION]
    shown_whole = sections if kind == Kind.ORGANISATION else []
    parts = parts_of(
        shown=[page.edition, *(child[2] for child in shown_whole)],
        contacts=[row.edition for row in (*above, page)],
        moment=moment,
    )
    body, headings = as_page(at_moment(page.body, moment))
    previous, following = neighbours(page, moment) if kind == Kind.POLICY_SECTION else (None, None)
    is_root = page.depth == 1
    heading = heading_of(page)
    news = newest(page, moment, whole_site=is_root) if kind == Kind.ORGANISATION else ()
    shown_sections = tuple(
        section_of(number, child, parts, moment) for number, child in enumerate(shown_whole, 1)
    )
    return ShownPage(
        kind=kind,
        category=Category(page.category),
        is_root=is_root,
        is_archived=page.answer == Answer.ARCHIVED,
        title=page.title,
        document_title=document_title(above, heading),
        heading=heading,
        english=page.english,
        url=page.url_path,
        lead=page.lead,
        body=body,
        note=page.note,
        issued_on=page.issued_on,
        first_published=page.first_from,
        updated=page.updated_from or page.live_from,
        in_force_from=page.live_from,
        crumbs=crumbs_of(above, moment),
        contents=contents(headings, shown_sections),
        sections=shown_sections,
        organisations=places(children, Kind.ORGANISATION, moment),
        pages=() if is_root else below_as_links(kind, children, moment),
        figures=parts.figures.get(page.edition, ()),
        links=parts.links.get(page.edition, ()),
        contacts=nearest_contacts((*above, page), parts),
        news=news,
        news_url=news_url_of(page, moment),
        previous=previous,
        next=following,
        sitemap=sitemap(moment) if page.category == Category.SITEMAP else (),
        chrome=chrome(moment, page.url_path),
    )


def heading_of(page: Found) -> str:
    """An organisation's page introduces it, as the ministry's own pages do; home needs no words."""
    introduces = page.kind == Kind.ORGANISATION and page.depth > 1
    return f"{page.title}の紹介" if introduces else page.title


def news_url_of(page: Found, moment: Moment) -> str:
    """The list of an organisation itself; of anything else, that of what it stands under."""
    is_listing = page.kind == Kind.ORGANISATION
    address = page.url_path if is_listing else parent_address(page.url_path)
    return moment.address(f"{address}news/")


def document_title(above: Sequence[Found], heading: str) -> str:
    """総務省｜組織案内｜情報通信国際戦略局の紹介: unique, from the general to the particular."""
    return "｜".join([*(row.title for row in above), heading])


def children_of(page: Found, moment: Moment) -> list[list[Any]]:
    return statements.CHILDREN(at=moment.at, **statements.path_range(page.path))


def section_of(number: int, child: list[Any], parts: Parts, moment: Moment) -> Section:
    _, url_path, edition, title, _, lead, body, _ = child
    return Section(
        title=title,
        url=moment.address(url_path),
        anchor=f"section{number}",
        lead=lead,
        body=at_moment(body, moment),
        figures=parts.figures.get(edition, ()),
        links=parts.links.get(edition, ()),
    )


def contents(headings: tuple[Heading, ...], sections: tuple[Section, ...]) -> tuple[Heading, ...]:
    """What follows on this page; nothing where a screen or two hold it."""
    entries = [*headings, *(Heading(section.anchor, section.title) for section in sections)]
    return tuple(entries) if len(entries) >= CONTENTS_WORTH else ()


def places(children: list[list[Any]], kind: Kind, moment: Moment) -> tuple[Place, ...]:
    return tuple(
        Place(title, moment.address(url_path), english, lead)
        for found_kind, url_path, _, title, english, lead, *_ in children
        if found_kind == kind
    )


def below_as_links(kind: Kind, children: list[list[Any]], moment: Moment) -> tuple[Place, ...]:
    """The pages below, and policy sections too where they are not shown whole."""
    pages = places(children, Kind.PAGE, moment)
    if kind == Kind.ORGANISATION:
        return pages
    return places(children, Kind.POLICY_SECTION, moment) + pages


def parts_of(*, shown: list[int], contacts: list[int], moment: Moment) -> Parts:
    """3 queries."""
    figures: dict[int, list[ShownFigure]] = defaultdict(list)
    links: dict[int, list[ShownLink]] = defaultdict(list)
    people: dict[int, list[ShownContact]] = defaultdict(list)
    shown_keys = keys(shown)
    for row in statements.figures_of(len(shown))(**shown_keys):
        edition, file, width, height, alt, is_decorative, caption = row
        src = f"{settings.MEDIA_URL}{file}"
        figure = ShownFigure(src, width, height, "" if is_decorative else alt, caption)
        figures[edition].append(figure)
    for row in statements.links_of(len(shown))(**shown_keys):
        links[row[0]].append(shown_link(moment, *row[1:]))
    for row in statements.contacts_of(len(contacts))(**keys(contacts)):
        people[row[0]].append(ShownContact(*row[1:]))
    return Parts(frozen(figures), frozen(links), frozen(people))


def keys(editions: Iterable[int]) -> dict[str, int]:
    return {f"edition{number}": pk for number, pk in enumerate(editions)}


def frozen(lists: dict[int, list[Any]]) -> dict[int, tuple[Any, ...]]:
    return {key: tuple(values) for key, values in lists.items()}


def shown_link(  # noqa: PLR0917 - a row
    moment: Moment,
    text: str,
    page: str | None,
    url: str,
    file: str | None,
    size: int | None,
    pages: int | None,
) -> ShownLink:
    if page:
        return ShownLink(text, moment.address(page), "", is_external=False)
    if file:
        form = PurePosixPath(file).suffix.removeprefix(".").upper()
        length = f"、{pages}ページ" if pages else ""
        note = f"（{form}形式：{file_size(size or 0)}{length}）"
        return ShownLink(text, f"/{file}", note, is_external=False)
    return ShownLink(text, url, "", is_external=True)


def nearest_contacts(chain: Sequence[Found], parts: Parts) -> tuple[ShownContact, ...]:
    """
    Of the page itself, else of the nearest page above that names one.

    Not of the root: the ministry's own number stands in every footer, and would be no help here.
    """
    *above, page = chain
    for row in (page, *reversed(above[1:])):
        if row.edition in parts.contacts:
            return parts.contacts[row.edition]
    return ()


def neighbours(page: Found, moment: Moment) -> tuple[Place | None, Place | None]:
    """The policy sections before and after this one; 1 query."""
    parent_path = page.path[: -Page.steplen]
    rows = statements.SIBLINGS(at=moment.at, **statements.path_range(parent_path))
    before = after = None
    for first, second in pairwise(rows):
        if second[0] == page.url_path:
            before = Place(first[1], moment.address(first[0]))
        if first[0] == page.url_path:
            after = Place(second[1], moment.address(second[0]))
    return before, after


def newest(page: Found, moment: Moment, *, whole_site: bool) -> tuple[NewsEntry, ...]:
    newest_rows = statements.news_rows(NewsOf(whole_site), start=0, count=statements.NEWEST)
    rows = newest_rows(at=moment.at, day=moment.day, organisation=page.page)
    return tuple(news_entry(row, moment) for row in rows)


def news_entry(row: Sequence[Any], moment: Moment) -> NewsEntry:
    url_path, title, issued_on, category = row
    return NewsEntry(title, moment.address(url_path), issued_on, Category(category).label)


def crumbs_of(found: Sequence[Found], moment: Moment) -> tuple[Place, ...]:
    return tuple(
        Place(f"{row.title}トップ" if row.depth == 1 else row.title, moment.address(row.url_path))
        for row in found
        if row.is_readable
    )


def chrome(moment: Moment, current_url: str) -> Chrome:
    """1 query."""
    rows = statements.NAVIGATION(at=moment.at)
    links = [
        (Place(title, moment.address(path), english), category)
        for path, title, english, category in rows
    ]
    home = Place("トップページ", "/")
    if rows and rows[0][0] == "/":
        home = links.pop(0)[0]
    return Chrome(
        home=home,
        navigation=tuple(place for place, kind in links if kind not in FOOTER_CATEGORIES),
        footer=tuple(place for place, kind in links if kind in FOOTER_CATEGORIES),
        moment=moment,
        current_url=current_url,
    )


def sitemap(moment: Moment) -> tuple[SitemapEntry, ...]:
    """
    The upper levels of the tree; 1 query.

    An entry hangs below the nearest one above it that is public.
    """
    top: list[SitemapEntry] = []
    way: list[tuple[str, list[SitemapEntry]]] = [("", top)]
    for path, url_path, title in statements.SITEMAP(at=moment.at):
        while not path.startswith(way[-1][0]):
            way.pop()
        entry = SitemapEntry(title, moment.address(url_path), [])
        way[-1][1].append(entry)
        way.append((path, entry.below))
    return tuple(top)
