"""Events as files for calendars (iCalendar, RFC 5545 and RFC 7986)."""

from datetime import UTC, date, datetime, timedelta

from icalendar import Calendar, vDuration
from icalendar import Event as CalendarEvent

from bureaus.models import Event
from bureaus.reading import CalendarEntry, EventCalendar
from bureaus.text.formatting import TOKYO
from bureaus.text.periods import is_whole_days
from bureaus.text.rich_text import strip_invisible

CONTENT_TYPE = "text/calendar; charset=utf-8"
PRODUCT = "-//ministry-site//events//JA"
REFRESH = timedelta(hours=12)  # how often a calendar that subscribes should ask again


def calendar_text(calendar: EventCalendar, *, origin: str, host: str) -> bytes:
    """`host` is the name in the identifiers, which must stay the same for the life of the site."""
    written = Calendar()
    title = strip_invisible(calendar.title)
    written.add("prodid", PRODUCT)
    written.add("version", "2.0")
    written.add("name", title)
    written.add("x-wr-calname", title)
    written.add("url", f"{origin}{calendar.url}")
    written.add("refresh-interval", vDuration(REFRESH), parameters={"VALUE": "DURATION"})
    for entry in calendar.entries:
        written.add_component(calendar_event(entry, origin, host))
    text: bytes = written.to_ical()
    return text


def calendar_event(entry: CalendarEntry, origin: str, host: str) -> CalendarEvent:
    """
    Write an event. What it was last changed with is its edition: the number and the start of it.

    A reception does not occupy its readers; a meeting does.
    """
    event = entry.event
    start, end = start_and_end(event)
    written = CalendarEvent()
    written.add("uid", f"page-{entry.page}.{entry.created_at.astimezone(UTC).year}@{host}")
    written.add("dtstamp", entry.updated.astimezone(UTC))
    written.add("last-modified", entry.updated.astimezone(UTC))
    written.add("created", entry.published.astimezone(UTC))
    written.add("sequence", entry.number - 1)
    written.add("dtstart", start)
    written.add("dtend", end)
    written.add("summary", strip_invisible(entry.title))
    if entry.lead:
        written.add("description", strip_invisible(entry.lead))
    if event.place:
        written.add("location", strip_invisible(event.place))
    written.add("url", f"{origin}{entry.url}")
    written.add("categories", [entry.category])
    written.add("status", "CANCELLED" if event.is_cancelled else "CONFIRMED")
    written.add("transp", "TRANSPARENT" if event.is_reception else "OPAQUE")
    return written


def start_and_end(event: Event) -> tuple[date | datetime, date | datetime]:
    """Return days in Tokyo for a period of whole days, of which the last does not belong to it."""
    if is_whole_days(event.start, event.end):
        return event.start.astimezone(TOKYO).date(), event.end.astimezone(TOKYO).date()
    return event.start.astimezone(UTC), event.end.astimezone(UTC)
