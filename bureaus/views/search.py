"""Views of the search: its page, what is suggested while one types, and how browsers ask."""

from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.template.loader import render_to_string

from bureaus.reading import (
    Missing,
    Moment,
    UnreadableFilter,
    present_moment,
    requested_search,
    search,
    snapshot,
    suggestions,
)
from bureaus.search import count_zero_result
from bureaus.views.errors import missing, not_found
from bureaus.views.negotiation import only_read, origin_of
from bureaus.views.public import at_moment, redirect

SEARCH = "/search/"
SUGGESTIONS = "application/x-suggestions+json"
DESCRIPTION = "application/opensearchdescription+xml"


@at_moment
def search_pages(request: HttpRequest, address: str, moment: Moment) -> HttpResponse:
    if address != SEARCH:
        return redirect(request, SEARCH)
    try:
        with snapshot():  # and no longer: what is searched for in vain is written
            found = search(requested_search(request.GET), moment)
    except UnreadableFilter as error:
        return not_found(request, error)
    if isinstance(found, Missing):
        return missing(request, found)
    if found.in_vain:
        count_zero_result(found.in_vain, moment.day)
    context = {"page": found, "chrome": found.chrome, "query": found.query}
    response = render(request, "bureaus/search.html", context)
    response.headers["X-Robots-Tag"] = "noindex"
    return response


@only_read
def suggest(request: HttpRequest) -> HttpResponse:
    """[what was typed, titles, their addresses] as browsers ask for it (OpenSearch). 2 queries."""
    typed = request.GET.get("q", "")
    with snapshot():
        rows = suggestions(typed, present_moment())
    origin = origin_of(request)
    content = [
        typed[:100],
        [row.title for row in rows],
        [row.url_path for row in rows],
        [f"{origin}{row.url_path}" for row in rows],
    ]
    response = JsonResponse(content, safe=False, json_dumps_params={"ensure_ascii": True})
    response.headers["Content-Type"] = SUGGESTIONS
    response.headers["Cache-Control"] = "max-age=60"
    response.headers["X-Robots-Tag"] = "noindex"
    return response


@only_read
def description(request: HttpRequest) -> HttpResponse:
    """How a browser searches this site from its address bar (OpenSearch 1.1)."""
    text = render_to_string(
        "opensearch.xml", {"origin": origin_of(request), "us": settings.PUBLISHER}
    )
    response = HttpResponse(text, content_type=DESCRIPTION)
    response.headers["Cache-Control"] = "public, max-age=86400"
    return response
