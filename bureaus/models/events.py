"""
Events: the period in which opinions or applications are received, or in which a meeting is held.

What an event is called follows from the category of its page, and whether it is running from the
moment that is asked for: nothing has to be booked for its end.
"""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from django.db.models import F, Q

from bureaus.models.kinds import Category
from bureaus.text.periods import end_in_words, period_in_words, start_in_words


class Phase(StrEnum):
    """`running`: the reception is open, or the meeting is being held."""

    COMING = "coming"
    RUNNING = "running"
    ENDED = "ended"
    CANCELLED = "cancelled"


# The categories of editions that may have a period.
RECEPTIONS = (Category.CONSULTATION, Category.INVITATION)
EVENT_CATEGORIES = (Category.CONSULTATION, Category.INVITATION, Category.MEETING)
EVENT_FIELDS = ("event_start", "event_end", "event_place", "is_cancelled")

RECEPTION_LABELS = {
    Phase.COMING: "募集前",
    Phase.RUNNING: "募集中",
    Phase.ENDED: "終了",
    Phase.CANCELLED: "中止",
}
MEETING_LABELS = {**RECEPTION_LABELS, Phase.COMING: "開催予定", Phase.RUNNING: "開催中"}


def has_no_event() -> Q:
    return Q(event_start=None, event_end=None, event_place="", is_cancelled=False)


def has_whole_event() -> Q:
    """Say twice that there is an end: a comparison with NULL violates no constraint."""
    return Q(event_start__isnull=False, event_end__isnull=False, event_end__gt=F("event_start"))


@dataclass(frozen=True, slots=True)
class Event:
    """The event of an edition, from `start` until `end`, at which it is over."""

    category: Category
    start: datetime
    end: datetime
    place: str = ""
    is_cancelled: bool = False

    def phase(self, at: datetime) -> Phase:
        if self.is_cancelled:
            return Phase.CANCELLED
        if at < self.start:
            return Phase.COMING
        return Phase.RUNNING if at < self.end else Phase.ENDED

    @property
    def is_reception(self) -> bool:
        return self.category in RECEPTIONS

    def label(self, at: datetime) -> str:
        """Return 募集中 or 開催予定, for example: the word in lists."""
        return self.labels[self.phase(at)]

    @property
    def labels(self) -> dict[Phase, str]:
        return RECEPTION_LABELS if self.is_reception else MEETING_LABELS

    @property
    def period(self) -> str:
        return period_in_words(self.start, self.end)

    def sentence(self, at: datetime) -> str:
        """Say whether it is over, running or to come."""
        name = "会議" if self.category == Category.MEETING else str(self.category.label)
        verb = "募集" if self.is_reception else "開催"
        match self.phase(at):
            case Phase.CANCELLED:
                return f"この{name}は、中止になりました。"
            case Phase.COMING:
                return f"この{name}は、{start_in_words(self.start)}に始まります。"
            case Phase.RUNNING:
                until = end_in_words(self.end)
                if self.is_reception:
                    return f"この{name}は、ただいま{verb}中です。{until}に締め切ります。"
                return f"この{name}は、ただいま{verb}中です。"
            case _:
                return f"この{name}は、{end_in_words(self.end)}に終了しました。"


def course_of(event: Event, at: datetime) -> str:
    """Say what is shown of the event from `at` on, and until when."""
    name = "受付期間" if event.is_reception else "開催日時"
    coming, running, ended, cancelled = (f"「{event.labels[phase]}」" for phase in Phase)
    until = f"{end_in_words(event.end)}までは{running}、そのあとは{ended}と、自動で表示されます。"
    match event.phase(at):
        case Phase.CANCELLED:
            course = f"{cancelled}と表示されます。"
        case Phase.COMING:
            course = f"公開したときは{coming}、{start_in_words(event.start)}から{until}"
        case Phase.RUNNING:
            course = f"公開したときから{until}"
        case _:
            course = f"公開するときには終わっているので、はじめから{ended}と表示されます。"
    return f"{name}は、{event.period}です。{course}"


def event_of(row: Any, category: str) -> Event | None:
    """
    Return the event in the columns of EVENT_FIELDS of a row; None where it has no period.

    Nor where its category has none: no constraint says so, for the version before this one may
    have changed the category during an upgrade (docs/adr/0038).
    """
    if row.event_start is None or row.event_end is None or category not in EVENT_CATEGORIES:
        return None
    return Event(
        Category(category),
        row.event_start,
        row.event_end,
        row.event_place,
        bool(row.is_cancelled),
    )
