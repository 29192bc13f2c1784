"""The screen on which a draft is written: its form, its own copies, and its preview beside it."""

import json
import re
from collections.abc import Callable
from http import HTTPStatus
from typing import Any, cast

from django.contrib import messages
from django.contrib.auth.models import User
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.middleware.csrf import get_token
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_POST

from bureaus.admin.choosing import search_pages
from bureaus.admin.conflicts import Conflict, conflict_of, lines
from bureaus.admin.doors import grants, screen, seen_edition, show
from bureaus.admin.edition_forms import EditionForms
from bureaus.admin.frames import framed, holds_frames, in_frame
from bureaus.models import Edition, State, Verb, WorkingCopy
from bureaus.publishing import Reason, Refused, edit, reasons_against, submit
from bureaus.publishing.working_copies import (
    TooLarge,
    copies_of,
    drop,
    keep,
    others_among,
    own_among,
    see,
)
from bureaus.reading import present, preview, text_of
from bureaus.text import japanese_moment, japanese_time

NUMBER = re.compile(r"[0-9]{1,9}")
UNREADABLE = "送られた内容を読み取れません。画面を開き直してください。"
NOT_CONTENT = ("csrfmiddlewaretoken", "revision", "do")
FIELD_OF = {  # where to go from a reason against submitting
    "title": "id_title",
    "empty": "id_lead",
    "moved_to": "id_moved_to",
    "issued_on": "id_issued_on",
    "alt": "figures",
    "change_note": "id_change_note",
}


def addresses(admin_view: Callable[..., Any]) -> list[URLPattern]:
    edition = "bureaus/edition/<int:pk>/"
    return [
        path(f"{edition}change/", admin_view(change), name="bureaus_edition_change"),
        path(f"{edition}preview/typed/", admin_view(typed), name="edition-preview-typed"),
        path(f"{edition}working-copy/", admin_view(working_copy), name="edition-working-copy"),
        path(
            f"{edition}working-copy/drop/",
            admin_view(drop_copy),
            name="edition-working-copy-drop",
        ),
        path("bureaus/page/search/", admin_view(page_search), name="page-search"),
    ]


@holds_frames
@screen
def change(request: HttpRequest, pk: int) -> HttpResponse:
    """At most 15 queries to show it, of any size."""
    edition = seen_edition(request, pk)
    against = reasons_against_editing(request, edition)
    if request.method == "POST":
        return receive(request, edition, against)
    own = own_among(copies := copies_of(edition), officer_of(request))
    if own is not None and "copy" in request.GET:
        forms = EditionForms(edition, grants(request), own.content)
        return page(
            request, edition, forms, copies, revision=own.revision, reasons=against, is_copy=True
        )
    show_stored = show_read_only if against else show_form
    return show_stored(request, edition, against, copies, own)


def reasons_against_editing(request: HttpRequest, edition: Edition) -> list[Reason]:
    """Asks only where there are any: what he may keep has been read already."""
    if edition.state == State.DRAFT and grants(request).allow(Verb.EDIT, edition.page):
        return []
    return reasons_against(Verb.EDIT, edition=edition, actor=officer_of(request))


# Showing


def show_form(
    request: HttpRequest,
    edition: Edition,
    _against: list[Reason],
    copies: list[WorkingCopy],
    own: WorkingCopy | None,
) -> HttpResponse:
    typed = EditionForms(edition, grants(request), own.content) if own is not None else None
    forms = EditionForms(edition, grants(request), like=typed)
    asked = "submit" in request.GET
    against = reasons_against(Verb.SUBMIT, edition=edition, actor=request.user) if asked else []
    return page(
        request,
        edition,
        forms,
        copies,
        revision=edition.revision,
        offered=own if typed is not None and not typed.is_as_stored else None,
        against_submit=[(FIELD_OF.get(reason.code, ""), reason) for reason in against],
    )


