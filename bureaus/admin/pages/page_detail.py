"""The detail page of one page: its state, its next actions, its editions and its audit log."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from http import HTTPStatus
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.utils import timezone
from django.views.decorators.http import require_safe

from bureaus.admin.core.access import admin_screen, get_visible_page, render_screen
from bureaus.admin.core.access import request_grants as grants_in
from bureaus.admin.core.audit_text import audit_details, audit_words
from bureaus.admin.core.booked_places import booked_places_of
from bureaus.admin.core.breadcrumbs import above_page_breadcrumbs, admin_url
from bureaus.admin.core.page_states import CHIP_OF_ANSWER, CHIP_OF_STATE, Chip
from bureaus.admin.core.role_holders import role_holders_of
from bureaus.admin.core.users import actor_name, display_name, request_actor
from bureaus.admin.pages.next_actions import next_actions
from bureaus.admin.pages.page_overview import PageOverview, page_overview
from bureaus.admin.pages.timeline import TimelineEvent, approvals, partners_of, timeline_of
from bureaus.admin.search_terms.views import zero_results_near
from bureaus.models import (
    Action,
    Answer,
    AuditEntry,
    Edition,
    Kind,
    Page,
    PageReview,
    Role,
    State,
)
from bureaus.permissions import ActorContext, Grants
from bureaus.publishing import Blocker
from bureaus.publishing.blockers.editions import new_draft_blockers
from bureaus.publishing.page_reviews import INTERVALS, due_on, review_days


@dataclass(frozen=True, slots=True)
class EditionRow:
    """An edition in the list; an edition that has ended has no `chip`."""

    edition: Edition
    chip: Chip | None
    approvals: tuple[TimelineEvent, ...]
    address: str  # of its preview


@dataclass(frozen=True, slots=True)
class AuditRow:
    """An audit entry in the list."""

    event: AuditEntry
    words: str
    who: str
    number: int | None  # of the edition
    details: str


@dataclass(frozen=True, slots=True)
class ReviewSummary:
    """
    The state of the page review: `at` and `by` of the last one, `own` interval in days.

    `due` is None where the page never is, or where its next edition is booked (`is_replaced`).
    """

    at: datetime | None
    by: str
    due: datetime | None
    is_due: bool
    is_replaced: bool
    own: str
    default: str
    may_choose: bool

    @property
    def choices(self) -> list[tuple[str, str]]:
        return [("", self.default), *((str(days), label) for days, label in INTERVALS.items())]


def page_detail_response(
    request: HttpRequest,
    page: Page,
    *,
    blockers: Sequence[Blocker] = (),
    status: int = HTTPStatus.OK,
) -> TemplateResponse:
    """
    Show the detail page to an officer who may view it. At most 15 queries with the login's.

    `blockers`: why the action that was just requested was refused.
    """
    now, grants = timezone.now(), grants_in(request)
    officer = request_actor(request)
    overview = page_overview(request, page, now)
    role_holders = role_holders_of(page)
    places = booked_places_of(page, grants)
    context = {
        "title": overview.state.title,
        "page": page,
        "overview": overview,
        "blockers": blockers,
        "address": request.build_absolute_uri(page.url_path),
        "breadcrumbs": above_page_breadcrumbs(page, overview.state.title, grants, now),
        "places": places,
        "timeline": timeline_of(overview, partners_of(overview.booked, grants), places),
        "steps": next_actions(overview, officer=officer, role_holders=role_holders),
        "returned_by": actor_name(overview.returned),
        "urgent": urgent_approval(overview),
        "is_further_editions": "editions" in request.GET,
        "is_further_events": "events" in request.GET,
        "role_holders": role_holders,
        "zero_results": zero_results_near(overview.state.title) if overview.in_force else [],
        "people_address": people_address(grants.roles_at(page)),
        "rows": [edition_row(edition, overview) for edition in overview.listed],
        "records": [audit_row(event) for event in overview.events],
        "review": page_review(page, overview, grants),
        "may_seal": grants.allows(Action.PROPOSE_SEAL, page),
        "compare_address": admin_url("page-compare", page.pk),
        **restore_context(overview, officer, may=grants.allows(Action.START_DRAFT, page)),
    }
    return render_screen(request, "admin/pages/page_detail.html", context, status=status)


def page_review(page: Page, overview: PageOverview, grants: Grants) -> ReviewSummary | None:
    """Return the state of the page review; None of news, and where the page is not current."""
    edition = overview.in_force
    if page.kind == Kind.NEWS_ITEM or edition is None or edition.answer != Answer.CURRENT:
        return None
    review: PageReview | None = getattr(page, "review", None)
    due, default = due_on(edition, review), settings.REVIEW_DAYS[page.kind]
    return ReviewSummary(
        at=review.reviewed_at if review else None,
        by=display_name(review.reviewer) if review else "",
        due=due,
        is_due=due is not None and due < overview.now,
        is_replaced=edition.live_until is not None and bool(review_days(edition, review)),
        own="" if review is None or review.days is None else str(review.days),
        default=f"種類の決まり（{INTERVALS.get(default, f'{default}日ごと')}）",
        may_choose=grants.allows(Action.REVIEW_INTERVAL, page),
    )


def urgent_approval(overview: PageOverview) -> AuditRow | None:
    """Return the urgent approval that is not confirmed yet."""
    edition = overview.unconfirmed
    event = overview.last(edition, Action.APPROVE_URGENTLY) if edition else None
    number = edition.number if edition else None
    return AuditRow(event, audit_words(event), actor_name(event), number, "") if event else None


def people_address(roles: Iterable[Role]) -> str:
    return admin_url("people") if Role.MANAGER in roles else ""


def restore_context(overview: PageOverview, officer: ActorContext, *, may: bool) -> dict[str, Any]:
    """Return whether drafts can be started from listed editions, and what blocks it. No query."""
    if not (may and any(not each.is_open for each in overview.listed)):
        return {"may_restore": False, "restore_blockers": []}
    against = new_draft_blockers(overview.page, overview.open_edition, officer)
    return {"may_restore": True, "restore_blockers": against}


def edition_row(edition: Edition, overview: PageOverview) -> EditionRow:
    address = admin_url("edition-view", edition.pk)
    return EditionRow(
        edition, chip_of(edition, overview), tuple(approvals(edition, overview)), address
    )


def chip_of(edition: Edition, overview: PageOverview) -> Chip | None:
    if edition.is_open:
        return CHIP_OF_STATE[State(edition.state)]
    if edition in overview.booked:
        return Chip.BOOKED
    if edition is not overview.in_force:
        return None
    return CHIP_OF_ANSWER.get(Answer(edition.answer), Chip.CURRENT)


def audit_row(event: AuditEntry) -> AuditRow:
    number: int | None = event.edition_number  # type: ignore[attr-defined]
    return AuditRow(event, audit_words(event), actor_name(event), number, audit_details(event))


@admin_screen
@require_safe
def page_detail(request: HttpRequest, pk: int) -> HttpResponse:
    return page_detail_response(request, get_visible_page(request, pk))
