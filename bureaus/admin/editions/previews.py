"""Previews of an edition: the public page in a frame, and the shared link for others."""

from datetime import UTC, datetime
from http import HTTPStatus
from typing import Any
from urllib.parse import quote

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from bureaus.admin.core import access
from bureaus.admin.core.breadcrumbs import edition_breadcrumbs
from bureaus.admin.core.edition_summary import chip_of
from bureaus.admin.core.frames import allow_frames_inside, allow_in_frame, frame_response
from bureaus.admin.core.moment_form import (
    MomentForm,
    moment_in_words,
    moment_of,
    parse_admin_moment,
)
from bureaus.admin.core.thumbnails import OFFICER_FILES_URL
from bureaus.admin.core.users import display_name, request_actor, request_user
from bureaus.models import Action, Edition
from bureaus.publishing import Blocker, BlockerCode, share, take_back
from bureaus.publishing.blockers.sharing import share_blockers
from bureaus.publishing.shared_links import links_to
from bureaus.reading import UnreadableMoment, draft_text, preview
from bureaus.text.formatting import iso_moment, japanese_moment
from bureaus.views.negotiation import origin_of

LINK = "shared_link"  # in the session, until it has been shown


@allow_in_frame
@access.admin_screen
@require_safe
def show_frame(request: HttpRequest, pk: int) -> HttpResponse:
    """
    Show the public page with this edition in it, now or at `?at=`. At most 15 queries.

    The rest of the page is what this officer may see of that moment.
    """
    edition = access.get_visible_edition(request, pk)
    try:
        requested = moment_of(edition, request.GET.get("at", ""))
    except UnreadableMoment as error:
        return unreadable(request, error)
    moment = parse_admin_moment(requested, access.request_grants(request))
    return frame_response(
        request, preview(draft_text(edition), moment, files_url=OFFICER_FILES_URL)
    )


def unreadable(request: HttpRequest, error: UnreadableMoment) -> HttpResponse:
    context = {
        "title": "この日時では表示できません",
        "blockers": [Blocker(BlockerCode.MOMENT, str(error))],
    }
    return access.render_screen(
        request, "admin/core/blocked.html", context, status=HTTPStatus.BAD_REQUEST
    )


@allow_frames_inside
@access.admin_screen
@require_safe
def view_edition(request: HttpRequest, pk: int) -> HttpResponse:
    """Show the page that holds the frame. At most 10 queries."""
    edition = access.get_visible_edition(request, pk)
    form = MomentForm(request.GET if "date" in request.GET else None)
    requested = iso_moment(form.moment) if form.is_valid() else ""
    moment, granted = moment_of(edition, requested), access.request_grants(request)
    known = parse_admin_moment(moment, granted)
    context = {
        "title": f"プレビュー：{edition.title or '（無題）'}",
        "breadcrumbs": edition_breadcrumbs(edition, "プレビュー"),
        "edition": edition,
        "chip": chip_of(edition),
        "sentence": moment_in_words(edition, moment, known, is_requested=bool(requested)),
        "sees_bookings": granted.can_view_whole_site,
        "frame": frame_of(edition, requested),
        "form": form,
        "share_blockers": share_blockers(edition=edition, actor=request_actor(request)),
        "may_seal": not edition.is_open and granted.allows(Action.PROPOSE_SEAL, edition.page),
        "links": [
            (link, display_name(link.by), link.until.isoformat()) for link in links_to(edition)
        ],
        "may_take_back": granted.allows(Action.UNSHARE, edition.page),
        "link": take_link(request, edition),
    }
    return access.render_screen(request, "admin/editions/edition_view.html", context)


def frame_of(edition: Edition, moment: str = "") -> dict[str, str]:
    """Return the context of `admin/includes/preview_frame.html`."""
    address = reverse("admin:edition-preview", args=[edition.pk])
    return {
        "src": f"{address}?at={quote(moment)}" if moment else address,
        "title": f"{edition}の見え方",
    }


@access.admin_screen
@require_POST
def share_edition(request: HttpRequest, pk: int) -> HttpResponse:
    """Create a link, and redirect to the screen that shows it once."""
    edition = access.get_visible_edition(request, pk)
    link = share(edition=edition, actor=request_user(request))
    request.session[LINK] = {
        "edition": edition.pk,
        "url": f"{origin_of(request)}/preview/{link.token}/",
        "until": japanese_moment(link.until),
    }
    messages.success(request, "確認用リンクを作りました。このリンクが出るのは、今回だけです。")
    return redirect("admin:edition-view", edition.pk)


@access.admin_screen
@require_POST
def unshare_edition(request: HttpRequest, pk: int) -> HttpResponse:
    """End the link that is named by the end of its validity."""
    edition = access.get_visible_edition(request, pk)
    take_back(edition=edition, until=moment_sent(request), actor=request_user(request))
    messages.success(request, "確認用リンクを取り消しました。もう、だれも開けません。")
    return redirect("admin:edition-view", edition.pk)


def moment_sent(request: HttpRequest) -> datetime:
    """Return the moment in the form; one at which no link ends where it cannot be read."""
    try:
        moment = datetime.fromisoformat(request.POST.get("until", ""))
    except ValueError:
        return datetime.min.replace(tzinfo=UTC)
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def take_link(request: HttpRequest, edition: Edition) -> dict[str, Any] | None:
    """Return the link just created for `edition`, and forget it: it is shown once."""
    link: dict[str, Any] | None = request.session.get(LINK)
    if link is None or link["edition"] != edition.pk:
        return None
    if request.method == "GET":  # a HEAD shows nothing
        del request.session[LINK]
    return link
