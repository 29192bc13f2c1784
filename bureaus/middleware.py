import logging
import re
from collections.abc import Callable
from copy import copy
from http import HTTPStatus
from ipaddress import ip_address
from typing import Any, NamedTuple

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.middleware.gzip import GZipMiddleware
from django.middleware.http import ConditionalGetMiddleware
from django.utils.cache import patch_vary_headers

from bureaus.views.errors import method_not_allowed, too_large

logger = logging.getLogger(__name__)
# Django reads the name alone, and not that it is refused.
REFUSES_GZIP = re.compile(r"gzip\s*;\s*q=0(?:\.0*)?\s*(?:,|$)")
Handler = Callable[[HttpRequest], HttpResponseBase]
ADMIN = "/admin/"
DIGITS = 20  # of a length, of which more say nothing more
# What a page of ours never asks a browser for, nor any page that it might be made to frame.
NOTHING_ALLOWED = "camera=(), geolocation=(), microphone=(), payment=(), usb=()"
OF_PROXIES = ("HTTP_FORWARDED", "HTTP_X_FORWARDED", "HTTP_X_REAL_IP")
# 192.0.2.1, 192.0.2.1:4711, [2001:db8::1], [2001:db8::1]:4711, 2001:db8::1
NODE = re.compile(r"([0-9.]+)(?::\d+)?|\[([0-9A-Fa-f:.]+)\](?::\d+)?|([0-9A-Fa-f:.]+)")
NO_FORWARDED = (
    "代理サーバーから X-Forwarded-For だけが届き、Forwarded が届いていません。"
    "相手のアドレスも、HTTPS かどうかも読みません。代理サーバーに Forwarded を書かせるか、"
    "PROXY_HEADERS=x-forwarded を指定してください（docs/operations.md）。"
)


class BodyLimitMiddleware:
    """
    Refuses a body by the length that it says it has, before a byte of it is read.

    Django keeps the form fields within a limit, and spools files to the disk whatever their size.
    Large ones are for officers, in the admin; it stands inside of who tells whether one is.
    """

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        length = length_of(request)
        if length > settings.BODY_BYTES and length > limit_for(request):
            return too_large(request)
        return self.get_response(request)


def length_of(request: HttpRequest) -> int:
    """A body without a length is not read at all: Django takes it for empty."""
    text = request.META.get("CONTENT_LENGTH") or "0"
    return int(text[:DIGITS]) if text.isascii() and text.isdigit() else 0


def limit_for(request: HttpRequest) -> int:
    is_admin = request.path_info.startswith(ADMIN)
    is_officer = is_admin and getattr(request.user, "is_staff", False)
    return settings.UPLOAD_BYTES if is_officer else settings.BODY_BYTES


class IsolationMiddleware:
    """
    Keeps other sites from embedding anything of this one, and this one from embedding theirs.

    Refusals and static files included.
    """

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        response = self.get_response(request)
        response.headers.setdefault("Cross-Origin-Resource-Policy", "same-origin")
        response.headers.setdefault("Cross-Origin-Embedder-Policy", "require-corp")
        response.headers.setdefault("Permissions-Policy", NOTHING_ALLOWED)
        return response


class PackingMiddleware(GZipMiddleware):
    """
    Packs pages and data; what streams is a picture or a document, and those are packed already.

    BREACH reads a secret out of the length of packed pages that repeat what was asked. The public
    pages hold no secret; in the admin Django masks its tokens anew each time, and what is packed
    gets up to a hundred random bytes.
    """

    def process_response(
        self, request: HttpRequest, response: HttpResponseBase
    ) -> HttpResponseBase:
        if response.streaming or REFUSES_GZIP.search(request.META.get("HTTP_ACCEPT_ENCODING", "")):
            return response
        packed: HttpResponseBase = super().process_response(request, response)
        return packed


