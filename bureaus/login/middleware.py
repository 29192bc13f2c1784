"""Below /admin/: the security log, the limits of sessions, the second factor."""

import time
from collections.abc import Callable
from http import HTTPStatus
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import logout
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse

from bureaus.login.second_factor import has_factor
from bureaus.login.sessions import ADDRESS, BEGAN, BROWSER, SEEN
from bureaus.security.addresses import client_address
from bureaus.security.log import SecurityEvent, logged_request, record_event
from bureaus.views.rates import too_often

Handler = Callable[[HttpRequest], HttpResponse]
ADMIN = "/admin/"
LOGIN, LOGOUT = "/admin/login/", "/admin/logout/"
CODE, SET_UP = "/admin/second-factor/", "/admin/second-factor/set-up/"
OPEN = {LOGIN, LOGOUT, CODE}
REMAINING = "/admin/sessions/remaining/"
# What a public page requests by itself, and what a page of the admin does while nobody is there.
NO_ACTIVITY = {"/admin/bureaus/page/editable/", REMAINING}
AGENT_LENGTH = 200  # characters of a User-Agent
SEEN_INTERVAL = 60  # seconds between two writes of SEEN to the session
IDLE = "しばらく操作がなかったため、ログインを終わりました。もう一度ログインしてください。"
OVER = "ログインしてから{}時間たったため、ログインを終わりました。もう一度ログインしてください。"

# What a browser forgets when a session ends. Not "cookies": that would reach the other hosts of
# the ministry's domain; the session's own cookie is deleted.
FORGET = '"cache", "storage"'


class SecurityLogMiddleware:
    """Names the request in the security log, and records each refused one."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if not request.path_info.startswith(ADMIN):
            return self.get_response(request)
        with logged_request(request):
            response = self.get_response(request)
            if response.status_code == HTTPStatus.FORBIDDEN:
                record_event(
                    SecurityEvent.ACCESS,
                    refused=True,
                    method=request.method,
                    path=request.path_info,
                )
            if request.method == "POST" and request.path_info == LOGOUT:
                response.headers["Clear-Site-Data"] = FORGET
        return response


def begin(request: HttpRequest, **_signal: Any) -> None:
    """Record when, from where and with what the login is (receiver of Django's signal)."""
    session, now = request.session, int(time.time())
    session[BEGAN] = session[SEEN] = now
    session[ADDRESS] = client_address(request)
    session[BROWSER] = request.META.get("HTTP_USER_AGENT", "")[:AGENT_LENGTH]


class FormRateMiddleware:
    """Limits what one officer sends to the admin in a minute, or one address without a login."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.method == "POST" and request.path_info.startswith(ADMIN):
            officer = request.user.pk
            client = f"account-{officer}" if officer else client_address(request) or "unknown"
            if refusal := too_often(request, "FORM_RATE", client):
                return refusal
        return self.get_response(request)


class SessionLimitsMiddleware:
    """
    Ends a session that was idle for too long or is too old.

    Writes at most once a minute, not for NO_ACTIVITY, and reads no session outside the admin.
    """

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.path_info.startswith(ADMIN) and request.user.is_authenticated:
            now = int(time.time())
            if sentence := reason_to_end(request, now):
                return end(request, sentence) or self.get_response(request)
            is_due = now - request.session[SEEN] >= SEEN_INTERVAL
            if is_due and request.path_info not in NO_ACTIVITY:
                request.session[SEEN] = now
        return self.get_response(request)


def reason_to_end(request: HttpRequest, now: int) -> str:
    """Return why the session ends, or an empty text. A session of unknown age is too old."""
    began, seen = request.session.get(BEGAN, 0), request.session.get(SEEN, 0)
    if now - began >= settings.SESSION_COOKIE_AGE:
        return OVER.format(settings.SESSION_HOURS)
    if now - seen >= settings.IDLE_MINUTES * 60:
        return IDLE
    return ""


def end(request: HttpRequest, sentence: str) -> HttpResponse | None:
    """Log out and redirect to the login, unless the request is for the login."""
    record_event(SecurityEvent.SESSION_ENDED, reason="idle" if sentence == IDLE else "age")
    logout(request)
    is_at_login = request.path_info == LOGIN
    if not is_at_login or request.method == "GET":  # a POST of the password needs no warning
        messages.warning(request, sentence)
    if is_at_login:
        return None
    came_from = ADMIN if request.path_info == LOGOUT else request.get_full_path()
    response = redirect_to_login(came_from, LOGIN)
    response.headers["Clear-Site-Data"] = FORGET
    return response


class SecondFactorMiddleware:
    """Redirects officers without the required second factor to the page of its code or set-up."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        path = request.path_info
        page = required_page(request) if path.startswith(ADMIN) and path not in OPEN else ""
        if page and page != path:
            return redirect_to_login(request.get_full_path(), page)
        return self.get_response(request)


def required_page(request: HttpRequest) -> str:
    """Return the page of the code or of the set-up, or an empty text. At most 1 query."""
    officer: Any = request.user
    if not officer.is_authenticated or officer.is_verified():
        return ""
    if has_factor(officer):
        return CODE
    return SET_UP if settings.SECOND_FACTOR else ""
