"""Which pages are due for a review: their text has been the same, and unread, for too long."""

from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db.models import F, Q, QuerySet

from bureaus.models import Edition
from bureaus.permissions import Grants

# The intervals that a page can have of its own, in days.
INTERVALS = {
    91: "3か月ごと",
    182: "半年ごと",
    365: "1年ごと",
    730: "2年ごと",
    1095: "3年ごと",
    0: "見直しの対象にしない",
}


def overdue_pages(grants: Grants, now: datetime) -> QuerySet[Edition, Any]:
    """
    Return the pages of the officer that are due for a review, the oldest text first.

    News is left out, and so is what has ended or is booked to change. The first conditions are
    those of the index edition_standing, in its order: nothing is sorted. Its first column is the
    same in all rows, which PostgreSQL does not know.
    """
    shortest = min([days for days in (*INTERVALS, *settings.REVIEW_DAYS.values()) if days])
    overdue: QuerySet[Edition, Any] = (
        Edition.objects.listed()
        .placed(now)
        .filter(
            grants.in_branches(is_placed=True),
            is_due(now),
            live_until=None,
            issued_on=None,
            live_from__lt=now - timedelta(days=shortest),
        )
        .order_by("issued_on", "live_from", "page")
        .annotate(
            address=F("placement__url_path"),
            reviewed_at=F("page__review__reviewed_at"),
            reviewer=F("page__review__reviewer__username"),
        )
        .values_list("page", "title", "address", "live_from", "reviewed_at", "reviewer", named=True)
    )
    return overdue


def is_due(now: datetime) -> Q:
    """The condition for editions in force of pages whose interval has passed."""
    due = Q(pk__in=[])
    for days in filter(None, INTERVALS):
        due |= Q(page__review__days=days) & unread_since(now - timedelta(days=days))
    for kind, days in settings.REVIEW_DAYS.items():
        if days:
            of_kind = Q(placement__kind=kind, page__review__days=None)
            due |= of_kind & unread_since(now - timedelta(days=days))
    return due


def unread_since(moment: datetime) -> Q:
    """The condition that the text is older than `moment`, and was not reviewed since."""
    unread = Q(page__review__reviewed_at=None) | Q(page__review__reviewed_at__lt=moment)
    return Q(live_from__lt=moment) & unread
