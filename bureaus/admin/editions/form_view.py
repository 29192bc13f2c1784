"""The screen for editing a draft: its form, its autosaves, and its preview beside it."""

from http import HTTPStatus
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET

from bureaus.admin.core.access import (
    admin_screen,
    get_visible_edition,
    render_screen,
    request_grants,
    status_for,
)
from bureaus.admin.core.breadcrumbs import Breadcrumbs, edition_breadcrumbs
from bureaus.admin.core.choices import file_choices_json, page_choices_json
from bureaus.admin.core.cleaning import clean_lines
from bureaus.admin.core.edition_summary import return_summary
from bureaus.admin.core.frames import allow_frames_inside, allow_in_frame, frame_response
from bureaus.admin.core.thumbnails import OFFICER_FILES_URL
from bureaus.admin.core.users import request_actor, request_user
from bureaus.admin.editions.autofix import Autofixed, apply_autofix, requests_autofix
from bureaus.admin.editions.autosave import (
    autosave_of_form,
    autosave_quietly,
    first_unsaved,
    sent_form_keys,
    sent_revision,
)
from bureaus.admin.editions.conflicts import Conflict, conflict_of, lines
from bureaus.admin.editions.findings_panel import findings_panel, report_on_forms
from bureaus.admin.editions.forms import EditionForms
from bureaus.admin.editions.lost_drafts import keep_lost_input
from bureaus.admin.editions.removed import removed_message
from bureaus.admin.editions.row_uploads import take_uploads
from bureaus.models import Action, Autosave, Edition, State
from bureaus.models.acceptances import REASON_LENGTH
from bureaus.models.autosaves import new_form_key
from bureaus.publishing import Blocked, Blocker, FindingsReport, edit, submit
from bureaus.publishing.actions.autosave import (
    autosaves_of,
    discard_autosave,
    has_open_form,
    other_editors,
    own_autosaves,
)
from bureaus.publishing.audit import NOTE_LENGTH, note_too_long
from bureaus.publishing.blockers.dates import early_submission_blockers
from bureaus.publishing.blockers.editions import edit_availability, submit_blockers
from bureaus.publishing.consequences import listing_of
from bureaus.publishing.pages_below import pages_below
from bureaus.reading import draft_text, present_moment, preview
from bureaus.text.office_html import Cleaned

FIELD_OF = {  # the field for the code of a blocker that names no field
    "title": "id_title",
    "empty": "id_lead",
    "moved_to": "id_moved_to",
    "issued_on": "id_issued_on",
    "issued_later": "id_issued_on",
    "change_note": "id_change_note",
    "note": "id_submit_note",
}
NOTE = "submit_note"  # to the approver: in the form, and in the session until it is sent


@allow_frames_inside
@admin_screen
@keep_lost_input
def change(request: HttpRequest, pk: int) -> HttpResponse:
    """Show or save the form. At most 15 queries to show it, whatever its size and its autosaves."""
    edition = get_visible_edition(request, pk)
    blockers = editing_blockers(request, edition)
    if request.method == "POST" and requests_autofix(request.POST) and not blockers:
        return show_autofixed(request, edition, apply_autofix(request, edition))
    if request.method == "POST":
        return receive(request, edition, blockers)
    autosaves = autosaves_of(edition)
    if "copy" in request.GET:
        own = own_autosaves(autosaves, request_user(request))
        if autosave := autosave_of_form(own, request.GET["copy"]):
            forms = EditionForms(edition, request_grants(request), autosave.content)
            return form_response(
                request,
                edition,
                forms,
                autosaves,
                revision=autosave.revision,
                blockers=blockers,
                autosave=autosave,
            )
    if blockers:
        return show_read_only(request, edition, blockers, autosaves)
    return show_form(request, edition, autosaves)


def editing_blockers(request: HttpRequest, edition: Edition) -> list[Blocker]:
    """Query for the blockers only where there are any: the grants have been read already."""
    if edition.state == State.DRAFT and request_grants(request).allows(Action.EDIT, edition.page):
        return []
    return edit_availability(edition=edition, actor=request_user(request))


# Showing


