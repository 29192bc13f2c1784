"""Checking the foreign links that are due, within limits of count and time."""

import time
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlsplit

from django.db.models import F, Q, QuerySet
from django.utils import timezone

from bureaus.links.fetching import Checker, LinkOutcome
from bureaus.models import CheckedLink

# A nightly run starts a few minutes earlier or later than the last: less than a day.
AGAIN, BROKEN_AGAIN = timedelta(days=7), timedelta(hours=20)
MAX_SILENT_HOSTS = 5  # different hosts in a row without an answer, which make the network suspect
WITNESSES, RECENT = 3, 50  # hosts asked whether the network works, out of the last ones in order

Found = list[tuple[CheckedLink, LinkOutcome]]


class NoNetwork(Exception):
    """No server at all has answered: that says nothing about the links."""


@dataclass(slots=True)
class LinkTotals:
    """The counts of a run of `check_links`."""

    checked: int = 0
    broken: int = 0
    answered: int = 0
    is_offline: bool = False  # the network was lost; the links since then are asked next time


def due_links(limit: int) -> QuerySet[CheckedLink]:
    """
    Return the foreign links to check now.

    New ones, those that failed and were last checked BROKEN_AGAIN ago, the others after AGAIN.
    The order is that of the last attempt, so that links without an answer do not come first again.
    """
    now = timezone.now()
    is_failing = Q(broken_since__isnull=False) | Q(failing_since__isnull=False)
    is_failing &= Q(checked_at__lt=now - BROKEN_AGAIN)
    due = Q(checked_at=None) | is_failing | Q(checked_at__lt=now - AGAIN)
    order = F("attempted_at").asc(nulls_first=True)
    return CheckedLink.objects.external().filter(due).order_by(order, "pk")[:limit]


def check_links(links: Iterable[CheckedLink], *, seconds: float) -> LinkTotals:
    """
    Check the links until the time is over or the network is lost; store each result at once.

    `seconds` of elapsed time, compared between two links alone: one link may take 20 for
    each of six requests, twice, and those of robots.txt. Raises NoNetwork where no server
    answered: then only the attempts are stored.
    """
    run, end = Run(), time.monotonic() + seconds
    for link in links:
        if run.totals.is_offline or time.monotonic() > end:
            break
        run.add(link, run.checker.check(link.address))
    run.finish()
    return run.totals


@dataclass(slots=True)
class Run:
    """One run; `silent` are the last links without an answer, stored once the network is known."""

    checker: Checker = field(default_factory=Checker)
    totals: LinkTotals = field(default_factory=LinkTotals)
    silent: Found = field(default_factory=list)

    def add(self, link: CheckedLink, outcome: LinkOutcome) -> None:
        self.totals.checked += 1
        if outcome.is_silent:
            self.silent.append((link, outcome))
            if len({host_of(each.address) for each, _ in self.silent}) >= MAX_SILENT_HOSTS:
                self.check_network()
            return
        self.totals.broken += store([(link, outcome)])
        if outcome.has_answered:
            self.totals.answered += 1
            self.store_silent()

    def finish(self) -> None:
        """Store what is left. Raises NoNetwork where no server answered in the run."""
        if self.totals.answered:
            self.store_silent()
        elif self.silent:
            self.check_network()
        if self.totals.is_offline and not self.totals.answered:
            raise NoNetwork

    def check_network(self) -> None:
        """Store the failures if other servers answer now, and otherwise the attempts alone."""
        if any(self.checker.check(address).has_answered for address in control_addresses()):
            self.store_silent()
            return
        self.totals.is_offline = True
        keys = [link.pk for link, _ in self.silent]
        CheckedLink.objects.filter(pk__in=keys).update(attempted_at=timezone.now())
        self.silent = []

    def store_silent(self) -> None:
        self.totals.broken += store(self.silent)
        self.silent = []


def control_addresses() -> Iterable[str]:
    """Return addresses on different hosts that were in order when they were last asked. 1 query."""
    in_order = CheckedLink.objects.external().filter(problem="", checked_at__isnull=False)
    recent = in_order.order_by("-checked_at").values_list("address", flat=True)[:RECENT]
    oldest_first = reversed(list(recent))
    return list({host_of(address): address for address in oldest_first}.values())[-WITNESSES:]


def host_of(address: str) -> str:
    return urlsplit(address).hostname or ""


def store(outcomes: Found) -> int:
    """Store each result; return how many links are broken."""
    now, broken = timezone.now(), 0
    for link, outcome in outcomes:
        changes = changes_of(link, outcome, now)
        CheckedLink.objects.filter(pk=link.pk).update(attempted_at=now, **changes)
        broken += changes.get("broken_since") is not None
    return broken


def changes_of(link: CheckedLink, outcome: LinkOutcome, now: datetime) -> dict[str, Any]:
    """
    Return what the outcome says of the link; the first failure stays until the link works again.

    Without an answer a link is broken from the second day on: a server may be down for an hour.
    """
    if outcome.is_silent and not outcome.is_broken:
        return {}
    failing = (link.failing_since or now) if outcome.is_silent else None
    since = None
    if outcome.is_broken:
        since = link.broken_since or broken_since_second_day(
            failing or now, now, is_sure=failing is None
        )
    return {
        "checked_at": now,
        "problem": outcome.problem,
        "failing_since": failing,
        "broken_since": since,
    }


def broken_since_second_day(first: datetime, now: datetime, *, is_sure: bool) -> datetime | None:
    is_another_day = timezone.localdate(first) != timezone.localdate(now)
    return first if is_sure or is_another_day else None
