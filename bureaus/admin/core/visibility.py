"""Of which pages an officer may know that they exist."""

from datetime import datetime

from django.db.models import Exists, OuterRef, Q

from bureaus.models import Edition
from bureaus.permissions import Grants


def ever_public(now: datetime) -> Exists:
    return Exists(Edition.objects.filter(page=OuterRef("pk"), live_from__lte=now))


def sees_all(grants: Grants) -> bool:
    """Whether he keeps the whole site: then no row has to be asked whether he may know of it."""
    return grants.sees_whole_site


def visible_to(grants: Grants, now: datetime) -> Q:
    """The condition for pages of whose existence the officer may know."""
    if sees_all(grants):
        return Q()
    return grants.branches_of() | Q(ever_public(now))
