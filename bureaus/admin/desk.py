"""The desk: what an officer has to do next, and what is coming."""

from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import URLPattern, path
from django.utils import timezone
from django.views.decorators.http import require_safe

from bureaus.admin.desk_lists import (
    drafts_of,
    kept_by,
    unrevised,
    unwritten,
    urgent_for,
    waiting_for,
)
from bureaus.admin.doors import grants, screen, show
from bureaus.admin.months import WEEKDAYS, asked_month, month_of
from bureaus.admin.officers import officer_of
from bureaus.admin.words import lately_in_vain
from bureaus.models import Event, Role
from bureaus.text import TOKYO

FEW = 10
ROWS = 50
PAGES = 2_000  # of the list of old pages


def addresses(admin_view: Callable[..., Any]) -> list[URLPattern]:
    return [path("bureaus/unrevised/", admin_view(unrevised_pages), name="unrevised")]


def show_desk(request: HttpRequest) -> TemplateResponse:
    """13 queries at any size."""
    now = timezone.now()
    officer = officer_of(request)
    given = grants(request)
    drafts = drafts_of(officer, given)
    month = asked_month(request.GET.get("month", ""), timezone.localtime(now, TOKYO).date())
    return show(
        request,
        "admin/desk.html",
        {
            "title": "机",
            "kept": kept_by(given, now),
            "drafts": drafts,
            "unwritten": unwritten(officer, given),
            "waiting": waiting_for(officer, given, now),
            "urgent": urgent_for(officer, given),
            "month": month_of(given, month),
            "weekdays": WEEKDAYS,
            "unrevised": unrevised(given, now, count=FEW),
            "in_vain": lately_in_vain(FEW),
            "writes": given.keeps(Role.WRITER),
            "approves": given.keeps(Role.APPROVER),
            "is_new": not Event.objects.filter(actor=officer.pk).exists(),
        },
    )


@require_safe
@screen
def unrevised_pages(request: HttpRequest) -> HttpResponse:
    """The rest of the old pages, so many at a time; 5 queries."""
    asked = request.GET.get("p", "")
    number = min(int(asked), PAGES) if asked.isdecimal() and len(asked) <= 4 else 0  # noqa: PLR2004 - digits
    pile = unrevised(grants(request), timezone.now(), count=ROWS, start=number * ROWS)
    context = {
        "title": "1年以上見直していないページ",
        "crumbs": [{"title": "机", "url": "/admin/"}, {"title": "1年以上見直していないページ"}],
        "unrevised": pile,
        "previous": number - 1 if number else None,
        "following": number + 1 if pile.is_cut else None,
    }
    return show(request, "admin/desk_unrevised.html", context)
