"""An edition as citizens will see it: in a frame for officers, and the link for others."""

from collections.abc import Callable
from http import HTTPStatus
from typing import Any
from urllib.parse import quote

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import URLPattern, path, reverse
from django.views.decorators.http import require_POST, require_safe

from bureaus.admin import doors, library_files
from bureaus.admin.editions import chip_of, crumbs_to
from bureaus.admin.frames import framed, holds_frames, in_frame
from bureaus.admin.moments import MomentForm, in_words, known_moment, moment_of
from bureaus.admin.officers import asking, officer_of
from bureaus.models import Edition, Verb
from bureaus.publishing import Reason, reasons_against, share
from bureaus.reading import UnreadableMoment, preview, text_of
from bureaus.text import iso_moment, japanese_moment
from bureaus.views.negotiation import origin_of

LINK = "shared_link"  # in the session, until it has been shown


@in_frame
@doors.screen
@require_safe
def show_frame(request: HttpRequest, pk: int) -> HttpResponse:
    """
    The whole public page with this edition in place, at `?at=` if asked. At most 15 queries.

    Around it stands what this officer may know of that moment.
    """
    edition = doors.seen_edition(request, pk)
    try:
        asked = moment_of(edition, request.GET.get("at", ""))
    except UnreadableMoment as error:
        return unreadable(request, error)
    moment = known_moment(asked, doors.grants(request))
    return framed(request, preview(text_of(edition), moment, files=library_files.BELOW))


def unreadable(request: HttpRequest, error: UnreadableMoment) -> HttpResponse:
    context = {"title": "この日時では表示できません", "reasons": [Reason("moment", str(error))]}
    return doors.show(request, "admin/refused.html", context, status=HTTPStatus.BAD_REQUEST)


@holds_frames
@doors.screen
@require_safe
def view_edition(request: HttpRequest, pk: int) -> HttpResponse:
    """The page that holds the frame. At most 10 queries."""
    edition = doors.seen_edition(request, pk)
    form = MomentForm(request.GET if "date" in request.GET else None)
    asked = iso_moment(form.moment) if form.is_valid() else ""
    moment, granted = moment_of(edition, asked), doors.grants(request)
    known = known_moment(moment, granted)
    context = {
        "title": f"プレビュー：{edition.title or '（無題）'}",
        "crumbs": crumbs_to(edition, "プレビュー"),
        "edition": edition,
        "chip": chip_of(edition),
        "sentence": in_words(edition, moment, known, is_asked=bool(asked)),
        "sees_bookings": granted.sees_whole_site,
        "frame": frame_of(edition, asked),
        "form": form,
        "share_reasons": reasons_against(Verb.SHARE, edition=edition, actor=asking(request)),
        "link": take_link(request, edition),
    }
    return doors.show(request, "admin/edition_view.html", context)


def frame_of(edition: Edition, asked: str = "") -> dict[str, str]:
    """What `admin/includes/preview_frame.html` is given."""
    address = reverse("admin:edition-preview", args=[edition.pk])
    return {
        "src": f"{address}?at={quote(asked)}" if asked else address,
        "title": f"{edition}の見え方",
    }


@doors.screen
@require_POST
def share_edition(request: HttpRequest, pk: int) -> HttpResponse:
    """Make a link, and lead to where it is shown once."""
    edition = doors.seen_edition(request, pk)
    link = share(edition=edition, actor=officer_of(request))
    request.session[LINK] = {
        "edition": edition.pk,
        "url": f"{origin_of(request)}/preview/{link.token}/",
        "until": japanese_moment(link.until),
    }
    messages.success(request, "確認用リンクを作りました。このリンクが出るのは、今回だけです。")
    return redirect("admin:edition-view", edition.pk)


def take_link(request: HttpRequest, edition: Edition) -> dict[str, Any] | None:
    """The link just made for `edition`; once it has been shown, it is kept nowhere."""
    link: dict[str, Any] | None = request.session.get(LINK)
    if link is None or link["edition"] != edition.pk:
        return None
    if request.method == "GET":  # of a HEAD nobody reads the body
        del request.session[LINK]
    return link


def addresses(admin_view: Callable[..., Any]) -> list[URLPattern]:
    here = "bureaus/edition/<int:pk>"
    return [
        path(f"{here}/preview/", admin_view(show_frame), name="edition-preview"),
        path(f"{here}/view/", admin_view(view_edition), name="edition-view"),
        path(f"{here}/share/", admin_view(share_edition), name="edition-share"),
    ]
