"""Checking the foreign links that are due, within limits of count and time."""

import time
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta

from django.db.models import Q, QuerySet
from django.utils import timezone

from bureaus.links.fetching import Checker, Outcome
from bureaus.models import CheckedLink

AGAIN, BROKEN_AGAIN = timedelta(days=7), timedelta(days=1)
DOUBTFUL = 5  # failures in a row, from the first on, after which the network itself is suspected


class NoNetwork(Exception):
    """No server at all has answered: that says nothing about the links."""


@dataclass(slots=True)
class LinkTotals:
    checked: int = 0
    broken: int = 0


def due_links(limit: int) -> QuerySet[CheckedLink]:
    """The foreign links to check now: new ones, broken ones of yesterday, others of last week."""
    now = timezone.now()
    is_broken = Q(broken_since__isnull=False, checked_at__lt=now - BROKEN_AGAIN)
    due = Q(checked_at=None) | is_broken | Q(checked_at__lt=now - AGAIN)
    return CheckedLink.objects.external().filter(due).order_by("checked_at", "pk")[:limit]


def check_links(links: Iterable[CheckedLink], *, seconds: float) -> LinkTotals:
    """
    Check the links until the time is over, each result stored at once.

    Raises NoNetwork where none of the first ones got an answer: then nothing is stored.
    """
    checker, totals, end = Checker(), LinkTotals(), time.monotonic() + seconds
    doubtful: list[tuple[CheckedLink, Outcome]] = []
    is_online = False
    for link in links:
        if time.monotonic() > end:
            break
        outcome = checker.check(link.address)
        totals.checked += 1
        totals.broken += outcome.is_broken
        is_online = is_online or outcome.has_answered
        doubtful.append((link, outcome))
        if is_online:
            store(doubtful)
            doubtful = []
        elif len(doubtful) >= DOUBTFUL:
            raise NoNetwork
    if any(outcome.is_broken for _, outcome in doubtful):
        raise NoNetwork
    store(doubtful)
    return totals


def store(outcomes: Iterable[tuple[CheckedLink, Outcome]]) -> None:
    """Store each result; the moment of the first failure stays until the link works again."""
    now = timezone.now()
    for link, outcome in outcomes:
        since = (link.broken_since or now) if outcome.is_broken else None
        CheckedLink.objects.filter(pk=link.pk).update(
            checked_at=now, problem=outcome.problem, broken_since=since
        )
