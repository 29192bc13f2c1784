import re
from collections.abc import Callable
from copy import copy
from http import HTTPStatus
from io import BytesIO
from typing import Any
from urllib.parse import urlsplit

from csp.constants import HEADER
from csp.middleware import CSPMiddleware
from csp.utils import build_policy
from django.conf import settings
from django.contrib.auth.middleware import AuthenticationMiddleware
from django.contrib.sessions.middleware import SessionMiddleware
from django.core.exceptions import MiddlewareNotUsed
from django.core.handlers.wsgi import WSGIRequest
from django.http import HttpRequest, HttpResponse, HttpResponseNotFound, HttpResponseRedirect
from django.http.request import split_domain_port
from django.http.response import HttpResponseBase
from django.middleware.gzip import GZipMiddleware, re_accepts_gzip
from django.middleware.http import ConditionalGetMiddleware
from django.template.loader import render_to_string
from django.utils.cache import patch_vary_headers

from bureaus.views.errors import (
    READ_ONLY,
    SENTENCE,
    SERVER_ERROR,
    UNREADABLE,
    method_not_allowed,
    too_large,
)
from bureaus.views.outages import refusal
from bureaus.views.rendering import RenderedResponse

# Django's middleware ignores that q=0 refuses gzip.
REFUSES_GZIP = re.compile(r"gzip\s*;\s*q=0(?:\.0*)?\s*(?:,|$)")
Handler = Callable[[HttpRequest], HttpResponseBase]
ADMIN = "/admin/"
PUBLIC_FILES = ("/media/", "/documents/")
INSIDE = {"/healthz", "/livez", "/readyz", "/metrics"}
USUAL_PORTS = {"80", "443"}
NO_PAGES = "このアドレスには、ページはありません。"
FILE_ERRORS: dict[int, str] = {
    HTTPStatus.NOT_FOUND: "お探しのファイルは見つかりません。アドレスをお確かめください。",
    HTTPStatus.METHOD_NOT_ALLOWED: READ_ONLY,
    HTTPStatus.BAD_REQUEST: UNREADABLE,
}
DIGITS = 20  # of a length; more cannot matter
# Features that no page of this site uses, nor any page that it might frame.
NOTHING_ALLOWED = "camera=(), geolocation=(), microphone=(), payment=(), usb=()"


class BodyLimitMiddleware:
    """
    Refuses a body by its declared length, before a byte of it is read.

    Django limits the form fields, and spools files of any size to the disk. Only officers send
    large bodies, in the admin; so it follows the middleware that authenticates.
    """

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        length = length_in(request.META)
        if length > settings.BODY_BYTES and length > limit_for(request):
            return too_large(request)
        return self.get_response(request)


def length_in(environ: dict[str, Any]) -> int:
    """Return the declared length; Django reads a body without one as empty."""
    text = environ.get("CONTENT_LENGTH") or "0"
    return int(text[:DIGITS]) if text.isascii() and text.isdigit() else 0


def body_limit(environ: dict[str, Any]) -> int:
    """Return the limit of this sender, before the body is received. 2 queries in the admin."""
    request = WSGIRequest({**environ, "wsgi.input": BytesIO()})
    for middleware in (SessionMiddleware, AuthenticationMiddleware):
        middleware(HttpResponse).process_request(request)
    return limit_for(request)


def limit_for(request: HttpRequest) -> int:
    is_admin = request.path_info.startswith(ADMIN)
    is_officer = is_admin and getattr(request.user, "is_staff", False)
    return settings.UPLOAD_BYTES if is_officer else settings.BODY_BYTES


class RefusalMiddleware:
    """
    Answers with the refusal that the server has decided on, with the headers of every page.

    It precedes every middleware that uses the database.
    """

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        status = request.META.get("ministry.refusal")
        return refusal(request, status) if status else self.get_response(request)


class MediaHostMiddleware:
    """
    Serves public files from the host in MEDIA_ORIGIN alone, and nothing else from it.

    What an officer uploaded is then of another origin than the admin: no session and no page is in
    its reach. Files that are not public stay on the host of the site, behind its sessions.
    """

    def __init__(self, get_response: Handler) -> None:
        if not settings.MEDIA_ORIGIN:
            raise MiddlewareNotUsed
        self.get_response = get_response
        self.host = name_and_port(urlsplit(settings.MEDIA_ORIGIN).netloc)

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        is_file = request.path_info.startswith(PUBLIC_FILES)
        is_inside = request.path_info in INSIDE
        if name_and_port(request.get_host()) != self.host:
            return self.at_site(request, is_file=is_file)
        if not (is_file or is_inside):
            return HttpResponseNotFound(NO_PAGES, content_type="text/plain; charset=utf-8")
        response = self.get_response(request)
        if response.status_code >= HTTPStatus.BAD_REQUEST:
            replace_error_page(request, response)
        response.headers["Cross-Origin-Resource-Policy"] = "cross-origin"
        return response

    def at_site(self, request: HttpRequest, *, is_file: bool) -> HttpResponseBase:
        if is_file and request.method in {"GET", "HEAD"}:
            return HttpResponseRedirect(f"{settings.MEDIA_ORIGIN}{request.get_full_path()}")
        return self.get_response(request)


