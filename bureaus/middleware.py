from collections.abc import Callable
from http import HTTPStatus

from django.http import HttpRequest, HttpResponse

from bureaus.views.errors import method_not_allowed


class ErrorPageMiddleware:
    """Gives a bare 405 a page to read, as every other refusal has."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if (
            response.status_code == HTTPStatus.METHOD_NOT_ALLOWED
            and not response.streaming
            and not response.content
        ):
            return method_not_allowed(response)
        return response
