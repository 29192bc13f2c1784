"""The files of images and documents for officers, public or not."""

from django.http import HttpRequest, HttpResponseBase
from django.utils import timezone

from bureaus.admin.core.access import request_grants
from bureaus.models import Document, Image
from bureaus.views import files


def image(request: HttpRequest, name: str) -> HttpResponseBase:
    """Send an image that the officer may use. 2 queries. Raises Http404."""
    mine = Image.objects.usable_by(request_grants(request), timezone.now())
    return for_officers(request, files.find_image(name, mine))


def document(request: HttpRequest, name: str) -> HttpResponseBase:
    """Send the current file of a document that the officer may use. 2 queries. Raises Http404."""
    mine = Document.objects.usable_by(request_grants(request), timezone.now())
    return for_officers(request, files.find_document(f"documents/{name}", mine))


def for_officers(request: HttpRequest, found: files.LibraryFile) -> HttpResponseBase:
    response = files.file_response(request, found)
    response.headers["Cache-Control"] = "private, no-store"
    return response