def replace_error_page(request: HttpRequest, response: HttpResponseBase) -> None:
    """Put a page that needs no style sheet and no navigation in the place of the site's."""
    if not isinstance(response, HttpResponse) or "text/html" not in response["Content-Type"]:
        return
    status = response.status_code
    sentence = request.META.get(SENTENCE) or FILE_ERRORS.get(status, SERVER_ERROR)
    page = render_to_string("file_error.html", {"status": status, "sentence": sentence})
    response.content = page.encode()
    for name in ("Content-Encoding", "ETag"):
        del response.headers[name]
    response.headers["Content-Length"] = str(len(response.content))


def name_and_port(host: str) -> tuple[str, str]:
    """Return the two as they are compared: in small letters, without a final dot or usual port."""
    name, port = split_domain_port(host)
    return name, "" if port in USUAL_PORTS else port


class IsolationMiddleware:
    """
    Keeps other sites from embedding anything of this one, and this one from embedding theirs.

    That includes refusals and static files.
    """

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        response = self.get_response(request)
        response.headers.setdefault("Cross-Origin-Resource-Policy", "same-origin")
        response.headers.setdefault("Cross-Origin-Embedder-Policy", "require-corp")
        response.headers.setdefault("Permissions-Policy", NOTHING_ALLOWED)
        return response


class PolicyMiddleware(CSPMiddleware):
    """django-csp's, with the policy of all public pages built once and not for each answer."""

    def __init__(self, get_response: Handler) -> None:
        super().__init__(get_response)
        self.policy = build_policy()

    def process_response(
        self, request: HttpRequest, response: HttpResponseBase
    ) -> HttpResponseBase:
        is_plain = not any(name.startswith("_csp") for name in vars(response))
        if isinstance(response, RenderedResponse) and is_plain:
            response.headers[HEADER] = self.policy
            return response
        return super().process_response(request, response)


class CompressionMiddleware(GZipMiddleware):
    """
    Compresses pages and data; streams are pictures and documents, which are compressed already.

    BREACH derives a secret from the length of compressed pages that repeat parts of the request.
    Public pages hold no secret; in the admin Django masks its tokens in each answer, and compressed
    answers get up to a hundred random bytes.
    """

    def process_response(
        self, request: HttpRequest, response: HttpResponseBase
    ) -> HttpResponseBase:
        if response.streaming or REFUSES_GZIP.search(request.META.get("HTTP_ACCEPT_ENCODING", "")):
            return response
        if isinstance(response, RenderedResponse) and response.content:
            return with_compressed_body(request, response)
        compressed: HttpResponseBase = super().process_response(request, response)
        return compressed


def with_compressed_body(request: HttpRequest, response: RenderedResponse) -> HttpResponseBase:
    """Put the body that was compressed once in the place of that of `response`."""
    patch_vary_headers(response, ["Accept-Encoding"])
    if re_accepts_gzip.search(request.META.get("HTTP_ACCEPT_ENCODING", "")):
        response.content = response.body.compressed
        response.headers["Content-Length"] = str(len(response.content))
        response.headers["Content-Encoding"] = "gzip"
        response.headers["ETag"] = f"W/{response.body.etag}"  # RFC 9110, 8.8.1
    return response


class ConditionalMiddleware(ConditionalGetMiddleware):
    """Django's, for HEAD as well: the views render whole pages for it, so the ETag is known."""

    def process_response(
        self, request: HttpRequest, response: HttpResponseBase
    ) -> HttpResponseBase:
        if request.method == "HEAD":
            request = copy(request)
            request.method = "GET"
        conditional: HttpResponseBase = super().process_response(request, response)
        return conditional


class ErrorPageMiddleware:
    """Gives an empty 405 a page, and keeps every refusal out of caches."""

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
            # The answer may differ tomorrow, and its format follows Accept.
            response.headers.setdefault("Cache-Control", "no-cache")
            patch_vary_headers(response, ["Accept"])
        return response
