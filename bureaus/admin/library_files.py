"""Pictures and documents for officers: also those that no public page shows yet."""

from collections.abc import Callable
from typing import Any

from django.db.models import Q
from django.http import Http404, HttpRequest, HttpResponseBase
from django.urls import URLPattern, path

from bureaus.admin.doors import grants
from bureaus.views import files

BELOW = "/admin/files/"  # what `reading.preview` takes for pictures that are not public


def addresses(admin_view: Callable[..., Any]) -> list[URLPattern]:
    return [
        path("files/documents/<path:name>", admin_view(document), name="library-document"),
        path("files/<path:name>", admin_view(image), name="library-image"),
    ]


def image(request: HttpRequest, name: str) -> HttpResponseBase:
    """For whoever keeps any branch: the library is one. 2 queries."""
    return for_officers(request, lambda: files.find_image(name, Q()))


def document(request: HttpRequest, name: str) -> HttpResponseBase:
    return for_officers(request, lambda: files.find_document(f"documents/{name}", Q()))


def for_officers(request: HttpRequest, find: Callable[[], files.Found]) -> HttpResponseBase:
    if not grants(request).roles_anywhere():
        raise Http404
    response = files.send(find())
    response.headers["Cache-Control"] = "private, no-store"
    return response
