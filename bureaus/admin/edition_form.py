"""The screen on which a draft is written: its form, its own copies, and its preview beside it."""

from collections.abc import Callable
from http import HTTPStatus
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.views.decorators.http import require_GET

from bureaus.admin import library_files, own_copies, proofing
from bureaus.admin.choosing import search_files, search_pages
from bureaus.admin.conflicts import Conflict, conflict_of, lines
from bureaus.admin.doors import grants, screen, seen_edition, show
from bureaus.admin.edition_forms import EditionForms
from bureaus.admin.editions import crumbs_to, return_of
from bureaus.admin.frames import framed, holds_frames, in_frame
from bureaus.admin.lost_drafts import losing_nothing
from bureaus.admin.mending import Mended, asks_to_mend, mended
from bureaus.admin.officers import officer_of
from bureaus.admin.own_copies import (
    chosen_among,
    keep_quietly,
    keys_sent,
    revision_sent,
    unlike_stored,
)
from bureaus.admin.proofs import listed, proof_in
from bureaus.admin.row_uploads import take_uploads
from bureaus.admin.typed import lines_typed
from bureaus.models import Edition, State, Verb, WorkingCopy
from bureaus.models.acceptances import REASON_LENGTH
from bureaus.models.working_copies import new_form_key
from bureaus.publishing import Reason, Refused, edit, reasons_against, submit
from bureaus.publishing.against_dates import against_early_submission
from bureaus.publishing.records import NOTE_LENGTH, too_long
from bureaus.publishing.working_copies import copies_of, drop, is_open, others_among, own_among
from bureaus.reading import present, preview, text_of

FIELD_OF = {  # where to go from a reason that names no field
    "title": "id_title",
    "empty": "id_lead",
    "moved_to": "id_moved_to",
    "issued_on": "id_issued_on",
    "issued_later": "id_issued_on",
    "change_note": "id_change_note",
    "note": "id_submit_note",
}
NOTE = "submit_note"  # to the approver: in the form and, until it is sent, in the session


def addresses(admin_view: Callable[..., Any]) -> list[URLPattern]:
    edition = "bureaus/edition/<int:pk>/"
    return [
        path(f"{edition}change/", admin_view(change), name="bureaus_edition_change"),
        path(f"{edition}preview/typed/", admin_view(typed), name="edition-preview-typed"),
        path("bureaus/page/search/", admin_view(page_search), name="page-search"),
        path("bureaus/file/search/", admin_view(file_search), name="file-search"),
        *own_copies.addresses(admin_view),
        *proofing.addresses(admin_view),
    ]


@holds_frames
@screen
@losing_nothing
def change(request: HttpRequest, pk: int) -> HttpResponse:
    """At most 15 queries to show it, of any size."""
    edition = seen_edition(request, pk)
    against = reasons_against_editing(request, edition)
    if request.method == "POST" and asks_to_mend(request.POST) and not against:
        return show_mended(request, edition, mended(request, edition))
    if request.method == "POST":
        return receive(request, edition, against)
    copies = copies_of(edition)
    if "copy" in request.GET:
        own = own_among(copies, officer_of(request))
        if copy := chosen_among(own, request.GET["copy"]):
            forms = EditionForms(edition, grants(request), copy.content)
            return page(
                request, edition, forms, copies, revision=copy.revision, reasons=against, copy=copy
            )
    show_stored = show_read_only if against else show_form
    return show_stored(request, edition, against, copies)


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
) -> HttpResponse:
    offered, like = unlike_stored(request, edition, copies)
    forms = EditionForms(edition, grants(request), like=like)
    asked = "submit" in request.GET
    note = note_for_approver(request, edition)
    against = (
        reasons_against(Verb.SUBMIT, edition=edition, note=note, actor=request.user)
        if asked
        else []
    )
    if asked and len(note) > NOTE_LENGTH:
        against = [*against, too_long(note)]
    return page(
        request,
        edition,
        forms,
        copies,
        revision=edition.revision,
        offered=offered,
        is_open=offered is not None and is_open(offered),
        against_submit=[(field_of(reason, forms), reason) for reason in against],
    )


def field_of(reason: Reason, forms: EditionForms) -> str:
    """Where to go from a reason against submitting."""
    if reason.field == "body":  # whose own field the editor hides
        return "body-label"
    return f"id_{forms.name_of(reason.field)}" if reason.field else FIELD_OF.get(reason.code, "")


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
        "returned": return_of(edition),
        "early": [] if more.get("against_submit") else against_early_submission(edition, ""),
        "submit_note": note_for_approver(request, edition),
        "note_length": NOTE_LENGTH,
        "form_key": new_form_key(),
        "others": others_among(copies, officer_of(request)),
        "proof": listed(
            edition,
            proof_in(forms),
            forms.name_of,
            may_accept=grants(request).allow(Verb.ACCEPT, edition.page),
        ),
        "accept_length": REASON_LENGTH,
        **more,
    }
    return show(request, "admin/edition_form.html", context, status=status)


