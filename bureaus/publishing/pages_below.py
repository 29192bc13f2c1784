"""The public pages below one that ends, and which of them are prepared to end with it."""

from dataclasses import dataclass
from typing import Any

from django.db.models import OuterRef, Subquery
from django.utils import timezone

from bureaus.models import READABLE_ANSWERS, Answer, Edition, Page, State

LISTED = 200  # pages


@dataclass(frozen=True, slots=True)
class PageBelow:
    """A public page, with the edition that is open on it."""

    edition: Edition  # in force
    opened: int | None
    opened_state: str
    opened_answer: str

    @property
    def page(self) -> Page:
        return self.edition.page

    @property
    def is_prepared(self) -> bool:
        """Whether an edition that ends it waits for approval, or is being written."""
        return bool(self.opened) and self.opened_answer != Answer.CURRENT

    @property
    def is_waiting(self) -> bool:
        return self.is_prepared and self.opened_state == State.REVIEW

    @property
    def is_free(self) -> bool:
        """Whether nobody has begun another edition of it."""
        return not self.opened


@dataclass(frozen=True, slots=True)
class Below:
    pages: tuple[PageBelow, ...]
    is_cut: bool  # there are more than are listed

    @property
    def waiting(self) -> list[PageBelow]:
        return [each for each in self.pages if each.is_waiting]

    @property
    def remaining(self) -> list[PageBelow]:
        """Return those that stay public, as far as is known."""
        return [each for each in self.pages if not each.is_prepared]


def pages_below(edition: Any) -> Below:
    """
    Return what remains public below the page of `edition`, which was read with its placement.

    Nothing where it does not end. Archived pages may remain below an archived one. 1 query.
    """
    if edition.answer == Answer.CURRENT:
        return Below((), is_cut=False)
    answers = [Answer.CURRENT] if edition.answer == Answer.ARCHIVED else READABLE_ANSWERS
    now, node = timezone.now(), edition.page.placement
    opened = Edition.objects.open().filter(page=OuterRef("page")).order_by()
    rows = (
        Edition.objects.in_force(now)
        .filter(answer__in=answers)
        .annotate(
            opened=Subquery(opened.values("pk")[:1]),
            opened_state=Subquery(opened.values("state")[:1]),
            opened_answer=Subquery(opened.values("answer")[:1]),
        )
        .with_page()
        .filter(placement__path__gt=node.path, placement__path__lt=node.branch_end)
        .order_by("placement__path")
        .defer("body", "lead")
    )
    found = [
        PageBelow(row, row.opened, row.opened_state or "", row.opened_answer or "")
        for row in rows[: LISTED + 1]
    ]
    return Below(tuple(found[:LISTED]), is_cut=len(found) > LISTED)
