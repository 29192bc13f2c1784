"""How often a password may be wrong: django-axes, with an address and a page of our own."""

from datetime import datetime, timedelta
from http import HTTPStatus
from ipaddress import IPv6Address, ip_address, ip_network
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

HOUSE = 64  # bits of an IPv6 address that one house is given; the rest it chooses as it likes


def client_address(request: HttpRequest) -> str | None:
    """
    Who asks: the peer, or what the outermost of TRUSTED_PROXIES proxies says was its peer.

    Each proxy adds its peer at the right of X-Forwarded-For; what stands further left anybody can
    have written. Of an IPv6 address the network counts.
    """
    peer = counted(request.META.get("REMOTE_ADDR", ""))
    trusted = settings.TRUSTED_PROXIES
    hops = request.META.get("HTTP_X_FORWARDED_FOR", "").split(",")
    if not trusted or len(hops) < trusted:
        return peer
    return counted(hops[-trusted]) or peer


def counted(claimed: str) -> str | None:
    try:
        address = ip_address(claimed.strip())
    except ValueError:
        return None
    if not isinstance(address, IPv6Address):
        return str(address)
    if address.ipv4_mapped:
        return str(address.ipv4_mapped)
    return str(ip_network((int(address), HOUSE), strict=False).network_address)


class Limiter(AxesDatabaseHandler):
    """Counts failures of a name from an address, and of an address whatever the name."""

    def get_failures(self, request: HttpRequest, credentials: Any = None) -> int:
        """The worse of the two counts, in the measure of the first; 2 queries."""
        of_name, of_address = (
            sum(attempts.values_list("failures_since_start", flat=True))
            for attempts in self.get_user_attempts(request, credentials)
        )
        return int(max(of_name, of_address // settings.NAMES_OF_AN_ADDRESS))

    def reset_user_attempts(self, request: HttpRequest, credentials: Any = None) -> int:
        """
        Forget what this officer mistyped here, and nothing else.

        As axes has it, whoever may log in could forget all that came from his address, and go on
        guessing at his colleague's password.
        """
        own, _ = self.filter_user_attempts(request, credentials)
        count, _ = own.delete()
        return int(count)

    def free_again(self, request: HttpRequest, credentials: Any) -> datetime:
        """The moment at which enough failures are too old to count."""
        limits = (
            settings.AXES_FAILURE_LIMIT,
            settings.AXES_FAILURE_LIMIT * settings.NAMES_OF_AN_ADDRESS,
        )
        both = zip(self.get_user_attempts(request, credentials), limits, strict=True)
        moments = [reached(attempts, limit) for attempts, limit in both]
        now = timezone.now()
        return max((at + settings.AXES_COOLOFF_TIME for at in moments if at), default=now)


def reached(attempts: QuerySet[Any], limit: int) -> datetime | None:
    """When the failure happened that makes `limit` of them, counted back from the last."""
    failures = 0
    rows = attempts.order_by("-attempt_time").values_list("attempt_time", "failures_since_start")
    for at, count in rows:
        failures += count
        if failures >= limit:
            moment: datetime = at
            return moment
    return None


def locked_out(request: HttpRequest, _response: object, credentials: Any) -> HttpResponse:
    """429, with the moment from which it is worth trying again."""
    again = Limiter().free_again(request, credentials)
    wait = max(1, round((again - timezone.now()) / timedelta(seconds=1)))
    # The minute that is shown is one in which it works.
    context = {
        "title": "ログインを止めています",
        "site_header": admin.site.site_header,
        "site_title": admin.site.site_title,
        "again": japanese_time(again + timedelta(seconds=59)),
    }
    response = render(
        request, "login/locked_out.html", context, status=HTTPStatus.TOO_MANY_REQUESTS
    )
    response.headers["Retry-After"] = str(wait)
    add_never_cache_headers(response)
    return response
