"""A release: editions and changes of the tree that begin at one moment, or not at all."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

from bureaus.models import Action, Edition, Page, Placement
from bureaus.models.placements import placed_pages
from bureaus.models.releases import in_release, release_of
from bureaus.publishing.tree_bookings import roots_of_releases


@dataclass(frozen=True, slots=True)
class PlaceChange:
    """A move of `page` below `to`, or a new `slug` for it."""

    page: Page
    to: Page | None = None
    slug: str = ""

    @property
    def action(self) -> Action:
        return Action.MOVE if self.to is not None else Action.RENAME


@dataclass(frozen=True, slots=True)
class ReleasePlan:
    """
    What an officer wants to begin together, at `at` or now.

    `end_redirects`: the changes may take former addresses of other pages, as in `move`.
    """

    editions: Sequence[Edition]
    changes: Sequence[PlaceChange] = ()
    at: datetime | None = None
    end_redirects: bool = False


class ReleasedChange(NamedTuple):
    """A change that a release has made: `node` is where its page is from then on."""

    change: PlaceChange
    node: Placement
    old: str  # its address before this change


@dataclass(frozen=True, slots=True)
class Release:
    """The editions and changes of a stored release, in the order in which they were made."""

    name: str
    start: datetime
    editions: tuple[Edition, ...]
    changes: tuple[ReleasedChange, ...]


def changes_the_tree(token: str) -> bool:
    """Whether the release of `token` has changes of the tree. 1 query, none without a release."""
    name = release_of(token)
    return bool(name) and Placement.objects.filter(in_release(name)).exists()


def read_release(name: str) -> Release | None:
    """Return the release; None where nothing belongs to it. At most 5 queries."""
    approved = Edition.objects.approved().filter(in_release(name))
    editions = tuple(approved.with_page().select_related("moved_to").order_by("placement__path"))
    nodes = list(roots_of_releases(Placement.objects.filter(in_release(name))).order_by("release"))
    starts = [node.live_from for node in nodes] + [each.live_from for each in editions]
    if not starts or starts[0] is None:
        return None
    return Release(name, starts[0], editions, tuple(released_changes(nodes)))


def released_changes(nodes: Sequence[Placement]) -> list[ReleasedChange]:
    """Return the changes that added `nodes`. 3 queries where there are any."""
    if not nodes:
        return []
    rows = Placement.objects.filter(page__in=[node.page_id for node in nodes]).order_by("pk")
    history: list[Placement] = list(rows)
    before = {node.pk: placement_before(node, history) for node in nodes}
    paths = {node.parent_path for node in (*nodes, *before.values())}
    above: dict[str, int] = dict(
        Placement.objects.filter(path__in=paths).values_list("path", "page")
    )
    pages = placed_pages([*above.values(), *(node.page_id for node in nodes)])
    return [released_change(node, before[node.pk], above, pages) for node in nodes]


def released_change(
    node: Placement, before: Placement, above: Mapping[str, int], pages: Mapping[int, Page]
) -> ReleasedChange:
    """Return the change from `before` to `node`; `above`: the pages by the path of their node."""
    page, parent = pages[node.page_id], above[node.parent_path]
    if parent == above[before.parent_path]:
        return ReleasedChange(PlaceChange(page, slug=node.slug), node, before.url_path)
    return ReleasedChange(PlaceChange(page, to=pages[parent]), node, before.url_path)


def placement_before(node: Placement, history: Sequence[Placement]) -> Placement:
    """Return the placement that `node` ended, among those of all pages in the order of adding."""
    return [
        each
        for each in history
        if each.page_id == node.page_id and each.pk < node.pk and each.live_until == node.live_from
    ][-1]