def show_form(
    request: HttpRequest,
    edition: Edition,
    autosaves: list[Autosave],
) -> HttpResponse:
    offered, like = first_unsaved(request, edition, autosaves)
    forms = EditionForms(edition, request_grants(request), like=like)
    report = report_on_forms(forms)  # before the blockers: they take it as read
    blockers = request_blockers(request, edition) if "submit" in request.GET else []
    return form_response(
        request,
        edition,
        forms,
        autosaves,
        revision=edition.revision,
        offered=offered,
        report=report,
        is_open=offered is not None and has_open_form(offered),
        submit_blockers=[(field_of(blocker, forms), blocker) for blocker in blockers],
    )


def request_blockers(request: HttpRequest, edition: Edition) -> list[Blocker]:
    """Return what blocks the request for review, a note that is too long included."""
    note = note_for_approver(request, edition)
    blockers = submit_blockers(edition=edition, note=note, actor=request_actor(request))
    return [*blockers, note_too_long(note)] if len(note) > NOTE_LENGTH else blockers


def field_of(blocker: Blocker, forms: EditionForms) -> str:
    """Return the id of the field that a blocker of the submission is about."""
    if blocker.field == "body":  # the editor hides the field itself
        return "body-label"
    return f"id_{forms.name_of(blocker.field)}" if blocker.field else FIELD_OF.get(blocker.code, "")


def form_response(
    request: HttpRequest,
    edition: Edition,
    forms: EditionForms,
    autosaves: list[Autosave],
    *,
    revision: int,
    status: int = HTTPStatus.OK,
    report: FindingsReport | None = None,
    **more: Any,
) -> TemplateResponse:
    context = {
        "title": f"「{edition.title or '（無題）'}」第{edition.number}版の編集",
        "breadcrumbs": breadcrumbs_of(edition),
        "edition": edition,
        "forms": forms,
        "revision": revision,
        "returned": return_summary(edition),
        "early": [] if more.get("submit_blockers") else early_submission_blockers(edition, ""),
        "below": pages_below(edition),
        "listing": listing_of(edition, timezone.now()),
        "submit_note": note_for_approver(request, edition),
        "note_length": NOTE_LENGTH,
        "form_key": new_form_key(),
        "others": other_editors(autosaves, request_user(request)),
        "findings": findings_panel(
            edition,
            report or report_on_forms(forms),
            forms.name_of,
            may_accept=request_grants(request).allows(Action.ACCEPT, edition.page),
        ),
        "accept_length": REASON_LENGTH,
        **more,
    }
    return render_screen(request, "admin/editions/form.html", context, status=status)


def show_read_only(
    request: HttpRequest,
    edition: Edition,
    blockers: list[Blocker],
    autosaves: list[Autosave],
) -> HttpResponse:
    offered = next(iter(own_autosaves(autosaves, request_user(request))), None)
    context = {
        "title": f"「{edition.title or '（無題）'}」第{edition.number}版",
        "breadcrumbs": breadcrumbs_of(edition),
        "edition": edition,
        "fields": list(lines(draft_text(edition))),
        "blockers": blockers,
        "offered": offered,
        "is_open": offered is not None and has_open_form(offered),
    }
    return render_screen(request, "admin/editions/form_read.html", context)


def breadcrumbs_of(edition: Edition) -> Breadcrumbs:
    return edition_breadcrumbs(edition, f"第{edition.number}版（{edition.get_state_display()}）")


# Saving


def receive(request: HttpRequest, edition: Edition, blockers: list[Blocker]) -> HttpResponse:
    """Save what was sent, or show all of it again with the blockers."""
    refused = {} if blockers else take_uploads(request)
    forms = EditionForms(edition, request_grants(request), request.POST, refused=refused)
    revision = sent_revision(request)
    if blockers:
        is_done = is_submitted_already(request, edition, forms, blockers)
        return submitted(request, edition) if is_done else refuse(request, edition, forms, blockers)
    if forms.is_as_stored:  # also where the button was pressed twice
        discard_autosave(
            edition=edition, officer=request_user(request), keys=sent_form_keys(request)
        )
        unchanged = "前に保存した内容から、変わったところはありません。"
        return after_saving(request, edition, unchanged, removed=forms.removed)
    if not forms.is_storable:
        form_key = autosave_quietly(request, edition)
        return form_response(
            request,
            edition,
            forms,
            autosaves_of(edition),
            revision=revision,
            form_key=form_key,
            status=HTTPStatus.UNPROCESSABLE_ENTITY,
            has_errors=True,
        )
    try:
        saved = edit(
            edition=edition,
            actor=request_user(request),
            changes=forms.changes,
            parts=forms.parts,
            revision=revision,
        )
    except Blocked as refusal:
        edition = get_visible_edition(request, edition.pk)
        if EditionForms(edition, request_grants(request), request.POST).is_as_stored:
            return receive(request, edition, editing_blockers(request, edition))
        return refuse(request, edition, forms, [*refusal.blockers])
    discard_autosave(edition=edition, officer=request_user(request), keys=sent_form_keys(request))
    return after_saving(request, saved, "下書きを保存しました。", removed=forms.removed)


