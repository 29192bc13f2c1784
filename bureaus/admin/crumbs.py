"""The way from the tree down to a page, and the addresses of screens that stand elsewhere."""

from datetime import datetime

from django.urls import reverse

from bureaus.admin.keepers import paths_to
from bureaus.admin.states import state_of, with_states
from bureaus.models import Page
from bureaus.permissions import Grants

Crumbs = list[dict[str, str]]


def crumbs_above(page: Page, grants: Grants, now: datetime) -> Crumbs:
    """The tree, and the pages above `page`; those that he keeps lead to their desks. 1 query."""
    return crumbs_on(paths_to(page)[:-1], grants, now)


def crumbs_on(paths: list[str], grants: Grants, now: datetime) -> Crumbs:
    above = with_states(Page.objects.filter(path__in=paths).order_by("path"), now)
    crumbs = [
        {"title": "机", "url": reverse("admin:index")},
        {"title": "ページ", "url": reverse("admin:bureaus_page_changelist")},
    ]
    for row in above:
        sees = grants.sees(row)
        crumbs.append(
            {"title": state_of(row, sees=sees).title, "url": desk_of(row.pk) if sees else ""}
        )
    return crumbs


def crumbs_to(page: Page, grants: Grants, now: datetime) -> Crumbs:
    """The same and `page` itself, which he keeps, as the last one. 1 query."""
    return crumbs_on(paths_to(page), grants, now)


def desk_of(pk: int) -> str:
    return reverse("admin:bureaus_page_change", args=[pk])


def address_of(name: str, *args: object) -> str:
    """The address of a screen of the admin."""
    return reverse(f"admin:{name}", args=args)
