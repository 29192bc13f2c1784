"""The library of documents: the list, and one document with its address, its files and facts."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from http import HTTPStatus
from typing import Any
from urllib.parse import quote

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import URLPattern, path
from django.views.decorators.http import require_http_methods, require_safe

from bureaus.admin.crumbs import address_of
from bureaus.admin.doors import grants, screen, show
from bureaus.admin.library import DOCUMENTS, Listed, crumbs_of, history_of, listed, seen, used_in
from bureaus.admin.library_asked import Asked
from bureaus.admin.library_deleting import delete_screen, removal_of
from bureaus.admin.library_facts import facts_of, marks_of
from bureaus.admin.library_files import BELOW
from bureaus.admin.officers import asking, name_of, officer_of
from bureaus.admin.page_sheet import status_of
from bureaus.admin.typed import line_typed, lines_typed
from bureaus.admin.uploading import MOST, receive_documents, told
from bureaus.models import Document, EarlierFile, Verb
from bureaus.publishing import (
    Reason,
    Refused,
    Registered,
    describe_document,
    reasons_against,
    replace_document,
)
from bureaus.publishing.against_media import is_public
from bureaus.text import file_note, iso_moment
from bureaus.uploads.intake import DOCUMENTS_ACCEPTED

EARLIER = 50
ANY_NOTE = "（理由）"  # to ask what speaks against a replacement besides a missing reason
HELP = (
    f"{DOCUMENTS_ACCEPTED.formats}。1個{DOCUMENTS_ACCEPTED.size}まで。"
    "ページの本文に書けることは、本文に書いてください。電話でも読み上げソフトでも読めて、検索で見つかります。"
)
NO_FILE = Reason("file", "新しいファイルが選ばれていません。ファイルを選んでください。")


def addresses(admin_view: Callable[..., Any]) -> list[URLPattern]:
    def door(view: Callable[..., HttpResponse]) -> Any:
        return admin_view(screen(view))

    one = "bureaus/document/<int:pk>/"
    return [
        path("bureaus/document/", door(document_list), name="bureaus_document_changelist"),
        path("bureaus/document/upload/", door(receive_documents), name="document-upload"),
        path(f"{one}change/", door(one_document), name="bureaus_document_change"),
        path(f"{one}replace/", door(replace), name="document-replace"),
        path(f"{one}delete/", door(delete_screen(DOCUMENTS)), name="document-delete"),
    ]


# The list


@dataclass(frozen=True, slots=True)
class Row:
    document: Document
    note: str
    address: str
    who: str
    uses: int
    marks: tuple[str, ...]


@require_safe
def document_list(request: HttpRequest) -> HttpResponse:
    """At most 8 queries at any size."""
    found = listed(DOCUMENTS, request, Asked.of(request.GET, DOCUMENTS.filters))
    context = {
        "title": DOCUMENTS.title,
        "crumbs": crumbs_of(DOCUMENTS),
        "listed": found,
        "rows": list(rows_of(request, found)),
        "report": told(request, DOCUMENTS),
        "against_upload": reasons_against(Verb.UPLOAD, actor=asking(request)),
        "most": MOST,
        "accepted": DOCUMENTS_ACCEPTED,
        "help": HELP,
    }
    return show(request, "admin/document_list.html", context)


def rows_of(request: HttpRequest, found: Listed) -> Iterator[Row]:
    for document, uses in found.files:
        yield Row(
            document,
            note_of(document),
            request.build_absolute_uri(document.get_absolute_url()),
            name_of(document.uploader),
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


@require_http_methods(["GET", "HEAD", "POST"])
def one_document(request: HttpRequest, pk: int) -> HttpResponse:
    """The document; by POST its title is changed. At most 14 queries."""
    document: Document = seen(DOCUMENTS, request, pk)
    if request.method != "POST":
        return sheet(request, document)
    form = TitleForm({"title": line_typed(request, "title")})
    if not form.is_valid():
        return sheet(request, document, form=form, status=HTTPStatus.UNPROCESSABLE_ENTITY)
    try:
        describe_document(
            document=document, actor=officer_of(request), title=form.cleaned_data["title"]
        )
    except Refused as refusal:
        status = status_of(refusal.reasons)
        return sheet(request, document, form=form, reasons=refusal.reasons, status=status)
    messages.success(request, "表題を保存しました。")
    return redirect(address_of(DOCUMENTS.change_name, pk))


@require_http_methods(["GET", "HEAD", "POST"])
def replace(request: HttpRequest, pk: int) -> HttpResponse:
    """Put another file at the address; asked for by GET (after a login on the way) show all."""
    document: Document = seen(DOCUMENTS, request, pk)
    if request.method != "POST":
        return redirect(address_of(DOCUMENTS.change_name, pk))
    file, note = request.FILES.get("file"), lines_typed(request, "note")
    try:
        refuse_unseen(document, line_typed(request, "seen"))
        done = replaced(document, file, actor=officer_of(request), note=note)
    except Refused as refusal:
        status = status_of(refusal.reasons)
        return sheet(request, document, reasons=refusal.reasons, note=note, status=status)
    messages.success(request, "ファイルを差し替えました。アドレスは変わっていません。")
    for warning in done.warnings:
        messages.warning(request, warning)
    return redirect(address_of(DOCUMENTS.change_name, pk))


def refuse_unseen(document: Document, seen_file: str) -> None:
    """Raises Refused: what was never public would be lost without a word."""
    if seen_file and seen_file != str(document.file):
        reason = Reason(
            "meanwhile",
            f"あなたが開いたあとに、ほかの人が「{document.name}」に差し替えました。"
            "いまのファイルを確かめて、それでもよければ、もう一度選んで差し替えてください。",
        )
        raise Refused([reason])


def replaced(document: Document, file: Any, **by: Any) -> Registered:
    """Raises Refused."""
    if file is None:
        raise Refused([NO_FILE])
    return replace_document(document=document, upload=file, name=file.name or "", **by)


def sheet(
    request: HttpRequest,
    document: Document,
    *,
    form: TitleForm | None = None,
    note: str = "",
    reasons: Sequence[Reason] = (),
    status: int = HTTPStatus.OK,
) -> HttpResponse:
    """`reasons`: why what was just asked for was not done, `note`: what was typed to it."""
    given, officer = grants(request), asking(request)
    used, further = used_in(document, given)
    against_replacing = reasons_against(
        Verb.REPLACE, document=document, note=ANY_NOTE, actor=officer
    )
    context = {
        "title": document.title,
        "crumbs": crumbs_of(DOCUMENTS, document.title),
        "document": document,
        "label": note_of(document),
        "address": request.build_absolute_uri(document.get_absolute_url()),
        "file": f"{BELOW}{document.address}",
        "facts": facts_of(document),
        "who": name_of(document.uploader),
        "is_public": is_public(document),
        "earlier": earlier_of(document),
        "form": form or TitleForm(initial={"title": document.title}),
        "note": note,
        "reasons": reasons,
        "against_describing": reasons_against(Verb.DESCRIBE, item=document, actor=officer),
        "against_replacing": against_replacing,
        "used": used,
        "further": further,
        "records": history_of(document),
        "removal": removal_of(document, officer),
        "size": DOCUMENTS_ACCEPTED.size,
        "suffix": document.address.rpartition(".")[2],
    }
    return show(request, "admin/document_desk.html", context, status=status)


@dataclass(frozen=True, slots=True)
class Earlier:
    name: str
    note: str
    until: datetime
    address: str


def earlier_of(document: Document) -> list[Earlier]:
    """What was at the address before, the latest first; 1 query."""
    files = EarlierFile.objects.filter(document=document).order_by("-until")[:EARLIER]
    return [earlier(document, file) for file in files]


def earlier(document: Document, file: EarlierFile) -> Earlier:
    """Its address is that of the document in the last whole second before it was replaced."""
    last = (file.until - timedelta(microseconds=1)).replace(microsecond=0)
    return Earlier(
        name=file.name or str(file.file).rpartition("/")[2],
        note=file_note(str(file.file), file.byte_size, file.page_count),
        until=file.until,
        address=f"{document.get_absolute_url()}?at={quote(iso_moment(last))}",
    )
