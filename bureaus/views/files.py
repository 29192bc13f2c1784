"""Pictures and documents, looked up by name in the library and never by a path on the disk."""

import mimetypes
import re
from collections.abc import Callable, Mapping
from datetime import datetime
from functools import wraps
from http import HTTPStatus
from pathlib import PurePosixPath
from typing import Any, NamedTuple

from django.db.models import Exists, F, OuterRef, QuerySet
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.utils import timezone
from django.utils.cache import get_conditional_response
from django.utils.http import content_disposition_header, http_date
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_safe

from bureaus.models import Document, EarlierFile, Image, Seal
from bureaus.models.media import RENDITION_SUFFIX
from bureaus.reading import UnreadableMoment, requested_moment
from bureaus.uploads.stored_file import StoredFile, stored_file
from bureaus.views.byte_ranges import ByteRange, NotSatisfiable, requested_range
from bureaus.views.errors import unreadable_moment, withheld

FILE_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._/-]{0,200}")
RENDITION = re.compile(rf"(.+)\.({RENDITION_SUFFIX})")
# What a browser may open in a tab; the rest is downloaded.
PICTURE_TYPES = frozenset({"image/avif", "image/webp", "image/jpeg", "image/png", "image/gif"})
INLINE_TYPES = PICTURE_TYPES | {"application/pdf"}
CONTENT_TYPES = {
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "pptx": "application/vnd.openxmlformats-officedocument.presentationml.presentation",
    "csv": "text/csv; charset=utf-8",
    "avif": "image/avif",
    "webp": "image/webp",
}
# A file opened in a tab may run, load and send nothing, and be in no frame.
# Safari and Chrome render no PDF in a sandbox; a script inside one cannot leave it anyway.
PDF_POLICY = "default-src 'none'; form-action 'none'; frame-ancestors 'none'; base-uri 'none'"
FILE_POLICY = f"{PDF_POLICY}; sandbox"


class FileStream(FileResponse):
    """A response of 64 kB blocks that keeps its headers as they are."""

    block_size = 64 * 1024

    def set_headers(self, filelike: Any) -> None:
        del filelike


class LibraryFile(NamedTuple):
    """
    A file of the library: its name in the storage, and the name for its reader.

    `is_withheld`: it is sealed, or hidden meanwhile.
    """

    stored: str
    name: str
    is_withheld: bool = False


class Sealed(Exception):
    """A citizen asked for a file that is sealed or hidden."""

    def __init__(self, seal: Seal) -> None:
        self.seal = seal
        super().__init__(seal.key)


def answer_sealed(view: Callable[..., HttpResponseBase]) -> Callable[..., HttpResponseBase]:
    """Decorate a view of files so that a sealed one answers 410 with its tombstone."""

    @wraps(view)
    def answered(request: HttpRequest, **names: str) -> HttpResponseBase:
        try:
            return view(request, **names)
        except Sealed as sealed:
            return withheld(request, sealed.seal)

    return answered


@csrf_exempt
@require_safe
@answer_sealed
def image(request: HttpRequest, name: str) -> HttpResponseBase:
    """1 query. Raises Http404."""
    check_name(name)
    try:
        found = find_image(name, published(Image))
    except Http404:
        raise_if_sealed(name)
        raise
    return file_response(request, readable(found))


@csrf_exempt
@require_safe
@answer_sealed
def document(request: HttpRequest, name: str) -> HttpResponseBase:
    """The document at this address, at the moment of `?at=`. 1 query, 2 in the past."""
    try:
        moment = requested_moment(request.GET.get("at"))
    except UnreadableMoment as error:
        return unreadable_moment(request, error)
    address, documents = f"documents/{name}", published(Document)
    if not moment.is_past:
        return file_response(request, readable(find_document(address, documents)))
    found = find_document(address, documents, at=moment.at)
    response = file_response(request, readable(found))
    response.headers["X-Robots-Tag"] = "noindex"
    return response


def published(library: type[Image] | type[Document]) -> QuerySet[Any]:
    """
    Return the files that a page in force uses or used: no others are public.

    A file under embargo cannot be reached by guessing its name. Those that are sealed or hidden
    are among them: `readable` refuses them.
    """
    return library._default_manager.ever_public(timezone.now())


def withheld_now() -> Exists:
    """The condition for rows whose `file` no citizen may read."""
    return Exists(Seal.objects.withholding().filter(file=OuterRef("file")))


def readable(found: LibraryFile) -> LibraryFile:
    """Return the file. Raises Sealed where no citizen may read it; then 1 query."""
    if found.is_withheld:
        raise_if_sealed(found.stored)
    return found


