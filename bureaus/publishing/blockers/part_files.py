"""Why an edition cannot have a picture or document: it belongs to others' unpublished page."""

from collections.abc import Iterable, Iterator, Mapping

from django.utils import timezone

from bureaus.models import Document, Figure, Image, Link, Part
from bureaus.models.media import Library
from bureaus.permissions import Grants
from bureaus.publishing.blockers.blocker import Blocker, BlockerCode

PARTS_WITH: tuple[tuple[Library, type[Part], str], ...] = (
    (Image, Figure, "image"),
    (Document, Link, "document"),
)


def file_blockers(
    parts: Mapping[type[Part], Iterable[Part]] | None, grants: Grants
) -> Iterator[Blocker]:
    """Why an edition cannot have these parts: a form could name any file. At most 2 queries."""
    for library, part, name in PARTS_WITH:
        keys = {getattr(row, f"{name}_id") for row in (parts or {}).get(part, ())} - {None}
        usable = library.objects.usable_by(grants, timezone.now())
        if keys and usable.filter(pk__in=keys).count() < len(keys):
            yield Blocker(
                BlockerCode.FOREIGN_FILE,
                f"使えない{library._meta.verbose_name}が選ばれています。ほかの部局が公開する前の"
                "ものは使えません。別のものを選んでください。",
            )
