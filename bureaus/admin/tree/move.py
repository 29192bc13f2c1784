"""
Moving a page in two steps: choose the target, then read the summary and confirm.

A drag in the tree leads to the same summary. GET requests change nothing.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, cast

from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from bureaus.admin.core.access import (
    admin_screen,
    get_visible_page,
    render_screen,
    request_grants,
)
from bureaus.admin.core.choices import typed_address
from bureaus.admin.core.cleaning import parse_key
from bureaus.admin.core.page_states import annotate_states
from bureaus.admin.core.start_choice import StartChoice
from bureaus.admin.core.title_search import title_condition
from bureaus.admin.tree.move_summary import do_move, frame, summarise
from bureaus.admin.tree.query_params import TreeParams, clean_words, tree_params
from bureaus.admin.tree.rows import Row, branch, rows_of
from bureaus.admin.tree.search import LISTED
from bureaus.models import KINDS_UNDER, Kind, Page, Role
from bureaus.models.placements import STEP, ancestor_paths, branch_end
from bureaus.permissions import Grants
from bureaus.publishing import Blocker, BlockerCode
from bureaus.publishing.blockers.tree import move_availability

OUTSIDE = 5  # places of others that are named where the officer's own have no such words
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
    return summarise(request, page, to, tree, start=StartChoice.read(request.GET))


def page_and_target(request: HttpRequest, pk: int, key: int, address: str) -> tuple[Any, Any]:
    """Return the page and the target, None if it is not visible, with their states. 1 query."""
    now = timezone.now()
    typed = typed_address(address)
    place = Q(pk=key) if key else Q(placement__url_path=typed)
    placed = Page.objects.placed(now).visible_to(request_grants(request), now)
    pages = placed.filter(Q(pk=pk) | place)
    found = {page.pk: page for page in annotate_states(pages, now)}
    page = found.get(pk)
    if page is None or not request_grants(request).can_view(page):
        return get_visible_page(request, pk), None
    to = (each for each in found.values() if each.pk == key or (not key and each.url_path == typed))
    return page, next(to, None)


# Choosing the target


def choose(
    request: HttpRequest, page: Page, tree: TreeParams, *, is_lost: bool = False
) -> HttpResponse:
    """List the possible targets that the officer manages: by words, or level by level."""
    now, data = timezone.now(), request.GET
    unavailable = move_availability(page=page, actor=request.user)
    words = clean_words(data.get("q", ""))
    managed = request_grants(request).in_branches(Role.MANAGER, is_placed=True)
    here = level_of(page, parse_key(data.get("in")), managed)
    outside: list[int] = []
    if words:
        keys, outside = find_targets(words, [page], managed, request_grants(request), now)
    else:
        keys = around(here, page, managed) if here is not None else []
    rows = sorted(
        rows_of([*keys[:LISTED], *outside, page.pk], request_grants(request), now).values(),
        key=lambda row: row.path,
    )
    foreign = [row for row in rows if row.pk in outside]
    rows = [row for row in rows if row.pk not in outside]
    title = next(row.title for row in rows if row.pk == page.pk)
    context = {
        "blockers": unavailable or ([NO_PLACE] if is_lost else []),
        "may_move": not unavailable,
        "words": words,
        "address": data.get("address", ""),
        "is_cut": len(keys) > LISTED,
        "outside": foreign,
        "places": rows if words else below_of(here, rows),
        "above": [] if words else above_of(here, rows),
    }
    return render_screen(request, "admin/tree/move.html", frame(page, title, tree) | context)


def find_targets(
    words: str, pages: Sequence[Page], managed: Q, grants: Grants, now: datetime
) -> tuple[list[int], list[int]]:
    """
    Return the possible targets of all `pages` with these words; where there are none, of others.

    At most 6 queries.
    """
    named = title_condition(words, grants, now)
    for page in pages:
        named &= can_be_parent_of(page)
    placed = Page.objects.placed(now).order_by("placement__path")
    own = list(placed.filter(named & managed).values_list("pk", flat=True)[: LISTED + 1])
    if own:
        return own, []
    return [], list(placed.filter(named).values_list("pk", flat=True)[:OUTSIDE])


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