def show_read_only(
    request: HttpRequest,
    edition: Edition,
    against: list[Reason],
    copies: list[WorkingCopy],
) -> HttpResponse:
    offered = next(iter(own_among(copies, officer_of(request))), None)
    context = {
        "title": f"「{edition.title or '（無題）'}」第{edition.number}版",
        "crumbs": crumbs_of(edition),
        "edition": edition,
        "told": list(lines(text_of(edition))),
        "reasons": against,
        "offered": offered,
        "is_open": offered is not None and is_open(offered),
    }
    return show(request, "admin/edition_form_read.html", context)


def crumbs_of(edition: Edition) -> list[dict[str, str]]:
    return crumbs_to(edition, f"第{edition.number}版（{edition.get_state_display()}）")


# Saving


def receive(request: HttpRequest, edition: Edition, against: list[Reason]) -> HttpResponse:
    """Save what was sent, or show all of it again with what is against it."""
    refused = {} if against else take_uploads(request)
    forms = EditionForms(edition, grants(request), request.POST, refused=refused)
    revision = revision_sent(request)
    if against:
        is_done = is_submitted_already(request, edition, forms, against)
        return submitted(request, edition) if is_done else refuse(request, edition, forms, against)
    if forms.is_as_stored:  # whoever has saved it: he himself, where he pressed twice
        drop(edition=edition, officer=officer_of(request), keys=keys_sent(request))
        return after_saving(request, edition, "前に保存した内容から、変わったところはありません。")
    if not forms.is_right:
        form_key = keep_quietly(request, edition)
        return page(
            request,
            edition,
            forms,
            copies_of(edition),
            revision=revision,
            form_key=form_key,
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
    drop(edition=edition, officer=officer_of(request), keys=keys_sent(request))
    return after_saving(request, saved, "下書きを保存しました。")


def show_mended(request: HttpRequest, edition: Edition, done: Mended) -> HttpResponse:
    """The form with what was mended in it, not saved."""
    form_key = keep_quietly(request, edition)
    revision, copies = revision_sent(request), copies_of(edition)
    return page(
        request, edition, done.forms, copies, revision=revision, form_key=form_key, mended=done
    )


def after_saving(request: HttpRequest, edition: Edition, sentence: str) -> HttpResponse:
    here = reverse("admin:bureaus_edition_change", args=[edition.pk])
    note = lines_typed(request, NOTE)
    if request.POST.get("do") != "submit":
        keep_note(request, edition, note)
        messages.success(request, sentence)
        return HttpResponseRedirect(here)
    try:
        submit(edition=edition, actor=officer_of(request), note=note)
    except Refused:
        keep_note(request, edition, note)
        messages.warning(request, "下書きは保存しました。確認の依頼は、まだできません。")
        return HttpResponseRedirect(f"{here}?submit=1")
    return submitted(request, edition)


def submitted(request: HttpRequest, edition: Edition) -> HttpResponse:
    keep_note(request, edition, "")
    messages.success(request, "下書きを保存し、確認を依頼しました。承認者の机に出ます。")
    return HttpResponseRedirect(reverse("admin:bureaus_page_change", args=[edition.page_id]))


def keep_note(request: HttpRequest, edition: Edition, note: str) -> None:
    """Until it is sent to the approver with the draft: it is no part of what the draft says."""
    if note:
        request.session[NOTE] = {"edition": edition.pk, "note": note}
    elif request.session.get(NOTE, {}).get("edition") == edition.pk:
        del request.session[NOTE]


def note_for_approver(request: HttpRequest, edition: Edition) -> str:
    """What was sent with the form, else what was kept of it."""
    if request.method == "POST":
        return lines_typed(request, NOTE)
    kept = request.session.get(NOTE, {})
    return str(kept["note"]) if kept.get("edition") == edition.pk else ""


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
    form_key = keep_quietly(request, edition)
    conflict: Conflict | None = None
    if [reason.code for reason in against] == ["stale"]:
        conflict = conflict_of(edition, forms)
    return page(
        request,
        edition,
        forms,
        copies_of(edition),
        revision=edition.revision if conflict else revision_sent(request),
        form_key=form_key,
        status=HTTPStatus.CONFLICT if conflict else HTTPStatus.FORBIDDEN,
        reasons=against,
        conflict=conflict,
    )


# Preview


@in_frame
@screen
def typed(request: HttpRequest, pk: int) -> HttpResponse:
    """What is in the form as the public would see it; of what cannot be stored, the stored."""
    edition = seen_edition(request, pk)
    data = request.POST if request.method == "POST" else None
    forms = EditionForms(edition, grants(request), data)
    text = forms.text() if data is not None else forms.stored
    return framed(request, preview(text, present(), files=library_files.BELOW))


@require_GET
@screen
def page_search(request: HttpRequest) -> HttpResponse:
    return search_pages(request)


@require_GET
@screen
def file_search(request: HttpRequest) -> HttpResponse:
    return search_files(request)
