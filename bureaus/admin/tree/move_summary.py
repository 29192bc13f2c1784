"""The second step of a move: what it changes at the chosen moment, what blocks it, and doing it."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from http import HTTPStatus
from typing import Any

from django.contrib import messages
from django.db.models import Case, Count, Value, When, Window
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect
from django.utils import timezone

from bureaus.admin.core import version_token
from bureaus.admin.core.access import render_screen, request_grants, status_for
from bureaus.admin.core.breadcrumbs import Breadcrumb, page_detail_url, page_list_breadcrumbs
from bureaus.admin.core.page_states import visible_title
from bureaus.admin.core.place_summary import surroundings
from bureaus.admin.core.start_choice import StartChoice, release_form
from bureaus.admin.core.users import request_actor, request_user
from bureaus.admin.tree.query_params import TreeParams
from bureaus.models import Page, Placement
from bureaus.models.addresses import address_under
from bureaus.models.locks import under_tree_lock
from bureaus.models.visibility import ever_public
from bureaus.permissions import Grants
from bureaus.publishing import Blocked, Blocker, BlockerCode, move
from bureaus.publishing.blockers.tree import (
    move_availability,
    move_blockers,
    placements_at_start,
)

FIRST = 5  # addresses in the summary
CHANGED = (
    "見ている間に、このページか移動先の場所が変わりました。"
    "下の「変わること」を確かめて、よければ、もう一度移動してください。"
)


@dataclass(frozen=True, slots=True)
class Nodes:
    """Where the page and its target are at the chosen moment."""

    page: Placement
    target: Placement

    @property
    def version(self) -> str:
        return version_token.place_version([self.page.pk, self.target.pk])


@dataclass(frozen=True, slots=True)
class Change:
    old: str
    new: str
    redirects: bool


@dataclass(frozen=True, slots=True)
class Summary:
    """`count` pages change their address; `redirected` of them have been public."""

    count: int
    redirected: int
    first: tuple[Change, ...]

    @property
    def others(self) -> int:
        return self.count - len(self.first)

    @property
    def sentence(self) -> str:
        changed = f"{self.count:,}ページのアドレスが変わります。"
        if self.redirected == self.count:
            return f"この{changed}旧アドレスからは転送されます。"
        if not self.redirected:
            return f"この{changed}公開したことがないので、転送はありません。"
        public = f"公開したことのある{self.redirected:,}ページは、旧アドレスから転送されます。"
        return f"この{changed}{public}"

    @property
    def done(self) -> str:
        changed = f"{self.count:,}ページのアドレスが変わりました。"
        return f"{changed}旧アドレスからは転送されます。" if self.redirected else changed


def frame(page: Page, title: str, tree: TreeParams) -> dict[str, Any]:
    return {
        "title": f"「{title}」の移動",
        "page": page,
        "page_title": title,
        "back": tree.query,
        "back_url": tree.address,
        "breadcrumbs": page_list_breadcrumbs(
            Breadcrumb(title, page_detail_url(page.pk)), "移動", list_url=tree.address
        ),
    }


def nodes_at(page: Page, to: Page, moment: datetime) -> Nodes:
    """Read where both are at `moment`; 1 query."""
    return Nodes(*placements_at_start([page, to], moment))


def shown_nodes(page: Page, to: Page, start: StartChoice) -> Nodes:
    """Return where both are at the chosen moment; of now no query, for both are placed."""
    if start.at is None:
        return Nodes(page.placement, to.placement)
    return nodes_at(page, to, start.at)


def summary_of(nodes: Nodes, moment: datetime) -> Summary:
    """Count the changed addresses and list the first few. 1 query."""
    was_public = Case(When(ever_public(timezone.now()), then=Value(1)))
    pages = Page.objects.in_branch(nodes.page, moment).annotate(
        was_public=was_public,
        count=Window(Count("*")),
        redirected=Window(Count(was_public)),
    )
    rows = list(pages[:FIRST])
    old, new = nodes.page.url_path, address_under(nodes.target.url_path, nodes.page.slug)
    first = tuple(
        Change(row.url_path, new + row.url_path.removeprefix(old), bool(row.was_public))
        for row in rows
    )
    return Summary(rows[0].count, rows[0].redirected, first)


def blockers_of(request: HttpRequest, page: Page, to: Page, start: StartChoice) -> list[Blocker]:
    """Return the blockers of the chosen moment; without a valid one those of every moment."""
    actor = request_actor(request)
    if not start.is_valid:
        return move_availability(page=page, actor=actor)
    return move_blockers(page=page, to=to, at=start.at, actor=actor)


def summarise(
    request: HttpRequest,
    page: Any,
    to: Any,
    tree: TreeParams,
    *,
    start: StartChoice,
    refused: Iterable[Blocker] | None = None,
) -> HttpResponse:
    """Show the summary; `refused`: why the move that was just sent was refused."""
    grants = request_grants(request)
    found = blockers_of(request, page, to, start) if not refused else list(refused)
    blockers = visible_blockers(found, to, grants)
    codes = {blocker.code for blocker in blockers} - {BlockerCode.CHANGED}
    may_move = start.is_valid and codes <= {BlockerCode.FORMER_ADDRESS}
    may_release = BlockerCode.ROLE not in codes
    nodes = shown_nodes(page, to, start) if may_move else None
    context = {
        "to": to,
        "to_title": visible_title(to, grants),
        "start": start,
        "version": nodes.version if nodes else "",
        "summary": summary_of(nodes, start.moment) if nodes else None,
        "surroundings": surroundings(nodes.page, nodes.target, grants) if nodes else [],
        "blockers": blockers,
        "may_end_redirects": BlockerCode.FORMER_ADDRESS in codes,
        "may_move": may_move,
        "release": release_form(f"{page.pk}-to-{to.pk}", start) if may_release else "",
        "end_redirects": request.POST.get("end_redirects") == "1",
        "note": request.POST.get("note", ""),
    }
    status = HTTPStatus.OK if refused is None else status_for(blockers)
    whole = frame(page, visible_title(page, grants), tree) | context
    return render_screen(request, "admin/tree/move_summary.html", whole, status=status)


def visible_blockers(blockers: list[Blocker], to: Page, grants: Grants) -> list[Blocker]:
    """
    Return the blockers that the officer may read: of another branch only the missing role.

    The others would reveal unpublished pages and bookings there.
    """
    return (
        blockers
        if grants.can_view(to)
        else [each for each in blockers if each.code == BlockerCode.ROLE]
    )


def do_move(request: HttpRequest, page: Any, to: Any, tree: TreeParams) -> HttpResponse:
    start = StartChoice.read(request.POST)
    if not start.is_valid:
        return summarise(request, page, to, tree, start=start, refused=())
    summary = summary_of(shown_nodes(page, to, start), start.moment)
    try:
        moved = move_as_shown(request, page, to, start)
    except Blocked as refusal:
        return summarise(request, page, to, tree, start=start, refused=refusal.blockers)
    grants = request_grants(request)
    sentence = f"「{visible_title(page, grants)}」を「{visible_title(to, grants)}」の下へ移動"
    if start.at:
        messages.success(request, f"{start.words}に、{sentence}する予約をしました。")
        return redirect(page_detail_url(page.pk))
    messages.success(request, f"{sentence}しました。{summary.done}")
    tree = replace(tree, show=moved.pk, after=0)
    if tree.looks_for:
        tree = TreeParams(show=moved.pk)
    return HttpResponseRedirect(f"{tree.address}#p{moved.pk}")


@under_tree_lock
def move_as_shown(request: HttpRequest, page: Page, to: Page, start: StartChoice) -> Page:
    """Move the page where both places are those that the summary has shown. Raises Blocked."""
    sent = request.POST.get(version_token.FIELD, "")
    if sent:
        stored = nodes_at(page, to, start.moment).version
        version_token.raise_if_place_changed(sent, stored, CHANGED)
    return move(
        page=page,
        to=to,
        at=start.at,
        actor=request_user(request),
        note=request.POST.get("note", "").strip(),
        end_redirects=request.POST.get("end_redirects") == "1",
    )
