"""What templates, feeds and exports render: frozen, complete, and unable to run a query."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import ClassVar, NamedTuple

from django.utils import timezone

from bureaus.models import Category, Kind
from bureaus.reading.events import EventView
from bureaus.reading.moments import Moment, at_address, start_text, whole_second
from bureaus.reading.request_paths import calendar_address
from bureaus.text.formatting import TOKYO

WIDE, TALL = 2.2, 1.6  # times the other side
# How wide a figure stands at most, in CSS pixels, as in css/components/figures.css.
SHOWN_WIDTHS = {
    "small": 240,
    "tall": 256,
    "plain": 384,
    "medium": 480,
    "wide": 896,
    "large": 896,
}


@dataclass(frozen=True, slots=True)
class PageLink:
    """A link to a page."""

    title: str
    url: str
    english: str = ""
    lead: str = ""
    current: str = ""  # aria-current: "page" on this page, "true" on a page below


@dataclass(frozen=True, slots=True)
class LocalNavigation:
    """The links to the sibling pages, below `heading`."""

    heading: PageLink
    entries: tuple[PageLink, ...]


class Memento(NamedTuple):
    """A page as one of its editions had it: the address, and its first whole second."""

    url: str
    start: datetime


def memento_of(address: str, start: datetime) -> Memento:
    """Return the page at `address` with the edition that began at `start`."""
    return Memento(at_address(address, start_text(start)), whole_second(start))


@dataclass(frozen=True, slots=True)
class PageEditions:
    """
    The editions around the one that a past page shows, of those that can be read.

    `comparison_url` compares it with the edition of today, or where they are the same with the
    previous one (`is_compared_with_today`); it is empty where there is neither.
    """

    first: Memento | None
    previous: Memento | None
    next: Memento | None
    last: Memento | None
    comparison_url: str
    is_compared_with_today: bool


@dataclass(frozen=True, slots=True)
class SiteFrame:
    """
    The parts of every page around its main content: header, main navigation, footer.

    Of a past page `footer` has today's links: its terms of use are those of now. `footer_pages`
    are the pages of the footer at the moment.
    """

    home: PageLink
    navigation: tuple[PageLink, ...]
    footer: tuple[PageLink, ...]
    moment: Moment
    current_url: str = ""  # the address without a moment, for the notice on a past page
    footer_pages: tuple[PageLink, ...] = ()
    editions: PageEditions | None = None
    precedes_records: bool = False  # nothing was public yet: home and navigation are today's


@dataclass(frozen=True, slots=True)
class Heading:
    anchor: str
    text: str


@dataclass(frozen=True, slots=True)
class PictureSource:
    """The same picture in another format, in several widths."""

    type: str
    srcset: str


class SocialImage(NamedTuple):
    """A picture cropped for link previews on other sites."""

    src: str
    width: int
    height: int


@dataclass(frozen=True, slots=True)
class FigureView:
    """`sources` begin with the lightest format; every browser reads that of `srcset`."""

    src: str
    width: int
    height: int
    alt: str
    caption: str
    srcset: str = ""
    sources: tuple[PictureSource, ...] = ()
    card: SocialImage | None = None
    size: str = ""
    position: int = 1  # by which a body names it: 〔図1〕

    @property
    def has_link(self) -> bool:
        """Whether it leads to the picture itself, which is larger than it stands on a page."""
        return bool(self.alt) and self.width > SHOWN_WIDTHS[self.shape]

    @property
    def shape(self) -> str:
        """Return its size, or where the officer chose none a name for its proportions."""
        if self.size:
            return self.size
        if self.width > WIDE * self.height:
            return "wide"
        return "tall" if self.height > TALL * self.width else "plain"


@dataclass(frozen=True, slots=True)
class LinkView:
    """`note` says the kind and size of a file, `is_external` that it leaves this site."""

    text: str
    url: str
    note: str
    is_external: bool


@dataclass(frozen=True, slots=True)
class ContactView:
    name: str
    phone: str
    fax: str
    email: str


@dataclass(frozen=True, slots=True)
class Section:
    """A policy section on the page of its organisation."""

    title: str
    url: str
    anchor: str
    lead: str
    body: str
    figures: tuple[FigureView, ...]
    links: tuple[LinkView, ...]


@dataclass(frozen=True, slots=True)
class NewsEntry:
    title: str
    url: str
    issued_on: date
    category: str
    event: EventView | None = None


@dataclass(frozen=True, slots=True)
class TreeEntry:
    """A page in a rendered tree: the sitemap, the organisation chart; `lead` in a chart alone."""

    title: str
    url: str
    current: str = ""
    lead: str = ""
    below: "tuple[TreeEntry, ...]" = ()


@dataclass(frozen=True, slots=True)
class PageLinks:
    """The links from a page: to its siblings, its place in the chart, the previous and next."""

    local: LocalNavigation | None = None
    chart: tuple[TreeEntry, ...] = ()
    whole_chart: PageLink | None = None  # the page with the chart of all organisations
    previous: PageLink | None = None
    next: PageLink | None = None


@dataclass(frozen=True, slots=True)
class PageView:
    """A page at a moment. Bodies are sanitised HTML; everything else is plain text."""

    kind: Kind
    category: Category
    is_root: bool
    is_archived: bool
    title: str
    document_title: str
    heading: str
    english: str
    url: str
    lead: str
    body: str
    note: str
    issued_on: date | None
    event: EventView | None
    first_published: datetime
    updated: datetime  # minor changes left out
    reviewed: datetime | None  # this edition, by an officer, as still right
    in_force_from: datetime  # this edition
    breadcrumbs: tuple[PageLink, ...]  # from the root to the parent
    parent_organisations: tuple[PageLink, ...]
    contents: tuple[Heading, ...]
    sections: tuple[Section, ...]
    organisations: tuple[PageLink, ...]
    pages: tuple[PageLink, ...]
    figures: tuple[FigureView, ...]
    links: tuple[LinkView, ...]
    contacts: tuple[ContactView, ...]
    news: tuple[NewsEntry, ...]
    news_url: str
    open_events: tuple[NewsEntry, ...]  # of an organisation: the receptions that close first
    events_url: str
    page_links: PageLinks
    sitemap: tuple[TreeEntry, ...]
    site_frame: SiteFrame

    @property
    def template_name(self) -> str:
        return "bureaus/home.html" if self.is_root else f"bureaus/{self.kind}.html"

    @property
    def history_url(self) -> str:
        return self.site_frame.moment.address(f"{self.url}history/")

    @property
    def calendar_url(self) -> str:
        """The address of the event as a file for calendars."""
        return self.site_frame.moment.exact_address(calendar_address(self.url))

    @property
    def organisation_line(self) -> tuple[PageLink, ...]:
        """The organisations from the ministry to the one that the page is, or belongs to."""
        if self.kind == Kind.ORGANISATION:
            url = self.site_frame.moment.address(self.url)
            return (*self.parent_organisations, PageLink(self.title, url, self.english))
        return self.parent_organisations or (self.site_frame.home,)

    @property
    def published_on(self) -> date:
        """The day in Tokyo."""
        return timezone.localtime(self.first_published, TOKYO).date()

    @property
    def updated_on(self) -> date:
        return timezone.localtime(self.updated, TOKYO).date()

    @property
    def reviewed_on(self) -> date | None:
        return timezone.localtime(self.reviewed, TOKYO).date() if self.reviewed else None


@dataclass(frozen=True, slots=True)
class Moved:
    """The page is at `url_path` now."""

    url_path: str


@dataclass(frozen=True, slots=True)
class Gone:
    """The page was taken down; `note` says why, in the ministry's words."""

    title: str
    note: str
    breadcrumbs: tuple[PageLink, ...]
    site_frame: SiteFrame


