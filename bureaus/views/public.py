"""Views of pages, lists and searches: read, then render."""

import re
from collections.abc import Callable
from functools import wraps
from typing import assert_never

from django.http import HttpRequest, HttpResponse, HttpResponsePermanentRedirect
from django.shortcuts import render
from django.template.loader import render_to_string
from django.views.decorators.vary import vary_on_headers

from bureaus.formats.exports import export_data
from bureaus.reading import (
    Gone,
    History,
    Missing,
    Moment,
    Moved,
    NewsFilter,
    NewsList,
    PageAnswer,
    PageView,
    UnreadableFilter,
    UnreadableMoment,
    answer_page,
    history_of,
    list_news,
    requested_filter,
    requested_moment,
    snapshot,
)
from bureaus.views.errors import gone, missing, not_found, unreadable_moment
from bureaus.views.negotiation import View, json_answer, only_read, origin_of, wants_json

# No template or stored body writes a bare ">" or a single quote around a value.
LINK_TO_THE_PAST = re.compile(rb'<a (?=[^>]*\bhref="/[^"]*(?:\?|&|&amp;)at=)[^>]*>')
REL = re.compile(rb' rel="([^"]*)"')
PublicView = Callable[[HttpRequest, str, Moment], HttpResponse]


def public(view: PublicView) -> View:
    """A view of an address at the moment asked for, all of whose statements see one state."""

    @at_moment
    @wraps(view)
    def in_snapshot(request: HttpRequest, address: str, moment: Moment) -> HttpResponse:
        with snapshot():
            return view(request, address, moment)

    return in_snapshot


def at_moment(view: PublicView) -> View:
    """A view of an address at the moment asked for: GET and HEAD only, nothing in it can fail."""

    @only_read
    @wraps(view)
    def safe(request: HttpRequest, address: str = "") -> HttpResponse:
        try:
            moment = requested_moment(request.GET.get("at"))
        except UnreadableMoment as error:
            return unreadable_moment(request, error)
        response = view(request, f"/{address}", moment)
        response.headers["Cache-Control"] = "no-cache"  # kept, but asked about each time
        if moment.is_past:
            response.headers["X-Robots-Tag"] = "noindex"
            keep_robots_from_the_past(response)
        return response

    return safe


def keep_robots_from_the_past(response: HttpResponse) -> None:
    """
    Mark every link to a past moment with rel="nofollow".

    In the finished page, so that no template, and no text of an edition, can forget it.
    """
    if response.headers["Content-Type"].startswith("text/html"):
        response.content = LINK_TO_THE_PAST.sub(with_nofollow, response.content)


def with_nofollow(link: re.Match[bytes]) -> bytes:
    tag = link[0]
    if b"nofollow" in tag:
        return tag
    if b' rel="' in tag:
        return REL.sub(rb' rel="\1 nofollow"', tag)
    return tag[:-1] + b' rel="nofollow">'


@vary_on_headers("Accept")
@public
def page(request: HttpRequest, address: str, moment: Moment) -> HttpResponse:
    return respond(request, answer_page(address, moment))


@vary_on_headers("Accept")
@public
def news(request: HttpRequest, address: str, moment: Moment) -> HttpResponse:
    try:
        chosen = filter_of(request)
    except UnreadableFilter as error:
        return not_found(request, error)
    return respond(request, list_news(address, chosen, moment))


@public
def history(request: HttpRequest, address: str, moment: Moment) -> HttpResponse:
    asked = request.GET
    found = history_of(address, moment, older=asked.get("older", ""), newer=asked.get("newer", ""))
    if not isinstance(found, History):
        return respond(request, found)
    context = {"page": found, "chrome": found.chrome}
    response = render(request, "bureaus/history.html", context)
    response.headers["X-Robots-Tag"] = "noindex"
    keep_robots_from_the_past(response)
    return response


def filter_of(request: HttpRequest) -> NewsFilter:
    """Raises UnreadableFilter."""
    asked = request.GET
    return requested_filter(
        year=asked.get("year", ""), category=asked.get("category", ""), page=asked.get("page", "")
    )


def respond(
    request: HttpRequest, answered: PageAnswer | NewsList, *, is_framed: bool = False
) -> HttpResponse:
    """`is_framed`: inside a frame of the admin, which no link may leave."""
    match answered:
        case PageView() | NewsList():
            return show(request, answered, is_framed=is_framed)
        case Moved():
            return redirect(request, answered.url_path)
        case Gone():
            return gone(request, answered)
        case Missing():
            return missing(request, answered)
        case _:
            assert_never(answered)


def show(
    request: HttpRequest, shown: PageView | NewsList, *, is_framed: bool = False
) -> HttpResponse:
    origin = origin_of(request)
    if wants_json(request):
        return json_answer(export_data(shown, origin))
    context = {
        "page": shown,
        "chrome": shown.chrome,
        "canonical": f"{origin}{shown.url}",
        "origin": origin,
        "is_framed": is_framed,
    }
    return render(request, template_of(shown), context)


def template_of(shown: PageView | NewsList) -> str:
    if isinstance(shown, NewsList):
        return "bureaus/news_list.html"
    return "bureaus/home.html" if shown.is_root else f"bureaus/{shown.kind}.html"


def redirect(request: HttpRequest, address: str) -> HttpResponse:
    """To `address` for good, with the query that was asked."""
    query = request.META.get("QUERY_STRING", "")
    response = HttpResponsePermanentRedirect(f"{address}?{query}" if query else address)
    response.content = render_to_string("301.html", {"address": response.url}).encode()
    return response
