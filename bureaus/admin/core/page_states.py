"""What state a page is in, in the words of an officer, for many pages in one query."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import OuterRef, QuerySet, Subquery, TextChoices

from bureaus.models import Answer, Edition, Page, State


class Chip(TextChoices):
    """`value` is the modifier of the style sheet, `label` the words."""

    DRAFT = "draft", "下書き"
    REVIEW = "review", "確認待ち"
    BOOKED = "booked", "公開予約"
    CURRENT = "current", "公開中"
    REVISED = "revised", "公開中（改訂あり）"
    ARCHIVED = "archived", "掲載終了"
    MOVED = "moved", "移転"
    GONE = "gone", "削除"


CHIP_OF_ANSWER = {
    Answer.ARCHIVED: Chip.ARCHIVED,
    Answer.MOVED: Chip.MOVED,
    Answer.GONE: Chip.GONE,
}
CHIP_OF_STATE = {State.DRAFT: Chip.DRAFT, State.REVIEW: Chip.REVIEW}


@dataclass(frozen=True, slots=True)
class PageState:
    """
    Where a page stands: what is in force, what is in work, what is booked.

    `title` is today's, or the latest one where nothing is public yet.
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
        """The state first, then what is going on besides."""
        going_on = tuple(self.going_on())
        if not self.answer:
            return going_on
        if self.answer in CHIP_OF_ANSWER:
            return (CHIP_OF_ANSWER[Answer(self.answer)], *going_on)
        return (Chip.REVISED, *going_on) if going_on else (Chip.CURRENT,)

    def going_on(self) -> Iterator[Chip]:
        if self.opened:
            yield CHIP_OF_STATE[State(self.opened)]
        if self.booked_from:
            yield Chip.BOOKED


def annotate_states(pages: QuerySet[Page], now: datetime) -> QuerySet[Page]:
    """`pages`, each row with what `state_of` looks at: a few index entries a row."""
    editions = Edition.objects.filter(page=OuterRef("pk"))
    in_force = editions.in_force(now)
    opened = editions.open()
    booked = editions.booked(now).order_by("live_from")
    return pages.annotate(
        state_title=Subquery(in_force.values("title")[:1]),
        state_latest=Subquery(editions.order_by("-number").values("title")[:1]),
        state_answer=Subquery(in_force.values("answer")[:1]),
        state_from=Subquery(in_force.values("live_from")[:1]),
        state_opened=Subquery(opened.values("state")[:1]),
        state_booked=Subquery(booked.values("live_from")[:1]),
    )


def page_state(row: Any, *, sees: bool) -> PageState:
    """Of a row of `with_states`; who does not keep the branch learns what the public sees."""
    title = row.state_title or (row.state_latest if sees else "") or "（無題）"
    return PageState(
        title=title,
        answer=row.state_answer or "",
        live_from=row.state_from,
        opened=(row.state_opened or "") if sees else "",
        booked_from=row.state_booked if sees else None,
    )
