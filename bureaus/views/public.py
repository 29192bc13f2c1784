"""The views of pages and lists: read, then render."""

from collections.abc import Callable
from contextlib import nullcontext
from functools import wraps
from typing import assert_never

from django.http import (
    HttpRequest,
    HttpResponse,
    HttpResponsePermanentRedirect,
    HttpResponseRedirect,
)
from django.http.response import HttpResponseBase
from django.template.loader import render_to_string
from django.utils.cache import patch_vary_headers
from django.utils.encoding import escape_uri_path
from django.utils.http import escape_leading_slashes
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_safe

from bureaus.formats.json_data import json_data
from bureaus.reading import (
    Gone,
    History,
    Missing,
    Moment,
    Moved,
    NewsList,
    PageAnswer,
    PageView,
    UnreadableFilter,
    UnreadableMoment,
    answer_page,
    list_events,
    list_news,
    page_history,
    page_instead_of_list,
    requested_events,
    requested_filter,
    requested_moment,
    snapshot,
)
from bureaus.views.errors import bad_request, gone, missing, not_found, unreadable_moment
from bureaus.views.mementos import (
    ACCEPT_DATETIME,
    UnreadableDatetime,
    accepted_moment,
    redirect_to_memento,
    set_memento_headers,
)
from bureaus.views.negotiation import (
    JSON,
    ViewFunction,
    allow_any_origin,
    json_bytes,
    origin_of,
    wants_json,
)
from bureaus.views.rendering import (
    RenderedResponse,
    mark_past_links_nofollow,
    page_html,
    rendered_response,
    with_past_links_nofollow,
)

MomentView = Callable[[HttpRequest, str, Moment], HttpResponse]


def public_view(
    *, in_snapshot: bool = True, varies_on_accept: bool = False
) -> Callable[[MomentView], ViewFunction]:
    """
    Serve a view of (request, address, moment) to GET and HEAD, at the moment of `?at=`.

    Another spelling of the moment redirects to the canonical one, so that each has one address.
    `in_snapshot`: all its statements read one state of the database, and it writes nothing.
    `varies_on_accept`: the same address answers with HTML or JSON.
    """

    def decorate(view: MomentView) -> ViewFunction:
        @csrf_exempt
        @require_safe
        @wraps(view)
        def serve(request: HttpRequest, address: str = "") -> HttpResponseBase:
            try:
                moment = requested_moment(request.GET.get("at"))
            except UnreadableMoment as error:
                return allow_any_origin(unreadable_moment(request, error))
            if moment.text != request.GET.get("at", ""):
                return allow_any_origin(redirect_to_moment(request, moment))
            with snapshot() if in_snapshot else nullcontext():
                try:
                    response = view(request, f"/{address}", moment)
                except UnreadableFilter as error:
                    response = not_found(request, error)
            response.headers["Cache-Control"] = "no-cache"  # cached, but revalidated each time
            if varies_on_accept:
                patch_vary_headers(response, ["Accept"])
            if moment.is_past:
                response.headers["X-Robots-Tag"] = "noindex"
                if not isinstance(response, RenderedResponse):
                    mark_past_links_nofollow(response)
            return allow_any_origin(response)

        return serve

    return decorate


@public_view(varies_on_accept=True)
def page(request: HttpRequest, address: str, moment: Moment) -> HttpResponse:
    return respond_or_negotiate(request, moment, lambda at: answer_page(address, at))


@public_view(varies_on_accept=True)
def news_list(request: HttpRequest, address: str, moment: Moment) -> HttpResponse:
    news_filter = requested_filter(request.GET)
    return respond_or_negotiate(request, moment, lambda at: list_news(address, news_filter, at))


@public_view(varies_on_accept=True)
def event_list(request: HttpRequest, address: str, moment: Moment) -> HttpResponse:
    """Answer with the page that has the address, else with the list."""

    def answer_at(at: Moment) -> PageAnswer | NewsList:
        answer = page_instead_of_list(address, at)
        return answer or list_events(address, requested_events(request.GET), at)

    return respond_or_negotiate(request, moment, answer_at)


