"""The rows of the compiled statements, each with its columns in the order of the SELECT."""

from datetime import date, datetime
from typing import NamedTuple

from bureaus.models import Answer


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
    moved_to: str | None
    first_published: datetime
    updated: datetime

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
    url_path: str
    title: str
    issued_on: date
    category: str


class CountRow(NamedTuple):
    total: int


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


class OrganisationName(NamedTuple):
    page: int
    title: str
