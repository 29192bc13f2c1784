"""The views of the search: results, suggestions, and the OpenSearch description."""

from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.template.loader import render_to_string

from bureaus.reading import (
    Missing,
    Moment,
    Results,
    present_moment,
    requested_search,
    search,
    snapshot,
    suggested_titles,
)
from bureaus.search import count_zero_result
from bureaus.views.errors import missing
from bureaus.views.negotiation import origin_of, read_only
from bureaus.views.public import public_view, redirect
from bureaus.views.rates import limited
from bureaus.views.rendering import page_html, rendered_response

SEARCH_URL = "/search/"
SUGGESTIONS_TYPE = "application/x-suggestions+json"
DESCRIPTION_TYPE = "application/opensearchdescription+xml"


@limited("SEARCH_RATE")
@public_view(in_snapshot=False)
def results(request: HttpRequest, address: str, moment: Moment) -> HttpResponse:
    if address != SEARCH_URL:
        return redirect(request, SEARCH_URL)
    with snapshot():  # only here: a search without results is written to the log after it
        answer = search(requested_search(request.GET), moment)
    if isinstance(answer, Missing):
        return missing(request, answer)
    if answer.unmatched_words:
        count_zero_result(answer.unmatched_words, moment.day)
    response = rendered_response(results_html, answer)
    response.headers["X-Robots-Tag"] = "noindex"
    return response


def results_html(answer: Results) -> bytes:
    return page_html("bureaus/search.html", answer, query=answer.query)


@limited("SUGGESTION_RATE")
@read_only
def suggestions(request: HttpRequest) -> HttpResponse:
    """[the words typed, titles, their addresses] in the form of OpenSearch. 2 queries."""
    typed = request.GET.get("q", "")
    with snapshot():
        rows = suggested_titles(typed, present_moment())
    origin = origin_of(request)
    content = [
        typed[:100],
        [row.title for row in rows],
        [row.url_path for row in rows],
        [f"{origin}{row.url_path}" for row in rows],
    ]
    response = JsonResponse(content, safe=False, json_dumps_params={"ensure_ascii": True})
    response.headers["Content-Type"] = SUGGESTIONS_TYPE
    response.headers["Cache-Control"] = "max-age=60"
    response.headers["X-Robots-Tag"] = "noindex"
    return response


@read_only
def opensearch_description(request: HttpRequest) -> HttpResponse:
    """Describe the search to a browser's address bar (OpenSearch 1.1)."""
    text = render_to_string(
        "opensearch.xml", {"origin": origin_of(request), "publisher": settings.PUBLISHER}
    )
    response = HttpResponse(text, content_type=DESCRIPTION_TYPE)
    response.headers["Cache-Control"] = "public, max-age=86400"
    return response
