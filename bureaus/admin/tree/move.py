"""
Moving a page in two steps: choose the target, then read the summary and confirm.

A drag in the tree leads to the same summary. GET requests change nothing.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from http import HTTPStatus
from typing import Any, cast

from django.contrib import messages
from django.db.models import Case, Count, Q, Value, When, Window
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils import timezone

from bureaus.admin.core.access import (
    admin_screen,
    get_visible_page,
    render_screen,
    request_grants,
    status_for,
)
from bureaus.admin.core.breadcrumbs import (
    Breadcrumb,
    page_detail_url,
    page_list_breadcrumbs,
)
from bureaus.admin.core.cleaning import parse_key
from bureaus.admin.core.page_states import annotate_states, page_state
from bureaus.admin.tree.query_params import TreeParams, clean_words, tree_params
from bureaus.admin.tree.rows import Row, branch, rows_of
from bureaus.admin.tree.search import LISTED, find_in_tree
from bureaus.models import KINDS_UNDER, Kind, Page, Role
from bureaus.models.addresses import address_under
from bureaus.models.placements import STEP, ancestor_paths, branch_end
from bureaus.models.visibility import ever_public
from bureaus.permissions import Grants
from bureaus.publishing import Blocked, Blocker, BlockerCode, move
from bureaus.publishing.audit import Actor
from bureaus.publishing.blockers.tree import move_availability, move_blockers

FIRST = 5  # addresses in the summary
NO_PLACE = Blocker(
    BlockerCode.TARGET,
    "移動先のページが見つかりません。一覧から選ぶか、アドレスを入れ直してください。",
)


@admin_screen
def move_page(request: HttpRequest, pk: int) -> HttpResponse:
    """Show the steps, at most 15 queries; POST moves, with the queries of `publishing.move`."""
    data = request.POST if request.method == "POST" else request.GET
    tree = tree_params(data.get("back", ""))
    key, address = parse_key(data.get("to")), data.get("address", "").strip()
    if not key and not address:
        page = get_visible_page(request, pk)
        return choose(request, page, tree, is_lost="to" in data)
    page, to = page_and_target(request, pk, key, address)
    if to is None:
        return choose(request, page, tree, is_lost=True)
    if request.method == "POST":
        return do_move(request, page, to, tree)
    return summarise(request, page, to, tree)


def page_and_target(request: HttpRequest, pk: int, key: int, address: str) -> tuple[Any, Any]:
    """Return the page and the target, None if it is not visible, with their states. 1 query."""
    now = timezone.now()
    steps = clean_words(address).strip("/")
    typed = f"/{steps}/" if steps else "/"
    place = Q(pk=key) if key else Q(placement__url_path=typed)
    placed = Page.objects.placed(now).visible_to(request_grants(request), now)
    pages = placed.filter(Q(pk=pk) | place)
    found = {page.pk: page for page in annotate_states(pages, now)}
    page = found.get(pk)
    if page is None or not request_grants(request).can_view(page):
        return get_visible_page(request, pk), None
    to = (each for each in found.values() if each.pk == key or (not key and each.url_path == typed))
    return page, next(to, None)


def title_of(page: Any, grants: Grants) -> str:
    return page_state(page, sees=grants.can_view(page)).title


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


# Choosing the target


def choose(
    request: HttpRequest, page: Page, tree: TreeParams, *, is_lost: bool = False
) -> HttpResponse:
    """List the possible targets that the officer manages: by words, or level by level."""
    now, data = timezone.now(), request.GET
    unavailable = move_availability(page=page, actor=request.user)
    words = clean_words(data.get("q", ""))
    managed = request_grants(request).in_branches(Role.MANAGER)
    here = level_of(page, parse_key(data.get("in")), managed)
    if words:
        params = TreeParams(words=words)
        targets = managed & can_be_parent_of(page)
        keys = find_in_tree(
            params, grants=request_grants(request), now=now, actor=request.user, only=targets
        )
    else:
        keys = around(here, page, managed) if here is not None else []
    rows = sorted(
        rows_of([*keys[:LISTED], page.pk], request_grants(request), now).values(),
        key=lambda row: row.path,
    )
    title = next(row.title for row in rows if row.pk == page.pk)
    context = {
        "blockers": unavailable or ([NO_PLACE] if is_lost else []),
        "may_move": not unavailable,
        "words": words,
        "address": data.get("address", ""),
        "is_cut": len(keys) > LISTED,
        "places": rows if words else below_of(here, rows),
        "above": [] if words else above_of(here, rows),
    }
    return render_screen(request, "admin/tree/move.html", frame(page, title, tree) | context)


def can_be_parent_of(page: Page) -> Q:
    """Return the condition for pages that may be the parent of `page`: kind, not its branch."""
    kinds = [str(kind) for kind, allowed in KINDS_UNDER.items() if Kind(page.kind) in allowed]
    outside = Q(placement__path__lt=page.path) | Q(placement__path__gte=branch_end(page.path))
    return Q(kind__in=kinds) & outside


def level_of(page: Page, key: int, managed: Q) -> Page | None:
    """Return the level to choose from: the one asked for, or the page's own. 1 query."""
    wanted = Q(pk=key) if key else Q(placement__path__in=ancestor_paths(page.path))
    placed = Page.objects.placed(timezone.now()).filter(managed).filter(wanted)
    return cast("Page | None", placed.order_by("-placement__depth").first())


