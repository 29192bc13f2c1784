"""The screen on which a draft is written: its form, its own copies, and its preview beside it."""

from http import HTTPStatus
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.views.decorators.http import require_GET

from bureaus.admin.core.access import (
    admin_screen,
    get_visible_edition,
    render_screen,
    request_grants,
)
from bureaus.admin.core.breadcrumbs import Breadcrumbs, edition_breadcrumbs
from bureaus.admin.core.choices import file_choices_json, page_choices_json
from bureaus.admin.core.cleaning import clean_lines
from bureaus.admin.core.edition_summary import return_summary
from bureaus.admin.core.frames import allow_frames_inside, allow_in_frame, frame_response
from bureaus.admin.core.thumbnails import OFFICER_FILES_URL
from bureaus.admin.core.users import request_user
from bureaus.admin.editions.autofix import Autofixed, apply_autofix, requests_autofix
from bureaus.admin.editions.autosave import (
    autosave_quietly,
    chosen_among,
    keys_sent,
    revision_sent,
    unlike_stored,
)
from bureaus.admin.editions.conflicts import Conflict, conflict_of, lines
from bureaus.admin.editions.findings_panel import findings_panel, report_on_forms
from bureaus.admin.editions.forms import EditionForms
from bureaus.admin.editions.lost_drafts import keep_lost_input
from bureaus.admin.editions.row_uploads import take_uploads
from bureaus.models import Action, Autosave, Edition, State
from bureaus.models.acceptances import REASON_LENGTH
from bureaus.models.autosaves import new_form_key
from bureaus.publishing import Blocked, Blocker, edit, submit
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
from bureaus.reading import draft_text, present_moment, preview

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


@allow_frames_inside
@admin_screen
@keep_lost_input
def change(request: HttpRequest, pk: int) -> HttpResponse:
    """At most 15 queries to show it, of any size."""
    edition = get_visible_edition(request, pk)
    against = editing_blockers(request, edition)
    if request.method == "POST" and requests_autofix(request.POST) and not against:
        return show_mended(request, edition, apply_autofix(request, edition))
    if request.method == "POST":
        return receive(request, edition, against)
    copies = autosaves_of(edition)
    if "copy" in request.GET:
        own = own_autosaves(copies, request_user(request))
        if copy := chosen_among(own, request.GET["copy"]):
            forms = EditionForms(edition, request_grants(request), copy.content)
            return page(
                request, edition, forms, copies, revision=copy.revision, blockers=against, copy=copy
            )
    show_stored = show_read_only if against else show_form
    return show_stored(request, edition, against, copies)


def editing_blockers(request: HttpRequest, edition: Edition) -> list[Blocker]:
    """Asks only where there are any: what he may keep has been read already."""
    if edition.state == State.DRAFT and request_grants(request).allows(Action.EDIT, edition.page):
        return []
    return edit_availability(edition=edition, actor=request_user(request))


# Showing


def show_form(
    request: HttpRequest,
    edition: Edition,
    _against: list[Blocker],
    copies: list[Autosave],
) -> HttpResponse:
    offered, like = unlike_stored(request, edition, copies)
    forms = EditionForms(edition, request_grants(request), like=like)
    asked = "submit" in request.GET
    note = note_for_approver(request, edition)
    against = submit_blockers(edition=edition, note=note, actor=request.user) if asked else []
    if asked and len(note) > NOTE_LENGTH:
        against = [*against, note_too_long(note)]
    return page(
        request,
        edition,
        forms,
        copies,
        revision=edition.revision,
        offered=offered,
        is_open=offered is not None and has_open_form(offered),
        against_submit=[(field_of(blocker, forms), blocker) for blocker in against],
    )


def field_of(blocker: Blocker, forms: EditionForms) -> str:
    """Where to go from a reason against submitting."""
    if blocker.field == "body":  # whose own field the editor hides
        return "body-label"
    return f"id_{forms.name_of(blocker.field)}" if blocker.field else FIELD_OF.get(blocker.code, "")


