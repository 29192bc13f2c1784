"""What a template, a feed or an export is given: frozen, complete, and unable to run a query."""

from dataclasses import dataclass, field
from datetime import date, datetime
from typing import NamedTuple

from django.utils import timezone

from bureaus.models import Category, Kind
from bureaus.reading.moments import Moment
from bureaus.text.formatting import TOKYO

WIDE, TALL = 2.2, 1.6  # times the other side


@dataclass(frozen=True, slots=True)
class PageLink:
    """A page as it is named in a link."""

    title: str
    url: str
    english: str = ""
    lead: str = ""
    current: str = ""  # aria-current: "page" here, "true" above here


@dataclass(frozen=True, slots=True)
class LocalNavigation:
    """The pages beside this one, below `heading`."""

    heading: PageLink
    entries: tuple[PageLink, ...]


@dataclass(frozen=True, slots=True)
class SiteFrame:
    """What stands around every page: the main navigation and the links of the footer."""

    home: PageLink
    navigation: tuple[PageLink, ...]
    footer: tuple[PageLink, ...]
    moment: Moment
    current_url: str = ""  # the same address today, for the notice on a past page


@dataclass(frozen=True, slots=True)
class Heading:
    anchor: str
    text: str


@dataclass(frozen=True, slots=True)
class Source:
    """The same picture in another format, in several widths."""

    type: str
    srcset: str


class SocialImage(NamedTuple):
    """What is cut out of a picture for other sites that link the page."""

    src: str
    width: int
    height: int


@dataclass(frozen=True, slots=True)
class FigureView:
    """`sources` from the lightest format; `srcset` is of the format that every browser knows."""

    src: str
    width: int
    height: int
    alt: str
    caption: str
    srcset: str = ""
    sources: tuple[Source, ...] = ()
    card: SocialImage | None = None

    @property
    def shape(self) -> str:
        """`wide` and `tall` pictures get a place of their own; `plain` ones stand beside text."""
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
    """A policy section as it stands on the page of its organisation."""

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


@dataclass(frozen=True, slots=True)
class TreeEntry:
    """A page in a tree that is shown as one: the sitemap, the organisation chart."""

    title: str
    url: str
    current: str = ""
    below: "list[TreeEntry]" = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class PageLinks:
    """Where a reader can go from the page: beside it, around it in the chart, before and after."""

    local: LocalNavigation | None = None
    chart: tuple[TreeEntry, ...] = ()
    whole_chart: PageLink | None = None  # the page that shows all of it
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
    first_published: datetime
    updated: datetime  # minor changes left out
    in_force_from: datetime  # this edition
    crumbs: tuple[PageLink, ...]  # from the root to the parent
    within: tuple[PageLink, ...]  # the organisations among them
    contents: tuple[Heading, ...]
    sections: tuple[Section, ...]
    organisations: tuple[PageLink, ...]
    pages: tuple[PageLink, ...]
    figures: tuple[FigureView, ...]
    links: tuple[LinkView, ...]
    contacts: tuple[ContactView, ...]
    news: tuple[NewsEntry, ...]
    news_url: str
    ways: PageLinks
    sitemap: tuple[TreeEntry, ...]
    bureaus: tuple[PageLink, ...]  # of the home page: the organisations one level further down
    chrome: SiteFrame

    @property
    def history_url(self) -> str:
        return self.chrome.moment.address(f"{self.url}history/")

    @property
    def published_on(self) -> date:
        """The day in Tokyo."""
        return timezone.localtime(self.first_published, TOKYO).date()

    @property
    def updated_on(self) -> date:
        return timezone.localtime(self.updated, TOKYO).date()


@dataclass(frozen=True, slots=True)
class Moved:
    """The page is at `url_path` now."""

    url_path: str


@dataclass(frozen=True, slots=True)
class Gone:
    """A page was here and was taken down on purpose; `note` says why, in the ministry's words."""

    title: str
    note: str
    crumbs: tuple[PageLink, ...]
    chrome: SiteFrame


@dataclass(frozen=True, slots=True)
class Missing:
    """
    No page answers here at this moment.

    `crumbs` are the pages above the address that do exist. `exists_today`: only the moment asked
    for is too early.
    """

    crumbs: tuple[PageLink, ...]
    exists_today: bool
    chrome: SiteFrame


@dataclass(frozen=True, slots=True)
class Choice:
    """A value of a filter, as a link."""

    label: str
    url: str
    is_chosen: bool


@dataclass(frozen=True, slots=True)
class NewsList:
    """
    One page of the news of an organisation, or of the whole site.

    `url` is this very list, filter and page number and all, as of today.
    """

    title: str
    document_title: str
    url: str
    crumbs: tuple[PageLink, ...]
    total: int
    entries: tuple[NewsEntry, ...]
    years: tuple[Choice, ...]
    categories: tuple[Choice, ...]
    page: int
    page_count: int
    pages: tuple[Choice, ...]  # empty where there is one; a gap has no address
    previous_url: str
    next_url: str
    chrome: SiteFrame


PageAnswer = PageView | Moved | Gone | Missing
