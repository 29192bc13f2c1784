"""The TimeMap of a page (RFC 7089): where and since when each of its editions can be read."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import NamedTuple

from django.db.models import BigIntegerField, Count, DateTimeField, F, Q, Value, Window
from django.db.models.functions import Mod, RowNumber

from bureaus.models import Edition
from bureaus.models.compiled_sql import Compiled, Parameter
from bureaus.reading.history import HISTORY_SUFFIX
from bureaus.reading.moments import Moment
from bureaus.reading.resolution import ResolvedPage, missing_below, resolve
from bureaus.reading.statements import AT, Statement
from bureaus.reading.view_models import Gone, Memento, Missing, Moved, memento_of

LISTED = 1_000  # mementos in one TimeMap
EARLIEST = datetime(1000, 1, 1, tzinfo=UTC)
Span = tuple[datetime, datetime]


class StartRow(NamedTuple):
    live_from: datetime


class Part(NamedTuple):
    """The starts of the first and last edition of a part; `number` as in `TimeMap`."""

    number: int | None
    span: Span


@dataclass(frozen=True, slots=True)
class TimeMap:
    """
    The mementos of the page at `url`, the oldest first: all, or a part of them.

    The parts are counted from the oldest, so a full one never changes. `number` is None for the
    newest part, and for the only one. `others` are the other parts.
    """

    url: str
    mementos: tuple[Memento, ...]
    number: int | None = None
    others: tuple[Part, ...] = ()

    @property
    def span(self) -> Span | None:
        return (self.mementos[0].start, self.mementos[-1].start) if self.mementos else None

    @property
    def first(self) -> Memento | None:
        """The first memento of the page, where this part has it."""
        is_oldest = self.number == 1 or not self.others
        return self.mementos[0] if self.mementos and is_oldest else None

    @property
    def last(self) -> Memento | None:
        """The last memento of the page, where this part has it."""
        return self.mementos[-1] if self.mementos and self.number is None else None


def starts_of_page() -> Statement:
    return (
        Edition.objects.begun(AT)
        .readable()
        .filter(page=Parameter("page", BigIntegerField()))
        .order_by("live_from")
        .values_list("live_from")
    )


STARTS = Compiled(
    StartRow,
    lambda: starts_of_page().filter(live_from__gte=Parameter("start", DateTimeField()))[
        : LISTED + 1
    ],
)

# The first and last start of each part, and the very last.
ENDS = Compiled(
    StartRow,
    lambda: (
        starts_of_page()
        .annotate(
            number=Window(RowNumber(), order_by=F("live_from").asc()),
            total=Window(Count("*")),
        )
        .annotate(place=Mod("number", Value(LISTED)))
        .filter(Q(place__in=[0, 1]) | Q(number=F("total")))
        .values_list("live_from")
    ),
)


def page_timemap(path: str, moment: Moment, number: int | None) -> TimeMap | Moved | Gone | Missing:
    """
    Return the TimeMap of the page with its history at `path`, or a full part of it.

    2 queries; 4 where it has parts. Missing where there is no part `number`.
    """
    resolved = resolve(path, moment, suffix=HISTORY_SUFFIX)
    if not isinstance(resolved, ResolvedPage):
        return resolved
    values: dict[str, int | datetime] = {"at": moment.at, "page": resolved.page.page}
    rows = STARTS(start=EARLIEST, **values)
    parts = parts_between([row.live_from for row in ENDS(**values)]) if len(rows) > LISTED else []
    chosen = next((part for part in parts if part.number == number), None)
    if chosen is not None:
        rows = STARTS(start=chosen.span[0], **values)
    elif number is not None:
        return missing_below(resolved.rows, moment)
    address = resolved.page.url_path
    # Of two editions that began in one second only the later one can be asked for.
    found = (memento_of(address, row.live_from) for row in rows[:LISTED])
    mementos = tuple({each.url: each for each in found}.values())
    return TimeMap(address, mementos, number, tuple(part for part in parts if part is not chosen))


def parts_between(ends: Sequence[datetime]) -> list[Part]:
    """Return the parts from the starts at their ends; the last one may have one start only."""
    firsts, lasts = ends[::2], [*ends[1::2], ends[-1]]
    newest = len(firsts)
    return [
        Part(number if number < newest else None, span)
        for number, span in enumerate(zip(firsts, lasts, strict=False), 1)
    ]
