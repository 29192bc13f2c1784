"""A draft for a reader without an account, by a shared link that names neither of the two."""

from functools import wraps
from http import HTTPStatus
from typing import Any

from django.db.models import Q
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_safe

from bureaus.models import Document, Image
from bureaus.models.visibility import begun
from bureaus.publishing import open_shared_link
from bureaus.reading import Gone, Moved, draft_text, present_moment, preview, site_frame
from bureaus.views import files
from bureaus.views.negotiation import ViewFunction


def private_view(view: ViewFunction) -> ViewFunction:
    """Serve responses that are cached, indexed and referred to nowhere."""

    @csrf_exempt
    @wraps(view)
    def serve(request: HttpRequest, *args: str, **kwargs: str) -> HttpResponseBase:
        response = require_safe(view)(request, *args, **kwargs)
        response.headers["Cache-Control"] = "no-store"
        response.headers["Referrer-Policy"] = "no-referrer"
        response.headers["X-Robots-Tag"] = "noindex, nofollow"
        return response

    return serve


@private_view
def draft(request: HttpRequest, token: str) -> HttpResponse:
    """
    The whole public page with the draft in place, never as JSON. At most 13 queries.

    A forged link and an expired one get the same response, which tells nothing about drafts.
    """
    shared = open_shared_link(token)
    moment = present_moment()
    if shared is None:
        context: dict[str, Any] = {"site_frame": site_frame(moment, "")}
        return render(
            request, "bureaus/shared_link_expired.html", context, status=HTTPStatus.NOT_FOUND
        )
    edition, until = shared
    answer = preview(draft_text(edition), moment, files_url=f"/preview/{token}/files/")
    context = {"page": answer, "draft_until": until}
    if isinstance(answer, Moved):
        context |= {"address": answer.url_path, "site_frame": site_frame(moment, "")}
        return render(request, "admin/editions/preview_moved.html", context)
    template = "410.html" if isinstance(answer, Gone) else answer.template_name
    return render(request, template, context | {"site_frame": answer.site_frame})


@private_view
@files.answer_sealed
def file(request: HttpRequest, token: str, name: str) -> HttpResponseBase:
    """
    A picture or a document of that draft, or one that is public anyway. 3 queries.

    Raises Http404.
    """
    shared = open_shared_link(token)
    if shared is None:
        raise Http404
    of_draft = Q(uses__edition=shared.edition) | begun(timezone.now(), "uses__edition__")
    if name.startswith("documents/"):
        found = files.find_document(name, Document.objects.filter(of_draft))
    else:
        found = files.find_image(name, Image.objects.filter(of_draft))
    return files.file_response(request, files.readable(found))
