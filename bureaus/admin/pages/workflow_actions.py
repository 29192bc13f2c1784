"""The workflow actions of the detail page: one POST each, then a redirect back to it."""

from collections.abc import Callable

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST

from bureaus.admin.core import access
from bureaus.admin.core.access import status_for
from bureaus.admin.core.breadcrumbs import page_breadcrumbs, page_detail_url
from bureaus.admin.core.cleaning import clean_lines
from bureaus.admin.core.users import request_actor, request_user
from bureaus.admin.pages.page_detail import page_detail_response
from bureaus.admin.pages.timeline import partners_of
from bureaus.models import Edition, Page
from bureaus.publishing import (
    Blocked,
    Blocker,
    BlockerCode,
    cancel_booking,
    discard,
    return_,
    start_draft,
    submit,
)
from bureaus.publishing.actions.autosave import autosaves_of, other_editors, other_unsaved_editors
from bureaus.publishing.blockers.approval import cancel_booking_blockers
from bureaus.publishing.blockers.editions import deletes_its_page, discard_blockers

# Confirmed on a screen of their own first: they cannot be undone, or change other pages too.
CONFIRMED_FIRST = {"discard": discard_blockers, "cancel-booking": cancel_booking_blockers}


@access.admin_screen
@require_POST
def start_page_draft(request: HttpRequest, pk: int) -> HttpResponse:
    """Start a draft, from the edition number `source` if one is given, and redirect to its form."""
    page = access.get_visible_page(request, pk)
    source = None
    if number := request.POST.get("source", ""):
        source = source_of(page, number)
        if source is None:
            missing = [
                Blocker(
                    BlockerCode.SOURCE, "元にする版が見つかりません。一覧から選び直してください。"
                )
            ]
            return page_detail_response(request, page, blockers=missing, status=status_for(missing))
    try:
        draft = start_draft(page=page, actor=request_user(request), source=source)
    except Blocked as refusal:
        return page_detail_response(
            request, page, blockers=refusal.blockers, status=status_for(refusal.blockers)
        )
    origin = f"第{source.number}版から、" if source else ""
    messages.success(
        request,
        f"{origin}下書き（第{draft.number}版）を作りました。書き終えたら、確認を依頼してください。",
    )
    return redirect("admin:bureaus_edition_change", draft.pk)


def source_of(page: Page, number: str) -> Edition | None:
    is_number = number.isascii() and number.isdigit() and len(number) < len("1000000000")
    editions = Edition.objects.filter(page=page, number=int(number) if is_number else None)
    return editions.first()


@access.admin_screen
@require_http_methods(["GET", "HEAD", "POST"])
def edition_action(request: HttpRequest, pk: str, action: str) -> HttpResponse:
    """Do `action` by POST; by GET show its confirmation, or (after a login) the detail page."""
    edition = access.get_visible_edition(request, int(pk))
    page = edition.page
    if request.method != "POST":
        if action in CONFIRMED_FIRST:
            return confirmation(request, edition, action)
        return redirect(page_detail_url(page.pk))
    try:
        done = HANDLERS[action](request, edition)
    except Blocked as refusal:
        return page_detail_response(
            request, page, blockers=refusal.blockers, status=status_for(refusal.blockers)
        )
    messages.success(request, done)
    is_there = Page.objects.filter(pk=page.pk).exists()
    return redirect(
        page_detail_url(page.pk) if is_there else reverse("admin:bureaus_page_changelist")
    )


def confirmation(request: HttpRequest, edition: Edition, action: str) -> HttpResponse:
    """
    Show what `action` changes, and its button or what blocks it. At most 15 queries.

    The blockers of a release belong to each of its pages, and are shown only after the attempt.
    """
    now, page, grants = timezone.now(), edition.page, access.request_grants(request)
    officer = request_actor(request)
    partners = partners_of([edition], grants).get(edition.release)
    blockers = (
        []
        if partners and partners.count
        else CONFIRMED_FIRST[action](edition=edition, actor=officer)
    )
    officer_here = request_user(request)
    copies = autosaves_of(edition) if action == "discard" else []
    words = {"discard": "下書きを破棄する", "cancel-booking": "公開予約を取り消す"}[action]
    context = {
        "title": words,
        "breadcrumbs": page_breadcrumbs(page, words, grants, now),
        "edition": edition,
        "page": page,
        "action": action,
        "partners": partners,
        "blockers": blockers,
        "others": other_editors(copies, officer_here),
        "unsaved_editors": other_unsaved_editors(copies, officer_here),
        "takes_page": action == "discard" and deletes_its_page(edition),
    }
    return access.render_screen(request, "admin/pages/confirm.html", context)


def do_submit(request: HttpRequest, edition: Edition) -> str:
    submit(edition=edition, actor=request_user(request), note=note(request))
    return "確認を依頼しました。承認者が確認します。"


def do_recall(request: HttpRequest, edition: Edition) -> str:
    return_(edition=edition, actor=request_user(request), comment=note(request))
    return "確認の依頼を取り下げました。下書きの続きを書けます。"


def do_cancel(request: HttpRequest, edition: Edition) -> str:
    together = cancel_booking(edition=edition, actor=request_user(request), note=note(request))
    count = f"{len(together)}ページの" if len(together) > 1 else ""
    return f"{count}公開予約を取り消しました。下書きに戻ったので、直して確認を依頼できます。"


def do_discard(request: HttpRequest, edition: Edition) -> str:
    discard(edition=edition, actor=request_user(request), note=note(request))
    return f"「{edition}」の下書きを破棄しました。破棄したことは操作の記録に残ります。"


HANDLERS: dict[str, Callable[[HttpRequest, Edition], str]] = {
    "submit": do_submit,
    "recall": do_recall,
    "cancel-booking": do_cancel,
    "discard": do_discard,
}


def note(request: HttpRequest) -> str:
    return clean_lines(request, "note")
