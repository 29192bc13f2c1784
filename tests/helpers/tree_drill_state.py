"""What the drill of the tree knows while it runs, and what its dice choose among."""

import random
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from unittest.mock import patch

from django.db import transaction

from bureaus.integrity import problems
from bureaus.models import AuditEntry
from bureaus.publishing import Blocked
from bureaus.text.formatting import TOKYO
from tests.helpers.tree_oracle import Oracle, Then
from tests.helpers.tree_site import found

START = datetime(2027, 1, 4, 9, tzinfo=TOKYO)  # of the actions


class Clock:
    """What `timezone.now` returns while it is set."""

    def __init__(self, at: datetime) -> None:
        self.at = at

    def __call__(self) -> datetime:
        return self.at

    @contextmanager
    def set(self) -> Iterator[None]:
        with patch("django.utils.timezone.now", self):
            yield


@dataclass(frozen=True, slots=True)
class Booking:
    """
    `release`: of a change of the tree; else `edition`, with those pages, of texts.

    `together`: of a release with changes of the tree, the pages whose texts it changes.
    """

    page: int
    start: datetime
    release: str = ""
    edition: int = 0
    together: tuple[int, ...] | None = None


@dataclass
class DrillState:
    """A site of `size` pages, the oracle that knows it, and what is booked in it."""

    size: int
    seed: int
    clock: Clock = field(default_factory=lambda: Clock(START))
    oracle: Oracle = field(default_factory=Oracle)
    done: Counter[str] = field(default_factory=Counter)
    refused: Counter[str] = field(default_factory=Counter)
    bookings: list[Booking] = field(default_factory=list)
    moments: list[datetime] = field(default_factory=list)  # booked before: some begin together
    hot: list[int] = field(default_factory=list)
    restored: int = 0

    def __post_init__(self) -> None:
        self.dice = random.Random(self.seed)

    def found(self) -> None:
        """Make the site before the actions."""
        found(self.oracle, self.size, self.dice)

    def check(self) -> None:
        found = problems()
        assert found == [], f"after {self.done.total()} actions at {self.clock.at}: {found[:5]}"

    def any_page(self) -> int:
        """Half of the time one that was changed before, or stands near it."""
        if self.hot and self.dice.random() < 0.6:
            page = self.dice.choice(self.hot)
            near = [page, *Then(self.oracle, self.clock.at).ancestors(page)[-1:]]
            near += sorted(self.oracle.under.get(page, ()))[:5]
            page = self.dice.choice(near)
        else:
            page = self.dice.choice([*self.oracle.kinds])
        return page if page in self.oracle.kinds else self.oracle.root

    def later(self) -> datetime:
        """A moment to book, now and then one that was booked before."""
        known = [moment for moment in self.moments if moment > self.clock.at]
        if known and self.dice.random() < 0.3:
            return self.dice.choice(known)
        moment = self.clock.at + timedelta(minutes=self.dice.randrange(30, 60 * 24 * 40))
        self.moments.append(moment)
        return moment

    def note(self, what: str, *pages: int) -> None:
        self.done[what] += 1
        self.hot += pages

    @contextmanager
    def perhaps(self) -> Iterator[None]:
        """What is refused in this block has not been done."""
        try:
            with transaction.atomic():
                yield
        except Blocked as refusal:
            self.refused.update({str(each.code) for each in refusal.blockers})

    def a_slug(self, parent: int) -> str:
        """A new one, or one that a page below `parent` has at some moment."""
        used = [
            entry.slug
            for child in sorted(self.oracle.under.get(parent, ()))
            for entry in self.oracle.places[child]
        ]
        if used and self.dice.random() < 0.4:
            return self.dice.choice(used)
        return f"r{self.dice.randrange(12)}"

    def book(self, page: int, at: datetime | None) -> str:
        """Remember the release of the newest booking."""
        if at is None:
            return ""
        release = str(AuditEntry.objects.latest("pk").details["release"])
        self.bookings.append(Booking(page, at, release))
        return release

    def booked(self, *, of_the_tree: bool) -> list[Booking]:
        self.bookings = [each for each in self.bookings if each.start > self.clock.at]
        return [each for each in self.bookings if bool(each.release) == of_the_tree]