def raise_if_sealed(stored: str) -> None:
    """Raise Sealed where the file, or the picture of this rendition, is sealed. 1 query."""
    rendition = RENDITION.fullmatch(stored)
    names = [stored, rendition[1]] if rendition else [stored]
    seals = Seal.objects.withholding().filter(file__in=names)
    if seal := seals.order_by(F("confirmed_at").asc(nulls_last=True)).first():
        raise Sealed(seal)


def find_image(name: str, queryset: QuerySet[Any]) -> LibraryFile:
    """Return a picture or one of its renditions. 1 query. Raises Http404."""
    check_name(name)
    rendition = RENDITION.fullmatch(name)
    names = [name, rendition[1]] if rendition else [name]
    rows = queryset.filter(file__in=names)
    rows = rows.values_list("file", "name", "renditions", withheld_now())
    images = {file: (given, suffixes, hidden) for file, given, suffixes, hidden in rows.distinct()}
    if name in images:
        given, _, hidden = images[name]
        return LibraryFile(name, given or name.rpartition("/")[2], hidden)
    given, suffixes, hidden = images.get(names[-1], ("", "", False))
    if rendition is None or rendition[2] not in suffixes.split():
        raise Http404
    stem = (given or names[-1].rpartition("/")[2]).rpartition(".")[0]
    return LibraryFile(name, f"{stem}-{rendition[2]}", hidden)


def find_document(
    address: str, queryset: QuerySet[Any], *, at: datetime | None = None
) -> LibraryFile:
    """Return the document at `address`. 1 query, 2 in the past. Raises Http404."""
    check_name(address)
    columns = ("file", "name", withheld_now())
    row = queryset.filter(address=address).values_list("pk", *columns).first()
    if row is None:
        raise Http404
    pk, *file = row
    if at is not None:
        replaced = EarlierFile.objects.filter(document=pk, until__gt=at).order_by("until")
        file = replaced.values_list(*columns).first() or file
    stored, name, hidden = file
    return LibraryFile(stored, name or address.rpartition("/")[2], hidden)


def check_name(name: str) -> None:
    """Raise Http404 for an invalid name, before any query."""
    if not FILE_NAME.fullmatch(name):
        raise Http404


def file_response(request: HttpRequest, library_file: LibraryFile) -> HttpResponseBase:
    """
    Return the whole file, a part of it, or 304. Raises Http404 where the storage lacks it.

    For HEAD and with 304 no byte is read from the storage.
    """
    try:
        file = stored_file(library_file.stored)
    except FileNotFoundError as error:
        raise Http404 from error
    head = HttpResponse(headers=headers_of(library_file, file))
    response = get_conditional_response(request, file.etag, file.modified, head)
    if response is not None and (response is not head or request.method == "HEAD"):
        return response
    try:
        byte_range = requested_range(request, file)
    except NotSatisfiable:
        beyond = {"Content-Range": f"bytes */{file.size}"}
        return HttpResponse(status=HTTPStatus.REQUESTED_RANGE_NOT_SATISFIABLE, headers=beyond)
    return stream(file, byte_range, head.headers)


def stream(
    file: StoredFile, byte_range: ByteRange | None, headers: Mapping[str, str]
) -> FileStream:
    first, last = byte_range or ByteRange(0, file.size - 1)
    response = FileStream(file.read(first, last), headers=headers)
    if byte_range:
        response.status_code = HTTPStatus.PARTIAL_CONTENT
        response.headers["Content-Range"] = f"bytes {first}-{last}/{file.size}"
        response.headers["Content-Length"] = str(byte_range.length)
    return response


def headers_of(library_file: LibraryFile, file: StoredFile) -> dict[str, str]:
    suffix = library_file.stored.rpartition(".")[2]
    content_type = (
        CONTENT_TYPES.get(suffix)
        or mimetypes.guess_type(library_file.stored)[0]
        or "application/octet-stream"
    )
    name = PurePosixPath(library_file.name).name
    return {
        "Content-Type": content_type,
        "Content-Disposition": content_disposition_header(content_type not in INLINE_TYPES, name)
        or "inline",
        "Content-Length": str(file.size),
        "Content-Security-Policy": PDF_POLICY if content_type == "application/pdf" else FILE_POLICY,
        "Cache-Control": "public, max-age=3600, s-maxage=0",
        "Accept-Ranges": "bytes",
        "ETag": file.etag,
        "Last-Modified": http_date(file.modified),
    }
