"""
Django's middleware of sessions and accounts, which the requests of citizens do not pass.

A public page is the same for everybody and sets no cookie. Its address needs neither a session
nor an account, and pays for neither (docs/adr/0067).
"""

from typing import Any

from django.contrib.auth.middleware import AuthenticationMiddleware
from django.contrib.messages.middleware import MessageMiddleware
from django.contrib.sessions.middleware import SessionMiddleware
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django_otp.middleware import OTPMiddleware

# Files that are not public yet are shown to the officers who may see them.
OFFICER_ADDRESSES = ("/admin", "/media/", "/documents/")


def is_for_officers(request: HttpRequest) -> bool:
    """Return whether the answer may depend on who is logged in."""
    return request.path_info.startswith(OFFICER_ADDRESSES)


class OfficersOnly:
    """Mixin: passes on every other request untouched."""

    get_response: Any

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if not is_for_officers(request):
            return self.get_response(request)  # type: ignore[no-any-return]
        return super().__call__(request)  # type: ignore[misc,no-any-return]


class OfficerSessionMiddleware(OfficersOnly, SessionMiddleware):
    pass


class OfficerAuthenticationMiddleware(OfficersOnly, AuthenticationMiddleware):
    pass


class OfficerOTPMiddleware(OfficersOnly, OTPMiddleware):
    pass


class OfficerMessageMiddleware(OfficersOnly, MessageMiddleware):
    pass
