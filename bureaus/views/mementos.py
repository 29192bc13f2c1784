"""Memento (RFC 7089): negotiation by Accept-Datetime, its headers, and the TimeMaps (ADR 0033)."""

import re
from collections.abc import Callable
from datetime import UTC, datetime

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.http import parse_http_date

from bureaus.formats.timemaps import (
    memento_datetime,
    memento_links,
    original_link,
    timemap_links,
)
from bureaus.reading import Gone, Missing, Moment, Moved, NewsList, PageAnswer, PageView
from bureaus.reading.moments import QUOTED_LENGTH, time_text
from bureaus.reading.request_paths import json_address, page_address
from bureaus.views.negotiation import is_json_address, origin_of

ACCEPT_DATETIME = "Accept-Datetime"
# The one form that the RFC allows (RFC 1123), of the three in which HTTP dates are read.
HTTP_DATE = re.compile(r"[A-Z][a-z]{2}, \d\d [A-Z][a-z]{2} \d{4} \d\d:\d\d:\d\d GMT", re.ASCII)


class UnreadableDatetime(ValueError):
    """A value of Accept-Datetime that is no date of HTTP. The message is for the client."""


def accepted_moment(request: HttpRequest) -> Moment | None:
    """
    Return the moment of Accept-Datetime, the present for the future; None without the header.

    Raises UnreadableDatetime.
    """
    text = request.headers.get(ACCEPT_DATETIME)
    if text is None:
        return None
    try:
        seconds = parse_http_date(text) if HTTP_DATE.fullmatch(text.strip()) else None
    except ValueError:
        seconds = None
    if seconds is None:
        raise UnreadableDatetime(
            f"Accept-Datetime「{text[:QUOTED_LENGTH]}」を読み取れません。"
            "「Thu, 01 Aug 2013 00:00:00 GMT」の形で指定してください。"
        )
    now = timezone.now().replace(microsecond=0)
    at = min(datetime.fromtimestamp(seconds, UTC), now)
    return Moment(at, time_text(at))


def redirect_to_memento(
    request: HttpRequest, answer: PageAnswer | NewsList, moment: Moment
) -> HttpResponse | None:
    """Redirect to the memento of `answer`, read at `moment`, or the nearest; None for nothing."""
    page = page_address(request.path_info) if is_json_address(request) else request.path_info
    url = memento_url(answer, moment, page)
    if not url or isinstance(answer, Moved):
        return None
    url = same_format(request)(url)
    response = HttpResponseRedirect(url)
    response.content = render_to_string("302.html", {"address": url}).encode()
    response.headers["Link"] = links_of(request, answer)
    return response


def memento_url(answer: PageAnswer | NewsList, moment: Moment, path: str) -> str:
    """Return the address at which the page `path` can be read at `moment`, before or after."""
    match answer:
        case PageView() | NewsList():
            return moment.exact_address(answer.url)
        case Gone(site_frame=frame) if frame.editions and frame.current_url == path:
            return frame.editions.previous.url if frame.editions.previous else ""
        case Missing(site_frame=frame, first=first) if first and frame.current_url == path:
            return first.url
        case _:
            return ""


def set_memento_headers(
    request: HttpRequest, response: HttpResponse, answer: PageView | NewsList
) -> None:
    """
    Name the page of today and the other mementos; of what will not change, the moment as well.

    The page of today is no memento, and neither is today's day so far.
    """
    response.headers["Link"] = links_of(request, answer)
    moment = answer.site_frame.moment
    if moment.is_final:
        response.headers["Memento-Datetime"] = memento_datetime(moment.at)


def links_of(request: HttpRequest, answer: PageView | NewsList | Gone | Missing) -> str:
    """Return the links of the resource that was requested; TimeMaps list those of pages."""
    frame, origin, address = answer.site_frame, origin_of(request), same_format(request)
    url = f"{origin}{address(frame.current_url)}"
    links = [original_link(url)]
    if not isinstance(answer, NewsList) and not is_json_address(request):
        links += timemap_links(url)
    if frame.editions:
        links += memento_links(frame.editions, lambda path: f"{origin}{address(path)}")
    return ", ".join(links)


def same_format(request: HttpRequest) -> Callable[[str], str]:
    """Return the function from the address of a page to that in the format of the request's."""
    return json_address if is_json_address(request) else str
