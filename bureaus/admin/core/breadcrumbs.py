"""The breadcrumbs of all screens of the admin, and the addresses of screens."""

from collections.abc import Iterable
from datetime import datetime
from typing import NamedTuple

from django.urls import reverse

from bureaus.admin.core.page_states import annotate_states, page_state
from bureaus.admin.core.role_holders import paths_down_to
from bureaus.models import Edition, Page
from bureaus.models.placements import ancestor_paths
from bureaus.permissions import Grants


class Breadcrumb(NamedTuple):
    """`url` is empty for the current screen and for a page that the officer may not open."""

    title: str
    url: str = ""


Breadcrumbs = list[Breadcrumb]


def admin_url(name: str, *args: object) -> str:
    """Return the address of a screen of the admin."""
    return reverse(f"admin:{name}", args=args)


def page_detail_url(pk: int) -> str:
    return admin_url("bureaus_page_change", pk)


def breadcrumbs(*further: Breadcrumb | str) -> Breadcrumbs:
    """Return the dashboard and what follows it; a string is a title without a link."""
    links = (each if isinstance(each, Breadcrumb) else Breadcrumb(each) for each in further)
    return [Breadcrumb("ホーム", admin_url("index")), *links]


def page_list_breadcrumbs(*further: Breadcrumb | str, list_url: str = "") -> Breadcrumbs:
    """Return the dashboard, the list of pages (in the state of `list_url`) and what follows."""
    return breadcrumbs(
        Breadcrumb("ページ", list_url or admin_url("bureaus_page_changelist")), *further
    )


def above_page_breadcrumbs(page: Page, here: str, grants: Grants, now: datetime) -> Breadcrumbs:
    """Return the list of pages, the ancestors of `page` and the screen `here`. 1 query."""
    return page_list_breadcrumbs(*page_links(ancestor_paths(page.path), grants, now), here)


def page_breadcrumbs(page: Page, here: str, grants: Grants, now: datetime) -> Breadcrumbs:
    """Return the list of pages, the ancestors of `page`, `page` and the screen `here`. 1 query."""
    return page_list_breadcrumbs(*page_links(paths_down_to(page), grants, now), here)


def page_links(paths: Iterable[str], grants: Grants, now: datetime) -> Breadcrumbs:
    """Return the pages at these tree paths; those in the officer's branches have a link."""
    pages = Page.objects.placed(now).filter(placement__path__in=paths)
    rows = annotate_states(pages.order_by("placement__path"), now)
    return [
        Breadcrumb(page_state(row, sees=sees).title, page_detail_url(row.pk) if sees else "")
        for row in rows
        for sees in (grants.can_view(row),)
    ]


def edition_breadcrumbs(edition: Edition, here: str) -> Breadcrumbs:
    """Return the list of pages, the page of `edition` and the screen `here`. No query."""
    page = Breadcrumb(edition.title or "（無題）", page_detail_url(edition.page_id))
    return page_list_breadcrumbs(page, here)
