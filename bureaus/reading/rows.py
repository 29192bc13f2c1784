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
    """A page below another; `body` only of a policy section."""

    kind: str
    url_path: str
    edition: int
    title: str
    english: str
    lead: str
    body: str
    category: str
    depth: int


class AddressRow(NamedTuple):
    url_path: str


class SiblingRow(NamedTuple):
    url_path: str
    title: str


class NavigationRow(NamedTuple):
    url_path: str
    title: str
    english: str
    category: str


class TreeRow(NamedTuple):
    path: str
    url_path: str
    title: str


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
    """`page` and `document` are addresses; the numbers are those of the document's file."""

    edition: int
    text: str
    page: str | None
    url: str
    document: str | None
    byte_size: int | None
    page_count: int | None


class PastLinkColumns(NamedTuple):
    """The columns of LinkColumns, then size and pages of the file that was replaced since."""

    edition: int
    text: str
    page: str | None
    url: str
    document: str | None
    byte_size: int | None
    page_count: int | None
    earlier_byte_size: int | None
    earlier_page_count: int | None

    @property
    def link(self) -> LinkColumns:
        """The row with the numbers of the file that was there at the moment."""
        if self.earlier_byte_size is None:
            return LinkColumns(*self[:-2])
        return LinkColumns(*self[:-4], self.earlier_byte_size, self.earlier_page_count)


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
