"""
A cookie that tells the script of the public pages that this browser has a login.

It holds no credential and no name. The public side never reads it: its pages and their caches
are the same for everybody (docs/adr/0048).
"""

from collections.abc import Callable
from http import HTTPStatus

from django.conf import settings
from django.http import HttpRequest, HttpResponse

ADMIN = "/admin/"
HINT = "officer"


class EditLinkHintMiddleware:
    """Sets the cookie in the answers of the admin, and removes it where there is no login."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        # Without a database nobody knows who is there, and to ask again would fail again.
        is_outage = response.status_code == HTTPStatus.SERVICE_UNAVAILABLE
        if is_outage or not request.path_info.startswith(ADMIN):
            return response
        has_login, has_hint = request.user.is_authenticated, HINT in request.COOKIES
        if has_login and not has_hint:
            response.set_cookie(
                HINT,
                "1",
                max_age=settings.SESSION_COOKIE_AGE,
                secure=settings.SESSION_COOKIE_SECURE,
                httponly=False,  # the script of the public pages reads it
                samesite="Strict",
            )
        elif has_hint and not has_login:
            response.delete_cookie(HINT, samesite="Strict")
        return response
