"""The desk of one page, as it is shown: also again after a refusal, with its blockers on top."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any

from django.http import HttpRequest
from django.template.response import TemplateResponse
from django.utils import timezone

from bureaus.admin.core.access import render_screen
from bureaus.admin.core.access import request_grants as grants_in
from bureaus.admin.core.audit_text import audit_details, audit_words
from bureaus.admin.core.breadcrumbs import above_page_breadcrumbs, admin_url
from bureaus.admin.core.page_states import CHIP_OF_ANSWER, CHIP_OF_STATE, Chip
from bureaus.admin.core.role_holders import role_holders_of
from bureaus.admin.core.users import actor_name, request_actor
from bureaus.admin.pages.next_actions import next_actions
from bureaus.admin.pages.page_overview import PageOverview, page_overview
from bureaus.admin.pages.timeline import Happening, approvals, partners_of, timeline_of
from bureaus.admin.search_terms.views import zero_results_near
from bureaus.models import Action, Answer, AuditEntry, Edition, Page, Role, State
from bureaus.permissions import ActorContext
from bureaus.publishing import Blocker
from bureaus.publishing.blockers.editions import start_draft_availability


@dataclass(frozen=True, slots=True)
class Row:
    """An edition in the list; `chip` is None of one that has ended."""

    edition: Edition
    chip: Chip | None
    approvals: tuple[Happening, ...]
    address: str  # where it is read


@dataclass(frozen=True, slots=True)
class Record:
    """An event in the list."""

    event: AuditEntry
    words: str
    who: str
    number: int | None  # of the edition
    details: str


def page_detail_response(
    request: HttpRequest,
    page: Page,
    *,
    blockers: Sequence[Blocker] = (),
    status: int = HTTPStatus.OK,
) -> TemplateResponse:
    """
    The desk of `page`, for one who may see it. At most 15 queries with those of the login.

    `blockers`: why what he has just asked for was not done.
    """
    now, grants = timezone.now(), grants_in(request)
    officer = request_actor(request)
    dossier = page_overview(request, page, now)
    keepers = role_holders_of(page)
    context = {
        "title": dossier.state.title,
        "page": page,
        "dossier": dossier,
        "blockers": blockers,
        "address": request.build_absolute_uri(page.url_path),
        "breadcrumbs": above_page_breadcrumbs(page, dossier.state.title, grants, now),
        "timeline": timeline_of(dossier, partners_of(dossier.booked, grants)),
        "steps": next_actions(dossier, officer=officer, keepers=keepers),
        "returned_by": actor_name(dossier.returned),
        "urgent": urgent_approval_in(dossier),
        "is_further_editions": "editions" in request.GET,
        "is_further_events": "events" in request.GET,
        "keepers": keepers,
        "in_vain": zero_results_near(dossier.state.title) if dossier.in_force else [],
        "people_address": people_address(grants.roles_at(page)),
        "rows": [row_of(edition, dossier) for edition in dossier.listed],
        "records": [record_of(event) for event in dossier.events],
        "compare_address": admin_url("page-compare", page.pk),
        **restoring(dossier, officer, may=grants.allows(Action.START_DRAFT, page)),
    }
    return render_screen(request, "admin/pages/page_detail.html", context, status=status)


def urgent_approval_in(dossier: PageOverview) -> Record | None:
    """The urgent approval that waits to be confirmed."""
    edition = dossier.unconfirmed
    event = dossier.last(edition, Action.APPROVE_URGENTLY) if edition else None
    number = edition.number if edition else None
    return Record(event, audit_words(event), actor_name(event), number, "") if event else None


def people_address(roles: Iterable[Role]) -> str:
    return admin_url("people") if Role.MANAGER in roles else ""


def restoring(dossier: PageOverview, officer: ActorContext, *, may: bool) -> dict[str, Any]:
    """Whether drafts can be made from the editions in the list, and if not, why. 1 query."""
    if not (may and any(not each.is_open for each in dossier.listed)):
        return {"may_restore": False, "against_restoring": []}
    against = start_draft_availability(page=dossier.page, actor=officer)
    return {"may_restore": True, "against_restoring": against}


def row_of(edition: Edition, dossier: PageOverview) -> Row:
    address = admin_url("edition-view", edition.pk)
    return Row(edition, chip_of(edition, dossier), tuple(approvals(edition, dossier)), address)


def chip_of(edition: Edition, dossier: PageOverview) -> Chip | None:
    if edition.is_open:
        return CHIP_OF_STATE[State(edition.state)]
    if edition in dossier.booked:
        return Chip.BOOKED
    if edition is not dossier.in_force:
        return None
    return CHIP_OF_ANSWER.get(Answer(edition.answer), Chip.CURRENT)


def record_of(event: AuditEntry) -> Record:
    number: int | None = event.edition_number  # type: ignore[attr-defined]
    return Record(event, audit_words(event), actor_name(event), number, audit_details(event))