def page(
    request: HttpRequest,
    edition: Edition,
    forms: EditionForms,
    copies: list[WorkingCopy],
    *,
    revision: int,
    status: int = HTTPStatus.OK,
    **more: Any,
) -> TemplateResponse:
    context = {
        "title": f"「{edition.title or '（無題）'}」第{edition.number}版の編集",
        "crumbs": crumbs_of(edition),
        "edition": edition,
        "forms": forms,
        "revision": revision,
        "others": others_among(copies, officer_of(request)),
        **more,
    }
    return show(request, "admin/edition_form.html", context, status=status)


def show_read_only(
    request: HttpRequest,
    edition: Edition,
    against: list[Reason],
    _copies: list[WorkingCopy],
    own: WorkingCopy | None,
) -> HttpResponse:
    context = {
        "title": f"「{edition.title or '（無題）'}」第{edition.number}版",
        "crumbs": crumbs_of(edition),
        "edition": edition,
        "told": list(lines(text_of(edition))),
        "reasons": against,
        "offered": own,
    }
    return show(request, "admin/edition_form_read.html", context)


def crumbs_of(edition: Edition) -> list[dict[str, str]]:
    page_desk = reverse("admin:bureaus_page_change", args=[edition.page_id])
    return [
        {"title": "机", "url": reverse("admin:index")},
        {"title": "ページ", "url": reverse("admin:bureaus_page_changelist")},
        {"title": edition.page.url_path, "url": page_desk},
        {"title": f"第{edition.number}版（{edition.get_state_display()}）", "url": ""},
    ]


def officer_of(request: HttpRequest) -> User:
    """Who is logged in: nobody else passes the door of the admin."""
    return cast("User", request.user)


# Saving


def receive(request: HttpRequest, edition: Edition, against: list[Reason]) -> HttpResponse:
    """Save what was sent, or show all of it again with what is against it."""
    forms = EditionForms(edition, grants(request), request.POST)
    revision = revision_sent(request)
    if against:
        if is_submitted_already(request, edition, forms, against):
            return submitted(request, edition)
        return refuse(request, edition, forms, against)
    if forms.is_as_stored:  # whoever has saved it: he himself, where he pressed twice
        drop(edition=edition, officer=officer_of(request))
        return after_saving(request, edition, "前に保存した内容から、変わったところはありません。")
    if not forms.is_right:
        keep_quietly(request, edition, revision)
        return page(
            request,
            edition,
            forms,
            copies_of(edition),
            revision=revision,
            status=HTTPStatus.UNPROCESSABLE_ENTITY,
            has_errors=True,
        )
    try:
        saved = edit(
            edition=edition,
            actor=officer_of(request),
            changes=forms.changes,
            parts=forms.parts,
            revision=revision,
        )
    except Refused as refusal:
        edition = seen_edition(request, edition.pk)
        if EditionForms(edition, grants(request), request.POST).is_as_stored:
            return receive(request, edition, reasons_against_editing(request, edition))
        return refuse(request, edition, forms, [*refusal.reasons])
    drop(edition=edition, officer=officer_of(request))
    return after_saving(request, saved, "下書きを保存しました。")


def after_saving(request: HttpRequest, edition: Edition, sentence: str) -> HttpResponse:
    here = reverse("admin:bureaus_edition_change", args=[edition.pk])
    if request.POST.get("do") != "submit":
        messages.success(request, sentence)
        return HttpResponseRedirect(here)
    try:
        submit(edition=edition, actor=officer_of(request))
    except Refused:
        messages.warning(request, "下書きは保存しました。確認の依頼は、まだできません。")
        return HttpResponseRedirect(f"{here}?submit=1")
    return submitted(request, edition)


def submitted(request: HttpRequest, edition: Edition) -> HttpResponse:
    messages.success(request, "下書きを保存し、確認を依頼しました。承認者の机に出ます。")
    return HttpResponseRedirect(reverse("admin:bureaus_page_change", args=[edition.page_id]))


def is_submitted_already(
    request: HttpRequest, edition: Edition, forms: EditionForms, against: list[Reason]
) -> bool:
    """Whether nothing is left to do: he has pressed twice, and the first has done it."""
    return (
        request.POST.get("do") == "submit"
        and edition.state == State.REVIEW
        and [reason.code for reason in against] == ["state"]
        and forms.is_as_stored
    )


