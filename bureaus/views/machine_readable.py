"""The views of JSON, feeds, CSV, the sitemap, robots.txt and security.txt."""

import re
from collections.abc import Callable
from datetime import UTC, date, datetime, time, timedelta
from functools import wraps
from threading import Lock
from typing import Any, TypeVar
from urllib.parse import urlsplit

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.utils import timezone

from bureaus.formats import calendars, csv_text, feeds, sitemaps, timemaps
from bureaus.formats.openapi import openapi_document
from bureaus.reading import (
    EventCalendar,
    Feed,
    Gone,
    Missing,
    Moment,
    Moved,
    NewsList,
    PageAnswer,
    PageView,
    TimeMap,
    all_news,
    answer_page,
    calendar_of,
    calendar_of_page,
    feed_of,
    list_events,
    list_news,
    list_organisations,
    page_instead_of_list,
    page_timemap,
    present_moment,
    requested_events,
    requested_filter,
    sitemap_part,
    sitemap_parts,
    snapshot,
)
from bureaus.reading.request_paths import calendar_address, json_address, page_address
from bureaus.text.formatting import TOKYO
from bureaus.views.negotiation import json_response, origin_of, read_only
from bureaus.views.public import public_view, redirect, respond, respond_or_negotiate

PART_NUMBER = re.compile(r"[1-9][0-9]{0,5}", re.ASCII)
Answer = TypeVar("Answer", PageAnswer, NewsList | Moved | Gone | Missing)
TIMEMAP_TEXT, TIMEMAP_JSON = "timemap.link", "timemap.json"
SECURITY_TXT_PATH = "/.well-known/security.txt"
LISTS = ("/news/", "/events/", "/data/")  # of the whole site
LOCK_TIMEOUT = 0.5  # seconds
long_response_lock = Lock()


