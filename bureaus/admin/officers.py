"""Who is at the desk, and how officers are named on every screen."""

from typing import cast

from django.contrib.auth.models import User
from django.http import HttpRequest

from bureaus.admin.doors import grants
from bureaus.models import Event
from bureaus.permissions import Known

OPERATOR = "（運用の担当者）"  # who did it at the command line


def officer_of(request: HttpRequest) -> User:
    """Behind the login of the admin there is always somebody."""
    return cast("User", request.user)


def asking(request: HttpRequest) -> Known:
    """The officer with the grants at hand: to ask why not. The verbs ask for them again."""
    officer = officer_of(request)
    return Known(officer.pk, grants(request), officer.get_username())


def name_of(actor: User | None) -> str:
    return (actor.get_full_name() or actor.get_username()) if actor else OPERATOR


def who(event: Event | None) -> str:
    return name_of(event.actor) if event else ""
