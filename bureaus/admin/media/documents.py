"""The library of documents: the list, and the screen of one document."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from http import HTTPStatus
from typing import Any
from urllib.parse import quote

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods, require_safe

from bureaus.admin.core import version_token
from bureaus.admin.core.access import admin_screen, render_screen, request_grants, status_for
from bureaus.admin.core.breadcrumbs import admin_url
from bureaus.admin.core.cleaning import clean_line, clean_lines
from bureaus.admin.core.thumbnails import OFFICER_FILES_URL
from bureaus.admin.core.users import display_name, request_actor, request_user
from bureaus.admin.media.deletion import removal_of
from bureaus.admin.media.document_facts import facts_of, marks_of
from bureaus.admin.media.file_findings import entries_for
from bureaus.admin.media.library import (
    DOCUMENTS,
    FileList,
    get_visible_file,
    history_of,
    library_breadcrumbs,
    list_files,
    may_seal_notes,
    used_in,
)
from bureaus.admin.media.readability import readability_of
from bureaus.admin.media.uploads import list_context
from bureaus.models import Document, EarlierFile
from bureaus.publishing import (
    Blocked,
    Blocker,
    BlockerCode,
    Registered,
    describe_document,
    replace_document,
)
from bureaus.publishing.blockers.media import (
    describe_blockers,
    is_public,
    replace_availability,
)
from bureaus.text.formatting import file_note, iso_moment
from bureaus.uploads.intake import DOCUMENTS_ACCEPTED

EARLIER = 50
HELP = (
    f"{DOCUMENTS_ACCEPTED.formats}。1個{DOCUMENTS_ACCEPTED.size}まで。"
    "ページの本文に書けることは、本文に書いてください。電話でも読み上げソフトでも読めて、検索で見つかります。"
)
NO_FILE = Blocker(BlockerCode.FILE, "新しいファイルが選ばれていません。ファイルを選んでください。")


# The list


@dataclass(frozen=True, slots=True)
class Row:
    document: Document
    note: str
    address: str
    who: str
    uses: int
    marks: tuple[str, ...]


@admin_screen
@require_safe
def document_list(request: HttpRequest) -> HttpResponse:
    """List the documents. At most 8 queries at any size."""
    found = list_files(DOCUMENTS, request)
    context = {"rows": list(rows_of(request, found)), "accepted": DOCUMENTS_ACCEPTED, "help": HELP}
    context |= list_context(request, DOCUMENTS, found)
    return render_screen(request, "admin/media/document_list.html", context)


def rows_of(request: HttpRequest, found: FileList) -> Iterator[Row]:
    for document, uses in found.files:
        yield Row(
            document,
            note_of(document),
            request.build_absolute_uri(document.get_absolute_url()),
            display_name(document.uploader),
            uses,
            marks_of(document),
        )


def note_of(document: Document) -> str:
    return file_note(document.address, document.byte_size, document.page_count)


# One document


class TitleForm(forms.Form):
    title = forms.CharField(
        max_length=200,
        error_messages={
            "required": "表題を書いてください。",
            "max_length": "%(limit_value)d文字以内に短くしてください"
            "（いま%(show_value)d文字です）。",
        },
    )


@admin_screen
@require_http_methods(["GET", "HEAD", "POST"])
def one_document(request: HttpRequest, pk: int) -> HttpResponse:
    """Show the document; POST changes its title. At most 15 queries."""
    document: Document = get_visible_file(DOCUMENTS, request, pk)
    if request.method != "POST":
        return document_screen(request, document)
    form = TitleForm({"title": clean_line(request, "title")})
    if not form.is_valid():
        return document_screen(request, document, form=form, status=HTTPStatus.UNPROCESSABLE_ENTITY)
    try:
        describe_document(
            document=document, actor=request_user(request), title=form.cleaned_data["title"]
        )
    except Blocked as refusal:
        status = status_for(refusal.blockers)
        return document_screen(
            request, document, form=form, blockers=refusal.blockers, status=status
        )
    messages.success(request, "表題を保存しました。")
    return redirect(admin_url(DOCUMENTS.change_name, pk))


@admin_screen
@require_http_methods(["GET", "HEAD", "POST"])
def replace(request: HttpRequest, pk: int) -> HttpResponse:
    """Put another file at the address; GET (after a login) leads to the document."""
    document: Document = get_visible_file(DOCUMENTS, request, pk)
    if request.method != "POST":
        return redirect(admin_url(DOCUMENTS.change_name, pk))
    file, note = request.FILES.get("file"), clean_lines(request, "note")
    try:
        require_current_file(document, clean_line(request, version_token.FIELD))
        done = replaced(document, file, actor=request_user(request), note=note)
    except Blocked as refusal:
        status = status_for(refusal.blockers)
        return document_screen(
            request, document, blockers=refusal.blockers, note=note, status=status
        )
    messages.success(request, "ファイルを差し替えました。アドレスは変わっていません。")
    for warning in done.warnings:
        messages.warning(request, warning)
    return redirect(admin_url(DOCUMENTS.change_name, pk))


def require_current_file(document: Document, version: str) -> None:
    """Raises Blocked where somebody else has replaced the file, which would be lost."""
    if version and version != version_token.file_version(document):
        raise Blocked([version_token.file_changed_blocker(document)])


def replaced(document: Document, file: Any, **by: Any) -> Registered:
    """Raises Blocked."""
    if file is None:
        raise Blocked([NO_FILE])
    return replace_document(document=document, upload=file, name=file.name or "", **by)


def document_screen(
    request: HttpRequest,
    document: Document,
    *,
    form: TitleForm | None = None,
    note: str = "",
    blockers: Sequence[Blocker] = (),
    status: int = HTTPStatus.OK,
) -> HttpResponse:
    """Show the document. `blockers` are those of the refused action, `note` its input."""
    grants, officer = request_grants(request), request_actor(request)
    used, further = used_in(document, grants)
    closed = describe_blockers(item=document, actor=officer)
    replacement_blockers = replace_availability(document=document, actor=officer)
    context = {
        "title": document.title,
        "breadcrumbs": library_breadcrumbs(DOCUMENTS, document.title),
        "document": document,
        "version": version_token.file_version(document),
        "label": note_of(document),
        "address": request.build_absolute_uri(document.get_absolute_url()),
        "file": f"{OFFICER_FILES_URL}{document.address}",
        "facts": facts_of(document),
        "hidden": entries_for(request, document),
        "readability": readability_of(document),
        "who": display_name(document.uploader),
        "is_public": is_public(document),
        "earlier": earlier_of(document),
        "form": form or TitleForm(initial={"title": document.title}),
        "note": note,
        "blockers": blockers,
        "description_blockers": closed,
        "may_tag": not closed,
        "replacement_blockers": replacement_blockers,
        "used": used,
        "further": further,
        "records": history_of(document),
        "may_seal_notes": may_seal_notes(request),
        "removal": removal_of(document, officer),
        "size": DOCUMENTS_ACCEPTED.size,
        "suffix": document.address.rpartition(".")[2],
    }
    return render_screen(request, "admin/media/document_detail.html", context, status=status)


@dataclass(frozen=True, slots=True)
class Earlier:
    name: str
    note: str
    until: datetime
    address: str


def earlier_of(document: Document) -> list[Earlier]:
    """Return the earlier files of the address, the latest first. 1 query."""
    files = EarlierFile.objects.filter(document=document).order_by("-until")[:EARLIER]
    return [earlier(document, file) for file in files]


def earlier(document: Document, file: EarlierFile) -> Earlier:
    """Return an earlier file; its address asks for the last whole second before it was replaced."""
    last = (file.until - timedelta(microseconds=1)).replace(microsecond=0)
    return Earlier(
        name=file.name or str(file.file).rpartition("/")[2],
        note=file_note(str(file.file), file.byte_size, file.page_count),
        until=file.until,
        address=f"{document.get_absolute_url()}?at={quote(iso_moment(last))}",
    )
