"""Recording that a page was found to be still right, and how often it has to be looked at."""

from django.utils import timezone

from bureaus.models import Action, Edition, Page, PageReview
from bureaus.models.locks import under_tree_lock
from bureaus.models.placements import reread
from bureaus.publishing.audit import Actor, record_action
from bureaus.publishing.blockers.blocker import raise_if_blocked
from bureaus.publishing.blockers.page_reviews import (
    page_review_blockers,
    page_review_interval_blockers,
)


@under_tree_lock
def mark_page_reviewed(*, page: Page, actor: Actor, note: str = "") -> PageReview:
    """Record that the text is still right; the public reads the day of it. Raises Blocked."""
    page = reread(page)
    raise_if_blocked(page_review_blockers(page=page, actor=actor))
    now = timezone.now()
    values = {"reviewed_at": now, "reviewer_id": actor.pk if actor else None}
    review, _ = PageReview.objects.update_or_create(page=page, defaults=values)
    edition = Edition.objects.in_force(now).filter(page=page).first()
    record_action(Action.REVIEW, page, actor, note, edition=edition)
    return review


@under_tree_lock
def set_page_review_interval(*, page: Page, days: int | None, actor: Actor) -> None:
    """Give the page an interval of its own, or with None that of its kind. Raises Blocked."""
    page = reread(page)
    raise_if_blocked(page_review_interval_blockers(page=page, days=days, actor=actor))
    PageReview.objects.update_or_create(page=page, defaults={"days": days})
    record_action(Action.REVIEW_INTERVAL, page, actor, days="" if days is None else str(days))
