"""In which form an answer is wanted, and what answers for machines have in common."""

import re
from collections.abc import Callable, Mapping
from functools import wraps
from typing import Any, TypeVar

from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.http.request import split_domain_port
from django.http.response import HttpResponseBase
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_safe

View = Callable[..., HttpResponseBase]
Answer = TypeVar("Answer", bound=HttpResponseBase)
PAGE, DATA = "text/html", "application/json"
CHARSET = re.compile(r";\s*charset=[^,;]*")


def wants_json(request: HttpRequest) -> bool:
    """True where the address or the Accept header asks for JSON rather than for a page to read."""
    if request.path_info.endswith(".json"):
        return True
    asked = request.META.get("HTTP_ACCEPT", "").lower()
    if "json" not in asked:
        return False  # no browser names it: nothing to weigh up, which would cost 50 µs
    wish = HttpRequest()  # Django takes a media type with a charset, or in capitals, for another
    wish.META["HTTP_ACCEPT"] = CHARSET.sub("", asked)
    try:
        return wish.get_preferred_type([PAGE, DATA]) == DATA
    except ValueError:  # longer than anybody needs
        return False


def json_answer(content: Mapping[str, Any], status: int = 200) -> HttpResponse:
    options = {"ensure_ascii": False}
    return JsonResponse(content, status=status, json_dumps_params=options)


def open_to_all(response: Answer) -> Answer:
    """Programs on other sites may read it: it is public, and no account changes what it says."""
    response.headers["Access-Control-Allow-Origin"] = "*"
    response.headers["Access-Control-Expose-Headers"] = "ETag"
    return response


def origin_of(request: HttpRequest) -> str:
    """https://www.example.go.jp, for addresses that leave the site: one, whoever asks for it."""
    return settings.SITE_ORIGIN or f"{request.scheme}://{public_host(request)}"


def public_host(request: HttpRequest) -> str:
    """
    Return the allowed host that was asked for, without a port that anybody may have made up.

    ALLOWED_HOSTS does not look at the port, and caches keep what is written with it. Only the
    port at which this server itself listens is known, and only without a proxy is it public.
    """
    name, port = split_domain_port(request.get_host())
    is_direct = not settings.TRUSTED_PROXIES and not request.is_secure()
    return f"{name}:{port}" if port and is_direct and port == request.get_port() else name


def only_read(view: View) -> View:
    """
    GET and HEAD, also by programs on other sites, refusals and redirects included.

    It takes no POST: 405 says so, where a missing token would say 403.
    """

    @csrf_exempt
    @require_safe
    @wraps(view)
    def reading(*args: Any, **kwargs: Any) -> HttpResponseBase:
        return open_to_all(view(*args, **kwargs))

    return reading
