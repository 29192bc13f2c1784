"""The rows of the compiled statements, each with its columns in the order of the SELECT."""

from datetime import date, datetime
from typing import Any, NamedTuple, Self

from bureaus.models import Answer, Phase


class PageRow(NamedTuple):
    """A page and its edition in force; `moved_to` is an address."""

    page: int
    path: str
    depth: int
    kind: str
    url_path: str
    edition: int
    answer: str
    live_from: datetime
    title: str
    english: str
    lead: str
    body: str
    category: str
    issued_on: date | None
    note: str
    event_start: datetime | None
    event_end: datetime | None
    event_place: str
    is_cancelled: bool
    moved_to: str | None
    first_published: datetime
    updated: datetime
    reviewed: datetime | None

    @property
    def is_readable(self) -> bool:
        return self.answer in (Answer.CURRENT, Answer.ARCHIVED)


class ChildRow(NamedTuple):
    """A page below another; `body` only of a policy section. In no order: see `in_tree_order`."""

    kind: str
    url_path: str
    edition: int
    title: str
    english: str
    lead: str
    body: str
    category: str
    depth: int
    path: str
    position: int


class AddressRow(NamedTuple):
    """An address; None where the page has none at the moment."""

    url_path: str | None


class SiblingRow(NamedTuple):
    url_path: str
    title: str
    path: str
    position: int


class NavigationRow(NamedTuple):
    url_path: str
    title: str
    english: str
    category: str
    path: str
    position: int


class TreeRow(NamedTuple):
    path: str
    url_path: str
    title: str
    position: int


class NewsItemRow(NamedTuple):
    page: int
    url_path: str
    title: str
    issued_on: date
    category: str
    event_start: datetime | None
    event_end: datetime | None
    event_place: str
    is_cancelled: bool


class CountRow(NamedTuple):
    total: int


class EventRow(NamedTuple):
    """An event in a list: `listed_start` and `listed_end` say where in it, of now."""

    page: int
    listed_start: datetime
    listed_end: datetime
    url_path: str
    title: str
    issued_on: date
    category: str
    event_start: datetime | None
    event_end: datetime | None
    event_place: str
    is_cancelled: bool

    def phase(self, at: datetime) -> Phase:
        if at >= self.listed_end:
            return Phase.ENDED
        return Phase.RUNNING if at >= self.listed_start else Phase.COMING


class EventCountRow(NamedTuple):
    """How many events are in each phase of a list."""

    running: int
    coming: int
    ended: int

    def of(self, phase: Phase) -> int:
        count: int = getattr(self, phase)
        return count


class CalendarRow(NamedTuple):
    page: int
    created_at: datetime
    number: int
    url_path: str
    title: str
    lead: str
    category: str
    live_from: datetime
    first_published: datetime
    event_start: datetime | None
    event_end: datetime | None
    event_place: str
    is_cancelled: bool


class DayRow(NamedTuple):
    day: date


class FigureColumns(NamedTuple):
    edition: int
    file: str
    width: int
    height: int
    renditions: str
    alt: str
    is_decorative: bool
    caption: str
    size: str
    position: int


class LinkColumns(NamedTuple):
    """
    A link; `page` and `document` are addresses.

    The last two columns, of the file that was replaced since, are read for a past moment only.
    """

    edition: int
    text: str
    page: str | None
    url: str
    document: str | None
    byte_size: int | None
    page_count: int | None
    earlier_byte_size: int | None = None
    earlier_page_count: int | None = None

    @property
    def is_replaced(self) -> bool:
        return self.earlier_byte_size is not None

    @property
    def size_and_pages(self) -> tuple[int, int | None]:
        """The numbers of the file at the moment."""
        if self.is_replaced:
            return self.earlier_byte_size or 0, self.earlier_page_count
        return self.byte_size or 0, self.page_count


class PlacedLink(NamedTuple):
    """A link and its position among those of its edition; of no edition: a document of a body."""

    position: int
    link: LinkColumns

    @classmethod
    def of(cls, position: int, *columns: Any) -> Self:
        return cls(position, LinkColumns._make(columns))

    @property
    def place(self) -> tuple[int, int]:
        return self.link.edition, self.position


class ContactColumns(NamedTuple):
    edition: int
    name: str
    phone: str
    fax: str
    email: str


class EditionRow(NamedTuple):
    """An edition in the history of its page; named as its columns."""

    number: int
    title: str
    answer: str
    change_note: str
    is_minor: bool
    live_from: datetime
    live_until: datetime | None


class EditionTextRow(NamedTuple):
    pk: int
    number: int
    title: str
    english: str
    lead: str
    body: str
    note: str


class FeedItemRow(NamedTuple):
    """`beginning` is that of the body."""

    page: int
    created_at: datetime
    url_path: str
    title: str
    lead: str
    beginning: str
    category: str
    first_published: datetime
    updated: datetime


class CreationRow(NamedTuple):
    created_at: datetime


class SitemapRow(NamedTuple):
    url_path: str
    live_from: datetime


class OrganisationColumns(NamedTuple):
    path: str
    position: int
    url_path: str
    title: str
    reading: str
    english: str
    category: str
    updated: datetime


class NewsColumns(NamedTuple):
    organisation: int
    url_path: str
    title: str
    issued_on: date
    category: str
    lead: str
    updated: datetime
    event_start: datetime | None
    event_end: datetime | None
    event_place: str
    is_cancelled: bool


class OrganisationName(NamedTuple):
    page: int
    title: str