def limit_concurrency(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """
    Build one long response at a time in each process, so that pages do not wait for them.

    A table of 10,000 rows or a sitemap of 50,000 takes a third of a second. A request that does
    not get the lock in half a second is answered with 503.
    """

    @wraps(view)
    def serve(*args: Any, **kwargs: Any) -> HttpResponse:
        if not long_response_lock.acquire(timeout=LOCK_TIMEOUT):
            busy = text_response(
                ["ただいま混み合っています。しばらくたってから、もう一度お試しください。"]
            )
            busy.status_code, busy.headers["Retry-After"] = 503, "5"
            return busy
        try:
            return view(*args, **kwargs)
        finally:
            long_response_lock.release()

    return serve


@public_view()
def page_json(request: HttpRequest, address: str, moment: Moment) -> HttpResponse:
    def answer_at(at: Moment) -> PageAnswer:
        return page_as_json(address, answer_page(page_address(address), at))

    return respond_or_negotiate(request, moment, answer_at)


def page_as_json(address: str, answer: PageAnswer) -> PageAnswer:
    """Return `answer`, or where its JSON is if that is not at `address`."""
    if isinstance(answer, PageView) and json_address(answer.url) != address:
        answer = Moved(answer.url)
    return as_json_address(answer)


@public_view()
def news_json(request: HttpRequest, address: str, moment: Moment) -> HttpResponse:
    news_filter = requested_filter(request.GET)

    def answer_at(at: Moment) -> NewsList | Moved | Gone | Missing:
        return as_json_address(list_news(page_address(address), news_filter, at))

    return respond_or_negotiate(request, moment, answer_at)


@public_view()
def events_json(request: HttpRequest, address: str, moment: Moment) -> HttpResponse:
    def answer_at(at: Moment) -> PageAnswer | NewsList:
        path = page_address(address)
        if answer := page_instead_of_list(path, at):
            return page_as_json(address, answer)
        return as_json_address(list_events(path, requested_events(request.GET), at))

    return respond_or_negotiate(request, moment, answer_at)


@public_view()
@limit_concurrency
def events_ics(request: HttpRequest, address: str, moment: Moment) -> HttpResponse:
    if former := page_instead_of_list(address, moment):
        return respond(request, former)
    answer = calendar_of(address.removesuffix("events.ics"), moment)
    if isinstance(answer, Moved):
        return redirect(request, f"{answer.url_path}events.ics")
    return calendar_response(request, answer, "events.ics")


@public_view()
def page_ics(request: HttpRequest, address: str, moment: Moment) -> HttpResponse:
    """Return the event of a page as a file for calendars: /a/b.ics."""
    if former := page_instead_of_list(address, moment):
        return respond(request, former)
    answer = calendar_of_page(f"{address.removesuffix('.ics')}/", moment)
    if isinstance(answer, Moved):
        return redirect(request, calendar_address(answer.url_path))
    return calendar_response(request, answer, "event.ics")


def calendar_response(
    request: HttpRequest, answer: EventCalendar | Gone | Missing, name: str
) -> HttpResponse:
    if not isinstance(answer, EventCalendar):
        return respond(request, answer)
    origin = origin_of(request)
    text = calendars.calendar_text(answer, origin=origin, host=urlsplit(origin).hostname or "")
    response = HttpResponse(text, content_type=calendars.CONTENT_TYPE)
    response.headers["Content-Disposition"] = f'inline; filename="{name}"'
    return response


def as_json_address(answer: Answer) -> Answer | Moved:
    return Moved(json_address(answer.url_path)) if isinstance(answer, Moved) else answer


@public_view()
def timemap_text(request: HttpRequest, address: str, moment: Moment) -> HttpResponse:
    answer = page_timemap(address.removesuffix(TIMEMAP_TEXT), moment, requested_page(request))
    if not isinstance(answer, TimeMap):
        return respond(request, moved_file(answer, TIMEMAP_TEXT))
    text = timemaps.timemap_text(answer, origin_of(request))
    response = HttpResponse(text, timemaps.LINK_FORMAT)
    response.headers["X-Robots-Tag"] = "noindex"
    return response


@public_view()
def timemap_json(request: HttpRequest, address: str, moment: Moment) -> HttpResponse:
    answer = page_timemap(address.removesuffix(TIMEMAP_JSON), moment, requested_page(request))
    if not isinstance(answer, TimeMap):
        return respond(request, moved_file(answer, TIMEMAP_JSON))
    response = json_response(timemaps.timemap_data(answer, origin_of(request)))
    response.headers["X-Robots-Tag"] = "noindex"
    return response


def moved_file(answer: Moved | Gone | Missing, name: str) -> Moved | Gone | Missing:
    return Moved(answer.url_path + name) if isinstance(answer, Moved) else answer


def requested_page(request: HttpRequest) -> int | None:
    """
    Return the number of the part of a TimeMap; None for the newest, which has none.

    Raises Http404 for anything but a number.
    """
    text = request.GET.get("page")
    if text is None:
        return None
    if not PART_NUMBER.fullmatch(text):
        raise Http404
    return int(text)


@public_view()
def news_feed(request: HttpRequest, address: str, moment: Moment) -> HttpResponse:
    answer = feed_of(address.removesuffix("feed.xml"), moment)
    if isinstance(answer, Moved):
        return redirect(request, f"{answer.url_path}feed.xml")
    if not isinstance(answer, Feed):
        return respond(request, answer)
    origin = origin_of(request)
    xml = feeds.atom_feed(answer, origin=origin, host=urlsplit(origin).hostname or "")
    return HttpResponse(xml, content_type=feeds.CONTENT_TYPE)


@public_view()
@limit_concurrency
def news_csv(request: HttpRequest, address: str, moment: Moment) -> HttpResponse:
    answer = all_news(address.removesuffix("news.csv"), requested_filter(request.GET), moment)
    if isinstance(answer, Moved):
        return redirect(request, f"{answer.url_path}news.csv")
    if not isinstance(answer, tuple):
        return respond(request, answer)
    return csv_response(csv_text.news_csv(answer, origin_of(request)), "news.csv")


@public_view()
@limit_concurrency
def organisations_csv(request: HttpRequest, address: str, moment: Moment) -> HttpResponse:
    del address
    text = csv_text.organisations_csv(list_organisations(moment), origin_of(request))
    return csv_response(text, "organisations.csv")


def csv_response(text: str, name: str) -> HttpResponse:
    response = HttpResponse(text, content_type=csv_text.CONTENT_TYPE)
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


@read_only
@limit_concurrency
def sitemap(request: HttpRequest) -> HttpResponse:
    """All public pages, or the index of the parts if one file cannot contain them. 2 queries."""
    moment, origin = present_moment(), origin_of(request)
    with snapshot():
        parts = sitemap_parts(moment)
        rows = sitemap_part(1, moment) if parts == 1 else []
    if parts == 1:
        return xml_response(sitemaps.sitemap_xml(rows, origin, LISTS if rows else ()))
    return xml_response(sitemaps.sitemap_index_xml(parts, origin))


@read_only
@limit_concurrency
def sitemap_part_view(request: HttpRequest, number: str) -> HttpResponse:
    """Raises Http404 after the last part. 1 query."""
    rows = sitemap_part(int(number), present_moment())
    if not rows:
        raise Http404
    lists = LISTS if number == "1" else ()
    return xml_response(sitemaps.sitemap_xml(rows, origin_of(request), lists))


def xml_response(text: str) -> HttpResponse:
    """Cached by clients for ten minutes: 50,000 addresses take 0.3 s to write."""
    response = HttpResponse(text, content_type=sitemaps.CONTENT_TYPE)
    response.headers["Cache-Control"] = "public, max-age=600"
    return response


@read_only
def robots_txt(request: HttpRequest) -> HttpResponse:
    """Exclude past moments and comparisons, of which every page has an unlimited number."""
    lines = [
        "User-agent: *",
        "Disallow: /admin/",
        "Disallow: /preview/",
        "Disallow: /search/",
        *(f"Disallow: /*{sign}{name}=" for name in ("at", "older", "newer") for sign in "?&"),
        "",
        f"Sitemap: {origin_of(request)}/sitemap.xml",
    ]
    return text_response(lines)


@read_only
def openapi(request: HttpRequest) -> HttpResponse:
    """The JSON of the site as OpenAPI 3.1 (docs/json.md)."""
    response = json_response(openapi_document(origin_of(request)))
    response.headers["Cache-Control"] = "no-cache"
    return response


@read_only
def security_txt(request: HttpRequest) -> HttpResponse:
    """The contact for vulnerabilities (RFC 9116). Raises Http404 after its expiry date."""
    expires = end_of_day(settings.SECURITY_TXT_EXPIRES)
    if expires <= timezone.now():
        raise Http404
    origin = origin_of(request)
    lines = [
        f"Contact: {settings.SECURITY_CONTACT or f'{origin}/'}",
        f"Expires: {expires:%Y-%m-%dT%H:%M:%SZ}",
        "Preferred-Languages: ja, en",
        f"Canonical: {origin}{SECURITY_TXT_PATH}",
    ]
    return text_response(lines)


def end_of_day(day: date) -> datetime:
    """Return the last second of `day` in Tokyo."""
    following = datetime.combine(day, time(), TOKYO) + timedelta(days=1)
    return (following - timedelta(seconds=1)).astimezone(UTC)


def text_response(lines: list[str]) -> HttpResponse:
    response = HttpResponse("\n".join([*lines, ""]), content_type="text/plain; charset=utf-8")
    response.headers["Cache-Control"] = "no-cache"
    return response
