"""The files of images and documents for officers, public or not."""

from django.http import HttpRequest, HttpResponseBase

from bureaus.admin.core.access import request_grants
from bureaus.models import Document, Image
from bureaus.publishing.file_rules import usable_by
from bureaus.views import files


def image(request: HttpRequest, name: str) -> HttpResponseBase:
    """Send an image that the officer may use. 2 queries. Raises Http404."""
    return for_officers(request, files.find_image(name, usable_by(Image, request_grants(request))))


def document(request: HttpRequest, name: str) -> HttpResponseBase:
    """Send the current file of a document that the officer may use. 2 queries. Raises Http404."""
    mine = usable_by(Document, request_grants(request))
    return for_officers(request, files.find_document(f"documents/{name}", mine))


def for_officers(request: HttpRequest, found: files.LibraryFile) -> HttpResponseBase:
    response = files.file_response(request, found)
    response.headers["Cache-Control"] = "private, no-store"
    return response
