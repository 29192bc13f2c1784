"""
Which pages are due for a page review: their text has been the same, and unread, for too long.

The rule is written for lists in SQL and for one page in Python; `tests/publishing/
test_page_reviews_due.py` holds that the two agree.
"""

from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db.models import F, Q, QuerySet

from bureaus.models import Answer, Edition, PageReview
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


def pages_due_for_review(grants: Grants, now: datetime) -> QuerySet[Edition, Any]:
    """
    Return the pages of the officer that are due for a page review, the oldest text first.

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
            due_for_review(now),
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


def due_for_review(now: datetime) -> Q:
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


def due_on(edition: Edition, review: PageReview | None) -> datetime | None:
    """
    Return the moment after which the page of an edition in force is due, None where it never is.

    The same rule as `pages_due_for_review`, for one page and its `review`, if any. No query.
    """
    days = review_days(edition, review)
    is_listed = edition.answer == Answer.CURRENT and edition.issued_on is None
    if not days or not is_listed or edition.live_from is None or edition.live_until is not None:
        return None
    reviewed_at = review.reviewed_at if review else None
    return max(filter(None, (edition.live_from, reviewed_at))) + timedelta(days=days)


def review_days(edition: Edition, review: PageReview | None) -> int:
    """Return the interval of the page, else that of its kind; 0: it never becomes due."""
    own = review.days if review else None
    default: int = settings.REVIEW_DAYS.get(edition.page.kind, 0)
    return default if own is None else own
