"""The limit of failed logins: django-axes, with our own counts and page."""

from datetime import datetime, timedelta
from http import HTTPStatus
from typing import Any

from axes.handlers.database import AxesDatabaseHandler
from django.conf import settings
from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.cache import add_never_cache_headers

from bureaus.text.formatting import japanese_time


class Limiter(AxesDatabaseHandler):
    """Counts failures of a name from an address, and of an address whatever the name."""

    def get_failures(self, request: HttpRequest, credentials: Any = None) -> int:
        """Return the larger of the two counts, scaled to the limit of a name; 2 queries."""
        of_name, of_address = (
            sum(attempts.values_list("failures_since_start", flat=True))
            for attempts in self.get_user_attempts(request, credentials)
        )
        return int(max(of_name, of_address // settings.NAMES_OF_AN_ADDRESS))

    def reset_user_attempts(self, request: HttpRequest, credentials: Any = None) -> int:
        """
        Delete the failures of this name at this address, and no others.

        With axes' default, the owner of any account could clear all failures of their address by
        logging in, and go on guessing at a colleague's password.
        """
        own, _ = self.filter_user_attempts(request, credentials)
        count, _ = own.delete()
        return int(count)

    def unlock_moment(self, request: HttpRequest, credentials: Any) -> datetime:
        """Return the moment at which enough failures are too old to count."""
        limits = (
            settings.AXES_FAILURE_LIMIT,
            settings.AXES_FAILURE_LIMIT * settings.NAMES_OF_AN_ADDRESS,
        )
        both = zip(self.get_user_attempts(request, credentials), limits, strict=True)
        moments = [reached(attempts, limit) for attempts, limit in both]
        now = timezone.now()
        return max((at + settings.AXES_COOLOFF_TIME for at in moments if at), default=now)


def reached(attempts: QuerySet[Any], limit: int) -> datetime | None:
    """Return the moment of the failure that reaches `limit`, counted back from the last."""
    failures = 0
    rows = attempts.order_by("-attempt_time").values_list("attempt_time", "failures_since_start")
    for at, count in rows:
        failures += count
        if failures >= limit:
            moment: datetime = at
            return moment
    return None


def locked_out(request: HttpRequest, _response: object, credentials: Any) -> HttpResponse:
    """Return 429, with the moment from which a login can succeed."""
    unlocked = Limiter().unlock_moment(request, credentials)
    wait = max(1, round((unlocked - timezone.now()) / timedelta(seconds=1)))
    # Rounded up, so that a login succeeds in the displayed minute.
    context = {
        "title": "ログインを止めています",
        "site_header": admin.site.site_header,
        "site_title": admin.site.site_title,
        "again": japanese_time(unlocked + timedelta(seconds=59)),
    }
    response = render(
        request, "login/locked_out.html", context, status=HTTPStatus.TOO_MANY_REQUESTS
    )
    response.headers["Retry-After"] = str(wait)
    add_never_cache_headers(response)
    return response
