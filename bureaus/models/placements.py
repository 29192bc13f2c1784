"""
Where pages are placed during which interval: the treebeard hierarchy (docs/adr/0032).

The only module that calls treebeard. Nodes are only added: a move or a rename ends the nodes of a
branch and adds new ones, from now or from a booked moment, so past and future trees are in the
same table. Every function here that changes the structure has to be called inside
`locks.tree_lock`, with rows read inside it (docs/adr/0002).
"""

from collections.abc import Iterable
from datetime import datetime
from typing import Any, ClassVar, Self

from django.db import models
from django.db.models import Case, Exists, F, OuterRef, Prefetch, Q, Subquery, Value, When
from django.db.models.fields.related import ForeignObject
from django.db.models.functions import Coalesce, Concat, Length, Substr
from django.utils import timezone
from treebeard.mp_tree import MP_Node, MP_NodeManager, MP_NodeQuerySet

from bureaus.models.addresses import ADDRESS_LENGTH, SLUG_LENGTH, validate_slug
from bureaus.models.batches import batches
from bureaus.models.expressions import StoredInteger
from bureaus.models.kinds import IN_THE_TREE, Kind
from bureaus.models.pages import Page
from bureaus.models.visibility import At, begun, not_ended

STEP: int = MP_Node.steplen
RELEASE_LENGTH = 32
NAMED_MOST = 1_000_000  # positions that a reordering gives
LISTED = ("live_from", "live_until", "page", "url_path", "position")  # what lists of a level read
# A placement that ended at its start was replaced by a later booking for the same moment.
LASTING = Q(live_until=None) | Q(live_until__gt=F("live_from"))


class PlacementQuerySet(MP_NodeQuerySet):
    def in_force(self, at: At) -> Self:
        """The placements at the moment `at`: one a page, one an address."""
        return self.filter(begun(at), not_ended(at))

    def begun(self, at: At) -> Self:
        """The placements in force at `at` or before."""
        return self.filter(begun(at))

    def not_ended(self, at: At) -> Self:
        """The placements in force at `at` or booked."""
        return self.filter(not_ended(at), LASTING)

    def open(self) -> Self:
        """The last placement of each page: in force without end, now or from a booked moment."""
        return self.filter(live_until=None)

    def branch_of(self, node: "Placement") -> Self:
        """`node` and its descendants, of every moment."""
        return self.filter(path__gte=node.path, path__lt=branch_end(node.path))

    def children_of(self, node: "Placement") -> Self:
        """The placements directly below `node`, of every moment."""
        return self.filter(depth=node.depth + 1, **below(node.path))


class PlacementManager(MP_NodeManager.from_queryset(PlacementQuerySet)):  # type: ignore[misc]
    """The default manager, unfiltered: treebeard needs every node."""

    def get_queryset(self) -> PlacementQuerySet:
        return PlacementQuerySet(self.model, using=self._db).order_by("path")

    def get_by_natural_key(self, path: str) -> "Placement":
        placement: Placement = self.get(path=path)
        return placement


