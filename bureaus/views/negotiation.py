"""In which form an answer is wanted, and what answers for machines have in common."""

from collections.abc import Callable, Mapping
from typing import Any, TypeVar

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.http.response import HttpResponseBase
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_safe

View = Callable[..., HttpResponseBase]
Answer = TypeVar("Answer", bound=HttpResponseBase)
PAGE, DATA = "text/html", "application/json"


def wants_json(request: HttpRequest) -> bool:
    """True where the address or the Accept header asks for JSON rather than for a page to read."""
    if request.path_info.endswith(".json"):
        return True
    if "json" not in request.META.get("HTTP_ACCEPT", ""):
        return False  # no browser names it: nothing to weigh up, which would cost 50 µs
    try:
        return request.get_preferred_type([PAGE, DATA]) == DATA
    except ValueError:  # longer than anybody needs
        return False


def json_answer(content: Mapping[str, Any], status: int = 200) -> HttpResponse:
    options = {"ensure_ascii": False}
    return open_to_all(JsonResponse(content, status=status, json_dumps_params=options))


def open_to_all(response: Answer) -> Answer:
    """Programs on other sites may read it: it is public, and no account changes what it says."""
    response.headers["Access-Control-Allow-Origin"] = "*"
    return response


def origin_of(request: HttpRequest) -> str:
    """https://www.example.go.jp, for addresses that leave the site."""
    return f"{request.scheme}://{request.get_host()}"


def only_read(view: View) -> View:
    """GET and HEAD. It takes no POST: 405 says so, where a missing token would say 403."""
    return csrf_exempt(require_safe(view))
