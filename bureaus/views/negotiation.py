"""Content negotiation between HTML and JSON, and what all public responses share."""

import json
import re
from collections.abc import Callable, Mapping
from functools import wraps
from typing import Any, TypeVar

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.http.request import split_domain_port
from django.http.response import HttpResponseBase
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_safe

ViewFunction = Callable[..., HttpResponseBase]
Response = TypeVar("Response", bound=HttpResponseBase)
HTML, JSON = "text/html", "application/json"
CHARSET = re.compile(r";\s*charset=[^,;]*")


def wants_json(request: HttpRequest) -> bool:
    """Return whether the address or the Accept header prefers JSON to HTML."""
    if is_json_address(request):
        return True
    accept = request.META.get("HTTP_ACCEPT", "").lower()
    if "json" not in accept:
        return False  # no browser names it, and the comparison would cost 50 µs
    plain = HttpRequest()  # Django takes a media type with a charset, or in capitals, for another
    plain.META["HTTP_ACCEPT"] = CHARSET.sub("", accept)
    try:
        return plain.get_preferred_type([HTML, JSON]) == JSON
    except ValueError:  # too long
        return False


def is_json_address(request: HttpRequest) -> bool:
    """Return whether the address is that of JSON, whatever the Accept header prefers."""
    return request.path_info.endswith(".json")


def json_response(content: Mapping[str, Any], status: int = 200) -> HttpResponse:
    return HttpResponse(json_bytes(content), content_type=JSON, status=status)


def json_bytes(content: Mapping[str, Any]) -> bytes:
    return json.dumps(content, ensure_ascii=False).encode()


def allow_any_origin(response: Response) -> Response:
    """Let programs on other sites read `response`: it is public, and the same for every account."""
    response.headers["Access-Control-Allow-Origin"] = "*"
    response.headers["Access-Control-Expose-Headers"] = "ETag, Link, Memento-Datetime"
    return response


def origin_of(request: HttpRequest) -> str:
    """Return https://www.example.go.jp, the one origin of absolute addresses."""
    return settings.SITE_ORIGIN or f"{request.scheme}://{public_host(request)}"


def public_host(request: HttpRequest) -> str:
    """
    Return the allowed host of the request, without a port that a client may have made up.

    ALLOWED_HOSTS ignores the port, and caches keep pages that contain it. Only the port at which
    this server itself listens is known, and it is public only without a proxy.
    """
    name, port = split_domain_port(request.get_host())
    is_direct = not settings.TRUSTED_PROXIES and not request.is_secure()
    return f"{name}:{port}" if port and is_direct and port == request.get_port() else name


def read_only(view: ViewFunction) -> ViewFunction:
    """
    Serve GET and HEAD, also to programs on other sites.

    To a POST the answer is 405, where a missing CSRF token would make it 403.
    """

    @csrf_exempt
    @require_safe
    @wraps(view)
    def serve(*args: Any, **kwargs: Any) -> HttpResponseBase:
        return allow_any_origin(view(*args, **kwargs))

    return serve