class Placement(MP_Node):
    """
    A node of the tree: `page` has this address from `live_from` until `live_until`.

    `position` is the place among the siblings, before reordering (`SiblingPosition`). `release`
    names the move, rename or release that added the node; it is empty for a page's first one.
    """

    page = models.ForeignKey(
        Page, on_delete=models.PROTECT, related_name="placements", verbose_name="ページ"
    )
    kind = models.CharField("種類", max_length=20, choices=Kind.choices)  # the page's, for indexes
    slug = models.CharField(
        "アドレスの末尾", max_length=SLUG_LENGTH, blank=True, validators=[validate_slug]
    )
    url_path = models.CharField("アドレス", max_length=ADDRESS_LENGTH)
    position = models.PositiveIntegerField("並び順", blank=True)
    live_from = models.DateTimeField("開始")
    live_until = models.DateTimeField("終了", null=True, blank=True)
    release = models.CharField("変更", max_length=RELEASE_LENGTH, blank=True)

    objects: ClassVar[Any] = PlacementManager()

    class Meta:
        verbose_name = verbose_name_plural = "配置"
        indexes = [
            # All columns that lists of editions read of it: the join stays in the index.
            models.Index(
                fields=["page", "live_from", "live_until", "path", "url_path", "kind"],
                name="placement_of_page",
            ),
            models.Index(fields=["url_path", "live_from"], name="placement_address_from"),
            # As above, for lists of levels of the tree: what has ended is skipped in the index.
            models.Index(fields=["kind", "depth", "path", *LISTED], name="placement_of_kind"),
            models.Index(
                # The children of a page as lists have them: without its thousands of news items.
                # The three kinds have to be literals in the statement (models.compiled_sql).
                fields=["depth", "path", *LISTED, "kind"],
                condition=Q(kind__in=[str(kind) for kind in IN_THE_TREE]),
                name="placement_children",
            ),
            models.Index(fields=["release"], condition=~Q(release=""), name="placement_of_release"),
            # For what is booked, of the whole site: moved branches have thousands of nodes.
            models.Index(
                fields=["live_from"], condition=~Q(release=""), name="placement_changed_from"
            ),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["page"],
                condition=Q(live_until=None),
                name="placement_one_open_a_page",
                violation_error_message="このページには、終わりのない配置がもうあります。",
            ),
            models.UniqueConstraint(
                fields=["url_path"],
                condition=Q(live_until=None),
                name="placement_one_open_an_address",
                violation_error_message="このアドレスには、終わりのない配置がもうあります。",
            ),
            models.UniqueConstraint(
                fields=["page", "live_from"],
                condition=LASTING,
                name="placement_one_start_a_page",
                violation_error_message="このページには、同じ日時に始まる配置がもうあります。",
            ),
            models.CheckConstraint(
                name="placement_ends_not_before_its_start",
                violation_error_message="配置の終了が、開始より前になっています。",
                condition=Q(live_until=None) | Q(live_until__gte=F("live_from")),
            ),
            models.CheckConstraint(
                name="placement_kind_is_known",
                violation_error_message="ページの種類は、page・organisation・"
                "policy_section・news_item のどれかにしてください。",
                condition=Q(kind__in=[str(kind) for kind in Kind]),
            ),
            models.CheckConstraint(
                name="placement_depth_is_of_its_path",
                violation_error_message="木の列 depth が path と合いません。"
                "木の列は、追加・移動・アドレスの変更だけが書きます。",
                condition=Q(depth=Length("path") / Value(MP_Node.steplen)),
            ),
            models.CheckConstraint(
                name="placement_address_ends_with_its_slug",
                violation_error_message="アドレスが末尾の名前（slug）と合いません。"
                "アドレスは「親のアドレス + slug + /」です。",
                condition=Q(depth=1, slug="", url_path="/")
                | (
                    Q(depth__gt=1)
                    & ~Q(slug="")
                    & Q(url_path__endswith=Concat(Value("/"), "slug", Value("/")))
                ),
            ),
        ]

    def __str__(self) -> str:
        return self.url_path

    def natural_key(self) -> tuple[str]:
        return (self.path,)

    def save(self, **kwargs: Any) -> None:
        """
        Insert a new placement, by default as the last of its siblings.

        A stored one is never written by an object, which may have been read before another user's
        move and would write the old structure back. Only set-based statements end a placement.
        """
        if not self._state.adding:
            return
        last: int = self._get_lastpos_in_path()
        self.position = self.position or last
        kwargs["force_insert"] = True
        super().save(**kwargs)

    @property
    def branch_end(self) -> str:
        """The first tree path after the branch of this node."""
        return branch_end(self.path)

    @property
    def parent_path(self) -> str:
        """The tree path of the node above; empty for the root."""
        return self.path[:-STEP]

    def is_in_force(self, at: datetime) -> bool:
        return self.live_from <= at and (self.live_until is None or at < self.live_until)

    def contains(self, node: "Placement") -> bool:
        """Whether `node` is this one or below it."""
        return bool(node.path.startswith(self.path))


class PlacementsOfPage(ForeignObject):  # type: ignore[type-arg]  # takes none at run time
    """
    The placements of the page that a model refers to by `page`: a join, without the page between.

    No column, and no field of the model's migrations. At a moment it leads to one row at most.
    """

    requires_unique_target = False

    def __init__(self) -> None:
        super().__init__(
            Placement, models.DO_NOTHING, ["page"], ["page"], related_name="+", null=True
        )

    def contribute_to_class(
        self,
        cls: type[models.Model],
        name: str,
        private_only: bool = True,  # noqa: FBT001, FBT002 - Django's signature
        **kwargs: Any,
    ) -> None:
        super().contribute_to_class(cls, name, private_only=private_only, **kwargs)


