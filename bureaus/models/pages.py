"""
The tree of pages. A page is an identity at an address and holds no text.

The only module that calls treebeard. Every function here that changes the structure has to be
called inside `locks.tree_lock`, with pages read inside it (docs/adr/0002).
"""

from collections import Counter
from collections.abc import Iterable
from datetime import datetime
from typing import Any, ClassVar, NamedTuple, Self, cast

from django.db import models
from django.db.models import F, Max, Q, QuerySet, Value
from django.db.models.functions import Concat, Length, Substr
from django.utils import timezone
from treebeard.mp_tree import MP_Node, MP_NodeManager, MP_NodeQuerySet

from bureaus.models.addresses import (
    ADDRESS_LENGTH,
    SLUG_LENGTH,
    address_under,
    parent_address,
    validate_slug,
)
from bureaus.models.batches import batches
from bureaus.models.kinds import IN_THE_TREE, Kind
from bureaus.models.visibility import Moment, Viewer, ever_public, visible_pages

# The columns that only the set-based updates of this module write.
STRUCTURE = frozenset({"path", "depth", "numchild", "slug", "url_path"})


def fields_to_save(row: models.Model, kwargs: dict[str, Any], never: frozenset[str]) -> set[str]:
    """Return the `update_fields` of a `save(**kwargs)`, by default all fields, without `never`."""
    requested = kwargs.get("update_fields")
    fields = {field.name for field in row._meta.concrete_fields if not field.primary_key}
    return (fields if requested is None else set(requested)) - never


class PageQuerySet(MP_NodeQuerySet):
    def children_of(self, page: "Page") -> Self:
        """The pages directly below `page`."""
        return self.filter(depth=page.depth + 1, **below(page))

    def branch_of(self, page: "Page") -> Self:
        """`page` and its descendants."""
        return self.filter(path__gte=page.path, path__lt=branch_end(page.path))

    def ever_public(self, at: Moment) -> Self:
        """The pages that are public at `at` or have been before."""
        return self.filter(ever_public(at))

    def visible_to(self, viewer: Viewer, now: datetime) -> Self:
        """The pages of whose existence the officer may know."""
        return self.filter(visible_pages(viewer, now))


class PageManager(MP_NodeManager.from_queryset(PageQuerySet)):  # type: ignore[misc]
    """The default manager, unfiltered: treebeard needs every node, also of a proxy model."""

    def get_queryset(self) -> PageQuerySet:
        return PageQuerySet(self.model, using=self._db).order_by("path")

    @property
    def tree_model(self) -> "type[Page]":
        return Page

    def get_by_natural_key(self, url_path: str) -> "Page":
        return cast("Page", self.get(url_path=url_path))


class KindManager(models.Manager["Page"]):
    """A manager for the pages of one kind. Never a model's `objects`: see PageManager."""

    def __init__(self, kind: Kind) -> None:
        super().__init__()
        self.kind = kind

    def get_queryset(self) -> PageQuerySet:
        return PageQuerySet(self.model, using=self._db).filter(kind=self.kind).order_by("path")


