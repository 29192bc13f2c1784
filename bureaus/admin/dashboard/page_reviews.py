"""The pages that are due for a review: the list, its CSV file, the button that confirms one."""

from collections.abc import Iterator
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_POST, require_safe

from bureaus.admin.core.access import (
    admin_screen,
    get_visible_page,
    render_screen,
    request_grants,
)
from bureaus.admin.core.branch_filter import branch_titles, in_chosen_branch
from bureaus.admin.core.breadcrumbs import breadcrumbs, page_detail_url
from bureaus.admin.core.cleaning import parse_key
from bureaus.admin.core.lists import UncountedPaginator
from bureaus.admin.core.users import request_user
from bureaus.formats.csv_text import CONTENT_TYPE, csv_text, day_in_tokyo
from bureaus.publishing import mark_page_reviewed, set_page_review_interval
from bureaus.publishing.page_reviews import pages_due_for_review

TITLE = "見直しの時期が来たページ"
PAGES_PER_SCREEN = 50
MOST_ROWS = 10_000
HEADINGS = ("表題", "アドレス", "いまの内容になった日", "見直した日", "見直した人")


@require_safe
@admin_screen
def list_due_pages(request: HttpRequest) -> HttpResponse:
    """List the pages that are due, of all branches or of one; as CSV where asked. 6 queries."""
    grants = request_grants(request)
    under = parse_key(request.GET.get("under"))
    rows = pages_due_for_review(grants, timezone.now())
    if under:
        rows = rows.filter(in_chosen_branch(under, grants))
    if request.GET.get("format") == "csv":
        return csv_response(rows[:MOST_ROWS], request.build_absolute_uri("/").rstrip("/"))
    context = {
        "title": TITLE,
        "breadcrumbs": breadcrumbs(TITLE),
        "branches": branch_titles(grants, timezone.now()),
        "under": under,
        "here": request.get_full_path(),
        "page": UncountedPaginator(rows, PAGES_PER_SCREEN, first_number=0).get_page(
            request.GET.get("p")
        ),
    }
    return render_screen(request, "admin/dashboard/unrevised_pages.html", context)


def csv_response(rows: Any, origin: str) -> HttpResponse:
    def lines() -> Iterator[tuple[str, ...]]:
        for row in rows:
            reviewed = day_in_tokyo(row.reviewed_at) if row.reviewed_at else ""
            began = day_in_tokyo(row.live_from)
            yield row.title, f"{origin}{row.address}", began, reviewed, row.reviewer or ""

    response = HttpResponse(csv_text(HEADINGS, lines()), content_type=CONTENT_TYPE)
    response.headers["Content-Disposition"] = 'attachment; filename="unrevised.csv"'
    response.headers["Cache-Control"] = "no-store"
    return response


@admin_screen
@require_POST
def page_reviewed(request: HttpRequest, pk: int) -> HttpResponse:
    """Record that the page is still right, and return to the screen with the button."""
    page = get_visible_page(request, pk)
    mark_page_reviewed(page=page, actor=request_user(request))
    messages.success(request, f"「{page.url_path}」を、見直したと記録しました。")
    return redirect(address_to_return(request, pk))


@admin_screen
@require_POST
def page_review_interval(request: HttpRequest, pk: int) -> HttpResponse:
    """Store the interval of the page; an empty one is that of its kind."""
    page = get_visible_page(request, pk)
    typed = request.POST.get("days", "")
    days = int(typed) if typed.isascii() and typed.isdigit() and len(typed) < len("10000") else -1
    set_page_review_interval(page=page, days=days if typed else None, actor=request_user(request))
    messages.success(request, "見直しの間隔を変えました。")
    return redirect(f"{page_detail_url(pk)}#review")


def address_to_return(request: HttpRequest, pk: int) -> str:
    typed = request.POST.get("next", "")
    is_ours = url_has_allowed_host_and_scheme(typed, allowed_hosts=None)
    is_list = typed.startswith("/admin/") and is_ours
    return typed if is_list else f"{page_detail_url(pk)}#review"
