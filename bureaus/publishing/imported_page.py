"""A page of another site, ready to be stored."""

from dataclasses import dataclass
from datetime import date, datetime

from bureaus.models import Category, Figure, Kind, Link
from bureaus.models.events import Event


@dataclass(frozen=True, slots=True)
class ImportedPage:
    """
    A page at `address`, public from `start` on; None for `start`: with a draft.

    `figures` and `links` are not stored, their files are. `former`: the addresses that lead to it.
    `origin` names it at its source, and `digest` what was there: the audit entry has both, so that
    an interrupted import goes on where it stopped.
    """

    address: str
    kind: Kind
    category: Category
    title: str
    start: datetime | None
    lead: str = ""
    body: str = ""
    issued_on: date | None = None
    figures: tuple[Figure, ...] = ()
    links: tuple[Link, ...] = ()
    former: tuple[str, ...] = ()
    event: Event | None = None
    origin: str = ""
    digest: str = ""

    @property
    def slug(self) -> str:
        return self.address.rstrip("/").rpartition("/")[2]
