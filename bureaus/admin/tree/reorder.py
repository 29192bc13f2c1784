"""Reordering the children of a page: by numbers, by buttons, or by dragging with a script."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from bureaus.admin.core import version_token
from bureaus.admin.core.access import (
    admin_screen,
    get_visible_page,
    render_screen,
    request_grants,
    status_for,
)
from bureaus.admin.core.breadcrumbs import page_breadcrumbs, page_detail_url
from bureaus.admin.core.cleaning import clean_lines
from bureaus.admin.core.place_summary import title_of, with_titles
from bureaus.admin.core.start_choice import StartChoice
from bureaus.admin.core.users import request_actor, request_user
from bureaus.admin.tree.query_params import TreeParams, tree_params
from bureaus.admin.tree.typed_order import TypedOrder, step_of, stepped
from bureaus.models import IN_THE_TREE, Page, Placement
from bureaus.models.locks import under_tree_lock
from bureaus.models.placements import sibling_position
from bureaus.publishing import Blocked, Blocker
from bureaus.publishing.actions.tree import reorder
from bureaus.publishing.blockers.blocker import raise_if_blocked
from bureaus.publishing.blockers.tree import (
    REORDERED_MOST,
    placement_at_start,
    reorder_availability,
    reorder_blockers,
)

CHANGED = (
    "見ている間に、下のページか並び順が変わりました（または、選んだ日時には違う並びです）。"
    "いまの一覧に合わせました。順番を確かめて、よければ、もう一度保存してください。"
)


@dataclass(frozen=True, slots=True)
class Siblings:
    """The children of a page at the chosen moment, as stored: all but the news."""

    version: str
    rows: Mapping[int, Any]  # the placements with their titles, by the page, in order

    @property
    def too_many(self) -> bool:
        return len(self.rows) > REORDERED_MOST


@dataclass(frozen=True, slots=True)
class Row:
    """A page in the list; `focus`: the button that was just pressed, by its name."""

    pk: int
    title: str
    url_path: str
    number: str
    error: str
    focus: str


def siblings_at(page: Page, start: StartChoice) -> Siblings:
    """Read the children at the chosen moment; 1 query, 2 for a booked moment."""
    moment = start.moment
    node = placement_at_start(page, start.at) if start.at else page.placement
    children = Placement.objects.children_of(node).in_force(moment).filter(kind__in=IN_THE_TREE)
    placed = children.annotate(place=sibling_position(moment, "page", ""))
    found = with_titles(placed, timezone.now()).order_by("place", "path")
    rows = {row.page_id: row for row in found[: REORDERED_MOST + 1]}
    version = version_token.place_version([node.pk, *(row.pk for row in rows.values())])
    return Siblings(version, rows)


@admin_screen
@require_http_methods(["GET", "HEAD", "POST"])
def reorder_page(request: HttpRequest, pk: int) -> HttpResponse:
    """Show the list, or what the pressed button makes of it; `save` stores it. 15 queries."""
    page = get_visible_page(request, pk)
    raise_if_blocked(reorder_availability(parent=page, actor=request_actor(request)))
    if request.method != "POST":
        start = StartChoice.read(request.GET)
        siblings = siblings_at(page, start)
        order = TypedOrder.read(request.POST, siblings.rows)
        blockers = blockers_of(request, page, siblings, order.keys, start)
        return screen(request, page, siblings, order, start, blockers=blockers)
    return pressed(request, page, StartChoice.read(request.POST))


def blockers_of(
    request: HttpRequest,
    page: Page,
    siblings: Siblings,
    keys: Sequence[int],
    start: StartChoice,
) -> list[Blocker]:
    """Return what blocks any order of the children at the chosen moment. 5 queries."""
    if not start.is_valid or not siblings.rows:
        return []
    children = [siblings.rows[key].page for key in keys]
    return reorder_blockers(
        parent=page, children=children, at=start.at, actor=request_actor(request)
    )


def pressed(request: HttpRequest, page: Page, start: StartChoice) -> HttpResponse:
    siblings = siblings_at(page, start)
    order = TypedOrder.read(request.POST, siblings.rows)
    if order.errors:
        status = HTTPStatus.UNPROCESSABLE_ENTITY
        return screen(request, page, siblings, order, start, status=status)
    button = request.POST.get("do", "")
    keys = stepped(order.arranged, *step_of(button))
    next_order = TypedOrder(tuple(keys), {})
    if button != "save":
        return screen(request, page, siblings, next_order, start, button=button)
    if not start.is_valid:
        status = HTTPStatus.UNPROCESSABLE_ENTITY
        return screen(request, page, siblings, next_order, start, status=status)
    try:
        reorder_as_shown(request, page, keys, start)
    except Blocked as refusal:
        refused = list(refusal.blockers)
        return screen(
            request, page, siblings, next_order, start, blockers=refused, status=status_for(refused)
        )
    return reported(request, page, siblings, start)


@under_tree_lock
def reorder_as_shown(
    request: HttpRequest, page: Page, keys: Iterable[int], start: StartChoice
) -> None:
    """Store the order where the children are those that the form has shown. Raises Blocked."""
    siblings = siblings_at(page, start)
    sent = request.POST.get(version_token.FIELD, "")
    version_token.raise_if_place_changed(sent, siblings.version, CHANGED)
    children = [siblings.rows[key].page for key in keys if key in siblings.rows]
    reorder(
        parent=page,
        children=children,
        at=start.at,
        actor=request_user(request),
        note=clean_lines(request, "note"),
    )


def reported(
    request: HttpRequest, page: Page, siblings: Siblings, start: StartChoice
) -> HttpResponse:
    count = len(siblings.rows)
    if start.at:
        messages.success(request, f"{start.words}に、{count}ページを並べ替える予約をしました。")
        return redirect(page_detail_url(page.pk))
    messages.success(request, f"{count}ページを並べ替えました。")
    back = request.POST.get("back", "")
    tree = tree_params(back) if back else TreeParams(under=page.pk)
    if tree.looks_for:
        tree = TreeParams(under=page.pk)
    return HttpResponseRedirect(f"{tree.with_open(page.pk).address}#p{page.pk}")


def screen(
    request: HttpRequest,
    page: Page,
    siblings: Siblings,
    order: TypedOrder,
    start: StartChoice,
    *,
    blockers: Sequence[Blocker] = (),
    button: str = "",
    status: int = HTTPStatus.OK,
) -> HttpResponse:
    grants = request_grants(request)
    context = {
        "title": "下のページの並べ替え",
        "breadcrumbs": page_breadcrumbs(page, "並べ替え", grants, timezone.now()),
        "page": page,
        "rows": [] if siblings.too_many else rows_of(request, siblings, order, button),
        "version": siblings.version,
        "start": start,
        "blockers": blockers,
        "note": clean_lines(request, "note"),
        "back": tree_params(request.GET.get("back", "") or request.POST.get("back", "")).query,
    }
    return render_screen(request, "admin/tree/reorder.html", context, status=status)


def rows_of(request: HttpRequest, siblings: Siblings, order: TypedOrder, button: str) -> list[Row]:
    grants = request_grants(request)
    key, steps = step_of(button)
    return [
        Row(
            pk=pk,
            title=title_of(siblings.rows[pk], grants),
            url_path=siblings.rows[pk].url_path,
            number=order.numbers.get(pk, str(place)),
            error=order.errors.get(pk, ""),
            focus=focus_of(steps, place, len(order.keys)) if pk == key else "",
        )
        for place, pk in enumerate(order.keys, 1)
    ]


def focus_of(steps: int, place: int, count: int) -> str:
    """Return the button that keeps the focus: at an end of the list, the other one."""
    if place == 1:
        return "down"
    return "up" if steps < 0 or place == count else "down"