def refuse(
    request: HttpRequest, edition: Edition, forms: EditionForms, against: list[Reason]
) -> HttpResponse:
    """Nothing was saved: show why, with all that was sent; it is in his own copy too."""
    keep_quietly(request, edition, revision_sent(request))
    conflict: Conflict | None = None
    if [reason.code for reason in against] == ["stale"]:
        conflict = conflict_of(edition, forms)
    return page(
        request,
        edition,
        forms,
        copies_of(edition),
        revision=edition.revision if conflict else revision_sent(request),
        status=HTTPStatus.CONFLICT if conflict else HTTPStatus.FORBIDDEN,
        reasons=against,
        conflict=conflict,
    )


def revision_sent(request: HttpRequest) -> int:
    """The revision that the form began from; 0, which is none, where it says nothing."""
    return whole(request.POST.get("revision", ""))


def whole(text: object) -> int:
    """A number that the database can hold, or 0."""
    return int(str(text)) if NUMBER.fullmatch(str(text)) else 0


def keep_quietly(request: HttpRequest, edition: Edition, revision: int) -> None:
    """Into his own copy, where he may have one."""
    content = {name: str(request.POST[name]) for name in request.POST if name not in NOT_CONTENT}
    try:
        keep(edition=edition, officer=officer_of(request), content=content, revision=revision)
    except (Refused, TooLarge):
        return


# Own copies


@screen
def working_copy(request: HttpRequest, pk: int) -> HttpResponse:
    """
    GET: a fresh token, for a form that was open while its officer logged in again.

    POST of JSON {"revision", "content"}: keep the content, or without one note that he is there.
    """
    edition = seen_edition(request, pk)
    if request.method != "POST":
        return answered(request, edition)
    try:
        sent = json.loads(request.body)
        revision = whole(sent["revision"])
        content = sent.get("content")
        if content is not None:
            content = {str(name): str(value) for name, value in content.items()}
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError):
        return JsonResponse({"sentence": UNREADABLE}, status=HTTPStatus.BAD_REQUEST)
    officer = officer_of(request)
    try:
        if content is None:
            see(edition=edition, officer=officer, revision=revision)
        else:
            keep(edition=edition, officer=officer, content=content, revision=revision)
    except Refused as refusal:
        return JsonResponse({"sentence": str(refusal)}, status=HTTPStatus.FORBIDDEN)
    except TooLarge as error:
        return JsonResponse({"sentence": str(error)}, status=HTTPStatus.REQUEST_ENTITY_TOO_LARGE)
    return answered(request, edition)


def answered(request: HttpRequest, edition: Edition) -> JsonResponse:
    others = others_among(copies_of(edition), officer_of(request))
    response = JsonResponse(
        {
            "time": japanese_time(timezone.now()),
            "token": get_token(request),
            "revision": edition.revision,
            "is_open": edition.state == State.DRAFT,
            "others": [
                f"{other.name}さんが{japanese_moment(other.since)}から開いています。"
                for other in others
            ],
        }
    )
    response.headers["Cache-Control"] = "no-store"
    return response


@require_POST
@screen
def drop_copy(request: HttpRequest, pk: int) -> HttpResponse:
    edition = seen_edition(request, pk)
    drop(edition=edition, officer=officer_of(request))
    messages.success(request, "保存していない内容を捨てました。")
    return HttpResponseRedirect(reverse("admin:bureaus_edition_change", args=[pk]))


# Preview


@in_frame
@screen
def typed(request: HttpRequest, pk: int) -> HttpResponse:
    """What is in the form as the public would see it; of what cannot be stored, the stored."""
    edition = seen_edition(request, pk)
    data = request.POST if request.method == "POST" else None
    forms = EditionForms(edition, grants(request), data)
    text = forms.text() if data is not None else forms.stored
    return framed(request, preview(text, present()))


@require_GET
@screen
def page_search(request: HttpRequest) -> HttpResponse:
    return search_pages(request)
