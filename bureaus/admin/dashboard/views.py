"""The dashboard: an officer's tasks and the coming bookings."""

from django.http import HttpRequest
from django.template.response import TemplateResponse
from django.utils import timezone

from bureaus.admin.core.access import render_screen, request_grants
from bureaus.admin.core.lists import UncountedPaginator
from bureaus.admin.core.users import request_user
from bureaus.admin.dashboard.booking_calendar import (
    WEEKDAYS,
    bookings_of_month,
    parse_month,
)
from bureaus.admin.dashboard.outcomes import officer_facts
from bureaus.admin.dashboard.queries import (
    awaiting_confirmation,
    awaiting_review,
    branch_summaries,
    drafts_of,
    pages_without_text,
)
from bureaus.admin.search_terms.views import recent_zero_results
from bureaus.models import Role
from bureaus.publishing.page_reviews import pages_due_for_review
from bureaus.text.formatting import TOKYO

SHORT_LIST = 10


def dashboard(request: HttpRequest) -> TemplateResponse:
    """Show the dashboard. 14 queries at any size, 15 with changes of the tree."""
    now = timezone.now()
    officer = request_user(request)
    grants = request_grants(request)
    drafts = drafts_of(officer, grants)
    month = parse_month(request.GET.get("month", ""), timezone.localtime(now, TOKYO).date())
    facts = officer_facts(officer, grants, month, now)
    return render_screen(
        request,
        "admin/dashboard/dashboard.html",
        {
            "title": "ホーム",
            "branches": branch_summaries(grants, now),
            "drafts": drafts,
            "without_text": pages_without_text(officer, grants),
            "waiting": awaiting_review(officer, grants, now, has_steps=facts.has_steps),
            "outcomes": facts.outcomes,
            "proposals": facts.proposals,
            "urgent": awaiting_confirmation(officer, grants),
            "month": bookings_of_month(grants, month, with_changes=facts.has_changes),
            "is_month_chosen": "month" in request.GET,
            "weekdays": WEEKDAYS,
            "unrevised": UncountedPaginator(pages_due_for_review(grants, now), SHORT_LIST).get_page(
                1
            ),
            "zero_results": recent_zero_results(SHORT_LIST),
            "writes": grants.has_role(Role.WRITER),
            "approves": grants.has_role(Role.APPROVER),
            "is_new": not facts.is_known,
        },
    )