class ConditionalMiddleware(ConditionalGetMiddleware):
    """Django's, for HEAD too: the views render whole pages for it, so that the ETag is known."""

    def process_response(
        self, request: HttpRequest, response: HttpResponseBase
    ) -> HttpResponseBase:
        if request.method == "HEAD":
            request = copy(request)
            request.method = "GET"
        answered: HttpResponseBase = super().process_response(request, response)
        return answered


class ErrorPageMiddleware:
    """Gives a bare 405 a page to read, and keeps every refusal out of caches."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if (
            response.status_code == HTTPStatus.METHOD_NOT_ALLOWED
            and not response.streaming
            and not response.content
        ):
            response = method_not_allowed(request, response)
        if response.status_code >= HTTPStatus.BAD_REQUEST:
            # A refusal may be another tomorrow, and is in the form that was asked for.
            response.headers.setdefault("Cache-Control", "no-cache")
            patch_vary_headers(response, ["Accept"])
        return response


class Hop(NamedTuple):
    """What one proxy says of its peer."""

    address: str
    scheme: str


class TrustedProxiesMiddleware:
    """
    Takes address and scheme from the outermost trusted proxy, and drops every header of proxies.

    In the WSGI environment `X-Forwarded-For` and `X_Forwarded_For` are one key, and the server
    keeps the last: whoever sends the second replaces what the proxy wrote. `Forwarded` has no
    hyphen, so that no other header is taken for it (docs/adr/0029).
    """

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response
        self.has_warned = False

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        meta = request.META
        self.warn_once(meta)
        hop = trusted_hop(meta)
        for name in [name for name in meta if name.startswith(OF_PROXIES)]:
            del meta[name]
        if settings.TRUSTED_PROXIES and hop.address:
            meta["REMOTE_ADDR"] = hop.address
        if settings.HTTPS and hop.scheme == "https":
            meta["wsgi.url_scheme"] = "https"
        return self.get_response(request)

    def warn_once(self, meta: dict[str, Any]) -> None:
        is_expected = settings.PROXY_HEADERS == "forwarded" and settings.TRUSTED_PROXIES
        if is_expected and "HTTP_X_FORWARDED_FOR" in meta and "HTTP_FORWARDED" not in meta:
            if not self.has_warned:
                logger.warning("%s", NO_FORWARDED)
            self.has_warned = True


def trusted_hop(meta: dict[str, Any]) -> Hop:
    """Each proxy adds its peer at the right; what stands further left anybody can have written."""
    hops = (x_forwarded if settings.PROXY_HEADERS == "x-forwarded" else forwarded)(meta)
    count = settings.TRUSTED_PROXIES or 1
    return hops[-count] if len(hops) >= count else Hop("", "")


def forwarded(meta: dict[str, Any]) -> list[Hop]:
    """
    Read `Forwarded` (RFC 7239): `for=192.0.2.1;proto=https, for="[2001:db8::1]:4711"`.

    Cut at every comma, quoted ones too: a quotation mark that somebody left open further left
    must not swallow what the proxies wrote.
    """
    hops = []
    for element in meta.get("HTTP_FORWARDED", "").split(","):
        pairs = (pair.strip().partition("=") for pair in element.split(";"))
        said = {name.lower(): value.strip('" ') for name, _, value in pairs}
        hops.append(Hop(address_in(said.get("for", "")), said.get("proto", "").lower()))
    return hops


def x_forwarded(meta: dict[str, Any]) -> list[Hop]:
    scheme = meta.get("HTTP_X_FORWARDED_PROTO", "").partition(",")[0].strip().lower()
    addresses = meta.get("HTTP_X_FORWARDED_FOR", "").split(",")
    return [Hop(address_in(address), scheme) for address in addresses]


def address_in(node: str) -> str:
    """Return the IP address in `node`, without brackets and port; empty where there is none."""
    found = NODE.fullmatch(node.strip())
    address = next(filter(None, found.groups()), "") if found else ""
    try:
        return str(ip_address(address))
    except ValueError:
        return ""
