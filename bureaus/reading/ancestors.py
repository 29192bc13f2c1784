"""The pages on the way from the root to an address, with their editions in force."""

from typing import Any, NamedTuple

from bureaus.models import Answer
from bureaus.models.addresses import DEPTH_LIMIT, address_chain
from bureaus.reading import statements
from bureaus.reading.moments import Moment


class PageRow(NamedTuple):
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


def find_ancestors(address: str, moment: Moment) -> list[PageRow]:
    """The pages in force on the way from the root to `address`, itself last; 1 query."""
    addresses = address_chain(address)
    if not addresses or len(addresses) > DEPTH_LIMIT:
        return []
    values = {f"address{number}": text for number, text in enumerate(addresses)}
    rows = statements.ancestors_of(len(addresses))(at=moment.at, **values)
    return [PageRow(*row) for row in rows]
