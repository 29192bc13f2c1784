"""Views of pages and lists: read, then render."""

from collections.abc import Callable
from functools import wraps
from typing import assert_never

from django.http import HttpRequest, HttpResponse, HttpResponsePermanentRedirect
from django.shortcuts import render
from django.template.loader import render_to_string
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_safe

from bureaus.reading import (
    Answered,
    Gone,
    Missing,
    Moment,
    Moved,
    NewsList,
    ShownPage,
    UnreadableFilter,
    UnreadableMoment,
    answer,
    filter_asked,
    list_news,
    moment_asked,
)
from bureaus.views.errors import bad_request, gone, missing, not_found

View = Callable[..., HttpResponse]


def public(view: Callable[[HttpRequest, str, Moment], HttpResponse]) -> View:
    """A view of an address at the moment asked for: GET and HEAD only, nothing in it can fail."""

    @csrf_exempt  # it takes no POST: 405 says so, where a missing token would say 403
    @require_safe
    @wraps(view)
    def safe(request: HttpRequest, address: str = "") -> HttpResponse:
        try:
            moment = moment_asked(request.GET.get("at"))
        except UnreadableMoment as error:
            return bad_request(request, error)
        response = view(request, f"/{address}", moment)
        response.headers["Cache-Control"] = "no-cache"  # kept, but asked about each time
        if moment.is_past:
            response.headers["X-Robots-Tag"] = "noindex"
        return response

    return safe


@public
def page(request: HttpRequest, address: str, moment: Moment) -> HttpResponse:
    return respond(request, answer(address, moment))


@public
def news(request: HttpRequest, address: str, moment: Moment) -> HttpResponse:
    asked = request.GET
    try:
        chosen = filter_asked(
            year=asked.get("year", ""),
            category=asked.get("category", ""),
            page=asked.get("page", ""),
        )
    except UnreadableFilter as error:
        return not_found(request, error)
    return respond(request, list_news(address, chosen, moment))


def respond(request: HttpRequest, answered: Answered | NewsList) -> HttpResponse:
    match answered:
        case ShownPage() | NewsList():
            context = {
                "page": answered,
                "chrome": answered.chrome,
                "canonical": request.build_absolute_uri(answered.url),
            }
            return render(request, template_of(answered), context)
        case Moved():
            return redirect(request, answered)
        case Gone():
            return gone(request, answered)
        case Missing():
            return missing(request, answered)
        case _:
            assert_never(answered)


def template_of(shown: ShownPage | NewsList) -> str:
    if isinstance(shown, NewsList):
        return "bureaus/news_list.html"
    return "bureaus/home.html" if shown.is_root else f"bureaus/{shown.kind}.html"


def redirect(request: HttpRequest, moved: Moved) -> HttpResponse:
    query = request.META.get("QUERY_STRING", "")
    response = HttpResponsePermanentRedirect(
        f"{moved.url_path}?{query}" if query else moved.url_path
    )
    response.content = render_to_string("301.html", {"address": response.url}).encode()
    return response