class Page(MP_Node):
    kind = models.CharField("種類", max_length=20, choices=Kind.choices, default=Kind.PAGE)
    slug = models.CharField(
        "アドレスの末尾", max_length=SLUG_LENGTH, blank=True, validators=[validate_slug]
    )
    url_path = models.CharField("アドレス", max_length=ADDRESS_LENGTH, unique=True)
    created_at = models.DateTimeField("作成日時", default=timezone.now, editable=False)

    objects: ClassVar[Any] = PageManager()

    class Meta:
        verbose_name = "ページ"
        verbose_name_plural = "ページ"
        indexes = [
            models.Index(fields=["kind", "depth", "path"], name="page_kind_depth_path"),
            models.Index(
                # The children of a page as lists have them: without its thousands of news items.
                # The three kinds have to be literals in the statement (reading.compiled_sql).
                fields=["depth", "path"],
                condition=Q(kind__in=[str(kind) for kind in IN_THE_TREE]),
                name="page_children",
            ),
        ]
        constraints = [
            models.CheckConstraint(
                name="page_kind_is_known",
                violation_error_message="ページの種類は、page・organisation・"
                "policy_section・news_item のどれかにしてください。",
                condition=Q(kind__in=[str(kind) for kind in Kind]),
            ),
            models.CheckConstraint(
                name="page_depth_is_of_its_path",
                violation_error_message="木の列 depth が path と合いません。"
                "木の列は、追加・移動・アドレスの変更だけが書きます。",
                condition=Q(depth=Length("path") / Value(MP_Node.steplen)),
            ),
            models.CheckConstraint(
                name="page_address_ends_with_its_slug",
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

    def get_absolute_url(self) -> str:
        return self.url_path

    def natural_key(self) -> tuple[str]:
        return (self.url_path,)

    def save(self, **kwargs: Any) -> None:
        """
        Save, without the columns of the structure where the page is stored already.

        A page read before another user's move would write the old structure back and orphan a
        branch. A new page is inserted or fails: Django would update a row with the same key.
        """
        if self._state.adding:
            kwargs["force_insert"] = True
        if not kwargs.get("force_insert"):
            kwargs["update_fields"] = fields_to_save(self, kwargs, STRUCTURE)
        super().save(**kwargs)


class Organisation(Page):
    of_kind = KindManager(Kind.ORGANISATION)

    class Meta:
        proxy = True
        default_manager_name = "objects"
        verbose_name = verbose_name_plural = "組織"


class PolicySection(Page):
    of_kind = KindManager(Kind.POLICY_SECTION)

    class Meta:
        proxy = True
        default_manager_name = "objects"
        verbose_name = verbose_name_plural = "政策"


class NewsItem(Page):
    of_kind = KindManager(Kind.NEWS_ITEM)

    class Meta:
        proxy = True
        default_manager_name = "objects"
        verbose_name = verbose_name_plural = "新着情報"


class FormerAddress(models.Model):
    """An earlier address of a page. It redirects to the present one."""

    url_path = models.CharField("旧アドレス", max_length=ADDRESS_LENGTH, unique=True)
    page = models.ForeignKey(
        Page, on_delete=models.PROTECT, related_name="former_addresses", verbose_name="ページ"
    )
    since = models.DateTimeField("旧アドレスになった日時", default=timezone.now, editable=False)

    class Meta:
        verbose_name = verbose_name_plural = "旧アドレス"

    def __str__(self) -> str:
        return self.url_path


def branch_end(path: str) -> str:
    """
    Return the first path after the branch of `path`: its number plus one.

    It has digits and capital letters only, which every collation orders alike, unlike "~".
    """
    following: str = Page._int2str(Page._str2int(path) + 1)
    return following.rjust(len(path), Page.alphabet[0])


def below(page: Page) -> dict[str, str]:
    """Return the lookups for the descendants of `page`: a range of paths."""
    return {"path__gt": page.path, "path__lt": branch_end(page.path)}


def parent_of(page: Page) -> Page | None:
    """Return the parent of `page`; None of the root. 1 query, none for the root."""
    return cast("Page | None", Page.objects.get_parent(page, update=True))


def parents_of(pages: Iterable[Page]) -> dict[int, Page]:
    """Return the parents of `pages` by the child's key, without the root's; 1 query a batch."""
    paths = {page.pk: page.path[: -Page.steplen] for page in pages}
    parents = {
        parent.path: parent
        for batch in batches(set(paths.values()))
        for parent in Page.objects.filter(path__in=batch)
    }
    return {pk: parents[path] for pk, path in paths.items() if path in parents}


def reread(page: Page) -> Page:
    """Return `page` as stored now. Raises Page.DoesNotExist."""
    return cast("Page", Page.objects.get(pk=page.pk))


def add_child(page: Page, *, under: Page | None) -> Page:
    """
    Store a new page as the last child of `under`, or as the root. Inside `tree_lock`.

    The address follows from the slug; a path set by the caller is ignored.
    """
    if under is None:
        page.url_path = "/"
        return cast("Page", Page.objects.add_root(instance=page))
    page.url_path = address_under(under.url_path, page.slug)
    return cast("Page", Page.objects.add_child(under, instance=page))


def move_node(page: Page, *, under: Page) -> None:
    """Make `page`, with its branch, the last child of `under`. Inside `tree_lock`."""
    old = page.url_path
    Page.objects.move(page, under, "last-child")
    change_branch_addresses(page, old=old, new=address_under(under.url_path, page.slug))


def delete_leaf(page: Page) -> None:
    """Delete a page without children. Inside `tree_lock`."""
    Page.objects.get(pk=page.pk).delete()


def change_slug(page: Page, *, slug: str) -> None:
    """Change the slug of `page` and the addresses of its branch. Inside `tree_lock`."""
    old = page.url_path
    new = old.removesuffix(f"{page.slug}/") + f"{slug}/"
    Page.objects.filter(pk=page.pk).update(slug=slug, url_path=new)
    change_branch_addresses(page, old=old, new=new)


def change_branch_addresses(page: Page, *, old: str, new: str) -> None:
    """Replace the prefix `old` of every address in the branch of `page`. 1 statement."""
    Page.objects.branch_of(page).filter(url_path__startswith=old).update(
        url_path=Concat(Value(new), Substr("url_path", len(old) + 1))
    )
    page.refresh_from_db()


def remember_addresses(pages: QuerySet[Page]) -> None:
    """Store the present addresses of `pages` as former addresses, in batches."""
    rows = pages.order_by().values_list("url_path", "pk")
    FormerAddress.objects.bulk_create(
        [FormerAddress(url_path=url_path, page_id=pk) for url_path, pk in rows.iterator()]
    )


class BranchExtent(NamedTuple):
    """The greatest depth and the length of the longest address in a branch."""

    depth: int
    address_length: int


def branch_extent(page: Page) -> BranchExtent:
    """Return the extent of the branch of `page`; 1 query."""
    measures = (
        Page.objects.branch_of(page)
        .order_by()
        .aggregate(depth=Max("depth"), address=Max(Length("url_path")))
    )
    return BranchExtent(measures["depth"], measures["address"])


def pages_at(addresses: Iterable[str]) -> dict[str, Page]:
    """Return the pages at those of `addresses` that have one; 1 query a batch."""
    return {
        page.url_path: page
        for batch in batches(addresses)
        for page in Page.objects.filter(url_path__in=batch)
    }


def add_nodes(pages: Iterable[Page]) -> None:
    """
    Store many new pages, each below the page at its parent's address. Inside `tree_lock`.

    Siblings keep the order of `pages`. In an empty table pages keep the path that they have, if
    they have one; otherwise they follow the existing children. About 2 queries for each existing
    parent, and 1 for every few hundred pages.
    """
    by_depth = sorted(pages, key=lambda page: page.url_path.count("/"))
    is_empty = not Page.objects.exists()
    parents = pages_at({parent_address(page.url_path) for page in by_depth} - {""})
    last_step: dict[str, int] = {}
    added = Counter[str]()
    for page in by_depth:
        address = parent_address(page.url_path)
        parent = parents.get(address)
        if parent is not None and address not in last_step:
            last = Page.objects.get_last_child(parent) if parent.numchild else None
            last_step[address] = last._get_lastpos_in_path() if last else 0
        page.depth = parent.depth + 1 if parent else 1
        if not (is_empty and page.path):
            last_step[address] = last_step.get(address, 0) + 1
            page.path = Page._get_path(
                parent.path if parent else None, page.depth, last_step[address]
            )
        page.numchild = 0
        added[address] += 1
        parents[page.url_path] = page
        last_step[page.url_path] = 0
    for page in by_depth:
        page.numchild = added.pop(page.url_path, 0)
    Page.objects.bulk_create(by_depth)
    for address, count in added.items():
        Page.objects.filter(url_path=address).update(numchild=F("numchild") + count)
