"""The officer of a request, and the names of officers on screen."""

from typing import cast

from django.contrib.auth.models import User
from django.http import HttpRequest

from bureaus.admin.core.access import request_grants
from bureaus.models import AuditEntry
from bureaus.permissions import ActorContext
from bureaus.text.formatting import OPERATOR

NO_ACCOUNT = f"（{OPERATOR}）"


def request_user(request: HttpRequest) -> User:
    """Return the officer; the admin has no anonymous requests."""
    return cast("User", request.user)


def request_actor(request: HttpRequest) -> ActorContext:
    """Return the officer with the cached grants, for blockers. Actions read the grants again."""
    officer = request_user(request)
    return ActorContext(officer.pk, request_grants(request), officer.get_username())


def display_name(actor: User | None) -> str:
    return (actor.get_full_name() or actor.get_username()) if actor else NO_ACCOUNT


def actor_name(event: AuditEntry | None) -> str:
    return display_name(event.actor) if event else ""
