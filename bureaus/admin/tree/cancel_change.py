"""Cancelling a booked move, rename or reordering: a screen of its own first, then by POST."""

from http import HTTPStatus

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from bureaus.admin.core import access
from bureaus.admin.core.booked_places import booked_places_of
from bureaus.admin.core.breadcrumbs import admin_url, page_breadcrumbs, page_detail_url
from bureaus.admin.core.cleaning import clean_lines
from bureaus.admin.core.users import request_actor, request_user
from bureaus.models import Page
from bureaus.publishing import Blocked, Blocker
from bureaus.publishing.actions.tree import cancel_change
from bureaus.publishing.blockers.tree_cancellation import cancel_change_blockers

TITLE = "場所の予約を取り消す"


@access.admin_screen
@require_http_methods(["GET", "HEAD", "POST"])
def cancel_place_change(request: HttpRequest, pk: str, release: str) -> HttpResponse:
    """Show what is cancelled, and its button or what blocks it; by POST cancel it. 20 queries."""
    page = access.get_visible_page(request, int(pk))
    if request.method != "POST":
        actor = request_actor(request)
        blockers = cancel_change_blockers(page=page, release=release, actor=actor)
        return confirmation(request, page, release, blockers)
    try:
        cancel_change(
            page=page,
            release=release,
            actor=request_user(request),
            note=clean_lines(request, "note"),
        )
    except Blocked as refusal:
        status = access.status_for(refusal.blockers)
        return confirmation(request, page, release, list(refusal.blockers), status=status)
    messages.success(request, "予約を取り消しました。場所も順番も、予約の前と同じです。")
    return redirect(page_detail_url(page.pk))


def confirmation(
    request: HttpRequest,
    page: Page,
    release: str,
    blockers: list[Blocker],
    *,
    status: int = HTTPStatus.OK,
) -> HttpResponse:
    grants = access.request_grants(request)
    address = admin_url("page-cancel-change", page.pk, release)
    booked = [each for each in booked_places_of(page, grants) if each.cancel == address]
    context = {
        "title": TITLE,
        "breadcrumbs": page_breadcrumbs(page, "予約の取消し", grants, timezone.now()),
        "page": page,
        "booked": booked,
        "blockers": blockers,
        "note": clean_lines(request, "note"),
    }
    return access.render_screen(request, "admin/tree/cancel_change.html", context, status=status)
