"""
Pages: identities that hold no text and no address.

Where a page is at a moment is its placement in force then (`models.placements`).
"""

from collections.abc import Iterator
from datetime import datetime
from functools import cached_property
from typing import TYPE_CHECKING, Any, ClassVar, Self

from django.db import models
from django.db.models import FilteredRelation, Q
from django.db.models.query import ModelIterable
from django.utils import timezone

from bureaus.models.addresses import ADDRESS_LENGTH
from bureaus.models.kinds import Kind
from bureaus.models.visibility import At, Viewer, begun, ever_public, not_ended, visible_pages

if TYPE_CHECKING:
    from bureaus.models.placements import Placement

KEY_LENGTH = ADDRESS_LENGTH + 10
# The name of the placement in lookups, and on each page.
JOINED = "placement"
# The same of the page that an edition has moved to.
TARGET = "target_placement"
# The columns of a stored page that no object writes.
FINAL = frozenset({"key", "kind"})


def fields_to_save(row: models.Model, kwargs: dict[str, Any], never: frozenset[str]) -> set[str]:
    """Return the `update_fields` of a `save(**kwargs)`, by default all fields, without `never`."""
    requested = kwargs.get("update_fields")
    fields = {field.name for field in row._meta.concrete_fields if not field.primary_key}
    return (fields if requested is None else set(requested)) - never


def placement_at(at: At, path: str = "") -> FilteredRelation:
    """The relation to the placement in force at `at`, from the model that `path` leads from."""
    relation = f"{path}placements"
    prefix = f"{relation}__"
    return FilteredRelation(relation, condition=begun(at, prefix) & not_ended(at, prefix))


def is_placed(queryset: models.QuerySet[Any]) -> bool:
    """Whether a placement has been joined to the rows of `queryset`."""
    query: Any = queryset.query
    return JOINED in query._filtered_relations  # noqa: SLF001 - no public name for it


class PlacedPagesIterable(ModelIterable):  # type: ignore[type-arg]  # takes none at run time
    """Rows whose pages know the placements that were read with them."""

    def __iter__(self) -> Iterator[Any]:
        for row in super().__iter__():
            for field, name in (("page", JOINED), ("moved_to", TARGET)):
                placement = vars(row).pop(name, None)
                if placement is not None:
                    getattr(row, field).placement = placement
            yield row


def read_with(rows: models.QuerySet[Any], *related: str) -> models.QuerySet[Any]:
    """Read the pages and the joined placements that `related` names with `rows`."""
    found: Any = rows.select_related(*related)
    found._iterable_class = PlacedPagesIterable  # noqa: SLF001 - as values() does
    return found  # type: ignore[no-any-return]


class PageQuerySet(models.QuerySet["Page"]):
    def placed(self, at: At) -> Any:
        """
        Join the placement in force at `at`, as `placement`: in lookups, and on each page.

        Once a queryset: the first moment holds.
        """
        if is_placed(self):
            return self
        joined: dict[str, Any] = {JOINED: placement_at(at)}
        placed: Any = self.annotate(**joined)
        return placed.select_related("placement")

    def in_branch(self, node: "Placement", at: At) -> Any:
        """The page of `node` and the pages below it at `at`, in the order of the tree."""
        placed = self.placed(at).filter(
            placement__path__gte=node.path, placement__path__lt=node.branch_end
        )
        return placed.order_by("placement__path")

    def ever_public(self, at: At) -> Self:
        """The pages that are public at `at` or have been before."""
        return self.filter(ever_public(at))

    def visible_to(self, viewer: Viewer, now: datetime) -> Self:
        """The pages of whose existence the officer may know."""
        return self.filter(visible_pages(viewer, now))


class PageManager(models.Manager.from_queryset(PageQuerySet)):  # type: ignore[misc]
    def get_by_natural_key(self, key: str) -> "Page":
        page: Page = self.get(key=key)
        return page


class KindManager(PageManager):
    """A manager for the pages of one kind."""

    def __init__(self, kind: Kind) -> None:
        super().__init__()
        self.kind = kind

    def get_queryset(self) -> PageQuerySet:
        pages: PageQuerySet = super().get_queryset().filter(kind=self.kind)
        return pages


class Page(models.Model):
    """`key` names the page in fixtures, for good: its first address, where that was free."""

    key = models.CharField("名前", max_length=KEY_LENGTH, unique=True, editable=False)
    kind = models.CharField("種類", max_length=20, choices=Kind.choices, default=Kind.PAGE)
    created_at = models.DateTimeField("作成日時", default=timezone.now, editable=False)

    objects: ClassVar[Any] = PageManager()

    class Meta:
        verbose_name = "ページ"
        verbose_name_plural = "ページ"
        constraints = [
            models.CheckConstraint(
                name="page_kind_is_known",
                violation_error_message="ページの種類は、page・organisation・"
                "policy_section・news_item のどれかにしてください。",
                condition=Q(kind__in=[str(kind) for kind in Kind]),
            ),
        ]

    def __str__(self) -> str:
        return self.url_path

    def save(self, **kwargs: Any) -> None:
        """
        Save, without what never changes where the page is stored already.

        A new page is inserted or fails: Django would update a row with the same key.
        """
        if self._state.adding:
            kwargs["force_insert"] = True
        if not kwargs.get("force_insert"):
            kwargs["update_fields"] = fields_to_save(self, kwargs, FINAL)
        super().save(**kwargs)

    def get_absolute_url(self) -> str:
        return self.url_path

    def natural_key(self) -> tuple[str]:
        return (self.key,)

    @cached_property
    def placement(self) -> "Placement":
        """Where the page is now. 1 query, none after `placed` or `with_placements`."""
        if "current" in vars(self):
            return vars(self)["current"][0]  # type: ignore[no-any-return]
        placements: Any = self.placements
        placement: Placement = placements.in_force(timezone.now()).get()
        return placement

    @property
    def url_path(self) -> str:
        """The address now; cost as of `placement`."""
        return self.placement.url_path

    @property
    def slug(self) -> str:
        """The last part of the address now; cost as of `placement`."""
        return self.placement.slug

    @property
    def path(self) -> str:
        """The tree path now; cost as of `placement`."""
        return self.placement.path

    @property
    def depth(self) -> int:
        """The level in the tree now, 1 of the root; cost as of `placement`."""
        return self.placement.depth


class Organisation(Page):
    objects: ClassVar[Any] = KindManager(Kind.ORGANISATION)

    class Meta:
        proxy = True
        verbose_name = verbose_name_plural = "組織"


class PolicySection(Page):
    objects: ClassVar[Any] = KindManager(Kind.POLICY_SECTION)

    class Meta:
        proxy = True
        verbose_name = verbose_name_plural = "政策"


class NewsItem(Page):
    objects: ClassVar[Any] = KindManager(Kind.NEWS_ITEM)

    class Meta:
        proxy = True
        verbose_name = verbose_name_plural = "新着情報"


class FormerAddress(models.Model):
    """
    An address of a page from before its placements: from another system, or an older version.

    It redirects to the present one. Every address that a page has had here follows from its
    placements.
    """

    url_path = models.CharField("旧アドレス", max_length=ADDRESS_LENGTH, unique=True)
    page = models.ForeignKey(
        Page, on_delete=models.PROTECT, related_name="former_addresses", verbose_name="ページ"
    )
    since = models.DateTimeField("旧アドレスになった日時", default=timezone.now, editable=False)

    class Meta:
        verbose_name = verbose_name_plural = "旧アドレス"

    def __str__(self) -> str:
        return self.url_path
