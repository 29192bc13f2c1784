"""The filter of a list by one of the officer's branches: `?under=` with the key of its page."""

from datetime import datetime

from django.db.models import OuterRef, Q, Subquery
from django.utils import timezone

from bureaus.models import Edition, Page, Placement
from bureaus.permissions import Grants


def branch_titles(grants: Grants, now: datetime) -> list[tuple[int, str]]:
    """Return the key and the title of the top page of each branch of the officer. 1 query."""
    title = Edition.objects.filter(page=OuterRef("pk")).in_force(now).values("title")[:1]
    rows = (
        Page.objects.placed(now)
        .filter(placement__path__in={path for path, _ in grants.branches})
        .order_by("placement__path")
        .values_list("pk", Subquery(title), "placement__url_path")
    )
    return [(pk, title or address) for pk, title, address in rows]


def in_chosen_branch(page: int, grants: Grants) -> Q:
    """
    Return the condition for placed editions in the branch of `page`. 1 query.

    It is nothing where the officer may not see that page.
    """
    node = Placement.objects.in_force(timezone.now()).filter(page=page).first()
    if node is None or not grants.can_view_path(node.path):
        return Q(pk__in=[])
    return Q(placement__path__gte=node.path, placement__path__lt=node.branch_end)
