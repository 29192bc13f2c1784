"""
The error pages, which say what to do instead.

A client that prefers JSON gets the same as one sentence under "error".
"""

import sys

from django.core.exceptions import RequestDataTooBig, TooManyFieldsSent, TooManyFilesSent
from django.http import HttpRequest, HttpResponse
from django.http.multipartparser import MultiPartParserError
from django.shortcuts import render
from django.template.loader import render_to_string
from django.utils.encoding import escape_uri_path
from django.utils.http import escape_leading_slashes
from django.views.decorators.csrf import requires_csrf_token

from bureaus.formats.json_data import gone_data
from bureaus.models import Seal
from bureaus.reading import (
    FutureMoment,
    Gone,
    Missing,
    UnreadableMoment,
    present_moment,
    site_frame,
)
from bureaus.reading.moments import QUOTED_LENGTH
from bureaus.reading.request_paths import search_words_in
from bureaus.views.negotiation import json_response, wants_json
from bureaus.views.outages import is_outage, unavailable

NOT_FOUND = "お探しのページが見つかりません。アドレスをお確かめください。"
TOO_EARLY = "お探しのページは、指定された日時にはまだ公開されていませんでした。"
READ_ONLY = "このアドレスは、読むことにだけ使えます。"
SERVER_ERROR = "ただいまページを表示できません。しばらくたってから、もう一度お試しください。"
NOT_OPEN = "このサイトは、ただいま準備中です。しばらくたってから、もう一度お試しください。"
SENTENCE = "ministry.sentence"  # of the error, for the host of files
RETRY_AFTER = 600  # seconds
HOME = "/"
TOO_LARGE = (
    "送られた内容が大きすぎるため、受け付けられませんでした。ファイルは、合わせて200MB以内に分けて"
    "送ってください。"
)
UNREADABLE = "このアドレスの形では、ページを表示できません。アドレスをお確かめください。"
TOO_MUCH: dict[type[Exception], str] = {
    TooManyFilesSent: "一度に送られたファイルが多すぎるため、どれも受け付けられませんでした。"
    "20個までに分けて送ってください。",
    MultiPartParserError: "送られたファイルを読み取れませんでした。ファイルの名前が長すぎるときは、"
    "短くしてから、もう一度送ってください。",
    TooManyFieldsSent: "送られた項目が多すぎるため、受け付けられませんでした。",
    RequestDataTooBig: "送られた文章が長すぎるため、受け付けられませんでした。短くしてください。",
}


def missing(request: HttpRequest, answer: Missing) -> HttpResponse:
    if request.path_info == HOME and not answer.site_frame.moment.is_past:
        return not_open(request)
    if wants_json(request):
        return json_response({"error": TOO_EARLY if answer.exists_today else NOT_FOUND}, 404)
    context = {
        "page": answer,
        "site_frame": answer.site_frame,
        "search_words": search_words_in(request.path_info),
    }
    return render(request, "404.html", context, status=404)


def not_open(request: HttpRequest) -> HttpResponse:
    """Answer where the site has no home page: nothing is loaded yet, or it opens later."""
    headers = {"Retry-After": str(RETRY_AFTER)}
    if wants_json(request):
        response = json_response({"error": NOT_OPEN}, 503)
        response.headers["Retry-After"] = headers["Retry-After"]
        return response
    page = render_to_string("not_open.html", {"message": NOT_OPEN})
    return HttpResponse(page, status=503, headers=headers)


def gone(request: HttpRequest, answer: Gone) -> HttpResponse:
    if wants_json(request):
        return json_response(gone_data(answer), 410)
    return render(
        request, "410.html", {"page": answer, "site_frame": answer.site_frame}, status=410
    )


def withheld(request: HttpRequest, seal: Seal) -> HttpResponse:
    """Answer for a file that is sealed or hidden: what, when, whose decision. 1 query."""
    request.META[SENTENCE] = seal.sentence
    if wants_json(request):
        response = json_response({"error": seal.sentence}, 410)
    else:
        context = {"seal": seal, "site_frame": site_frame(present_moment(), "")}
        response = render(request, "sealed.html", context, status=410)
    response.headers["Cache-Control"] = "no-cache"
    response.headers["X-Robots-Tag"] = "noindex"
    return response


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Answer where a page of the request or of its parameters does not exist. 1 query."""
    message = str(exception) if isinstance(exception, ValueError) else ""
    if wants_json(request):
        return json_response({"error": message or NOT_FOUND}, 404)
    context = {
        "site_frame": site_frame(present_moment(), ""),
        "message": message,
        "search_words": search_words_in(request.path_info),
    }
    return render(request, "404.html", context, status=404)


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Answer without a query, and without the request's Host, which may be what is invalid."""
    message = str(exception) if isinstance(exception, ValueError) else ""
    message = message or TOO_MUCH.get(type(exception), "")
    if wants_json(request):
        return json_response({"error": message or UNREADABLE}, 400)
    return HttpResponse(render_to_string("400.html", {"message": message}), status=400)


def too_large(request: HttpRequest) -> HttpResponse:
    """Answer without a query, and without reading the body."""
    if wants_json(request):
        return json_response({"error": TOO_LARGE}, 413)
    return HttpResponse(render_to_string("413.html", {"message": TOO_LARGE}), status=413)


def unreadable_moment(request: HttpRequest, error: UnreadableMoment) -> HttpResponse:
    """Answer an unreadable moment, with the navigation of every page. 1 query."""
    if wants_json(request):
        return json_response({"error": str(error)}, 400)
    context = {
        "site_frame": site_frame(present_moment(), ""),
        "message": str(error),
        "address": escape_leading_slashes(escape_uri_path(request.path)),
        "typed": request.GET.get("at", "")[:QUOTED_LENGTH],
    }
    if isinstance(error, FutureMoment):
        context["url_today"] = url_without_moment(request)
    return render(request, "400.html", context, status=400)


def url_without_moment(request: HttpRequest) -> str:
    """Return the address of the request without its moment; always one of this site."""
    query = request.GET.copy()
    query.pop("at", None)
    path = escape_leading_slashes(escape_uri_path(request.path))
    return f"{path}?{query.urlencode()}" if query else path


@requires_csrf_token
def permission_denied(request: HttpRequest, exception: Exception) -> HttpResponse:
    del exception
    return render(request, "403.html", status=403)


def method_not_allowed(request: HttpRequest, response: HttpResponse) -> HttpResponse:
    """Give `response` a body, and keep its Allow header."""
    if wants_json(request):
        allowed = response.headers["Allow"]
        response = json_response({"error": READ_ONLY}, 405)
        response.headers["Allow"] = allowed
        return response
    response.content = render_to_string("405.html").encode()
    return response


def server_error(request: HttpRequest) -> HttpResponse:
    """Answer without a query or a context: their failure may be the error."""
    if is_outage(sys.exc_info()[1]):
        return unavailable(request)
    if wants_json(request):
        return json_response({"error": SERVER_ERROR}, 500)
    return HttpResponse(render_to_string("500.html"), status=500)
