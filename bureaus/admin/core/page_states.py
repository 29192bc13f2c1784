"""The states of many pages in one query, in the words of officers."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import OuterRef, QuerySet, Subquery, TextChoices

from bureaus.models import Answer, Edition, Page, State
from bureaus.permissions import Grants


class Chip(TextChoices):
    """The label of a state; `value` is the modifier in the style sheet."""

    DRAFT = "draft", "下書き"
    REVIEW = "review", "確認待ち"
    BOOKED = "booked", "公開予約"
    CURRENT = "current", "公開中"
    REVISED = "revised", "公開中（改訂あり）"
    ARCHIVED = "archived", "掲載終了"
    MOVED = "moved", "移転"
    GONE = "gone", "削除"
    PLACE = "place", "場所の予約"


CHIP_OF_ANSWER = {
    Answer.ARCHIVED: Chip.ARCHIVED,
    Answer.MOVED: Chip.MOVED,
    Answer.GONE: Chip.GONE,
}
CHIP_OF_STATE = {State.DRAFT: Chip.DRAFT, State.REVIEW: Chip.REVIEW}


@dataclass(frozen=True, slots=True)
class PageState:
    """
    The state of a page: the edition in force, the open one and the next booking.

    `title` is that of the edition in force, or the latest one where there is none.
    """

    title: str
    answer: str  # of the edition in force, or empty
    live_from: datetime | None  # of the edition in force
    opened: str  # draft, review, or empty
    booked_from: datetime | None  # of the next booking

    @property
    def is_public(self) -> bool:
        return bool(self.answer)

    @property
    def chips(self) -> tuple[Chip, ...]:
        """Return the state first, then the open edition and the booking."""
        changes = tuple(self.changes())
        if not self.answer:
            return changes
        if self.answer in CHIP_OF_ANSWER:
            return (CHIP_OF_ANSWER[Answer(self.answer)], *changes)
        return (Chip.REVISED, *changes) if changes else (Chip.CURRENT,)

    def changes(self) -> Iterator[Chip]:
        if self.opened:
            yield CHIP_OF_STATE[State(self.opened)]
        if self.booked_from:
            yield Chip.BOOKED


def annotate_states(pages: QuerySet[Page], now: datetime) -> QuerySet[Page]:
    """Place `pages` and annotate the columns of `page_state`: a few index entries a row."""
    editions = Edition.objects.filter(page=OuterRef("pk"))
    in_force = editions.in_force(now)
    opened = editions.open()
    booked = editions.booked(now).order_by("live_from")
    placed: QuerySet[Page] = pages.placed(now)  # type: ignore[attr-defined]
    return placed.annotate(
        state_title=Subquery(in_force.values("title")[:1]),
        state_latest=Subquery(editions.order_by("-number").values("title")[:1]),
        state_answer=Subquery(in_force.values("answer")[:1]),
        state_from=Subquery(in_force.values("live_from")[:1]),
        state_opened=Subquery(opened.values("state")[:1]),
        state_booked=Subquery(booked.values("live_from")[:1]),
    )


def page_state(row: Any, *, sees: bool) -> PageState:
    """Return the state of a row of `annotate_states`; the public state without `sees`."""
    title = row.state_title or (row.state_latest if sees else "") or "（無題）"
    return PageState(
        title=title,
        answer=row.state_answer or "",
        live_from=row.state_from,
        opened=(row.state_opened or "") if sees else "",
        booked_from=row.state_booked if sees else None,
    )


def visible_title(row: Any, grants: Grants) -> str:
    """Return the title of a row of `annotate_states` that the officer may know."""
    return page_state(row, sees=grants.can_view(row)).title
