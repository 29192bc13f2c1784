from collections.abc import Callable

from django.http import HttpRequest
from django.http.response import HttpResponseBase

from ministry_site.request_records import current_record

Handler = Callable[[HttpRequest], HttpResponseBase]


class UserKeyMiddleware:
    """
    Notes the key of the account for the log, if the request has read the account.

    It precedes the middleware that authenticates, and causes no query.
    """

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        response = self.get_response(request)
        if record := current_record():
            record.user = getattr(getattr(request, "_cached_user", None), "pk", None)
        return response
