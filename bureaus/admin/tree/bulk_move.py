"""Moving several pages below one: choose the target, read what each becomes, and confirm."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import reduce
from operator import and_
from typing import Any

from django.contrib import messages
from django.db.models import Q
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils import timezone

from bureaus.admin.core import version_token
from bureaus.admin.core.access import admin_screen, render_screen, request_grants
from bureaus.admin.core.breadcrumbs import page_list_breadcrumbs
from bureaus.admin.core.choices import typed_address
from bureaus.admin.core.cleaning import parse_key
from bureaus.admin.core.page_states import annotate_states, visible_title
from bureaus.admin.core.start_choice import StartChoice
from bureaus.admin.core.users import request_actor, request_user
from bureaus.admin.tree.bulk_selection import (
    NOTHING,
    Failure,
    back_with_warning,
    pages_of_request,
    say_failures,
)
from bureaus.admin.tree.move import NO_PLACE, can_be_parent_of, find_targets
from bureaus.admin.tree.move_summary import nodes_at, visible_blockers
from bureaus.admin.tree.query_params import TreeParams, clean_words, tree_params
from bureaus.admin.tree.rows import rows_of
from bureaus.admin.tree.search import LISTED
from bureaus.models import Page, Role
from bureaus.models.addresses import address_under
from bureaus.models.locks import under_tree_lock
from bureaus.publishing import Blocked, Blocker, BlockerCode, move
from bureaus.publishing.blockers.tree import move_availability, move_blockers

TITLE = "選んだページの移動"
WITH_ANOTHER = "選んだ「{above}」の下にあるので、それと一緒に動きます。"
CHANGED = "見ている間に、このページか移動先の場所が変わりました。確かめてから、やり直してください。"


@dataclass(frozen=True, slots=True)
class Planned:
    """A page that is to move: its addresses, the version that was shown, or the blockers."""

    page: Any
    title: str
    address: str = ""
    version: str = ""
    blockers: Sequence[Blocker] = ()


@admin_screen
def move_pages(request: HttpRequest) -> HttpResponse:
    """
    Show the steps; POST moves each page in a transaction of its own.

    At most 12 queries and 9 a page; POST 50 a page.
    """
    data = request.POST if request.method == "POST" else request.GET
    tree, pages = tree_params(data.get("back", "")), pages_of_request(request)
    if not pages:
        return back_with_warning(request, tree, NOTHING)
    to = target_of(request)
    if to is None:
        return choose(request, pages, tree, is_lost=bool(data.get("to") or data.get("address")))
    start = StartChoice.read(data)
    if request.method != "POST" or not start.is_valid:
        return summarise(request, pages, to, tree, start)
    return do_move(request, pages, to, tree, start)


def target_of(request: HttpRequest) -> Any:
    """Return the chosen target with its states, None if there is none that is visible. 1 query."""
    data = request.POST if request.method == "POST" else request.GET
    key, address = parse_key(data.get("to")), data.get("address", "").strip()
    if not key and not address:
        return None
    grants, now = request_grants(request), timezone.now()
    chosen = Q(pk=key) if key else Q(placement__url_path=typed_address(address))
    return annotate_states(
        Page.objects.placed(now).visible_to(grants, now).filter(chosen), now
    ).first()


def frame(pages: Sequence[Any], tree: TreeParams) -> dict[str, Any]:
    return {
        "title": TITLE,
        "pages": pages,
        "back": tree.query,
        "back_url": tree.address,
        "breadcrumbs": page_list_breadcrumbs(TITLE, list_url=tree.address),
    }


# Choosing the target


def choose(
    request: HttpRequest, pages: Sequence[Any], tree: TreeParams, *, is_lost: bool
) -> HttpResponse:
    """List the possible targets that the officer manages: by words, or the first of all."""
    grants, now = request_grants(request), timezone.now()
    words = clean_words(request.GET.get("q", ""))
    managed = grants.in_branches(Role.MANAGER, is_placed=True)
    keys, outside = (
        find_targets(words, pages, managed, grants, now)
        if words
        else (first_targets(pages, managed, now), [])
    )
    rows = rows_of([*keys[:LISTED], *outside, *(page.pk for page in pages)], grants, now)
    context = {
        "blockers": [NO_PLACE] if is_lost else [],
        "words": words,
        "address": request.GET.get("address", ""),
        "chosen": [rows[page.pk] for page in pages if page.pk in rows],
        "places": [rows[key] for key in keys[:LISTED] if key in rows],
        "outside": [rows[key] for key in outside if key in rows],
        "is_cut": len(keys) > LISTED,
    }
    return render_screen(request, "admin/tree/bulk_move.html", frame(pages, tree) | context)


def first_targets(pages: Sequence[Page], managed: Q, now: datetime) -> list[int]:
    """Return the first pages, in the order of the tree, below which all of `pages` fit. 1 query."""
    fits = reduce(and_, (can_be_parent_of(page) for page in pages))
    found = Page.objects.placed(now).filter(managed & fits).order_by("placement__path")
    return list(found.values_list("pk", flat=True)[: LISTED + 1])


# What each page becomes


def summarise(
    request: HttpRequest, pages: Sequence[Any], to: Any, tree: TreeParams, start: StartChoice
) -> HttpResponse:
    planned = list(plan(request, pages, to, start))
    grants = request_grants(request)
    context = {
        "to": to,
        "to_title": visible_title(to, grants),
        "start": start,
        "ready": [one for one in planned if not one.blockers] if start.is_valid else [],
        "not_ready": [one for one in planned if one.blockers],
        "note": request.POST.get("note", ""),
    }
    return render_screen(request, "admin/tree/bulk_move_summary.html", frame(pages, tree) | context)


def plan(
    request: HttpRequest, pages: Sequence[Any], to: Any, start: StartChoice
) -> Iterator[Planned]:
    """Yield what becomes of each page, in the order of the tree. At most 9 queries a page."""
    grants, actor = request_grants(request), request_actor(request)
    moving: list[Any] = []
    for page in pages:
        title = visible_title(page, grants)
        above = next((each for each in moving if page.path.startswith(each.path)), None)
        if above is not None:
            sentence = WITH_ANOTHER.format(above=visible_title(above, grants))
            yield Planned(page, title, blockers=[Blocker(BlockerCode.ALREADY, sentence)])
            continue
        found = (
            move_blockers(page=page, to=to, at=start.at, actor=actor)
            if start.is_valid
            else move_availability(page=page, actor=actor)
        )
        if found or not start.is_valid:
            yield Planned(page, title, blockers=visible_blockers(found, to, grants))
            continue
        moving.append(page)
        nodes = nodes_at(page, to, start.moment)
        address = address_under(nodes.target.url_path, nodes.page.slug)
        yield Planned(page, title, address=address, version=nodes.version)


# Doing it


def do_move(
    request: HttpRequest, pages: Sequence[Any], to: Any, tree: TreeParams, start: StartChoice
) -> HttpResponse:
    grants = request_grants(request)
    shown = set(request.POST.getlist(version_token.FIELD))
    failures: list[Failure] = []
    for page in pages:
        try:
            move_as_shown(request, page, to, start, shown)
        except Blocked as refusal:
            found = visible_blockers(list(refusal.blockers), to, grants)
            failures.append(Failure(visible_title(page, grants), page.url_path, found))
    if done := len(pages) - len(failures):
        verb = f"{start.words}に移動する予約をしました" if start.at else "移動しました"
        messages.success(request, f"{done}ページを「{visible_title(to, grants)}」の下へ{verb}。")
    if failures:
        say_failures(request, failures, f"{len(failures)}ページはできませんでした：")
    place = TreeParams(show=to.pk, under=tree.under) if not start.at else tree
    return HttpResponseRedirect(place.address)


@under_tree_lock
def move_as_shown(
    request: HttpRequest, page: Page, to: Page, start: StartChoice, shown: set[str]
) -> None:
    """Move a page where both places are those that the summary has shown. Raises Blocked."""
    if nodes_at(page, to, start.moment).version not in shown:
        raise Blocked([Blocker(BlockerCode.CHANGED, CHANGED)])
    note = request.POST.get("note", "").strip()
    move(page=page, to=to, at=start.at, actor=request_user(request), note=note)
