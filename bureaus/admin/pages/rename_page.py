"""The form that changes the slug of a page, with a summary before the change."""

from collections.abc import Sequence
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any

from django.contrib import messages
from django.db.models import Count, Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from bureaus.admin.core import access
from bureaus.admin.core.access import status_for
from bureaus.admin.core.breadcrumbs import page_breadcrumbs, page_detail_url
from bureaus.admin.core.cleaning import clean_line, clean_lines
from bureaus.admin.core.users import request_actor, request_user
from bureaus.models import Page
from bureaus.models.addresses import SLUG, SLUG_LENGTH, address_under, parent_address
from bureaus.models.visibility import ever_public
from bureaus.publishing import Blocked, Blocker, BlockerCode, rename
from bureaus.publishing.blockers.blocker import raise_if_blocked
from bureaus.publishing.blockers.tree import rename_availability, rename_blockers

EXAMPLES = 10


@dataclass(frozen=True, slots=True)
class Change:
    """
    What a new address changes: how many pages, and which old addresses lead to new ones.

    An address that never answered leads nowhere; of those that did, the first few.
    """

    address: str
    pages: int
    redirects: int
    examples: tuple[tuple[str, str], ...]

    @property
    def further(self) -> int:
        return self.redirects - len(self.examples)


@access.admin_screen
@require_http_methods(["GET", "HEAD", "POST"])
def rename_page(request: HttpRequest, pk: int) -> HttpResponse:
    """
    Ask for the new part; with `?slug=` show what it would change; by POST change it.

    At most 15 queries, whatever the size of the branch.
    """
    page = access.get_visible_page(request, pk)
    officer = request_actor(request)
    raise_if_blocked(rename_availability(page=page, actor=officer))
    slug, end_redirects = clean_line(request, "slug"), bool(clean_line(request, "end_redirects"))
    if request.method != "POST":
        blockers = rename_blockers(page=page, slug=slug, actor=officer) if slug else []
        return form(request, page, slug, blockers)
    try:
        renamed = rename(
            page=page,
            slug=slug,
            actor=request_user(request),
            note=clean_lines(request, "note"),
            end_redirects=end_redirects,
        )
    except Blocked as refusal:
        status = status_for(refusal.blockers)
        return form(
            request, page, slug, refusal.blockers, end_redirects=end_redirects, status=status
        )
    messages.success(request, f"アドレスを「{renamed.url_path}」に変えました。")
    return redirect(page_detail_url(page.pk))


def form(
    request: HttpRequest,
    page: Page,
    slug: str,
    blockers: Sequence[Blocker],
    *,
    end_redirects: bool = False,
    status: int = HTTPStatus.OK,
) -> HttpResponse:
    """Show the form; a former address alone can be overridden by ending its redirects."""
    now = timezone.now()
    grants = access.request_grants(request)
    stops = [blocker for blocker in blockers if blocker.code != BlockerCode.FORMER_ADDRESS]
    former = [blocker for blocker in blockers if blocker.code == BlockerCode.FORMER_ADDRESS]
    context: dict[str, Any] = {
        "title": "アドレスの末尾を変える",
        "breadcrumbs": page_breadcrumbs(page, "アドレスの末尾", grants, now),
        "page": page,
        "parent_address": parent_address(page.url_path),
        "slug": slug or page.slug,
        "slug_length": SLUG_LENGTH,
        "slug_pattern": SLUG.pattern,
        "note": clean_lines(request, "note"),
        "stops": stops,
        "former": former,
        "end_redirects": end_redirects,
        "change": change_of(page, slug) if slug and not stops else None,
    }
    return access.render_screen(request, "admin/pages/rename_page.html", context, status=status)


def change_of(page: Page, slug: str) -> Change:
    """Count the pages and redirects that a new slug changes. 2 queries."""
    new = address_under(parent_address(page.url_path), slug)
    now = timezone.now()
    branch = Page.objects.in_branch(page.placement, now)
    is_known = Q(ever_public(now))
    counts = branch.order_by().aggregate(pages=Count("pk"), redirects=Count("pk", filter=is_known))
    known = branch.ever_public(now).values_list("placement__url_path", flat=True)[:EXAMPLES]
    examples = tuple((old, new + old.removeprefix(page.url_path)) for old in known)
    return Change(new, counts["pages"], counts["redirects"], examples)
