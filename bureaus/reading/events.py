"""Events as the public reads them: whether one runs follows from the requested moment."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from bureaus.models import Event, Phase
from bureaus.models.events import event_of
from bureaus.reading.moments import Moment


@dataclass(frozen=True, slots=True)
class EventView:
    """
    An event at a moment.

    `label` is its word in lists (募集中), `sentence` says the same on the page, `period` and
    `place` are as they are read.
    """

    event: Event
    phase: Phase
    label: str
    sentence: str
    period: str

    @property
    def place(self) -> str:
        return self.event.place

    @property
    def start(self) -> datetime:
        return self.event.start

    @property
    def end(self) -> datetime:
        return self.event.end


def event_view(row: Any, moment: Moment) -> EventView | None:
    """Return the event in the columns of a row, or None where it has none."""
    event = event_of(row, row.category)
    if event is None:
        return None
    at = moment.at
    return EventView(event, event.phase(at), event.label(at), event.sentence(at), event.period)
