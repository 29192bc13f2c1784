"""The screen that ends the pages below one that ends: they are written and submitted at once."""

from collections.abc import Iterable
from http import HTTPStatus

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from bureaus.admin.core.access import (
    admin_screen,
    get_visible_edition,
    render_screen,
    request_grants,
    status_for,
)
from bureaus.admin.core.breadcrumbs import edition_breadcrumbs
from bureaus.admin.core.cleaning import parse_key
from bureaus.admin.core.users import request_actor, request_user
from bureaus.models import Edition, Page, Role, State
from bureaus.publishing import Blocked, Blocker, end_below
from bureaus.publishing.blockers.ending import MAX_PAGES, end_below_availability
from bureaus.publishing.pages_below import LISTED, pages_below

TITLE = "下のページも一緒に終える"


@admin_screen
@require_http_methods(["GET", "HEAD", "POST"])
def end_pages_below(request: HttpRequest, pk: int) -> HttpResponse:
    """Show the pages below, or write and submit the editions that end those ticked."""
    edition = get_visible_edition(request, pk)
    if request.method != "POST":
        return show(request, edition)
    keys = {parse_key(key) for key in request.POST.getlist("page")[:LISTED]}
    # Also those that are no longer below, so that the refusal names them.
    placed = Page.objects.placed(timezone.now()).filter(pk__in=keys)
    pages = placed.visible_to(request_grants(request), timezone.now()).order_by("placement__path")
    try:
        written = end_below(edition=edition, pages=pages, actor=request_user(request))
    except Blocked as refusal:
        return show(request, edition, refusal.blockers, keys)
    further = "このページの確認も依頼してください。" if edition.state == State.DRAFT else ""
    report_endings(request, written, further)
    return HttpResponseRedirect(reverse("admin:bureaus_edition_change", args=[pk]))


def report_endings(request: HttpRequest, written: Iterable[Edition], further: str = "") -> None:
    """Say which of the editions that end a page were submitted, and which are left as drafts."""
    found = list(written)
    submitted = [each for each in found if each.state == State.REVIEW]
    drafts = [each for each in found if each.state == State.DRAFT]
    if submitted:
        messages.success(
            request,
            f"{len(submitted)}ページの掲載を終える版を作り、確認を依頼しました。{further}"
            "承認者は、全部を同じ日時に一括公開できます。",
        )
    if drafts:
        names = "、".join(f"「{each.title}」" for each in drafts)
        messages.warning(
            request,
            f"{names}は下書きにしました。校正の誤りなどを直してから、確認を依頼してください。",
        )


def show(
    request: HttpRequest,
    edition: Edition,
    refused: Iterable[Blocker] = (),
    ticked: Iterable[int] | None = None,
) -> HttpResponse:
    refused, below = list(refused), pages_below(edition)
    context = {
        "title": TITLE,
        "breadcrumbs": edition_breadcrumbs(edition, TITLE),
        "edition": edition,
        "below": below,
        "most": MAX_PAGES,
        "is_in_review": edition.state == State.REVIEW,
        "is_approver": Role.APPROVER in request_grants(request).roles_at(edition.page),
        "ticked": None if ticked is None else set(ticked),
        "refused": refused,
        "blockers": end_below_availability(edition=edition, actor=request_actor(request)),
    }
    status = status_for(refused) if refused else HTTPStatus.OK
    return render_screen(request, "admin/editions/end_below.html", context, status=status)
