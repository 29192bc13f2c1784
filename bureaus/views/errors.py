"""
The pages that say no, and what to do instead.

To whoever asks for JSON the same is said in a sentence under "error".
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

from bureaus.formats.exports import export_gone
from bureaus.reading import (
    FutureMoment,
    Gone,
    Missing,
    UnreadableMoment,
    present_moment,
    site_frame,
)
from bureaus.reading.request_paths import search_words_in
from bureaus.views.negotiation import json_answer, wants_json
from bureaus.views.outages import is_outage, unavailable

NOT_FOUND = "お探しのページが見つかりません。アドレスをお確かめください。"
TOO_EARLY = "お探しのページは、指定された日時にはまだ公開されていませんでした。"
ONLY_READ = "このアドレスは、読むことにだけ使えます。"
BROKEN = "ただいまページを表示できません。しばらくたってから、もう一度お試しください。"
NOT_OPEN = "このサイトは、ただいま準備中です。しばらくたってから、もう一度お試しください。"
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


def missing(request: HttpRequest, answered: Missing) -> HttpResponse:
    if request.path_info == HOME and not answered.chrome.moment.is_past:
        return not_open(request)
    if wants_json(request):
        return json_answer({"error": TOO_EARLY if answered.exists_today else NOT_FOUND}, 404)
    context = {
        "page": answered,
        "chrome": answered.chrome,
        "words": search_words_in(request.path_info),
    }
    return render(request, "404.html", context, status=404)


def not_open(request: HttpRequest) -> HttpResponse:
    """Where the site has no home page: nothing has been loaded yet, or it opens later."""
    headers = {"Retry-After": str(RETRY_AFTER)}
    if wants_json(request):
        refusal = json_answer({"error": NOT_OPEN}, 503)
        refusal.headers["Retry-After"] = headers["Retry-After"]
        return refusal
    page = render_to_string("not_open.html", {"sentence": NOT_OPEN})
    return HttpResponse(page, status=503, headers=headers)


def gone(request: HttpRequest, answered: Gone) -> HttpResponse:
    if wants_json(request):
        return json_answer(export_gone(answered), 410)
    return render(request, "410.html", {"page": answered, "chrome": answered.chrome}, status=410)


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Where the address is right and what was asked of it is not. 1 query."""
    sentence = str(exception) if isinstance(exception, ValueError) else ""
    if wants_json(request):
        return json_answer({"error": sentence or NOT_FOUND}, 404)
    words = search_words_in(request.path_info)
    context = {"chrome": site_frame(present_moment(), ""), "sentence": sentence, "words": words}
    return render(request, "404.html", context, status=404)


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Without a query, and without the request's Host, which may be the very thing at fault."""
    sentence = str(exception) if isinstance(exception, ValueError) else ""
    sentence = sentence or TOO_MUCH.get(type(exception), "")
    if wants_json(request):
        return json_answer({"error": sentence or UNREADABLE}, 400)
    return HttpResponse(render_to_string("400.html", {"sentence": sentence}), status=400)


def too_large(request: HttpRequest) -> HttpResponse:
    """Without a query; what was sent has not been read."""
    if wants_json(request):
        return json_answer({"error": TOO_LARGE}, 413)
    return HttpResponse(render_to_string("413.html", {"sentence": TOO_LARGE}), status=413)


def unreadable_moment(request: HttpRequest, error: UnreadableMoment) -> HttpResponse:
    """The address is right, and only the moment wrong: with the menu of every page. 1 query."""
    if wants_json(request):
        return json_answer({"error": str(error)}, 400)
    context = {"chrome": site_frame(present_moment(), ""), "sentence": str(error)}
    if isinstance(error, FutureMoment):
        context["address_today"] = address_today(request)
    return render(request, "400.html", context, status=400)


def address_today(request: HttpRequest) -> str:
    """The address that was asked for, without the moment; always one of this site."""
    asked = request.GET.copy()
    asked.pop("at", None)
    path = escape_leading_slashes(escape_uri_path(request.path))
    return f"{path}?{asked.urlencode()}" if asked else path


@requires_csrf_token
def forbidden(request: HttpRequest, exception: Exception) -> HttpResponse:
    del exception
    return render(request, "403.html", status=403)


def method_not_allowed(request: HttpRequest, response: HttpResponse) -> HttpResponse:
    """`response`, whose Allow header stands, with a page to read."""
    if wants_json(request):
        refusal = json_answer({"error": ONLY_READ}, 405)
        refusal.headers["Allow"] = response.headers["Allow"]
        return refusal
    response.content = render_to_string("405.html").encode()
    return response


def server_error(request: HttpRequest) -> HttpResponse:
    """Without a query or a context: whatever has broken may be broken for this page too."""
    if is_outage(sys.exc_info()[1]):
        return unavailable(request)
    if wants_json(request):
        return json_answer({"error": BROKEN}, 500)
    return HttpResponse(render_to_string("500.html"), status=500)
