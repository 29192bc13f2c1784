"""The tree of pages, opened branch by branch, and the filtered list of pages."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from bureaus.admin.core.access import admin_screen, render_screen, request_grants
from bureaus.admin.core.breadcrumbs import (
    Breadcrumb,
    Breadcrumbs,
    breadcrumbs,
    page_list_breadcrumbs,
)
from bureaus.admin.core.page_states import annotate_states, visible_title
from bureaus.admin.tree.builder import TreeContext, build_tree
from bureaus.admin.tree.query_params import MOST_BATCHES, TreeFilter, TreeParams
from bureaus.admin.tree.rows import Key, get_listed_page, rows_of
from bureaus.admin.tree.search import LISTED, MOST_AT_ONCE, find_in_tree
from bureaus.models import Page, Placement, Role
from bureaus.models.placements import STEP
from bureaus.permissions import Grants
from bureaus.search import MOST_DRAFTS

ROOT = "/"


@dataclass(frozen=True, slots=True)
class Places:
    """The visible pages that the address of the tree names."""

    root: Page | None
    branches: tuple[Page, ...]  # the officer's, in the order of the tree
    named: Mapping[int, Page]

    @property
    def home(self) -> Page | None:
        return self.branches[0] if self.branches else self.root


@dataclass(frozen=True, slots=True)
class Branch:
    """A link to a branch, above the tree."""

    pk: int
    title: str
    url: str
    is_here: bool


@admin_screen
def browse_tree(request: HttpRequest) -> HttpResponse:
    """Show the tree, or with any filter a list. At most 12 queries, whatever is open."""
    params, now = TreeParams.of(request.GET), timezone.now()
    places = places_of(params, request_grants(request), now)
    if params.looks_for:
        return show_list(request, params, places, now)
    base, to_show = places.named.get(params.under, places.home), places.named.get(params.show)
    if params.under and params.under not in places.named:
        raise Page.DoesNotExist
    if base is None:
        return render_screen(request, "admin/tree/tree.html", {"title": "ページ", "is_empty": True})
    above = pages_above(base, places, request_grants(request), now)
    base_path = common_path(base.path, to_show.path) if to_show else base.path
    if base_path not in above:  # the common ancestor is not visible
        base_path, params = base.path, replace(params, show=0)
    tree_context = tree_context_for(
        Key(above[base_path].pk, base_path), places, params, request_grants(request), now
    )
    tree = build_tree(tree_context, replace(params, under=tree_context.base.pk))
    above[base_path] = tree.top.row
    context = {
        "tree": tree,
        "branches": branches_of(places, above, tree_context.base.pk),
        "breadcrumbs": tree_breadcrumbs(base_path, above),
        "bulk": bulk_rights(request_grants(request)),
        **finder_context(request, tree.params, above[base_path]),
    }
    return render_screen(request, "admin/tree/tree.html", {"title": "ページ", **context})


@admin_screen
def tree_children(request: HttpRequest, pk: int) -> HttpResponse:
    """Return the children of one page, which a script inserts into the tree."""
    now = timezone.now()
    page = get_listed_page(pk, request_grants(request), now)
    params = TreeParams.of(request.GET)
    batch = request.GET.get("batch", "1")
    batch_number = min(int(batch), MOST_BATCHES) if batch.isdecimal() and batch.isascii() else 1
    params = params.with_open(pk, max(1, batch_number))
    places = places_of(params, request_grants(request), now)
    tree_context = tree_context_for(
        Key(page.pk, page.path), places, params, request_grants(request), now
    )
    tree = build_tree(replace(tree_context, first_batch=max(1, batch_number)), params)
    return render_screen(request, "admin/tree/rows.html", {"node": tree.top})


def show_list(
    request: HttpRequest, params: TreeParams, places: Places, now: datetime
) -> HttpResponse:
    """List the found pages, fifty at a time. Nothing is counted."""
    within = places.named.get(params.under)
    if params.under and within is None:
        raise Page.DoesNotExist
    keys, is_cut = find_in_tree(
        params,
        grants=request_grants(request),
        now=now,
        actor=request.user,
        within=within,
        after=places.named.get(params.after),
    )
    rows = rows_of({*keys[:LISTED], *([within.pk] if within else [])}, request_grants(request), now)
    listed = [rows[key] for key in keys[:LISTED] if key in rows]
    title = rows[within.pk].title if within else ""
    context = {
        "title": "ページをさがす",
        "rows": listed,
        "next_after": listed[-1].pk if len(keys) > LISTED else None,
        "is_continued": bool(params.after),
        "most_drafts": MOST_DRAFTS if is_cut else None,
        "within": title,
        "breadcrumbs": page_list_breadcrumbs("さがした結果"),
        "bulk": bulk_rights(request_grants(request)),
        "back": params.query,
        "bulk_limit": MOST_AT_ONCE,
        **finder_context(request, params, rows.get(params.under)),
    }
    return render_screen(request, "admin/tree/list.html", context)


def bulk_rights(grants: Grants) -> dict[str, bool]:
    """Return which bulk actions to offer; empty for an officer without any role."""
    names = {"approves": Role.APPROVER, "manages": Role.MANAGER, "writes": Role.WRITER}
    held = {name: grants.has_role(role) for name, role in names.items()}
    return held if any(held.values()) else {}


def places_of(params: TreeParams, grants: Grants, now: datetime) -> Places:
    """Find the pages that `params` name. 1 query."""
    keys = {params.under, params.show, params.after, *(key for key, _ in params.opened)} - {0}
    heads = branch_heads(grants)
    named = Q(page__in=keys) | Q(path__in=heads) | Q(url_path=ROOT)
    # Of one table first: a condition on either of two tables would read both from end to end.
    here = Placement.objects.in_force(now).filter(named).order_by()
    placed = Page.objects.placed(now).order_by("placement__path")
    found = list(placed.filter(pk__in=here.values("page")).visible_to(grants, now))
    return Places(
        root=next((page for page in found if page.url_path == ROOT), None),
        branches=tuple(page for page in found if page.path in heads),
        named={page.pk: page for page in found if page.pk in keys},
    )


def branch_heads(grants: Grants) -> list[str]:
    """Return the paths of the officer's branches that are not inside another of them."""
    paths = sorted({path for path, _ in grants.branches})
    return [
        path
        for path in paths
        if not any(path.startswith(other) and path != other for other in paths)
    ]


