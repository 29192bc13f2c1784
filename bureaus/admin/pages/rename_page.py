"""The form that changes the slug of a page, with a summary before the change."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from http import HTTPStatus
from typing import Any

from django.contrib import messages
from django.db.models import Case, Count, F, Value, When, Window
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from bureaus.admin.core import access, version_token
from bureaus.admin.core.access import status_for
from bureaus.admin.core.breadcrumbs import page_breadcrumbs, page_detail_url
from bureaus.admin.core.cleaning import clean_line, clean_lines
from bureaus.admin.core.start_choice import StartChoice, release_form
from bureaus.admin.core.users import request_actor, request_user
from bureaus.models import Page, Placement
from bureaus.models.addresses import SLUG, SLUG_LENGTH, address_under, parent_address
from bureaus.models.locks import under_tree_lock
from bureaus.models.visibility import ever_public
from bureaus.publishing import Blocked, Blocker, BlockerCode, rename
from bureaus.publishing.blockers.blocker import raise_if_blocked
from bureaus.publishing.blockers.tree import (
    placement_at_start,
    rename_availability,
    rename_blockers,
)

EXAMPLES = 10
CHANGED = (
    "見ている間に、このページの場所が変わりました。"
    "下の「変わること」を確かめて、よければ、もう一度変えてください。"
)


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
    Ask for the new part and the start; with `?slug=` show what would change; by POST change it.

    At most 15 queries, whatever the size of the branch.
    """
    page = access.get_visible_page(request, pk)
    officer = request_actor(request)
    raise_if_blocked(rename_availability(page=page, actor=officer))
    slug = clean_line(request, "slug")
    if request.method == "POST":
        return do_rename(request, page, slug)
    start = StartChoice.read(request.GET)
    is_ready = bool(slug) and start.is_valid
    blockers = rename_blockers(page=page, slug=slug, at=start.at, actor=officer) if is_ready else []
    return form(request, page, slug, start, blockers)


def do_rename(request: HttpRequest, page: Page, slug: str) -> HttpResponse:
    start = StartChoice.read(request.POST)
    if not start.is_valid:
        return form(request, page, slug, start, (), status=HTTPStatus.UNPROCESSABLE_ENTITY)
    try:
        rename_as_shown(request, page, slug, start)
    except Blocked as refusal:
        status = status_for(refusal.blockers)
        return form(request, page, slug, start, refusal.blockers, status=status)
    address = placement_at_start(page, start.moment).url_path
    if start.at:
        done = f"{start.words}に、アドレスを「{address}」に変える予約をしました。"
    else:
        done = f"アドレスを「{address}」に変えました。"
    messages.success(request, done)
    return redirect(page_detail_url(page.pk))


@under_tree_lock
def rename_as_shown(request: HttpRequest, page: Page, slug: str, start: StartChoice) -> None:
    """Change the slug where the place is the one that the form has shown. Raises Blocked."""
    sent = request.POST.get(version_token.FIELD, "")
    if sent:
        stored = version_of(placement_at_start(page, start.moment))
        version_token.raise_if_place_changed(sent, stored, CHANGED)
    rename(
        page=page,
        slug=slug,
        at=start.at,
        actor=request_user(request),
        note=clean_lines(request, "note"),
        end_redirects=bool(clean_line(request, "end_redirects")),
    )


def version_of(node: Placement) -> str:
    return version_token.place_version([node.pk])


def form(
    request: HttpRequest,
    page: Page,
    slug: str,
    start: StartChoice,
    blockers: Sequence[Blocker],
    *,
    status: int = HTTPStatus.OK,
) -> HttpResponse:
    """Show the form; a former address alone can be overridden by ending its redirects."""
    now = timezone.now()
    grants = access.request_grants(request)
    node = placement_at_start(page, start.at) if start.at else page.placement
    context: dict[str, Any] = {
        "title": "アドレスの末尾を変える",
        "breadcrumbs": page_breadcrumbs(page, "アドレスの末尾", grants, now),
        "page": page,
        "parent_address": parent_address(node.url_path),
        "slug": slug or page.slug,
        "slug_length": SLUG_LENGTH,
        "slug_pattern": SLUG.pattern,
        "note": clean_lines(request, "note"),
        "start": start,
        "version": version_of(node),
        **explained(blockers),
        "end_redirects": bool(clean_line(request, "end_redirects")),
        "release": release_form(f"{page.pk}-slug-{slug}", start) if SLUG.fullmatch(slug) else "",
    }
    if slug and start.is_valid and not context["stops"]:
        context["change"] = change_of(node, slug, start.moment)
    return access.render_screen(request, "admin/pages/rename_page.html", context, status=status)


def explained(blockers: Sequence[Blocker]) -> dict[str, list[Blocker]]:
    """Sort the blockers: what stops the change, what may be overridden, what only has changed."""
    by_code = {BlockerCode.FORMER_ADDRESS: "former", BlockerCode.CHANGED: "changed"}
    found: dict[str, list[Blocker]] = {"stops": [], "former": [], "changed": []}
    for blocker in blockers:
        found[by_code.get(blocker.code, "stops")].append(blocker)
    return found


def change_of(node: Placement, slug: str, moment: datetime) -> Change:
    """Count the pages and redirects that a new slug changes from `moment` on. 1 query."""
    new = address_under(parent_address(node.url_path), slug)
    is_known = Case(When(ever_public(timezone.now()), then=Value(1)))
    branch = Page.objects.in_branch(node, moment).annotate(is_known=is_known)
    rows = list(
        branch.annotate(pages=Window(Count("*")), redirects=Window(Count("is_known")))
        .order_by(F("is_known").asc(nulls_last=True), "placement__path")
        .values_list("placement__url_path", "is_known", "pages", "redirects")[:EXAMPLES]
    )
    _, _, pages, redirects = rows[0]
    known = (old for old, is_known, *_ in rows if is_known)
    examples = tuple((old, new + old.removeprefix(node.url_path)) for old in known)
    return Change(new, pages, redirects, examples)
