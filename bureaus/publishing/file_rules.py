"""Which pictures and documents an officer may use: what others have under embargo is theirs."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone

from bureaus.models import BranchRole, Document, Figure, Image, Link, Page, Part
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
    Of a library what is public or was, what the branches' editions use, and what is put in there.

    What no edition uses yet may be meant for a page that nobody is to know of: it is for who has
    put it in, and for officers with whom he keeps a branch. Nothing for whoever keeps none. Of
    the rest neither title nor file is told, and there is no way to publish it from here.
    """
    files: QuerySet[Any] = library._default_manager.all()
    if grants.is_unlimited:
        return files
    if not grants.branches:
        return files.none()
    part, name = next((part, name) for each, part, name in PARTS_WITH if each is library)
    uses = part.objects.filter(**{name: OuterRef("pk")}).order_by()
    open_to_him = uses.filter(visible_editions(grants, timezone.now(), "edition__"))
    own = Q(uploader=grants.officer) if grants.officer else Q(pk__in=[])
    of_colleagues = Q(uploader=None) | Exists(colleagues_of(grants))
    return files.filter(Exists(open_to_him) | (~Exists(uses) & of_colleagues) | own)


def colleagues_of(grants: Grants) -> QuerySet[BranchRole]:
    """Whether the uploader of the outer row keeps what the officer keeps: above, below or there."""
    above = {
        path[:end]
        for path, _ in grants.branches
        for end in range(Page.steplen, len(path), Page.steplen)
    }
    shared = grants.in_branches(prefix="page__") | Q(page__path__in=above)
    return BranchRole.objects.filter(shared, group__user=OuterRef("uploader")).order_by()


def file_blockers(
    parts: Mapping[type[Part], Iterable[Part]] | None, grants: Grants
) -> Iterator[Blocker]:
    """Why an edition cannot have these parts; at most 2 queries. A form is no door."""
    for library, part, name in PARTS_WITH:
        wanted = {getattr(row, f"{name}_id") for row in (parts or {}).get(part, ())} - {None}
        if wanted and usable_by(library, grants).filter(pk__in=wanted).count() < len(wanted):
            yield Blocker(
                BlockerCode.FOREIGN_FILE,
                f"使えない{library._meta.verbose_name}が選ばれています。ほかの部局が公開する前の"
                "ものは使えません。別のものを選んでください。",
            )
