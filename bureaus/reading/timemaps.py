"""The TimeMap of a page (RFC 7089): where and since when each of its editions can be read."""

from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

from django.db.models import BigIntegerField

from bureaus.models import Edition
from bureaus.reading.compiled_sql import Compiled, Parameter
from bureaus.reading.history import ENDING
from bureaus.reading.moments import Moment
from bureaus.reading.resolution import ResolvedPage, resolve
from bureaus.reading.statements import AT
from bureaus.reading.view_models import Gone, Memento, Missing, Moved, memento_of

LISTED = 1_000  # mementos, the newest ones


class StartRow(NamedTuple):
    live_from: datetime


@dataclass(frozen=True, slots=True)
class TimeMap:
    """The mementos of the page at `url`, the oldest first."""

    url: str
    mementos: tuple[Memento, ...]


STARTS = Compiled(
    StartRow,
    lambda: (
        Edition.objects.begun(AT)
        .readable()
        .filter(page=Parameter("page", BigIntegerField()))
        .order_by("-live_from")
        .values_list("live_from")[:LISTED]
    ),
)


def page_timemap(path: str, moment: Moment) -> TimeMap | Moved | Gone | Missing:
    """Return the TimeMap of the page with its history at `path`. 2 queries."""
    resolved = resolve(path, moment, ending=ENDING)
    if not isinstance(resolved, ResolvedPage):
        return resolved
    address = resolved.page.url_path
    rows = STARTS(at=moment.at, page=resolved.page.page)
    # Of two editions that began in one second only the later one can be asked for.
    mementos = {each.url: each for row in reversed(rows) for each in [memento_of(address, row[0])]}
    return TimeMap(address, tuple(mementos.values()))