def page(
    request: HttpRequest,
    edition: Edition,
    forms: EditionForms,
    copies: list[Autosave],
    *,
    revision: int,
    status: int = HTTPStatus.OK,
    **more: Any,
) -> TemplateResponse:
    context = {
        "title": f"「{edition.title or '（無題）'}」第{edition.number}版の編集",
        "breadcrumbs": breadcrumbs_of(edition),
        "edition": edition,
        "forms": forms,
        "revision": revision,
        "returned": return_summary(edition),
        "early": [] if more.get("against_submit") else early_submission_blockers(edition, ""),
        "submit_note": note_for_approver(request, edition),
        "note_length": NOTE_LENGTH,
        "form_key": new_form_key(),
        "others": other_editors(copies, request_user(request)),
        "proof": findings_panel(
            edition,
            report_on_forms(forms),
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
    against: list[Blocker],
    copies: list[Autosave],
) -> HttpResponse:
    offered = next(iter(own_autosaves(copies, request_user(request))), None)
    context = {
        "title": f"「{edition.title or '（無題）'}」第{edition.number}版",
        "breadcrumbs": breadcrumbs_of(edition),
        "edition": edition,
        "told": list(lines(draft_text(edition))),
        "blockers": against,
        "offered": offered,
        "is_open": offered is not None and has_open_form(offered),
    }
    return render_screen(request, "admin/editions/form_read.html", context)


def breadcrumbs_of(edition: Edition) -> Breadcrumbs:
    return edition_breadcrumbs(edition, f"第{edition.number}版（{edition.get_state_display()}）")


# Saving


def receive(request: HttpRequest, edition: Edition, against: list[Blocker]) -> HttpResponse:
    """Save what was sent, or show all of it again with what is against it."""
    refused = {} if against else take_uploads(request)
    forms = EditionForms(edition, request_grants(request), request.POST, refused=refused)
    revision = revision_sent(request)
    if against:
        is_done = is_submitted_already(request, edition, forms, against)
        return submitted(request, edition) if is_done else refuse(request, edition, forms, against)
    if forms.is_as_stored:  # whoever has saved it: he himself, where he pressed twice
        discard_autosave(edition=edition, officer=request_user(request), keys=keys_sent(request))
        unchanged = "前に保存した内容から、変わったところはありません。"
        return after_saving(request, edition, unchanged, dropped=forms.dropped)
    if not forms.is_right:
        form_key = autosave_quietly(request, edition)
        return page(
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
    discard_autosave(edition=edition, officer=request_user(request), keys=keys_sent(request))
    return after_saving(request, saved, "下書きを保存しました。", dropped=forms.dropped)


def show_mended(request: HttpRequest, edition: Edition, done: Autofixed) -> HttpResponse:
    """The form with what was mended in it, not saved."""
    form_key = autosave_quietly(request, edition)
    revision, copies = revision_sent(request), autosaves_of(edition)
    return page(
        request, edition, done.forms, copies, revision=revision, form_key=form_key, mended=done
    )


def after_saving(
    request: HttpRequest, edition: Edition, sentence: str, *, dropped: str
) -> HttpResponse:
    here = reverse("admin:bureaus_edition_change", args=[edition.pk])
    note = clean_lines(request, NOTE)
    if dropped:
        messages.warning(request, dropped)
    if request.POST.get("do") != "submit":
        keep_note(request, edition, note)
        messages.success(request, sentence)
        return HttpResponseRedirect(here)
    try:
        submit(edition=edition, actor=request_user(request), note=note)
    except Blocked:
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
        return clean_lines(request, NOTE)
    kept = request.session.get(NOTE, {})
    return str(kept["note"]) if kept.get("edition") == edition.pk else ""


def is_submitted_already(
    request: HttpRequest, edition: Edition, forms: EditionForms, against: list[Blocker]
) -> bool:
    """Whether nothing is left to do: he has pressed twice, and the first has done it."""
    return (
        request.POST.get("do") == "submit"
        and edition.state == State.REVIEW
        and [blocker.code for blocker in against] == ["state"]
        and forms.is_as_stored
    )


def refuse(
    request: HttpRequest, edition: Edition, forms: EditionForms, against: list[Blocker]
) -> HttpResponse:
    """Nothing was saved: show why, with all that was sent; it is in his own copy too."""
    form_key = autosave_quietly(request, edition)
    conflict: Conflict | None = None
    if [blocker.code for blocker in against] == ["stale"]:
        conflict = conflict_of(edition, forms)
    return page(
        request,
        edition,
        forms,
        autosaves_of(edition),
        revision=edition.revision if conflict else revision_sent(request),
        form_key=form_key,
        status=HTTPStatus.CONFLICT if conflict else HTTPStatus.FORBIDDEN,
        blockers=against,
        conflict=conflict,
    )


# Preview


@allow_in_frame
@admin_screen
def typed(request: HttpRequest, pk: int) -> HttpResponse:
    """What is in the form as the public would see it; of what cannot be stored, the stored."""
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
