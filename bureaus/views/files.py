"""Pictures and documents, found by name in the library and never by a path on the disk."""

import mimetypes
import re
from pathlib import PurePosixPath

from django.core.files.storage import default_storage
from django.db.models import Q
from django.http import FileResponse, Http404, HttpRequest, HttpResponseBase
from django.utils import timezone
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_safe

from bureaus.models import Document, Image

NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._/-]{0,200}")
# A file opened by itself may run nothing, load nothing, send nothing and stand in no frame.
# Safari and Chrome show no PDF in a sandbox; a script inside one cannot leave it anyway.
PDF_POLICY = "default-src 'none'; form-action 'none'; frame-ancestors 'none'; base-uri 'none'"
FILE_POLICY = f"{PDF_POLICY}; sandbox"


@csrf_exempt
@require_safe
def image(request: HttpRequest, name: str) -> HttpResponseBase:
    return send(request, Image, name)


@csrf_exempt
@require_safe
def document(request: HttpRequest, name: str) -> HttpResponseBase:
    return send(request, Document, f"documents/{name}")


def send(request: HttpRequest, library: type[Image | Document], name: str) -> HttpResponseBase:
    """
    Send a file that a public page shows or has shown. 1 query.

    Raises Http404 for any other, also where only a draft or a booked edition uses it: what is
    under embargo cannot be had by guessing its name.
    """
    del request
    if not NAME.fullmatch(name):
        raise Http404
    started = Q(uses__edition__live_from__lte=timezone.now())
    if not library.objects.filter(started, file=name).exists():
        raise Http404
    try:
        stream = default_storage.open(name)
    except FileNotFoundError as error:
        raise Http404 from error
    kind = mimetypes.guess_type(name)[0] or "application/octet-stream"
    response = FileResponse(stream, filename=PurePosixPath(name).name, content_type=kind)
    is_pdf = kind == "application/pdf"
    response.headers["Content-Security-Policy"] = PDF_POLICY if is_pdf else FILE_POLICY
    response.headers["Cache-Control"] = "public, max-age=3600"
    return response
