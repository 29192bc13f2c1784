"""429 for clients that exceed the rate, with the moment from which they are answered again."""

from collections.abc import Callable
from functools import wraps
from http import HTTPStatus
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string

from bureaus.security.addresses import client_address
from bureaus.security.rates import seconds_to_wait
from bureaus.views.negotiation import json_response, wants_json

TOO_OFTEN = (
    "短い間に同じ所から{limit}回を超える求めがあったため、受け付けませんでした。"
    "{seconds}秒たってから、もう一度お試しください。"
)


def limited(setting: str) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """
    Limit the requests of an address to a view to those that the setting allows a minute.

    Behind a proxy that is not trusted all citizens have one address: nobody is counted then.
    """

    def decorate(view: Callable[..., Any]) -> Callable[..., Any]:
        @wraps(view)
        def counted(request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
            if not settings.TRUSTED_PROXIES and "X-Forwarded-For" in request.headers:
                return view(request, *args, **kwargs)
            refused = too_often(request, setting, client_address(request) or "unknown")
            return refused or view(request, *args, **kwargs)

        return counted

    return decorate


def too_often(request: HttpRequest, setting: str, client: str) -> HttpResponse | None:
    """Count this request of `client`; return the refusal where it is one too many."""
    limit = getattr(settings, setting)
    seconds = seconds_to_wait(setting, client, limit)
    if not seconds:
        return None
    message = TOO_OFTEN.format(limit=limit, seconds=seconds)
    if wants_json(request):
        response = json_response({"error": message}, HTTPStatus.TOO_MANY_REQUESTS)
    else:
        page = render_to_string("too_often.html", {"message": message})
        response = HttpResponse(page, status=HTTPStatus.TOO_MANY_REQUESTS)
    response.headers["Retry-After"] = str(seconds)
    response.headers["Cache-Control"] = "no-store"
    return response
