"""Public pages inside frames of the admin."""

from collections.abc import Callable
from typing import TypeVar, cast

from csp.constants import SELF
from csp.decorators import csp_replace, csp_update
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.clickjacking import xframe_options_sameorigin

from bureaus.reading import Gone, Moved, PageAnswer
from bureaus.views.public import respond

View = TypeVar("View", bound=Callable[..., HttpResponseBase])


def allow_frames_inside(view: View) -> View:
    """Decorate a screen of the admin that shows public pages in frames."""
    return cast("View", csp_update({"frame-src": [SELF]})(view))


def allow_in_frame(view: View) -> View:
    """Decorate a public page that only the admin may show in a frame."""
    framed = csp_replace({"frame-ancestors": [SELF]})(view)
    return cast("View", never_cache(xframe_options_sameorigin(framed)))


def frame_response(request: HttpRequest, answered: PageAnswer) -> HttpResponse:
    """
    Render `answered` as the public sees it; its links open in a new window.

    A deleted page is no error here.
    """
    if isinstance(answered, Moved):
        return render(request, "admin/editions/preview_moved.html", {"address": answered.url_path})
    if isinstance(answered, Gone):
        context = {"page": answered, "site_frame": answered.site_frame, "is_framed": True}
        return render(request, "410.html", context)
    response = respond(request, answered, is_framed=True)
    response.headers["X-Robots-Tag"] = "noindex"
    return response
