"""Pictures and documents for officers: also those that no public page shows yet."""

from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, HttpResponseBase
from django.urls import URLPattern, path

from bureaus.admin.doors import grants
from bureaus.models import Document, Image
from bureaus.publishing.files import usable
from bureaus.views import files

BELOW = "/admin/files/"  # what `reading.preview` is given for what is not public


def addresses(admin_view: Callable[..., Any]) -> list[URLPattern]:
    return [
        path("files/documents/<path:name>", admin_view(document), name="library-document"),
        path("files/<path:name>", admin_view(image), name="library-image"),
    ]


def image(request: HttpRequest, name: str) -> HttpResponseBase:
    """A picture that the officer may use; 2 queries. Raises Http404."""
    return for_officers(request, files.find_image(name, usable(Image, grants(request))))


def document(request: HttpRequest, name: str) -> HttpResponseBase:
    """The same of a document, as it is today."""
    mine = usable(Document, grants(request))
    return for_officers(request, files.find_document(f"documents/{name}", mine))


def for_officers(request: HttpRequest, found: files.Found) -> HttpResponseBase:
    response = files.send(request, found)
    response.headers["Cache-Control"] = "private, no-store"
    return response
