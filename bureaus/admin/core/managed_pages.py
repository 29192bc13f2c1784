"""The pages that a manager decides about, and the likely ones among them, for a choice."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.db.models import OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.utils import timezone

from bureaus.models import BranchRole, Edition, Kind, Page, Role
from bureaus.permissions import Grants

CHOICES = 300
NOT_MANAGED = (
    "あなたが管理者をしている場所のなかに、このページはありません。一覧から選び直してください。"
)


@dataclass(frozen=True, slots=True)
class Branch:
    pk: int
    path: str
    url_path: str
    title: str
    depth: int

    @property
    def label(self) -> str:
        return f"{self.title}（{self.url_path}）"


def title_of(reference: str) -> Coalesce:
    """Return the title in force, or the latest one; a few index entries a row."""
    editions = Edition.objects.filter(page=OuterRef(reference))
    today = editions.in_force(timezone.now()).values("title")[:1]
    latest = editions.order_by("-number").values("title")[:1]
    return Coalesce(Subquery(today), Subquery(latest))


def managed(grants: Grants) -> QuerySet[Page]:
    placed = Page.objects.placed(timezone.now())
    pages: QuerySet[Page] = placed.filter(grants.in_branches(Role.MANAGER, is_placed=True))
    return pages


def managed_page(grants: Grants, **lookup: Any) -> Page | None:
    """Return one page that the officer manages, with its title. 1 query."""
    return managed(grants).filter(**lookup).annotate(title=title_of("pk")).first()


def page_title(page: Page) -> str:
    """Return the title of a page from `managed_page`."""
    return getattr(page, "title", "") or "（無題）"


def branches_to_choose(grants: Grants) -> list[Branch]:
    """
    Return the likely branches of an appointment in the order of the tree. 3 queries.

    They are the manager's own branches, the pages with role holders, and organisations.
    """
    tops = [path for path, role in grants.branches if role == Role.MANAGER]
    # One condition a query: combined by OR they would scan the whole tree.
    lookups = (
        {"placement__path__in": tops},
        {"pk__in": BranchRole.objects.values("page")},
        {"kind": Kind.ORGANISATION},
    )
    found = {
        branch.pk: branch
        for lookup in lookups
        for branch in branches_in(managed(grants).filter(**lookup))
    }
    return sorted(found.values(), key=lambda branch: branch.path)


def branches_in(pages: QuerySet[Page]) -> Iterator[Branch]:
    rows = pages.annotate(title=title_of("pk")).values_list(
        "pk", "placement__path", "placement__url_path", "title", "placement__depth"
    )
    for pk, path, url_path, title, depth in rows[:CHOICES]:
        yield Branch(pk, path, url_path, title or "（無題）", depth)