def show_autofixed(request: HttpRequest, edition: Edition, autofixed: Autofixed) -> HttpResponse:
    """Show the form with the fix in it, not saved."""
    form_key = autosave_quietly(request, edition)
    return form_response(
        request,
        edition,
        autofixed.forms,
        autosaves_of(edition),
        revision=sent_revision(request),
        form_key=form_key,
        autofixed=autofixed,
    )


def after_saving(
    request: HttpRequest, edition: Edition, sentence: str, *, removed: Cleaned
) -> HttpResponse:
    here = reverse("admin:bureaus_edition_change", args=[edition.pk])
    note = clean_lines(request, NOTE)
    if removed.sentence:
        messages.warning(request, removed_message(removed))
    if request.POST.get("do") != "submit":
        store_note(request, edition, note)
        messages.success(request, sentence)
        return HttpResponseRedirect(here)
    try:
        submit(edition=edition, actor=request_user(request), note=note)
    except Blocked:
        store_note(request, edition, note)
        messages.warning(request, "下書きは保存しました。確認の依頼は、まだできません。")
        return HttpResponseRedirect(f"{here}?submit=1")
    return submitted(request, edition)


def submitted(request: HttpRequest, edition: Edition) -> HttpResponse:
    store_note(request, edition, "")
    messages.success(request, "下書きを保存し、確認を依頼しました。承認者のホームに出ます。")
    return HttpResponseRedirect(reverse("admin:bureaus_page_change", args=[edition.page_id]))


def store_note(request: HttpRequest, edition: Edition, note: str) -> None:
    """Store the note in the session until the draft is submitted: it is no part of the draft."""
    if note:
        request.session[NOTE] = {"edition": edition.pk, "note": note}
    elif request.session.get(NOTE, {}).get("edition") == edition.pk:
        del request.session[NOTE]


def note_for_approver(request: HttpRequest, edition: Edition) -> str:
    """Return the note that was sent with the form, or else the stored one."""
    if request.method == "POST":
        return clean_lines(request, NOTE)
    stored = request.session.get(NOTE, {})
    return str(stored["note"]) if stored.get("edition") == edition.pk else ""


def is_submitted_already(
    request: HttpRequest, edition: Edition, forms: EditionForms, blockers: list[Blocker]
) -> bool:
    """Whether the same request came twice, and the first one has submitted the draft."""
    return (
        request.POST.get("do") == "submit"
        and edition.state == State.REVIEW
        and [blocker.code for blocker in blockers] == ["state"]
        and forms.is_as_stored
    )


def refuse(
    request: HttpRequest, edition: Edition, forms: EditionForms, blockers: list[Blocker]
) -> HttpResponse:
    """Show why nothing was saved, with all that was sent; it is in the autosave too."""
    form_key = autosave_quietly(request, edition)
    conflict: Conflict | None = None
    if [blocker.code for blocker in blockers] == ["stale"]:
        conflict = conflict_of(edition, forms)
    return form_response(
        request,
        edition,
        forms,
        autosaves_of(edition),
        revision=edition.revision if conflict else sent_revision(request),
        form_key=form_key,
        status=status_for(blockers),
        blockers=blockers,
        conflict=conflict,
    )


# Preview


@allow_in_frame
@admin_screen
def preview_form(request: HttpRequest, pk: int) -> HttpResponse:
    """Show the form as the public would see it; a field that cannot be stored, as it is stored."""
    edition = get_visible_edition(request, pk)
    data = request.POST if request.method == "POST" else None
    forms = EditionForms(edition, request_grants(request), data)
    text = forms.text() if data is not None else forms.stored
    return frame_response(request, preview(text, present_moment(), files_url=OFFICER_FILES_URL))


@require_GET
@admin_screen
def page_search(request: HttpRequest) -> HttpResponse:
    return page_choices_json(request)


@require_GET
@admin_screen
def file_search(request: HttpRequest) -> HttpResponse:
    return file_choices_json(request)
