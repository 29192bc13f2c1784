"""The way from the tree down to a page, and the addresses of screens that stand elsewhere."""

from datetime import datetime

from django.urls import reverse

from bureaus.admin.core.page_states import annotate_states, page_state
from bureaus.admin.core.role_holders import ancestor_paths
from bureaus.models import Page
from bureaus.permissions import Grants

Crumbs = list[dict[str, str]]


def breadcrumbs_above(page: Page, grants: Grants, now: datetime) -> Crumbs:
    """The tree, and the pages above `page`; those that he keeps lead to their desks. 1 query."""
    return breadcrumbs_on(ancestor_paths(page)[:-1], grants, now)


def breadcrumbs_on(paths: list[str], grants: Grants, now: datetime) -> Crumbs:
    above = annotate_states(Page.objects.filter(path__in=paths).order_by("path"), now)
    crumbs = [
        {"title": "机", "url": reverse("admin:index")},
        {"title": "ページ", "url": reverse("admin:bureaus_page_changelist")},
    ]
    for row in above:
        sees = grants.can_view(row)
        crumbs.append(
            {
                "title": page_state(row, sees=sees).title,
                "url": page_detail_url(row.pk) if sees else "",
            }
        )
    return crumbs


def breadcrumbs_to(page: Page, grants: Grants, now: datetime) -> Crumbs:
    """The same and `page` itself, which he keeps, as the last one. 1 query."""
    return breadcrumbs_on(ancestor_paths(page), grants, now)


def page_detail_url(pk: int) -> str:
    return reverse("admin:bureaus_page_change", args=[pk])


def admin_url(name: str, *args: object) -> str:
    """The address of a screen of the admin."""
    return reverse(f"admin:{name}", args=args)
