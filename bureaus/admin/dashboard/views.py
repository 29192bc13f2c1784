"""The desk: what an officer has to do next, and what is coming."""

from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.utils import timezone
from django.views.decorators.http import require_safe

from bureaus.admin.core.access import admin_screen, render_screen, request_grants
from bureaus.admin.core.breadcrumbs import breadcrumbs
from bureaus.admin.core.users import request_user
from bureaus.admin.dashboard.booking_calendar import WEEKDAYS, bookings_of_month, parse_month
from bureaus.admin.dashboard.queries import (
    awaiting_confirmation,
    awaiting_review,
    branch_summaries,
    drafts_of,
    pages_without_text,
    stale_pages,
)
from bureaus.admin.search_terms.views import recent_zero_results
from bureaus.models import AuditEntry, Role
from bureaus.text.formatting import TOKYO

FEW = 10
ROWS = 50
PAGES = 2_000  # of the list of old pages


def dashboard(request: HttpRequest) -> TemplateResponse:
    """13 queries at any size."""
    now = timezone.now()
    officer = request_user(request)
    given = request_grants(request)
    drafts = drafts_of(officer, given)
    month = parse_month(request.GET.get("month", ""), timezone.localtime(now, TOKYO).date())
    return render_screen(
        request,
        "admin/dashboard/dashboard.html",
        {
            "title": "机",
            "kept": branch_summaries(given, now),
            "drafts": drafts,
            "unwritten": pages_without_text(officer, given),
            "waiting": awaiting_review(officer, given, now),
            "urgent": awaiting_confirmation(officer, given),
            "month": bookings_of_month(given, month),
            "weekdays": WEEKDAYS,
            "unrevised": stale_pages(given, now, count=FEW),
            "in_vain": recent_zero_results(FEW),
            "writes": given.has_role(Role.WRITER),
            "approves": given.has_role(Role.APPROVER),
            "is_new": not AuditEntry.objects.filter(actor=officer.pk).exists(),
        },
    )


@require_safe
@admin_screen
def unrevised_pages(request: HttpRequest) -> HttpResponse:
    """The rest of the old pages, so many at a time; 5 queries."""
    asked = request.GET.get("p", "")
    number = min(int(asked), PAGES) if asked.isdecimal() and len(asked) <= 4 else 0  # noqa: PLR2004 - digits
    pile = stale_pages(request_grants(request), timezone.now(), count=ROWS, start=number * ROWS)
    context = {
        "title": "1年以上見直していないページ",
        "breadcrumbs": breadcrumbs("1年以上見直していないページ"),
        "unrevised": pile,
        "previous": number - 1 if number else None,
        "following": number + 1 if pile.is_cut else None,
    }
    return render_screen(request, "admin/dashboard/unrevised_pages.html", context)
