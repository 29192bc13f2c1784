"""The public page inside a frame of the admin: as rendered, and nothing in it leads away."""

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
    """A page of the admin that shows public pages in frames."""
    return cast("View", csp_update({"frame-src": [SELF]})(view))


def allow_in_frame(view: View) -> View:
    """A public page that the admin, and nobody else, may put into a frame."""
    framed = csp_replace({"frame-ancestors": [SELF]})(view)
    return cast("View", never_cache(xframe_options_sameorigin(framed)))


def frame_response(request: HttpRequest, answered: PageAnswer) -> HttpResponse:
    """
    `answered` as the public would see it, its links opening in a window of their own.

    A page that says it has gone is here an answer like the others, and no error.
    """
    if isinstance(answered, Moved):
        return render(request, "admin/editions/preview_moved.html", {"address": answered.url_path})
    if isinstance(answered, Gone):
        context = {"page": answered, "site_frame": answered.site_frame, "is_framed": True}
        return render(request, "410.html", context)
    response = respond(request, answered, is_framed=True)
    response.headers["X-Robots-Tag"] = "noindex"
    return response