def pages_above(base: Page, places: Places, grants: Grants, now: datetime) -> dict[str, Any]:
    """
    Return the page, its ancestors and the heads of the branches by path, with their titles.

    1 query; none, and no title, for a page that is all of these itself.
    """
    above = {base.path[:end] for end in range(STEP, len(base.path) + 1, STEP)}
    above |= {page.path for page in (*places.branches, *filter(None, [places.root]))}
    if above == {base.path}:
        return {base.path: base}
    pages = Page.objects.placed(now).visible_to(grants, now).filter(placement__path__in=above)
    return {page.path: page for page in with_titles(pages, grants, now)}


def with_titles(pages: QuerySet[Page], grants: Grants, now: datetime) -> list[Any]:
    found: list[Any] = list(annotate_states(pages, now))
    for page in found:
        page.title = visible_title(page, grants)
    return found


def common_path(one: str, other: str) -> str:
    """Return the path of the nearest common ancestor, which may be one of the two."""
    end = STEP
    while end < len(one) and one[: end + STEP] == other[: end + STEP]:
        end += STEP
    return one[:end]


def tree_context_for(
    base: Key, places: Places, params: TreeParams, grants: Grants, now: datetime
) -> TreeContext:
    """Open what `params` name, and the ancestors of the page to show."""
    opened = {
        places.named[key].path: batches for key, batches in params.opened if key in places.named
    }
    to_show = places.named.get(params.show)
    # Open the way to the page to show, and to the page with which the tree began before.
    for page in filter(None, (to_show, places.named.get(params.under))):
        for end in range(len(base.path), len(page.path), STEP):
            opened.setdefault(page.path[:end], 1)
    began = places.named.get(params.under)
    if began is not None and began.path != base.path:
        opened.setdefault(began.path, 1)
    key = Key(to_show.pk, to_show.path) if to_show else None
    return TreeContext(grants=grants, now=now, base=base, opened=opened, show=key)


def branches_of(places: Places, titles: Mapping[str, Any], here: int) -> list[Branch]:
    """Return links to the officer's branches and the whole site; none where that is one page."""
    pages = list(places.branches)
    if places.root is not None and places.root not in pages:
        pages.append(places.root)
    if len(pages) == 1 and pages[0].pk == here:
        return []
    return [
        Branch(
            pk=page.pk,
            title="サイト全体" if page.url_path == ROOT else titles[page.path].title,
            url=TreeParams(under=page.pk).address,
            is_here=page.pk == here,
        )
        for page in pages
    ]


def tree_breadcrumbs(base_path: str, titles: Mapping[str, Any]) -> Breadcrumbs:
    """Return the dashboard and the visible pages down to where the tree begins."""
    paths = [base_path[:end] for end in range(STEP, len(base_path) + 1, STEP)]
    above = [titles[path] for path in paths if path in titles]
    return breadcrumbs(
        *(
            Breadcrumb(
                page.title,
                TreeParams(under=page.pk).address if page.path != base_path else "",
            )
            for page in above
        )
    )


def finder_context(request: HttpRequest, params: TreeParams, here: Any) -> dict[str, Any]:
    """Return the filters above the tree; `here` is a row, or a page with its title."""
    scope = None
    if here is not None and here.url_path != ROOT:
        scope = {"pk": here.pk, "title": here.title, "is_set": params.looks_for}
    return {"finder": TreeFilter.read(request.GET), "scope": scope}