@dataclass(frozen=True, slots=True)
class Missing:
    """
    No page is at the address at this moment.

    `breadcrumbs` are the pages above the address that exist. `exists_today`: the page was
    published after the requested moment, and `first` is how it was then.
    """

    breadcrumbs: tuple[PageLink, ...]
    exists_today: bool
    site_frame: SiteFrame
    first: Memento | None = None


@dataclass(frozen=True, slots=True)
class FilterChoice:
    """A value of a filter, as a link."""

    label: str
    url: str
    is_chosen: bool


@dataclass(frozen=True, slots=True)
class NewsList:
    """
    One page of the news of an organisation, or of the whole site.

    `url` is the address of this list today, with its filter and page number.
    """

    title: str
    document_title: str
    url: str
    breadcrumbs: tuple[PageLink, ...]
    total: int
    entries: tuple[NewsEntry, ...]
    years: tuple[FilterChoice, ...]
    categories: tuple[FilterChoice, ...]
    page: int
    page_count: int
    pages: tuple[FilterChoice, ...]  # empty if there is only one; a gap has no address
    previous_url: str
    next_url: str
    site_frame: SiteFrame
    template_name: ClassVar = "bureaus/news_list.html"
    subject: ClassVar = "新着情報"
    json_key: ClassVar = "news"

    @property
    def path(self) -> str:
        """The address of the whole list today."""
        return self.url.partition("?")[0]

    @property
    def is_filtered(self) -> bool:
        return "?" in self.url

    @property
    def events_url(self) -> str:
        """The list of events of the same organisation."""
        return self.site_frame.moment.address(f"{self.path.removesuffix('news/')}events/")


class EventGroup(NamedTuple):
    """The events of a list that run, or are to come, or have ended."""

    title: str
    entries: tuple[NewsEntry, ...]


@dataclass(frozen=True, slots=True)
class EventList(NewsList):
    """One page of the events of an organisation, or of the whole site; `entries` of all groups."""

    groups: tuple[EventGroup, ...]
    statuses: tuple[FilterChoice, ...]
    calendar_url: str
    template_name: ClassVar = "bureaus/event_list.html"
    subject: ClassVar = "意見募集・公募・会議"
    json_key: ClassVar = "events"


PageAnswer = PageView | Moved | Gone | Missing
