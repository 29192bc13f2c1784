"""Pictures and documents, found by name in the library and never by a path on the disk."""

import mimetypes
import re
from collections.abc import Mapping
from datetime import datetime
from http import HTTPStatus
from pathlib import PurePosixPath
from typing import Any, NamedTuple

from django.db.models import QuerySet
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.utils import timezone
from django.utils.cache import get_conditional_response
from django.utils.http import content_disposition_header, http_date
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_safe

from bureaus.models import Document, EarlierFile, Image
from bureaus.models.media import ENDING
from bureaus.reading import UnreadableMoment, requested_moment
from bureaus.uploads.stored_file import StoredFile, stored_file
from bureaus.views.byte_ranges import NotSatisfiable, Part, part_asked
from bureaus.views.errors import unreadable_moment

NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._/-]{0,200}")
RENDITION = re.compile(rf"(.+)\.({ENDING})")
# What a browser may show by itself; the rest is for the reader's own programs.
PICTURES = frozenset({"image/avif", "image/webp", "image/jpeg", "image/png", "image/gif"})
SHOWN = PICTURES | {"application/pdf"}
TYPES = {
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "csv": "text/csv; charset=utf-8",
    "avif": "image/avif",
    "webp": "image/webp",
}
# A file opened by itself may run nothing, load nothing, send nothing and stand in no frame.
# Safari and Chrome show no PDF in a sandbox; a script inside one cannot leave it anyway.
PDF_POLICY = "default-src 'none'; form-action 'none'; frame-ancestors 'none'; base-uri 'none'"
FILE_POLICY = f"{PDF_POLICY}; sandbox"


class FileStream(FileResponse):
    """Sends 64 kB at a time, and leaves headers as they are given."""

    block_size = 64 * 1024

    def set_headers(self, filelike: Any) -> None:
        del filelike


class Found(NamedTuple):
    """A file of the library: where it is stored, and what its reader gets it as."""

    stored: str
    name: str


@csrf_exempt
@require_safe
def image(request: HttpRequest, name: str) -> HttpResponseBase:
    """1 query. Raises Http404."""
    return send(request, find_image(name, shown(Image)))


@csrf_exempt
@require_safe
def document(request: HttpRequest, name: str) -> HttpResponseBase:
    """The document at this address, or with `?at=` what it was then. 1 query, 2 of the past."""
    try:
        moment = requested_moment(request.GET.get("at"))
    except UnreadableMoment as error:
        return unreadable_moment(request, error)
    address, documents = f"documents/{name}", shown(Document)
    if not moment.is_past:
        return send(request, find_document(address, documents))
    response = send(request, find_document(address, documents, at=moment.at))
    response.headers["X-Robots-Tag"] = "noindex"
    return response


def shown(library: type[Image] | type[Document]) -> QuerySet[Any]:
    """
    What a page has begun to show: that is public, and no other file.

    What is under embargo cannot be had by guessing its name.
    """
    return library._default_manager.ever_public(timezone.now())


def find_image(name: str, among: QuerySet[Any]) -> Found:
    """A picture or one of its renditions. 1 query. Raises Http404."""
    refuse_strange(name)
    rendition = RENDITION.fullmatch(name)
    names = [name, rendition[1]] if rendition else [name]
    rows = among.filter(file__in=names).values_list("file", "name", "renditions")
    found = {file: (given, endings) for file, given, endings in rows.distinct()}
    if name in found:
        return Found(name, found[name][0] or name.rpartition("/")[2])
    given, endings = found.get(names[-1], ("", ""))
    if rendition is None or rendition[2] not in endings.split():
        raise Http404
    stem = (given or names[-1].rpartition("/")[2]).rpartition(".")[0]
    return Found(name, f"{stem}-{rendition[2]}")


def find_document(address: str, among: QuerySet[Any], *, at: datetime | None = None) -> Found:
    """1 query, 2 of the past. Raises Http404."""
    refuse_strange(address)
    row = among.filter(address=address).values_list("pk", "file", "name").first()
    if row is None:
        raise Http404
    pk, stored, name = row
    if at is not None:
        replaced = EarlierFile.objects.filter(document=pk, until__gt=at).order_by("until")
        stored, name = replaced.values_list("file", "name").first() or (stored, name)
    return Found(stored, name or address.rpartition("/")[2])


def refuse_strange(name: str) -> None:
    """Raises Http404 of what is no name of ours, before anybody is asked."""
    if not NAME.fullmatch(name):
        raise Http404


def send(request: HttpRequest, found: Found) -> HttpResponseBase:
    """
    The whole file, a part of it, or 304 to whoever has it. Raises Http404 where it is lost.

    To HEAD and with 304 the storage is not asked for a byte.
    """
    try:
        file = stored_file(found.stored)
    except FileNotFoundError as error:
        raise Http404 from error
    head = HttpResponse(headers=headers_of(found, file))
    answer = get_conditional_response(request, file.etag, file.modified, head)
    if answer is not None and (answer is not head or request.method == "HEAD"):
        return answer
    try:
        part = part_asked(request, file)
    except NotSatisfiable:
        beyond = {"Content-Range": f"bytes */{file.size}"}
        return HttpResponse(status=HTTPStatus.REQUESTED_RANGE_NOT_SATISFIABLE, headers=beyond)
    return stream(file, part, head.headers)


def stream(file: StoredFile, part: Part | None, headers: Mapping[str, str]) -> FileStream:
    first, last = part or Part(0, file.size - 1)
    response = FileStream(file.read(first, last), headers=headers)
    if part:
        response.status_code = HTTPStatus.PARTIAL_CONTENT
        response.headers["Content-Range"] = f"bytes {first}-{last}/{file.size}"
        response.headers["Content-Length"] = str(part.length)
    return response


def headers_of(found: Found, file: StoredFile) -> dict[str, str]:
    suffix = found.stored.rpartition(".")[2]
    kind = TYPES.get(suffix) or mimetypes.guess_type(found.stored)[0] or "application/octet-stream"
    name = PurePosixPath(found.name).name
    return {
        "Content-Type": kind,
        "Content-Disposition": content_disposition_header(kind not in SHOWN, name) or "inline",
        "Content-Length": str(file.size),
        "Content-Security-Policy": PDF_POLICY if kind == "application/pdf" else FILE_POLICY,
        "Cache-Control": "public, max-age=3600",
        "Accept-Ranges": "bytes",
        "ETag": file.etag,
        "Last-Modified": http_date(file.modified),
    }
