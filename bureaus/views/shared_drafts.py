"""A draft for somebody without an account, by a link that says who sent it to whom: nobody."""

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
from bureaus.views.negotiation import View
from bureaus.views.public import template_of


def secret(view: View) -> View:
    """An answer that is kept, indexed and passed on nowhere, whatever it says."""

    @csrf_exempt
    @wraps(view)
    def kept_quiet(request: HttpRequest, *args: str, **words: str) -> HttpResponseBase:
        response = require_safe(view)(request, *args, **words)
        response.headers["Cache-Control"] = "no-store"
        response.headers["Referrer-Policy"] = "no-referrer"
        response.headers["X-Robots-Tag"] = "noindex, nofollow"
        return response

    return kept_quiet


@secret
def draft(request: HttpRequest, token: str) -> HttpResponse:
    """
    The whole public page with the draft in place, never as JSON. At most 13 queries.

    A forged link and one that is over get the same answer: nobody learns what drafts there are.
    """
    found = open_shared_link(token)
    moment = present_moment()
    if found is None:
        context: dict[str, Any] = {"chrome": site_frame(moment, "")}
        return render(request, "bureaus/preview_over.html", context, status=HTTPStatus.NOT_FOUND)
    edition, until = found
    answered = preview(draft_text(edition), moment, files=f"/preview/{token}/files/")
    context = {"page": answered, "draft_until": until}
    if isinstance(answered, Moved):
        context |= {"address": answered.url_path, "chrome": site_frame(moment, "")}
        return render(request, "admin/editions/preview_moved.html", context)
    template = "410.html" if isinstance(answered, Gone) else template_of(answered)
    return render(request, template, context | {"chrome": answered.chrome})


@secret
def file(request: HttpRequest, token: str, name: str) -> HttpResponseBase:
    """
    A picture or a document of that draft, or one that is public anyway. 3 queries.

    Raises Http404.
    """
    found = open_shared_link(token)
    if found is None:
        raise Http404
    of_draft = Q(uses__edition=found[0]) | begun(timezone.now(), "uses__edition__")
    if name.startswith("documents/"):
        return files.send(request, files.find_document(name, Document.objects.filter(of_draft)))
    return files.send(request, files.find_image(name, Image.objects.filter(of_draft)))
