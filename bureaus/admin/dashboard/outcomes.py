"""What became of what an officer wrote, and what else the dashboard asks about the officer."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from django.contrib.auth.models import User
from django.db.models import (
    BooleanField,
    Case,
    Exists,
    ExpressionWrapper,
    F,
    FilteredRelation,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Value,
    When,
)

from bureaus.admin.dashboard.booking_calendar import has_changes
from bureaus.admin.dashboard.queries import pending_seals
from bureaus.models import Action, ApprovalStep, AuditEntry, Edition, Notice, NoticeKind, Placement
from bureaus.models.visibility import is_hidden
from bureaus.notices.lines import NoticeLine, Place, line_of_edition
from bureaus.permissions import Grants

RECENT = timedelta(days=14)
READ, SHOWN = 20, 5
# The others are in the lists of drafts and of what waits.
KINDS = (NoticeKind.APPROVED, NoticeKind.PUBLIC, NoticeKind.EXPIRES, NoticeKind.RETURNED)
OF_EDITION = ("pk", "page", "state", "title", "answer", "live_from")
OF_ENTRY = ("action", "at", "details")
OF_ACTOR = ("username", "last_name", "first_name")


class OfficerFacts(NamedTuple):
    is_known: bool  # has done something already
    has_changes: bool  # moves, renames or reorderings are booked for the month
    has_steps: bool  # the site has steps of approval
    proposals: int  # to seal, which wait for this officer
    outcomes: tuple[NoticeLine, ...]


FACTS = ("is_known", "has_changes", "has_steps", "proposals")


def officer_facts(officer: User, grants: Grants, month: Any, now: datetime) -> OfficerFacts:
    """Return the facts, with the last outcomes in the branches of the officer. 1 query."""
    rows = (
        with_notices(User.objects.filter(pk=officer.pk), now)
        .annotate(
            is_known=Exists(AuditEntry.objects.filter(actor=OuterRef("pk"))),
            has_changes=Case(When(has_changes(month), then=Value(True)), default=Value(False)),
            has_steps=Exists(ApprovalStep.objects.order_by()),
            proposals=pending_seals(officer, grants, now),
            is_withheld=ExpressionWrapper(
                is_hidden("recent__entry__edition__"), output_field=BooleanField()
            ),
        )
        .order_by(F("recent__pk").desc(nulls_last=True))
    )
    found = list(rows.values(*FACTS, *notice_fields())[:READ])
    lines = (outcome(row, grants) for row in found if row["recent__kind"])
    return OfficerFacts(
        found[0]["is_known"],
        found[0]["has_changes"],
        found[0]["has_steps"],
        found[0]["proposals"] or 0,
        tuple(line for line in lines if line is not None)[:SHOWN],
    )


def with_notices(officers: QuerySet[User], now: datetime) -> QuerySet[Any]:
    """Join the recent notices, as `recent`, with the place of their page now."""
    is_recent = Q(notices__created_at__gt=now - RECENT, notices__kind__in=KINDS)
    here = Placement.objects.in_force(now).filter(page=OuterRef("recent__entry__page")).order_by()
    joined: QuerySet[Any] = officers.annotate(
        recent=FilteredRelation("notices", condition=is_recent)
    )
    placed: QuerySet[Any] = joined.annotate(
        path=Subquery(here.values("path")[:1]), address=Subquery(here.values("url_path")[:1])
    )
    return placed


def notice_fields() -> Iterable[str]:
    yield from ("recent__kind", "path", "address", "is_withheld")
    yield from (f"recent__entry__{name}" for name in OF_ENTRY)
    yield from (f"recent__entry__actor__{name}" for name in ("pk", *OF_ACTOR))
    yield from (f"recent__entry__edition__{name}" for name in OF_EDITION)


def outcome(row: dict[str, Any], grants: Grants) -> NoticeLine | None:
    """Return the line; none of a return, which is shown with the draft and its comment."""
    entry = AuditEntry(**{name: row[f"recent__entry__{name}"] for name in OF_ENTRY})
    if entry.action == Action.RETURN or row["path"] is None:
        return None
    prefix = "recent__entry__edition__"
    if row[f"{prefix}pk"] is not None:
        values = {name: row[f"{prefix}{name}"] for name in OF_EDITION if name != "page"}
        entry.edition = Edition(page_id=row[f"{prefix}page"], **values)
    if row["recent__entry__actor__pk"] is not None:
        entry.actor = User(**{name: row[f"recent__entry__actor__{name}"] for name in OF_ACTOR})
    notice = Notice(kind=row["recent__kind"], entry=entry)
    place = Place(row["path"], row["address"])
    return line_of_edition(notice, place, grants, is_withheld=bool(row["is_withheld"]))
