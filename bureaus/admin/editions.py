"""What an officer asks about an edition first: where it stands, and who has had a hand in it."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Prefetch, QuerySet
from django.urls import reverse
from django.utils import timezone

from bureaus.admin.crumbs import desk_of
from bureaus.admin.officers import name_of
from bureaus.admin.states import CHIP_OF_ANSWER, CHIP_OF_STATE, Chip
from bureaus.models import Answer, Edition, Event, Link, State, Verb

WRITING = (Verb.ADD, Verb.START_DRAFT, Verb.EDIT)
APPROVING = (Verb.APPROVE, Verb.APPROVE_URGENTLY)


@dataclass(frozen=True, slots=True)
class PastChip:
    """Of an edition that another has followed: not a state of its page."""

    value: str = "draft"
    label: str = "過去の版"


@dataclass(frozen=True, slots=True)
class Hand:
    """Who did it last, and when, with what note."""

    name: str
    at: datetime
    note: str


@dataclass(frozen=True, slots=True)
class Hands:
    writers: tuple[str, ...]
    saved_at: datetime | None
    submitted: Hand | None
    approved: Hand | None
    confirmed: Hand | None
    is_urgent: bool


def whole(editions: QuerySet[Edition]) -> QuerySet[Edition]:
    """`editions` with all that they say and all that was done to them; 5 queries at any number."""
    return editions.select_related("page", "moved_to").prefetch_related(
        "figures",
        Prefetch("links", Link.objects.select_related("page", "document")),
        "contacts",
        Prefetch("events", Event.objects.select_related("actor")),
    )


def chip_of(edition: Edition) -> Chip | PastChip:
    now = timezone.now()
    if edition.state != State.APPROVED or edition.live_from is None:
        return CHIP_OF_STATE[State(edition.state)]
    if edition.live_from > now:
        return Chip.BOOKED
    if edition.live_until is not None and edition.live_until <= now:
        return PastChip()
    return CHIP_OF_ANSWER.get(Answer(edition.answer), Chip.CURRENT)


def hands_on(edition: Edition) -> Hands:
    """Of an edition from `whole`, without a query."""
    events = list(edition.events.all())  # the latest first
    writing = [event for event in events if event.verb in WRITING]
    approved = next((event for event in events if event.verb in APPROVING), None)
    return Hands(
        writers=tuple(dict.fromkeys(name_of(event.actor) for event in reversed(writing))),
        saved_at=writing[0].at if writing else None,
        submitted=last(events, Verb.SUBMIT),
        approved=last(events, *APPROVING),
        confirmed=last(events, Verb.CONFIRM),
        is_urgent=approved is not None and approved.verb == Verb.APPROVE_URGENTLY,
    )


def return_of(edition: Edition) -> Hand | None:
    """
    Why the draft was returned, by somebody else than who had submitted it. 1 query.

    `edit` follows a return, and is none of these: the reason stays until the draft is submitted.
    """
    verbs = (Verb.SUBMIT, Verb.RETURN, Verb.CANCEL_BOOKING)
    events = Event.objects.filter(edition=edition, verb__in=verbs).select_related("actor")
    latest = list(events.order_by("-pk")[:2])
    if edition.state != State.DRAFT or not latest or latest[0].verb != Verb.RETURN:
        return None
    if any(event.actor_id == latest[0].actor_id for event in latest[1:]):
        return None
    return Hand(name_of(latest[0].actor), latest[0].at, latest[0].note)


def last(events: Iterable[Event], *verbs: Verb) -> Hand | None:
    event = next((each for each in events if each.verb in verbs), None)
    return Hand(name_of(event.actor), event.at, event.note) if event else None


def crumbs_to(edition: Edition, here: str) -> list[dict[str, str]]:
    """From the desk over the page to this screen."""
    return [
        {"title": "机", "url": reverse("admin:index")},
        {"title": "ページ", "url": reverse("admin:bureaus_page_changelist")},
        {"title": edition.title or "（無題）", "url": desk_of(edition.page_id)},
        {"title": here, "url": ""},
    ]
