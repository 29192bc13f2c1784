"""The data of the detail page, read once with a constant number of queries."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import Any

from django.db.models import Case, F, Max, OuterRef, Q, QuerySet, Subquery, TextField, Value, When
from django.http import HttpRequest

from bureaus.admin.core.page_states import PageState
from bureaus.models import Action, AuditEntry, Autosave, Edition, Page, State
from bureaus.models.visibility import not_ended
from bureaus.permissions import Officer
from bureaus.publishing.approval_steps import NO_STEPS, Progress, noting_steps, progress_of
from bureaus.publishing.workflow_facts import (
    last_entry,
    return_of,
    unconfirmed_approval,
    with_submitters,
)

LISTED = 20  # editions, and events
POSITION = re.compile(r"[0-9]{1,15}")


@dataclass(frozen=True)
class PageOverview:
    """
    What is known of a page.

    `editions`: those listed, and the first one and all that have not ended; newest first.
    `entries`: of these editions the last one of each action by each officer, among others.
    """

    page: Page
    now: datetime
    editions: tuple[Edition, ...]
    entries: tuple[AuditEntry, ...]
    listed: tuple[Edition, ...]
    events: tuple[AuditEntry, ...]
    steps: Progress  # of the edition that awaits review
    older_editions: int | None  # the number before which they go on
    older_events: int | None

    def last(self, edition: Edition, *actions: Action) -> AuditEntry | None:
        """Return the last of these entries of `edition`."""
        return last_entry(self.entries_of(edition), *actions)

    def entries_of(self, edition: Edition) -> list[AuditEntry]:
        return [entry for entry in self.entries if entry.edition_id == edition.pk]

    @cached_property
    def in_force(self) -> Edition | None:
        return next((each for each in self.editions if each.is_in_force(self.now)), None)

    @cached_property
    def open_edition(self) -> Edition | None:
        return next((each for each in self.editions if each.is_open), None)

    @cached_property
    def booked(self) -> tuple[Edition, ...]:
        """Return the booked editions in the order of their start."""
        return tuple(each for each in reversed(self.editions) if each.is_booked(self.now))

    @cached_property
    def begun(self) -> tuple[Edition, ...]:
        """Return the editions that have started, newest first, as far as they were read."""
        return tuple(each for each in self.editions if each.has_begun(self.now))

    @cached_property
    def unconfirmed(self) -> Edition | None:
        """Return the newest edition whose urgent approval is not confirmed."""
        return next(
            (each for each in self.editions if unconfirmed_approval(self.entries_of(each))), None
        )

    @cached_property
    def returned(self) -> AuditEntry | None:
        """The return of the open draft by anyone but the submitter."""
        return (
            return_of(self.open_edition, self.entries_of(self.open_edition))
            if self.open_edition
            else None
        )

    @property
    def is_freshly_returned(self) -> bool:
        """Whether the open draft was returned and not edited since."""
        if self.returned is None or self.open_edition is None:
            return False
        edited = self.last(self.open_edition, Action.EDIT)
        return edited is None or edited.pk < self.returned.pk

    @cached_property
    def state(self) -> PageState:
        current = self.in_force
        newest = current or (self.editions[0] if self.editions else None)
        return PageState(
            title=(newest.title if newest else "") or "（無題）",
            answer=current.answer if current else "",
            live_from=current.live_from if current else None,
            opened=self.open_edition.state if self.open_edition else "",
            booked_from=self.booked[0].live_from if self.booked else None,
        )


def page_overview(request: HttpRequest, page: Page, now: datetime) -> PageOverview:
    """
    Read the overview; `?editions=` and `?events=` are the positions of the lists.

    2 queries, up to 6 where an edition awaits review.
    """
    before_edition = position_param(request, "editions")
    before_event = position_param(request, "events")
    editions = tuple(editions_of(page, now, request.user, before=before_edition))
    for edition in editions:
        edition.page = page  # the blockers read it
        edition.body = edition.open_body  # type: ignore[attr-defined]
    entries = tuple(events_of(page, editions, before=before_event))
    listed, older_editions = first_page_of(
        (each, each.number) for each in editions if each.number < (before_edition or float("inf"))
    )
    events, older_events = first_page_of(
        (each, each.pk) for each in entries if each.pk < (before_event or float("inf"))
    )
    return PageOverview(
        page=page,
        now=now,
        editions=editions,
        entries=entries,
        listed=listed,
        events=events,
        steps=steps_of(editions, entries),
        older_editions=older_editions,
        older_events=older_events,
    )


def steps_of(editions: Iterable[Edition], entries: Iterable[AuditEntry]) -> Progress:
    """Return the steps of the edition that awaits review. At most 4 queries, mostly none."""
    waiting = next((each for each in editions if each.state == State.REVIEW), None)
    if waiting is None or not all(entry.has_steps for entry in entries):  # type: ignore[attr-defined]
        return NO_STEPS
    return progress_of(waiting)


def position_param(request: HttpRequest, name: str) -> int | None:
    text = request.GET.get(name, "")
    return int(text) if POSITION.fullmatch(text) else None


def first_page_of(rows: Iterable[tuple[Any, int]]) -> tuple[tuple[Any, ...], int | None]:
    """Return the first LISTED of `rows`, and the position of the next page if there is one."""
    found = list(rows)
    listed = tuple(each for each, _ in found[:LISTED])
    return listed, found[LISTED - 1][1] if len(found) > LISTED else None


def editions_of(
    page: Page, now: datetime, officer: Officer, *, before: int | None
) -> QuerySet[Edition]:
    """
    Newest first; of approved ones without their text, for a body may have 200,000 characters.

    `opened_by` and `opened_since`: which other officer has the draft open.
    """
    own = Edition.objects.filter(page=page)
    listed = own.filter(number__lt=before) if before is not None else own
    first = own.with_start().order_by("live_from")
    open_copies = (
        Autosave.objects.of_open_forms(now)
        .filter(edition=OuterRef("pk"))
        .exclude(officer=officer.pk if officer else None)
        .order_by("-seen_at")
    )
    return (
        own.filter(
            Q(pk__in=listed.order_by("-number").values("pk")[: LISTED + 1])
            | Q(pk__in=first.values("pk")[:1])
            | not_ended(now)
        )
        .defer("body")
        .annotate(
            open_body=Case(
                When(~Q(state=State.APPROVED), then="body"),
                default=Value(""),
                output_field=TextField(),
            ),
            opened_by=Subquery(open_copies.values("officer__username")[:1]),
            opened_since=Subquery(open_copies.values("opened_at")[:1]),
        )
        .order_by("-number")
    )


def events_of(
    page: Page, editions: Iterable[Edition], *, before: int | None
) -> QuerySet[AuditEntry]:
    """Return those listed, and the last of each action and actor; newest first."""
    own = AuditEntry.objects.filter(page=page)
    listed = own.filter(pk__lt=before) if before is not None else own
    last = (
        AuditEntry.objects.filter(edition__in=[each.pk for each in editions])
        .order_by()
        .values("edition", "action", "actor")
        .annotate(last=Max("pk"))
    )
    rows = (
        own.filter(
            Q(pk__in=listed.order_by("-pk").values("pk")[: LISTED + 1])
            | Q(pk__in=last.values("last"))
        )
        .select_related("actor")
        .annotate(edition_number=F("edition__number"))
        .order_by("-pk")
    )
    return noting_steps(with_submitters(rows))
