"""The changes of the tree in the form of a release: what the query names, and new addresses."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q
from django.http import HttpRequest, QueryDict
from django.utils import timezone

from bureaus.admin.core import access, version_token
from bureaus.admin.core.breadcrumbs import admin_url
from bureaus.admin.core.choices import typed_address
from bureaus.admin.core.cleaning import KEY_PATTERN
from bureaus.admin.core.page_states import annotate_states, visible_title
from bureaus.models import Page, Placement
from bureaus.models.addresses import SLUG, parent_address
from bureaus.permissions import Grants
from bureaus.publishing import Blocked, Blocker, BlockerCode, PlaceChange
from bureaus.publishing.blockers.releases import MAX_RELEASE_CHANGES, too_many_changes
from bureaus.publishing.blockers.tree import placements_at_start, slug_blockers

CHANGE = re.compile(
    rf"(?P<page>{KEY_PATTERN})-(to-(?P<to>{KEY_PATTERN})|slug-(?P<slug>{SLUG.pattern}))", re.ASCII
)
NO_PAGE = Blocker(
    BlockerCode.TARGET,
    "そのアドレスに、担当しているページが見つかりません。アドレスを確かめてください。",
)
NO_TARGET = Blocker(
    BlockerCode.TARGET, "移動先のアドレスに、ページが見つかりません。アドレスを確かめてください。"
)
NO_CHANGE = Blocker(
    BlockerCode.NOTHING, "どう変えるかを、移動先のアドレスか、新しい末尾に入れてください。"
)


@dataclass(frozen=True, slots=True)
class TypedChange:
    """A change as it was typed: three fields."""

    page: str = ""
    to: str = ""
    slug: str = ""

    @classmethod
    def of(cls, query: QueryDict) -> "TypedChange":
        return cls(*(query.get(name, "").strip() for name in ("place", "to", "slug")))

    @property
    def addresses(self) -> list[str]:
        return [typed_address(text) for text in (self.page, self.to) if text]


@dataclass(frozen=True, slots=True)
class ChosenChanges:
    """The changes that the form names; `typed` again, with why, where it names no change."""

    changes: tuple[PlaceChange, ...] = ()
    typed: TypedChange = TypedChange()
    wrong: tuple[Blocker, ...] = ()

    @property
    def any(self) -> bool:
        return bool(self.changes or self.wrong)


@dataclass(frozen=True, slots=True)
class ChangeRow:
    """A change as the screen shows it; `key` names it in the form."""

    key: str
    words: str
    title: str
    page: int
    target: str
    old: str
    new: str
    details: str  # the address of the screen of this change alone
    blockers: tuple[Blocker, ...] = ()


def key_of(change: PlaceChange) -> str:
    what = f"slug-{change.slug}" if change.to is None else f"to-{change.to.pk}"
    return f"{change.page.pk}-{what}"


def chosen_changes(request: HttpRequest, query: QueryDict) -> ChosenChanges:
    """
    Return the changes that the query names, and the typed one. 1 query where there are any.

    Raises Page.DoesNotExist where a page is not there for this officer, or Blocked.
    """
    names = [CHANGE.fullmatch(name) for name in dict.fromkeys(query.getlist("change"))]
    typed = TypedChange.of(query)
    if len(names) > MAX_RELEASE_CHANGES:
        raise Blocked([too_many_changes(len(names))])
    found = [name for name in names if name is not None]
    if len(found) < len(names):
        raise Page.DoesNotExist
    if not found and typed == TypedChange():
        return ChosenChanges()
    keys = {int(each[name]) for each in found for name in ("page", "to") if each[name]}
    pages = find_pages(request, Q(pk__in=keys) | Q(placement__url_path__in=typed.addresses))
    changes = [named_change(request, each, pages) for each in found]
    return with_typed(request, changes, typed, pages.values())


def find_pages(request: HttpRequest, wanted: Q) -> dict[int, Page]:
    now = timezone.now()
    placed = Page.objects.placed(now).visible_to(access.request_grants(request), now)
    return {page.pk: page for page in annotate_states(placed.filter(wanted), now)}


def named_change(
    request: HttpRequest, name: re.Match[str], pages: Mapping[int, Page]
) -> PlaceChange:
    """Return the change; of a page in another branch, or a hidden target, raise the refusal."""
    page = pages.get(int(name["page"]))
    if page is None or not access.request_grants(request).can_view(page):
        page = access.get_visible_page(request, int(name["page"]))
    if name["slug"]:
        return PlaceChange(page, slug=name["slug"])
    to = pages.get(int(name["to"]))
    if to is None:
        raise Page.DoesNotExist
    return PlaceChange(page, to=to)


def with_typed(
    request: HttpRequest, changes: list[PlaceChange], typed: TypedChange, pages: Iterable[Page]
) -> ChosenChanges:
    """Add what was typed: a target, a new slug, or both."""
    if typed == TypedChange():
        return ChosenChanges(tuple(changes))
    by_address = {page.url_path: page for page in pages}
    page, to = (by_address.get(typed_address(text)) for text in (typed.page, typed.to))
    wrong: Blocker | None = None
    if not typed.page or page is None or not access.request_grants(request).can_view(page):
        wrong = NO_PAGE
    elif typed.to and to is None:
        wrong = NO_TARGET
    elif not typed.to and not typed.slug:
        wrong = NO_CHANGE
    elif typed.slug:
        wrong = next(slug_blockers(typed.slug), None)
    if wrong is not None or page is None:
        return ChosenChanges(tuple(changes), typed, (wrong or NO_PAGE,))
    added = [PlaceChange(page, to=to)] if typed.to else []
    added += [PlaceChange(page, slug=typed.slug)] if typed.slug else []
    return ChosenChanges(tuple(dict.fromkeys([*changes, *added])))


# What the screen shows


def nodes_then(
    changes: Sequence[PlaceChange], others: Iterable[Page], at: datetime | None, grants: Grants
) -> dict[int, Placement]:
    """
    Return where the pages of the changes, and `others`, are at `at` or now; 1 query.

    Those of other branches where they are now: what is booked there is not disclosed.
    """
    pages = {page.pk: page for change in changes for page in (change.page, change.to) if page}
    pages |= {page.pk: page for page in others}
    now = timezone.now()
    start = at if at is not None and at > now else now
    own = [page for page in pages.values() if grants.can_view(page)]
    found = {node.page_id: node for node in placements_at_start(own, start)}
    return {pk: found.get(pk) or page.placement for pk, page in pages.items()}


def places_version(changes: Sequence[PlaceChange], nodes: Mapping[int, Placement]) -> str:
    pages = [page for change in changes for page in (change.page, change.to) if page]
    return version_token.place_version(nodes[page.pk].pk for page in pages)


def new_addresses(changes: Sequence[PlaceChange], nodes: Mapping[int, Placement]) -> dict[int, str]:
    """
    Return the addresses of the pages at `nodes` after all of `changes`, by key.

    Empty for a page that would be below itself: the release is blocked then.
    """
    above = {pk: nearest_above(node, nodes.values()) for pk, node in nodes.items()}
    places = {pk: place_below(node, nodes.get(above[pk])) for pk, node in nodes.items()}
    for change in changes:
        _, slug = places[change.page.pk]
        if change.to is None:
            places[change.page.pk] = places[change.page.pk][0], change.slug
        else:
            above[change.page.pk], places[change.page.pk] = change.to.pk, ("", slug)

    def address(pk: int, seen: frozenset[int]) -> str:
        between, slug = places[pk]
        parent = above[pk]
        base = address(parent, seen | {pk}) if parent and parent not in seen | {pk} else ""
        if parent and not base:
            return ""
        return f"{base}{between}{slug}/" if slug else "/"

    return {pk: address(pk, frozenset()) for pk in nodes}


def nearest_above(node: Placement, others: Iterable[Placement]) -> int:
    """Return the key of the page of the nearest of `others` above `node`; 0 without one."""
    above = [each for each in others if each.path != node.path and each.contains(node)]
    return max(above, key=lambda each: each.depth).page_id if above else 0


def place_below(node: Placement, above: Placement | None) -> tuple[str, str]:
    """Return the steps between `above` and `node`, and the slug of `node`."""
    start = above.url_path if above else ""
    return parent_address(node.url_path).removeprefix(start), node.slug


def change_rows(
    request: HttpRequest,
    changes: Sequence[PlaceChange],
    nodes: Mapping[int, Placement],
    when: str,
    blockers: Mapping[int, Sequence[Blocker]],
) -> list[ChangeRow]:
    """Return a row for each change; `when`: the moment as a query. No query."""
    new, grants = new_addresses(changes, nodes), access.request_grants(request)
    return [
        ChangeRow(
            key=key_of(change),
            words=str(change.action.label),
            title=visible_title(change.page, grants),
            page=change.page.pk,
            target=visible_title(change.to, grants) if change.to else "",
            old=nodes[change.page.pk].url_path,
            new=new[change.page.pk],
            details=details_of(change, when),
            blockers=tuple(blockers.get(number, ())),
        )
        for number, change in enumerate(changes)
    ]


def details_of(change: PlaceChange, when: str) -> str:
    if change.to is None:
        return f"{admin_url('page-rename', change.page.pk)}?slug={change.slug}{when}"
    return f"{admin_url('page-move', change.page.pk)}?to={change.to.pk}{when}"
