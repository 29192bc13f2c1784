"""Views for machines: JSON, feeds, CSV, the sitemap, and what robots and reporters ask for."""

from collections.abc import Callable
from datetime import UTC, date, datetime, time, timedelta
from functools import wraps
from threading import Lock
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.utils import timezone

from bureaus.formats import feeds, sitemaps
from bureaus.formats.exports import news_csv, organisations_csv
from bureaus.reading import (
    Feed,
    Moment,
    Moved,
    NewsList,
    PageView,
    UnreadableFilter,
    all_news,
    answer_page,
    feed_of,
    list_news,
    list_organisations,
    present_moment,
    sitemap_part,
    sitemap_parts,
    snapshot,
)
from bureaus.reading.request_paths import as_json, page_of_json
from bureaus.text.formatting import TOKYO
from bureaus.views.errors import not_found
from bureaus.views.negotiation import only_read, origin_of
from bureaus.views.public import filter_of, public, redirect, respond, show

SECURITY_TXT = "/.well-known/security.txt"
PATIENCE = 0.5  # seconds
table_lock = Lock()


def one_at_a_time(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """
    One long answer at a time a process: citizens who read pages do not wait for tables.

    A table of 10,000 rows or a sitemap of 50,000 takes a third of a second; whoever does not get
    his turn in half a second is asked to come back.
    """

    @wraps(view)
    def alone(*args: Any, **kwargs: Any) -> HttpResponse:
        if not table_lock.acquire(timeout=PATIENCE):
            busy = plain(["ただいま混み合っています。しばらくたってから、もう一度お試しください。"])
            busy.status_code, busy.headers["Retry-After"] = 503, "5"
            return busy
        try:
            return view(*args, **kwargs)
        finally:
            table_lock.release()

    return alone


@public
def page_as_json(request: HttpRequest, address: str, moment: Moment) -> HttpResponse:
    answered = answer_page(page_of_json(address), moment)
    if isinstance(answered, PageView) and as_json(answered.url) != address:
        answered = Moved(answered.url)
    if isinstance(answered, Moved):
        return redirect(request, as_json(answered.url_path))
    return respond(request, answered)


@public
def news_as_json(request: HttpRequest, address: str, moment: Moment) -> HttpResponse:
    try:
        listed = list_news(page_of_json(address), filter_of(request), moment)
    except UnreadableFilter as error:
        return not_found(request, error)
    if isinstance(listed, Moved):
        return redirect(request, as_json(listed.url_path))
    return show(request, listed) if isinstance(listed, NewsList) else respond(request, listed)


@public
def feed(request: HttpRequest, address: str, moment: Moment) -> HttpResponse:
    found = feed_of(address.removesuffix("feed.xml"), moment)
    if isinstance(found, Moved):
        return redirect(request, f"{found.url_path}feed.xml")
    if not isinstance(found, Feed):
        return respond(request, found)
    origin = origin_of(request)
    written = feeds.atom(found, origin=origin, host=urlsplit(origin).hostname or "")
    return HttpResponse(written, content_type=feeds.CONTENT_TYPE)


@public
@one_at_a_time
def news_as_csv(request: HttpRequest, address: str, moment: Moment) -> HttpResponse:
    try:
        chosen = filter_of(request)
    except UnreadableFilter as error:
        return not_found(request, error)
    rows = all_news(address.removesuffix("news.csv"), chosen, moment)
    if isinstance(rows, Moved):
        return redirect(request, f"{rows.url_path}news.csv")
    if not isinstance(rows, tuple):
        return respond(request, rows)
    return table(news_csv(rows, origin_of(request)), "news.csv")


@public
@one_at_a_time
def organisations_as_csv(request: HttpRequest, address: str, moment: Moment) -> HttpResponse:
    del address
    rows = list_organisations(moment)
    return table(organisations_csv(rows, origin_of(request)), "organisations.csv")


def table(text: str, name: str) -> HttpResponse:
    response = HttpResponse(text, content_type="text/csv; charset=utf-8")
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


@only_read
@one_at_a_time
def sitemap(request: HttpRequest) -> HttpResponse:
    """All public pages; where one file cannot hold them, the list of its parts. 2 queries."""
    moment, origin = present_moment(), origin_of(request)
    with snapshot():
        parts = sitemap_parts(moment)
        entries = sitemap_part(1, moment) if parts == 1 else []
    return xml(sitemaps.urlset(entries, origin) if parts == 1 else sitemaps.index(parts, origin))


@only_read
@one_at_a_time
def part_of_sitemap(request: HttpRequest, number: str) -> HttpResponse:
    """Raises Http404 behind the last part. 1 query."""
    entries = sitemap_part(int(number), present_moment())
    if not entries:
        raise Http404
    return xml(sitemaps.urlset(entries, origin_of(request)))


def xml(text: str) -> HttpResponse:
    """Kept by whoever asked for ten minutes: 50,000 addresses take 0.3 s to write."""
    response = HttpResponse(text, content_type=sitemaps.CONTENT_TYPE)
    response.headers["Cache-Control"] = "public, max-age=600"
    return response


@only_read
def robots(request: HttpRequest) -> HttpResponse:
    """Every page has as many past moments and comparisons as somebody likes to make up."""
    lines = [
        "User-agent: *",
        "Disallow: /admin/",
        "Disallow: /preview/",
        "Disallow: /search/",
        *(f"Disallow: /*{sign}{name}=" for name in ("at", "older", "newer") for sign in "?&"),
        "",
        f"Sitemap: {origin_of(request)}/sitemap.xml",
    ]
    return plain(lines)


@only_read
def security(request: HttpRequest) -> HttpResponse:
    """Whom to tell about a weakness (RFC 9116). Raises Http404 where its date has passed."""
    expires = end_of(settings.SECURITY_TXT_EXPIRES)
    if expires <= timezone.now():
        raise Http404
    origin = origin_of(request)
    lines = [
        f"Contact: {settings.SECURITY_CONTACT or f'{origin}/'}",
        f"Expires: {expires:%Y-%m-%dT%H:%M:%SZ}",
        "Preferred-Languages: ja, en",
        f"Canonical: {origin}{SECURITY_TXT}",
    ]
    return plain(lines)


def end_of(day: date) -> datetime:
    """Its last second in Tokyo."""
    following = datetime.combine(day, time(), TOKYO) + timedelta(days=1)
    return (following - timedelta(seconds=1)).astimezone(UTC)


def plain(lines: list[str]) -> HttpResponse:
    response = HttpResponse("\n".join([*lines, ""]), content_type="text/plain; charset=utf-8")
    response.headers["Cache-Control"] = "no-cache"
    return response
