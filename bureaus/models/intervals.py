"""Pure functions on the intervals during which editions are in force."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Interval:
    """An interval from `start` (inclusive) until `end` (exclusive); None is open."""

    start: datetime
    end: datetime | None
    readable: bool  # the public can read the page then

    def contains(self, at: datetime) -> bool:
        return self.start <= at and (self.end is None or at < self.end)


def is_readable_at(intervals: Iterable[Interval], at: datetime) -> bool:
    return any(interval.readable and interval.contains(at) for interval in intervals)


def clipped(intervals: Iterable[Interval], start: datetime, end: datetime | None) -> list[Interval]:
    """Return the parts of `intervals` from `start` until `end`."""
    parts = []
    for each in intervals:
        begins = max(each.start, start)
        ends = min(filter(None, (each.end, end)), default=None)
        if ends is None or begins < ends:
            parts.append(Interval(begins, ends, each.readable))
    return parts


def first_moment_alone(
    child: Sequence[Interval], parent: Sequence[Interval], *, since: datetime
) -> datetime | None:
    """
    Return the first moment from `since` on at which a child is readable and its parent is not.

    Both change only at the ends of their intervals, so only those moments are compared.
    """
    moments = {since}
    for interval in (*child, *parent):
        moments |= {edge for edge in (interval.start, interval.end) if edge and edge > since}
    for moment in sorted(moments):
        if is_readable_at(child, moment) and not is_readable_at(parent, moment):
            return moment
    return None


def interval_ends(starts: Sequence[datetime]) -> list[datetime | None]:
    """Return the end of each interval, for starts in order: each ends where the next begins."""
    return [*starts[1:], None] if starts else []
