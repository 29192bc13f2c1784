"""The bookings of a month as a calendar: weeks from Sunday, days in Tokyo."""

import calendar
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, time
from itertools import groupby
from typing import Any, NamedTuple

from django.db.models import Exists, F, OuterRef, Q, Subquery, Value
from django.db.models.functions import Length, Substr
from django.utils import timezone

from bureaus.admin.core.booked_places import release_address
from bureaus.admin.core.place_summary import title_of, with_titles
from bureaus.models import Action, Answer, Edition, Placement, SiblingPosition
from bureaus.models.pages import placement_at
from bureaus.models.placements import LASTING, STEP, outer_parent_path
from bureaus.models.releases import release_of, release_token
from bureaus.permissions import Grants
from bureaus.publishing.tree_bookings import (
    action_of,
    roots_of_releases,
    with_old_address,
)
from bureaus.text.formatting import TOKYO, iso_moment, japanese_time

WEEKDAYS = ("日", "月", "火", "水", "木", "金", "土")
MONTH = re.compile(r"(20[0-9]{2})-(0[1-9]|1[0-2])")
BOOKINGS = 300  # shown in a month
ARRIVAL = "ほかの担当からの移動"
LAST = date(2099, 12, 1)


@dataclass(frozen=True, slots=True)
class Booking:
    """
    A booked edition, or of a booked change of the tree the page.

    `answer` is empty where it is the ordinary one; of a change of the tree it says which. The
    officer may open what `is_linked`.
    """

    edition: int
    title: str
    answer: str
    at: datetime
    release: str
    page: int = 0
    is_linked: bool = True


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

    @property
    def release(self) -> str:
        """Return the address of the screen of the release; empty for one without a screen."""
        return release_address(release_token(self.bookings[0].release))


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


def has_changes(first: date) -> Q:
    """
    The condition whether anywhere a move, rename or reordering is booked for the month.

    Mostly none is, and then the statement that reads them need not be built and planned.
    """
    within = between(*period(first))
    moved = Placement.objects.filter(LASTING, **within).exclude(release="").order_by()
    return Q(Exists(moved)) | Q(Exists(SiblingPosition.objects.filter(**within).order_by()))


def period(first: date) -> tuple[datetime, datetime]:
    """Return the rest of the month."""
    return max(timezone.now(), beginning(first)), beginning(next_month(first))


def bookings_of_month(grants: Grants, first: date, *, with_changes: bool) -> Month:
    """Return the bookings in the officer's branches. 1 query, 2 with changes of the tree."""
    today = timezone.localtime(timezone.now(), TOKYO).date()
    following = next_month(first)
    start, end = period(first)
    changes = place_bookings(grants, start, end) if with_changes else ()
    found = sorted((*bookings(grants, start, end), *changes), key=start_of)
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
            name = release_of(release) or release
            yield Booking(pk, title, "" if is_plain else str(Answer(answer).label), at, name)


class PlaceRow(NamedTuple):
    """A booked placement, or without `slug` the page whose children get another order."""

    live_from: datetime
    key: int
    title: str | None
    latest: str | None
    standing: str
    slug: str
    old_address: str | None
    release: str

    @property
    def words(self) -> str:
        return str((action_of(self) if self.slug else Action.REORDER).label)


def place_bookings(grants: Grants, start: datetime, end: datetime) -> Iterator[Booking]:
    """
    Yield the moves, renames and reorderings of pages in the officer's branches. 1 query.

    And the moves into them from others, of pages that the officer may know of.
    """
    moved, ordered = moves(grants, start, end), orders(grants, start, end)
    rows = moved.values_list(*PlaceRow._fields).union(ordered.values_list(*PlaceRow._fields))
    for row in map(PlaceRow._make, rows.order_by("live_from", "key")[: BOOKINGS + 1]):
        is_own = grants.can_view_path(row.standing)
        words = row.words if is_own else ARRIVAL
        release = release_of(row.release) if is_own else ""
        yield Booking(0, title_of(row, grants), words, row.live_from, release, row.key, is_own)


def moves(grants: Grants, start: datetime, end: datetime) -> Any:
    own, now = grants.in_branches(prefix="page__"), timezone.now()
    above = Placement.objects.filter(own, path=outer_parent_path())
    public = Edition.objects.begun(now).filter(page=OuterRef("page"))
    booked = roots_of_releases(Placement.objects.filter(LASTING, **between(start, end)))
    nodes = booked.filter(own | Q(Exists(above), Exists(public))).order_by()
    return with_titles(with_old_address(nodes), now).annotate(key=F("page"))


def orders(grants: Grants, start: datetime, end: datetime) -> Any:
    """Of each reordering the first row, with the page above it as `key`."""
    own, now = grants.in_branches(prefix="page__"), timezone.now()
    before = SiblingPosition.objects.filter(
        release=OuterRef("release"), position__lt=OuterRef("position")
    )
    rows = SiblingPosition.objects.filter(~Exists(before), **between(start, end)).order_by()
    above = Placement.objects.filter(own, path=OuterRef("standing")).order_by()
    editions = Edition.objects.filter(page=OuterRef("key"))
    path = F("placement__path")
    return (
        rows.annotate(placement=placement_at(now, "page__"))
        .annotate(standing=Substr(path, 1, Length(path) - STEP))
        .annotate(key=Subquery(above.values("page")[:1]))
        .exclude(key=None)
        .annotate(
            title=Subquery(editions.in_force(now).values("title")[:1]),
            latest=Subquery(editions.order_by("-number").values("title")[:1]),
            slug=Value(""),
            old_address=Value(""),
        )
    )


def between(start: datetime, end: datetime) -> dict[str, datetime]:
    return {"live_from__gte": start, "live_from__lt": end}


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
