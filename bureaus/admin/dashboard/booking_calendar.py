"""The bookings of a month as a calendar: weeks from Sunday, days in Tokyo."""

import calendar
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, time
from itertools import groupby

from django.utils import timezone

from bureaus.admin.core.place_summary import rows_at, title_of, with_titles
from bureaus.models import Action, Answer, Edition, Placement
from bureaus.models.placements import LASTING, STEP
from bureaus.permissions import Grants
from bureaus.publishing.tree_bookings import (
    action_of,
    reordered_children,
    roots_of_releases,
    with_old_address,
)
from bureaus.text.formatting import TOKYO, iso_moment, japanese_time

WEEKDAYS = ("日", "月", "火", "水", "木", "金", "土")
MONTH = re.compile(r"(20[0-9]{2})-(0[1-9]|1[0-2])")
BOOKINGS = 300  # shown in a month
LAST = date(2099, 12, 1)


@dataclass(frozen=True, slots=True)
class Booking:
    """
    A booked edition, or of a booked change of the tree the page.

    `answer` is empty where it is the ordinary one; of a change of the tree it says which.
    """

    edition: int
    title: str
    answer: str
    at: datetime
    release: str
    page: int = 0


@dataclass(frozen=True, slots=True)
class Start:
    """One booking, or the bookings of a release, with one start."""

    at: datetime
    bookings: tuple[Booking, ...]

    @property
    def time(self) -> str:
        return japanese_time(self.at)

    @property
    def iso(self) -> str:
        return iso_moment(self.at)

    @property
    def is_release(self) -> bool:
        return bool(self.bookings[0].release)


@dataclass(frozen=True, slots=True)
class Day:
    day: date
    is_today: bool
    is_inside: bool  # false for days of the months before and after
    starts: tuple[Start, ...]

    @property
    def weekday(self) -> str:
        return WEEKDAYS[self.day.isoweekday() % 7]


@dataclass(frozen=True, slots=True)
class Month:
    first: date
    weeks: tuple[tuple[Day, ...], ...]
    count: int
    is_cut: bool  # more bookings follow
    previous: date | None
    following: date | None


def parse_month(text: str, today: date) -> date:
    """Return the first day of a month like `2026-12`; of this month for the past or other text."""
    found = MONTH.fullmatch(text)
    this = today.replace(day=1)
    return max(date(int(found[1]), int(found[2]), 1), this) if found else this


def bookings_of_month(grants: Grants, first: date) -> Month:
    """Return the bookings in the officer's branches. 3 queries, 4 with a booked order."""
    now = timezone.now()
    today = timezone.localtime(now, TOKYO).date()
    following = next_month(first)
    start, end = max(now, beginning(first)), beginning(following)
    both = (*bookings(grants, start, end), *place_bookings(grants, start, end))
    found = sorted(both, key=start_of)
    starts = by_day(found[:BOOKINGS])
    weeks = calendar.Calendar(firstweekday=calendar.SUNDAY).monthdatescalendar(
        first.year, first.month
    )
    return Month(
        first=first,
        weeks=tuple(
            tuple(
                Day(day, day == today, day.month == first.month, starts.get(day, ()))
                for day in week
            )
            for week in weeks
        ),
        count=min(len(found), BOOKINGS),
        is_cut=len(found) > BOOKINGS,
        previous=previous_month(first) if first > today else None,
        following=following if first < LAST else None,
    )


def bookings(grants: Grants, start: datetime, end: datetime) -> Iterator[Booking]:
    """Read the bookings through the index edition_state_from."""
    rows = (
        Edition.objects.approved()
        .filter(grants.in_branches(prefix="page__"), live_from__gte=start, live_from__lt=end)
        .order_by("live_from", "release", "page")
        .values_list("pk", "title", "answer", "live_from", "release")
    )
    for pk, title, answer, at, release in rows[: BOOKINGS + 1]:
        is_plain = answer == Answer.CURRENT
        if at is not None:  # never None of an approved edition
            yield Booking(pk, title, "" if is_plain else str(Answer(answer).label), at, release)


def place_bookings(grants: Grants, start: datetime, end: datetime) -> Iterator[Booking]:
    """Return the moves, renames and reorderings of pages in the officer's branches."""
    own = grants.in_branches(prefix="page__")
    moved = Placement.objects.filter(own, LASTING, live_from__gte=start, live_from__lt=end)
    nodes = with_titles(with_old_address(roots_of_releases(moved)), timezone.now())
    for node in nodes.order_by("live_from", "pk")[: BOOKINGS + 1]:
        words = str(action_of(node).label)
        yield Booking(0, title_of(node, grants), words, node.live_from, "", node.page_id)
    reordered = [(at, path[:-STEP]) for _, at, path in reordered_children(start, end) if path]
    yield from booked_orders(grants, reordered[: BOOKINGS + 1])


def booked_orders(grants: Grants, reordered: list[tuple[datetime, str]]) -> Iterator[Booking]:
    """Return the reorderings, by moment and tree path of the parent. At most 1 query."""
    own = [(at, path) for at, path in reordered if grants.can_view_path(path)]
    rows = rows_at([path for _, path in own], timezone.now()) if own else ()
    parents = {row.path: row for row in rows}
    for at, path in own:
        row = parents[path]
        words = str(Action.REORDER.label)
        yield Booking(0, title_of(row, grants), words, at, "", row.page_id)


def by_day(found: Iterable[Booking]) -> dict[date, tuple[Start, ...]]:
    days: dict[date, tuple[Start, ...]] = {}
    for (at, *_), group in groupby(found, key=start_of):
        day = timezone.localtime(at, TOKYO).date()
        days[day] = (*days.get(day, ()), Start(at, tuple(group)))
    return days


def start_of(booking: Booking) -> tuple[datetime, str, int]:
    """Return the key of a start: the bookings of a release share one."""
    return booking.at, booking.release, 0 if booking.release else booking.edition or -booking.page


def beginning(day: date) -> datetime:
    return datetime.combine(day, time(), TOKYO)


def next_month(first: date) -> date:
    return date(first.year + first.month // 12, first.month % 12 + 1, 1)


def previous_month(first: date) -> date:
    return date(first.year - (first.month == 1), (first.month - 2) % 12 + 1, 1)