def respond_or_negotiate(
    request: HttpRequest, moment: Moment, answer_at: Callable[[Moment], PageAnswer | NewsList]
) -> HttpResponse:
    """
    Answer at `moment`, or where that is the present lead to the moment of Accept-Datetime.

    A past moment is an address of its own, which Accept-Datetime does not change.
    """
    if moment.is_past:
        return respond_with_links(request, answer_at(moment))
    response = negotiate(request, answer_at) or respond_with_links(request, answer_at(moment))
    patch_vary_headers(response, [ACCEPT_DATETIME])
    return response


def negotiate(
    request: HttpRequest, answer_at: Callable[[Moment], PageAnswer | NewsList]
) -> HttpResponse | None:
    try:
        accepted = accepted_moment(request)
    except UnreadableDatetime as error:
        return bad_request(request, error)
    return redirect_to_memento(request, answer_at(accepted), accepted) if accepted else None


def respond_with_links(request: HttpRequest, answer: PageAnswer | NewsList) -> HttpResponse:
    response = respond(request, answer)
    if isinstance(answer, PageView | NewsList):
        set_memento_headers(request, response, answer)
    return response


@public_view()
def history(request: HttpRequest, address: str, moment: Moment) -> HttpResponse:
    older, newer = request.GET.get("older", ""), request.GET.get("newer", "")
    answer = page_history(address, moment, older=older, newer=newer)
    if not isinstance(answer, History):
        return respond(request, answer)
    response = rendered_response(history_html, answer)
    response.headers["X-Robots-Tag"] = "noindex"
    return response


def history_html(answer: History) -> bytes:
    return with_past_links_nofollow(page_html("bureaus/history.html", answer))


def respond(
    request: HttpRequest, answer: PageAnswer | NewsList, *, is_framed: bool = False
) -> HttpResponse:
    """
    Render `answer` as HTML, or as JSON where the request prefers it.

    `is_framed`: inside a frame of the admin, which no link may leave.
    """
    match answer:
        case Moved():
            return redirect(request, answer.url_path)
        case Gone():
            return gone(request, answer)
        case Missing():
            return missing(request, answer)
        case PageView() | NewsList():
            origin = origin_of(request)
            if wants_json(request):
                return rendered_response(answer_json, answer, origin, content_type=JSON)
            if is_framed:  # a draft: nothing of it is kept
                return HttpResponse(answer_html(answer, origin, is_framed=True))
            return rendered_response(answer_html, answer, origin)
        case _:
            assert_never(answer)


def answer_html(answer: PageView | NewsList, origin: str, *, is_framed: bool = False) -> bytes:
    canonical = f"{origin}{answer.url}"
    return page_html(
        answer.template_name, answer, canonical=canonical, origin=origin, is_framed=is_framed
    )


def answer_json(answer: PageView | NewsList, origin: str) -> bytes:
    return json_bytes(json_data(answer, origin))


def redirect_to_moment(request: HttpRequest, moment: Moment) -> HttpResponse:
    """Redirect to the same address with `?at=` in its canonical form; not for ever: 今年 ends."""
    path = escape_leading_slashes(escape_uri_path(request.path))
    query = request.GET.copy()
    query["at"] = moment.text
    address = f"{path}?{query.urlencode(safe=':/')}"
    response = HttpResponseRedirect(address, headers={"Cache-Control": "no-cache"})
    response.content = render_to_string("302.html", {"address": address}).encode()
    return response


def redirect(request: HttpRequest, address: str) -> HttpResponse:
    """
    Redirect to `address`, with the query of the request.

    For ever, but at a past moment: where a page stood then follows from the moment.
    """
    query = request.META.get("QUERY_STRING", "")
    target = f"{address}?{query}" if query else address
    is_past = bool(request.GET.get("at"))
    response = (HttpResponseRedirect if is_past else HttpResponsePermanentRedirect)(target)
    template = "302.html" if is_past else "301.html"
    response.content = render_to_string(template, {"address": response.url}).encode()
    return response
