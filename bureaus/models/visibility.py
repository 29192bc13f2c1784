"""
The rules of visibility, each once: what is public when, and what an officer may know of.

They are conditions on the interval of an edition. An edition that is not approved has none (a
constraint of the table), so no condition looks at the state. `prefix` leads from the model of the
queryset to its edition: `edition__`.
"""

from datetime import datetime
from typing import Protocol

from django.apps import apps
from django.db.models import Exists, OuterRef, Q
from django.db.models.expressions import Combinable
from django.db.models.functions import Now

At = datetime | Combinable  # a moment, or an expression for one


class Viewer(Protocol):
    """What a queryset has to know of an officer: `permissions.Grants`."""

    @property
    def can_view_whole_site(self) -> bool: ...

    def in_branches(self, *, prefix: str = "", is_placed: bool = False) -> Q: ...


class FileViewer(Viewer, Protocol):
    """What a queryset of files has to know of an officer besides."""

    @property
    def is_unlimited(self) -> bool: ...

    @property
    def has_any_role(self) -> bool: ...

    @property
    def officer(self) -> int | None: ...

    def shares_branch_with(self, user: str) -> Exists: ...


def begun(at: At, prefix: str = "") -> Q:
    """In force at `at` or before: the public can read it, now or at a past moment."""
    return Q(**{f"{prefix}live_from__lte": at})


def not_ended(at: At, prefix: str = "") -> Q:
    """Not replaced by `at`: in force, booked or open."""
    return Q(**{f"{prefix}live_until": None}) | Q(**{f"{prefix}live_until__gt": at})


def is_hidden(prefix: str = "") -> Q:
    """
    Hidden while an urgent proposal to seal is not decided.

    By the clock of the database: it holds at every moment that a citizen asks for.
    """
    return Q(**{f"{prefix}hidden_until__gt": Now()})


def not_hidden(prefix: str = "") -> Q:
    return Q(**{f"{prefix}hidden_until": None}) | Q(**{f"{prefix}hidden_until__lte": Now()})


def visible_editions(viewer: Viewer, now: datetime, prefix: str = "") -> Q:
    """The condition for editions that the officer may read: once public, or in their branches."""
    if viewer.can_view_whole_site:
        return Q()
    return begun(now, prefix) | viewer.in_branches(prefix=f"{prefix}page__")


def ever_public(at: At, page: str = "pk") -> Exists:
    """The condition for pages, to which `page` leads, that are public at `at` or were before."""
    editions = apps.get_model("bureaus", "Edition")._default_manager
    return Exists(editions.filter(begun(at), page=OuterRef(page)))


def visible_pages(viewer: Viewer, now: datetime, *, is_placed: bool = False) -> Q:
    """The condition for pages, `is_placed` or not, of whose existence the officer may know."""
    if viewer.can_view_whole_site:
        return Q()
    return viewer.in_branches(is_placed=is_placed) | Q(ever_public(now))