class SiblingPosition(models.Model):
    """
    The place of a page among its siblings during an interval, instead of `Placement.position`.

    Reordering the children of a page gives each of them one; the next reordering, and a move away
    from these siblings, ends it.
    """

    page = models.ForeignKey(
        Page, on_delete=models.PROTECT, related_name="sibling_positions", verbose_name="ページ"
    )
    position = models.PositiveIntegerField("並び順")
    live_from = models.DateTimeField("開始")
    live_until = models.DateTimeField("終了", null=True, blank=True)
    release = models.CharField("変更", max_length=RELEASE_LENGTH)

    class Meta:
        verbose_name = verbose_name_plural = "並び順"
        ordering = ["page", "live_from"]
        indexes = [
            models.Index(fields=["page", "live_from"], name="sibling_position_of_page"),
            models.Index(fields=["release"], name="sibling_position_of_release"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["page"],
                condition=Q(live_until=None),
                name="sibling_position_one_open",
                violation_error_message="このページには、終わりのない並び順がもうあります。",
            ),
            models.CheckConstraint(
                name="sibling_position_ends_not_before_its_start",
                violation_error_message="並び順の終了が、開始より前になっています。",
                condition=Q(live_until=None) | Q(live_until__gte=F("live_from")),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.page_id} {self.position}"


def branch_end(path: str) -> str:
    """
    Return the first path after the branch of `path`: its number plus one.

    It has digits and capital letters only, which every collation orders alike, unlike "~".
    """
    following: str = Placement._int2str(Placement._str2int(path) + 1)
    return following.rjust(len(path), Placement.alphabet[0])


def below(path: str) -> dict[str, str]:
    """Return the lookups for the descendants of the node at `path`: a range of paths."""
    return {"path__gt": path, "path__lt": branch_end(path)}


def path_range(path: str) -> dict[str, Any]:
    """Return the parameters of a statement that reads the children of the node at `path`."""
    return {"after": path, "before": branch_end(path), "depth": len(path) // STEP + 1}


def ancestor_paths(path: str) -> list[str]:
    """Return the paths above `path`, from the root down."""
    return [path[:end] for end in range(STEP, len(path), STEP)]


def sibling_position(at: At, page: str, placement: str) -> Coalesce:
    """
    The place of a page among its siblings at `at`: as they were reordered, then as added.

    What came after the last reordering follows what it named, whatever its own position.
    `page` and `placement` lead from the model of the queryset to the page and its placement.
    Where nothing has ever been reordered, no row looks for a position: it would cost a list a
    third more.
    """
    reordered = SiblingPosition.objects.filter(begun(at), not_ended(at), page=OuterRef(page))
    position = Subquery(reordered.order_by().values("position")[:1])
    any_at_all = SiblingPosition.objects.order_by().filter(page__gt=0)  # a look-up, no scan
    known = Case(When(Exists(any_at_all), then=position))
    return StoredInteger(known, F(f"{placement}position") + Value(NAMED_MOST))


def parent_page() -> Subquery:
    """The key of the page above each placement of a queryset; NULL above the root."""
    above = Placement.objects.filter(path=outer_parent_path())
    return Subquery(above.order_by().values("page")[:1])


def outer_parent_path() -> Substr:
    """The tree path above the placement of the outer query."""
    return Substr(OuterRef("path"), 1, Length(OuterRef("path")) - STEP)


def current_placements(path: str = "") -> "Prefetch[Any]":
    """Return the prefetch of the placements in force now, from the model that `path` leads from."""
    in_force = Placement.objects.in_force(timezone.now()).order_by()
    return Prefetch(f"{path}placements", in_force, to_attr="current")


def placed_pages(keys: Iterable[int]) -> dict[int, Page]:
    """Return these pages with their placements of now, by key. 1 query a batch."""
    placed = Page.objects.placed(timezone.now())
    return {page.pk: page for batch in batches(set(keys)) for page in placed.filter(pk__in=batch)}


def reread(page: Page) -> Page:
    """Return `page` and its placement as stored now. Raises Page.DoesNotExist. 1 query."""
    found: Page = Page.objects.placed(timezone.now()).get(pk=page.pk)
    return found


def parents_of(pages: Iterable[Page], at: datetime) -> dict[int, Page]:
    """Return the parents at `at` by the child's key, without the root's; 2 queries a batch."""
    pages = list(pages)
    paths = {
        node.page_id: node.parent_path
        for batch in batches({page.pk for page in pages})
        for node in Placement.objects.in_force(at).filter(page__in=batch)
    }
    parents = pages_by_path(set(paths.values()))
    return {pk: parents[path] for pk, path in paths.items() if path in parents}


def parent_of(page: Page, at: datetime | None = None) -> Page | None:
    """Return the parent of `page` at `at`, by default now; None of the root. 2 queries."""
    return parents_of([page], at or timezone.now()).get(page.pk)


def pages_by_path(paths: Iterable[str]) -> dict[str, Page]:
    """Return the pages of the nodes at these tree paths, placed there. 1 query a batch."""
    return {
        node.path: placed_page(node)
        for batch in batches(paths)
        for node in Placement.objects.filter(path__in=batch).select_related("page")
    }


def pages_at(addresses: Iterable[str], at: datetime | None = None) -> dict[str, Page]:
    """Return the pages that have one of `addresses` at `at`, by default now; 1 query a batch."""
    in_force = Placement.objects.in_force(at or timezone.now()).select_related("page")
    return {
        node.url_path: placed_page(node)
        for batch in batches(addresses)
        for node in in_force.filter(url_path__in=batch)
    }


def placed_page(node: Placement) -> Page:
    """Return the page of `node`, with `node` as its placement."""
    node.page.placement = node  # replaces the cached property
    return node.page


def path_under(parent: Placement | None, step: int) -> str:
    """Return the tree path of the child number `step`, from 1."""
    depth = parent.depth + 1 if parent else 1
    path: str = Placement._get_path(parent.path if parent else None, depth, step)
    return path


def last_step(parent: Placement) -> int:
    """Return the number of the last child of `parent`, 0 where it has none. At most 1 query."""
    last = Placement.objects.get_last_child(parent) if parent.numchild else None
    return last._get_lastpos_in_path() if last else 0
