"""Whether a page is due for a page review is the same in the list and for one page."""

from datetime import datetime, timedelta
from itertools import product

import pytest
from django.contrib.auth.models import User
from django.utils import timezone

from bureaus.models import Answer, Edition, PageReview
from bureaus.permissions import grants_of
from bureaus.publishing.page_reviews import due_on, pages_due_for_review
from tests.helpers.cast import Site

pytestmark = [pytest.mark.django_db, pytest.mark.one_database]

AGES = (30, 100, 400)  # days since the text began
REVIEWED = (None, 50, 380)  # days since the review
OWN = (None, 0, 91)  # days of the interval
ENDS = (None, 30)  # days until the next edition
CASES = (*product(AGES, REVIEWED, OWN, ENDS, [Answer.CURRENT]), (400, None, 91, None, "archived"))


def before(now: datetime, days: int | None) -> datetime | None:
    return None if days is None else now - timedelta(days=days)


def test_the_list_and_the_page_agree(site: Site, approver: User) -> None:
    now, grants = timezone.now(), grants_of(approver)
    review = PageReview.objects.create(page=site.bureau)
    due = set()
    for case in CASES:
        age, reviewed, own, end, answer = case
        Edition.objects.filter(page=site.bureau).update(
            live_from=before(now, age),
            live_until=before(now, None if end is None else -end),
            answer=answer,
        )
        PageReview.objects.update(reviewed_at=before(now, reviewed), days=own)
        review.refresh_from_db()
        edition = Edition.objects.with_page().get(page=site.bureau)
        alone = due_on(edition, review)
        in_list = pages_due_for_review(grants, now).filter(page=site.bureau).exists()
        assert (alone is not None and alone < now) == in_list, case
        due |= {case} if in_list else set()
    assert 0 < len(due) < len(CASES)
