"""Who is at the desk, and how officers are named on every screen."""

from typing import cast

from django.contrib.auth.models import User
from django.http import HttpRequest

from bureaus.admin.core.access import request_grants
from bureaus.models import AuditEntry
from bureaus.permissions import ActorContext

OPERATOR = "（運用の担当者）"  # who did it at the command line


def request_user(request: HttpRequest) -> User:
    """Behind the login of the admin there is always somebody."""
    return cast("User", request.user)


def request_actor(request: HttpRequest) -> ActorContext:
    """The officer with the grants at hand: to ask why not. The actions ask for them again."""
    officer = request_user(request)
    return ActorContext(officer.pk, request_grants(request), officer.get_username())


def display_name(actor: User | None) -> str:
    return (actor.get_full_name() or actor.get_username()) if actor else OPERATOR


def actor_name(event: AuditEntry | None) -> str:
    return display_name(event.actor) if event else ""
