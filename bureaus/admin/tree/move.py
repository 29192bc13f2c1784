"""
Moving a page: where to, then what it will change, and only then the button.

A drag in the tree leads to the same summary. Nothing is moved by looking at any of this.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from http import HTTPStatus
from typing import Any, cast

from django.contrib import messages
from django.db.models import Case, Count, Q, QuerySet, Value, When, Window
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils import timezone

from bureaus.admin.core.access import admin_screen, get_visible_page, render_screen, request_grants
from bureaus.admin.core.breadcrumbs import (
    Breadcrumb,
    page_detail_url,
    page_list_breadcrumbs,
)
from bureaus.admin.core.cleaning import parse_key
from bureaus.admin.core.page_states import annotate_states, page_state
from bureaus.admin.tree.query_params import TreeParams, clean_words, tree_params
from bureaus.admin.tree.rows import STEP, Row, branch, rows_of
from bureaus.admin.tree.search import LISTED, find_in_tree
from bureaus.models import KINDS_UNDER, Kind, Page, Role
from bureaus.models.addresses import address_under
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
    """At most 15 queries to look; with the button those of `publishing.move` come on top."""
    given = request.POST if request.method == "POST" else request.GET
    came_from = tree_params(given.get("back", ""))
    key, address = parse_key(given.get("to")), given.get("address", "").strip()
    if not key and not address:
        page = get_visible_page(request, pk)
        return choose(request, page, came_from, is_lost="to" in given)
    page, to = both(request, pk, key, address)
    if to is None:
        return choose(request, page, came_from, is_lost=True)
    if request.method == "POST":
        return do_move(request, page, to, came_from)
    return summarise(request, page, to, came_from)


def both(request: HttpRequest, pk: int, key: int, address: str) -> tuple[Any, Any]:
    """The page, and where to if he may know of it, with their states; 1 query. As `seen_page`."""
    now = timezone.now()
    steps = clean_words(address).strip("/")
    typed = f"/{steps}/" if steps else "/"
    place = Q(pk=key) if key else Q(url_path=typed)
    pages = (
        Page.objects.order_by().visible_to(request_grants(request), now).filter(Q(pk=pk) | place)
    )
    found = {page.pk: page for page in annotate_states(pages, now)}
    page = found.get(pk)
    if page is None or not request_grants(request).can_view(page):
        return get_visible_page(request, pk), None
    to = (each for each in found.values() if each.pk == key or (not key and each.url_path == typed))
    return page, next(to, None)


def title_of(page: Any, grants: Grants) -> str:
    return page_state(page, sees=grants.can_view(page)).title


def frame(page: Page, title: str, came_from: TreeParams) -> dict[str, Any]:
    return {
        "title": f"「{title}」の移動",
        "page": page,
        "page_title": title,
        "back": came_from.query,
        "back_url": came_from.address,
        "breadcrumbs": page_list_breadcrumbs(
            Breadcrumb(title, page_detail_url(page.pk)), "移動", list_url=came_from.address
        ),
    }


# Where to


def choose(
    request: HttpRequest, page: Page, came_from: TreeParams, *, is_lost: bool = False
) -> HttpResponse:
    """What he manages and may take the page: found by words, or gone through step by step."""
    now, given = timezone.now(), request.GET
    unavailable = move_availability(page=page, actor=request.user)
    words = clean_words(given.get("q", ""))
    managed = request_grants(request).in_branches(Role.MANAGER)
    here = standpoint(page, parse_key(given.get("in")), managed)
    if words:
        asked = TreeParams(words=words)
        takers = managed & taking(page)
        keys = find_in_tree(
            asked, grants=request_grants(request), now=now, actor=request.user, only=takers
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
        "address": given.get("address", ""),
        "is_cut": len(keys) > LISTED,
        "places": rows if words else below_of(here, rows),
        "above": [] if words else above_of(here, rows),
    }
    return render_screen(request, "admin/tree/move.html", frame(page, title, came_from) | context)


def taking(page: Page) -> Q:
    """The condition for pages under which a page of this kind may stand; not in its own branch."""
    kinds = [str(kind) for kind, allowed in KINDS_UNDER.items() if Kind(page.kind) in allowed]
    return Q(kind__in=kinds) & ~Q(pk=page.pk) & ~Q(**branch(page.path))


def standpoint(page: Page, key: int, managed: Q) -> Page | None:
    """From where the places are gone through: where he asked, or where the page stands; 1 query."""
    above = [page.path[:end] for end in range(STEP, len(page.path), STEP)]
    wanted = Q(pk=key) if key else Q(path__in=above)
    pages: QuerySet[Page] = Page.objects.filter(managed).filter(wanted).order_by("-depth")
    return pages.first()


def around(here: Page, page: Page, managed: Q) -> list[int]:
    """The keys of `here`, what is above it and the places right below; 1 query."""
    above = [here.path[:end] for end in range(STEP, len(here.path) + 1, STEP)]
    right_below = Q(depth=here.depth + 1, **branch(here.path)) & taking(page)
    pages = Page.objects.filter(managed).filter(Q(path__in=above) | right_below)
    return list(pages.order_by("path").values_list("pk", flat=True)[: LISTED + 1])


def above_of(here: Page | None, rows: Sequence[Row]) -> list[Row]:
    return [row for row in rows if here is not None and here.path.startswith(row.path)]


def below_of(here: Page | None, rows: Sequence[Row]) -> list[Row]:
    if here is None:
        return []
    return [row for row in rows if row.path[:-STEP] == here.path]


# What it will change


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
    """1 query: what is counted comes with the first few."""
    was_public = Case(When(ever_public(now), then=Value(1)))
    pages = (
        Page.objects.branch_of(page)
        .order_by("path")
        .annotate(
            was_public=was_public,
            count=Window(Count("*")),
            redirected=Window(Count(was_public)),
        )[:FIRST]
    )
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
    came_from: TreeParams,
    *,
    refused: Iterable[Blocker] = (),
) -> HttpResponse:
    blockers = told(
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
        "offers_release": BlockerCode.FORMER_ADDRESS in codes,
        "may_move": codes <= {BlockerCode.FORMER_ADDRESS},
        "release": request.POST.get("release") == "1",
        "note": request.POST.get("note", ""),
    }
    status = HTTPStatus.CONFLICT if refused else HTTPStatus.OK
    whole = frame(page, title_of(page, request_grants(request)), came_from) | context
    return render_screen(request, "admin/tree/move_summary.html", whole, status=status)


def told(blockers: list[Blocker], to: Page, grants: Grants) -> list[Blocker]:
    """
    Of a place that he does not keep he learns that it is not his, and nothing else.

    The other blockers would say what stands there unpublished, and what is booked.
    """
    return (
        blockers
        if grants.can_view(to)
        else [each for each in blockers if each.code == BlockerCode.ROLE]
    )


def do_move(request: HttpRequest, page: Any, to: Any, came_from: TreeParams) -> HttpResponse:
    summary = summary_of(page, to, timezone.now())
    try:
        moved = move(
            page=page,
            to=to,
            actor=cast("Actor", request.user),
            note=request.POST.get("note", "").strip(),
            release=request.POST.get("release") == "1",
        )
    except Blocked as refusal:
        return summarise(request, page, to, came_from, refused=refusal.blockers)
    titles = title_of(page, request_grants(request)), title_of(to, request_grants(request))
    messages.success(request, f"「{titles[0]}」を「{titles[1]}」の下へ移動しました。{summary.done}")
    tree = replace(came_from, show=moved.pk, after=0)
    if tree.looks_for:
        tree = TreeParams(show=moved.pk)
    return HttpResponseRedirect(f"{tree.address}#p{moved.pk}")
