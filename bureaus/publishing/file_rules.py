"""The pictures and documents that an officer may use; not those of others' unpublished pages."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone

from bureaus.models import BranchRole, Document, Figure, Image, Link, Part, Placement
from bureaus.models.placements import ancestor_paths
from bureaus.models.visibility import visible_editions
from bureaus.permissions import Grants
from bureaus.publishing.blockers.blocker import Blocker, BlockerCode

Library = type[Image] | type[Document]
PARTS_WITH: tuple[tuple[Library, type[Part], str], ...] = (
    (Image, Figure, "image"),
    (Document, Link, "document"),
)


def usable_by(library: Library, grants: Grants) -> QuerySet[Any]:
    """
    Return the files that were ever public, are used in the officer's branches, or are new there.

    A file without a use may be meant for an unpublished page: its uploader may use it, and the
    officers who share a branch with them. Without a role, there are none.
    """
    files: QuerySet[Any] = library._default_manager.all()
    if grants.is_unlimited:
        return files
    if not grants.branches:
        return files.none()
    part, name = next((part, name) for each, part, name in PARTS_WITH if each is library)
    uses = part.objects.filter(**{name: OuterRef("pk")}).order_by()
    visible_uses = uses.filter(visible_editions(grants, timezone.now(), "edition__"))
    own = Q(uploader=grants.officer) if grants.officer else Q(pk__in=[])
    of_colleagues = Q(uploader=None) | Exists(colleagues_of(grants))
    return files.filter(Exists(visible_uses) | (~Exists(uses) & of_colleagues) | own)


def colleagues_of(grants: Grants) -> QuerySet[BranchRole]:
    """The roles of the outer row's uploader in the officer's branches, above or below them."""
    above = {above for path, _ in grants.branches for above in ancestor_paths(path)}
    nodes = Placement.objects.in_force(timezone.now()).filter(path__in=above)
    shared = grants.in_branches(prefix="page__") | Q(page__in=nodes.values("page"))
    return BranchRole.objects.filter(shared, group__user=OuterRef("uploader")).order_by()


def file_blockers(
    parts: Mapping[type[Part], Iterable[Part]] | None, grants: Grants
) -> Iterator[Blocker]:
    """Why an edition cannot have these parts: a form could name any file. At most 2 queries."""
    for library, part, name in PARTS_WITH:
        keys = {getattr(row, f"{name}_id") for row in (parts or {}).get(part, ())} - {None}
        if keys and usable_by(library, grants).filter(pk__in=keys).count() < len(keys):
            yield Blocker(
                BlockerCode.FOREIGN_FILE,
                f"使えない{library._meta.verbose_name}が選ばれています。ほかの部局が公開する前の"
                "ものは使えません。別のものを選んでください。",
            )
