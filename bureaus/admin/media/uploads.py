"""
Uploads into a library. Each file is stored or refused on its own.

A script asks for JSON and receives the report; a form leads back to the list, which shows the
report once.
"""

from collections.abc import Callable
from http import HTTPStatus
from typing import Any, TypedDict

from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from bureaus.admin.core.access import admin_screen
from bureaus.admin.core.breadcrumbs import admin_url
from bureaus.admin.core.cleaning import clean_line
from bureaus.admin.core.thumbnails import thumbnail_at
from bureaus.admin.core.users import request_actor, request_user
from bureaus.admin.media.library import (
    DOCUMENTS,
    IMAGES,
    FileList,
    Library,
    library_breadcrumbs,
)
from bureaus.admin.media.tags import MOST_FILES
from bureaus.models import Document
from bureaus.publishing import Blocked, add_document, add_image
from bureaus.publishing.blockers.media import upload_blockers
from bureaus.publishing.file_findings import fault_of, with_open_errors
from bureaus.text.formatting import file_note
from bureaus.uploads.file_names import display_name
from bureaus.views.negotiation import json_response, wants_json

FILES = "files"  # the name of the field
MOST = 20  # files a request
THUMBNAIL = 320
CREDIT_LENGTH = 200
REPORT_KEY = "{}_report"  # the session key of the report
NONE_CHOSEN = "ファイルが選ばれていません。ファイルを選んでから「登録する」を押してください。"


class RefusedFile(TypedDict):
    name: str
    reasons: list[str]


class Report(TypedDict):
    """The result of each file."""

    stored: list[dict[str, Any]]
    refused: list[RefusedFile]


@admin_screen
def receive_images(request: HttpRequest) -> HttpResponse:
    return receive(request, IMAGES, take_image)


@admin_screen
def receive_documents(request: HttpRequest) -> HttpResponse:
    return receive(request, DOCUMENTS, take_document)


def receive(
    request: HttpRequest, library: Library, take: Callable[[HttpRequest, Any], dict[str, Any]]
) -> HttpResponse:
    """Store the files, which may take seconds, outside any transaction. Raises Blocked."""
    if request.method != "POST":  # after a login
        return redirect(library.address)
    against = upload_blockers(actor=request_actor(request))
    if against and not wants_json(request):
        raise Blocked(against)
    if against:
        refused = [RefusedFile(name="", reasons=list(map(str, against)))]
        return json_response(Report(stored=[], refused=refused), HTTPStatus.FORBIDDEN)
    report = store_files(request, take)
    if wants_json(request):
        status = HTTPStatus.UNPROCESSABLE_ENTITY if report["refused"] else HTTPStatus.OK
        return json_response(report, status)
    request.session[REPORT_KEY.format(library.name)] = report
    return redirect(library.address)


def store_files(request: HttpRequest, take: Callable[[HttpRequest, Any], dict[str, Any]]) -> Report:
    report = Report(stored=[], refused=[])
    files = request.FILES.getlist(FILES)
    for file in files[:MOST]:
        try:
            report["stored"].append(take(request, file))
        except Blocked as refusal:
            report["refused"].append(refused_file(file, refusal))
    if not files:
        report["refused"].append(RefusedFile(name="", reasons=[NONE_CHOSEN]))
    if len(files) > MOST:
        report["refused"].append(too_many(len(files) - MOST))
    return report


def refused_file(file: UploadedFile, refusal: Blocked) -> RefusedFile:
    return RefusedFile(name=display_name(file.name or ""), reasons=list(map(str, refusal.blockers)))


def too_many(further: int) -> RefusedFile:
    sentence = (
        f"一度に登録できるのは{MOST}個までです。残りの{further}個は登録していません。"
        "もう一度選んで登録してください。"
    )
    return RefusedFile(name=f"ほか{further}個", reasons=[sentence])


def list_context(request: HttpRequest, library: Library, found: FileList) -> dict[str, Any]:
    """Return what the lists of both libraries show: the files found, and the form of uploads."""
    closed = upload_blockers(actor=request_actor(request))
    return {
        "title": library.title,
        "breadcrumbs": library_breadcrumbs(library),
        "listed": found,
        "report": last_report(request, library),
        "upload_blockers": closed,
        "most": MOST,
        "may_tag": not closed,  # both are for writers
        "most_tagged": MOST_FILES,
        "back": request.GET.urlencode(),
    }


def last_report(request: HttpRequest, library: Library) -> Report | None:
    """Return the report of the last upload, once."""
    report: Report | None = request.session.pop(REPORT_KEY.format(library.name), None)
    return report


def take_image(request: HttpRequest, file: Any) -> dict[str, Any]:
    """Raises Blocked."""
    image = add_image(
        upload=file,
        name=file.name or "",
        actor=request_user(request),
        credit=clean_line(request, "credit")[:CREDIT_LENGTH],
    )
    return {
        "pk": image.pk,
        "name": image.name,
        "address": admin_url(IMAGES.change_name, image.pk),
        "name_address": admin_url("image-name", image.pk),
        "thumbnail": thumbnail_at(image, THUMBNAIL).src,
        "alt": image.default_alt,
        "width": image.width,
        "height": image.height,
    }


def take_document(request: HttpRequest, file: Any) -> dict[str, Any]:
    """Raises Blocked."""
    taken = add_document(upload=file, name=file.name or "", actor=request_user(request))
    document = with_open_errors(Document.objects.filter(pk=taken.document.pk)).get()
    return {
        "pk": document.pk,
        "title": document.title,
        "address": admin_url(DOCUMENTS.change_name, document.pk),
        "note": file_note(document.address, document.byte_size, document.page_count),
        "warnings": list(taken.warnings),
        "fault": fault_of(document),
    }