def around(here: Page, page: Page, managed: Q) -> list[int]:
    """Return the keys of `here`, its ancestors and the possible targets among its children."""
    above = [*ancestor_paths(here.path), here.path]
    right_below = Q(placement__depth=here.depth + 1, **branch(here.path)) & can_be_parent_of(page)
    placed = Page.objects.placed(timezone.now()).order_by("placement__path")
    pages = placed.filter(managed).filter(Q(placement__path__in=above) | right_below)
    return list(pages.values_list("pk", flat=True)[: LISTED + 1])


def above_of(here: Page | None, rows: Sequence[Row]) -> list[Row]:
    return [row for row in rows if here is not None and here.path.startswith(row.path)]


def below_of(here: Page | None, rows: Sequence[Row]) -> list[Row]:
    if here is None:
        return []
    return [row for row in rows if row.path[:-STEP] == here.path]


# The summary


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


def summary_of(page: Page, to: Page, now: datetime) -> Summary:
    """Count the changed addresses and list the first few. 1 query."""
    was_public = Case(When(ever_public(now), then=Value(1)))
    pages = Page.objects.in_branch(page.placement, now).annotate(
        was_public=was_public,
        count=Window(Count("*")),
        redirected=Window(Count(was_public)),
    )[:FIRST]
    new = address_under(to.url_path, page.slug)
    rows = list(pages)
    first = tuple(
        Change(row.url_path, new + row.url_path.removeprefix(page.url_path), bool(row.was_public))
        for row in rows
    )
    return Summary(rows[0].count, rows[0].redirected, first)


def summarise(
    request: HttpRequest,
    page: Any,
    to: Any,
    tree: TreeParams,
    *,
    refused: Iterable[Blocker] = (),
) -> HttpResponse:
    blockers = visible_blockers(
        list(refused) or move_blockers(page=page, to=to, actor=request.user),
        to,
        request_grants(request),
    )
    codes = {blocker.code for blocker in blockers}
    context = {
        "to": to,
        "to_title": title_of(to, request_grants(request)),
        "summary": None if BlockerCode.ROOT in codes else summary_of(page, to, timezone.now()),
        "blockers": blockers,
        "may_end_redirects": BlockerCode.FORMER_ADDRESS in codes,
        "may_move": codes <= {BlockerCode.FORMER_ADDRESS},
        "end_redirects": request.POST.get("end_redirects") == "1",
        "note": request.POST.get("note", ""),
    }
    status = status_for(blockers) if refused else HTTPStatus.OK
    whole = frame(page, title_of(page, request_grants(request)), tree) | context
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
    summary = summary_of(page, to, timezone.now())
    try:
        moved = move(
            page=page,
            to=to,
            actor=cast("Actor", request.user),
            note=request.POST.get("note", "").strip(),
            end_redirects=request.POST.get("end_redirects") == "1",
        )
    except Blocked as refusal:
        return summarise(request, page, to, tree, refused=refusal.blockers)
    titles = title_of(page, request_grants(request)), title_of(to, request_grants(request))
    messages.success(request, f"「{titles[0]}」を「{titles[1]}」の下へ移動しました。{summary.done}")
    tree = replace(tree, show=moved.pk, after=0)
    if tree.looks_for:
        tree = TreeParams(show=moved.pk)
    return HttpResponseRedirect(f"{tree.address}#p{moved.pk}")
