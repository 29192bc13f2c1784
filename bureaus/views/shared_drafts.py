"""A draft for a reader without an account, by a shared link that names neither of the two."""

from functools import wraps
from hashlib import sha256
from http import HTTPStatus
from typing import Any

from django.conf import settings
from django.db.models import Q
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_safe

from bureaus.models import Document, Image
from bureaus.models.visibility import begun
from bureaus.publishing import open_shared_link, signed_content
from bureaus.reading import Gone, Moved, draft_text, present_moment, preview, site_frame
from bureaus.views import files
from bureaus.views.negotiation import ViewFunction
from bureaus.views.rates import limited

COOKIE_SECONDS = 12 * 60 * 60  # after which the link that was sent is opened again
NAME_LENGTH = 32  # of the address without the token


def private_view(view: ViewFunction) -> ViewFunction:
    """Serve responses that are cached, indexed and referred to nowhere."""

    @csrf_exempt
    @wraps(view)
    def serve(request: HttpRequest, *args: str, **kwargs: str) -> HttpResponseBase:
        response: HttpResponseBase = require_safe(view)(request, *args, **kwargs)
        response.headers["Cache-Control"] = "no-store"
        response.headers["Referrer-Policy"] = "no-referrer"
        response.headers["X-Robots-Tag"] = "noindex, nofollow"
        return response

    return serve


def address_of(token: str) -> str:
    """Return the address under which the draft is read; it opens nothing without the cookie."""
    return f"/preview/{sha256(token.encode()).hexdigest()[:NAME_LENGTH]}/"


def cookie_name() -> str:
    return "__Secure-preview" if settings.HTTPS else "preview"


def take_out_of_address(token: str) -> HttpResponse | None:
    """
    Move a genuine token into a cookie of its own address, and redirect there. No query.

    An address ends up in histories, in the logs of proxies and in what readers copy.
    """
    if signed_content(token) is None:
        return None
    response = HttpResponseRedirect(address_of(token))
    response.set_cookie(
        cookie_name(),
        token,
        max_age=COOKIE_SECONDS,
        path=address_of(token),
        secure=settings.HTTPS,
        httponly=True,
        samesite="Lax",  # the link is opened from a mail
    )
    return response


def token_in(request: HttpRequest, name: str) -> str:
    """Return the token in the cookie, if the address is its own."""
    token = request.COOKIES.get(cookie_name(), "")
    return token if address_of(token) == f"/preview/{name}/" else ""


@private_view
@limited("PREVIEW_RATE")  # not the files: one page may show many
def draft(request: HttpRequest, name: str) -> HttpResponse:
    """
    The whole public page with the draft in place, never as JSON. At most 13 queries.

    `name` is the token of the link on the first visit, and does not contain it afterwards. A
    forged link and an expired one get the same response, which tells nothing about drafts.
    """
    if redirect := take_out_of_address(name):
        return redirect
    shared = open_shared_link(token_in(request, name))
    moment = present_moment()
    if shared is None:
        context: dict[str, Any] = {"site_frame": site_frame(moment, "")}
        return render(
            request, "bureaus/shared_link_expired.html", context, status=HTTPStatus.NOT_FOUND
        )
    edition, until = shared
    answer = preview(draft_text(edition), moment, files_url=f"/preview/{name}/files/")
    context = {"page": answer, "draft_until": until}
    if isinstance(answer, Moved):
        context |= {"address": answer.url_path, "site_frame": site_frame(moment, "")}
        return render(request, "admin/editions/preview_moved.html", context)
    template = "410.html" if isinstance(answer, Gone) else answer.template_name
    return render(request, template, context | {"site_frame": answer.site_frame})


@private_view
@files.answer_sealed
def file(request: HttpRequest, name: str, file: str) -> HttpResponseBase:
    """
    A picture or a document of that draft, or one that is public anyway. 3 queries.

    Raises Http404.
    """
    shared = open_shared_link(token_in(request, name))
    if shared is None:
        raise Http404
    of_draft = Q(uses__edition=shared.edition) | begun(timezone.now(), "uses__edition__")
    if file.startswith("documents/"):
        found = files.find_document(file, Document.objects.filter(of_draft))
    else:
        found = files.find_image(file, Image.objects.filter(of_draft))
    return files.file_response(request, files.readable(found))
