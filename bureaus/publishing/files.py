"""Which pictures and documents an officer may use: what others have under embargo is theirs."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone

from bureaus.models import Document, Figure, Image, Link, Part
from bureaus.permissions import Grants
from bureaus.publishing.reason import Reason

Library = type[Image] | type[Document]
PARTS_WITH: tuple[tuple[Library, type[Part], str], ...] = (
    (Image, Figure, "image"),
    (Document, Link, "document"),
)


def usable(library: Library, grants: Grants) -> QuerySet[Any]:
    """
    Of a library what is public or was, what an edition in the branches uses, and what none does.

    What only editions of other branches use, which nobody has seen, is not among them: not its
    title, and no way to publish it from here.
    """
    files: QuerySet[Any] = library._default_manager.all()
    if grants.is_unlimited:
        return files
    part, name = next((part, name) for each, part, name in PARTS_WITH if each is library)
    uses = part.objects.filter(**{name: OuterRef("pk")}).order_by()
    started = Q(edition__live_from__lte=timezone.now())
    open_to_him = uses.filter(started | grants.branches_of(prefix="edition__page__"))
    return files.filter(Exists(open_to_him) | ~Exists(uses))


def against_files(
    parts: Mapping[type[Part], Iterable[Part]] | None, grants: Grants
) -> Iterator[Reason]:
    """Why an edition cannot have these parts; at most 2 queries. A form is no door."""
    for library, part, name in PARTS_WITH:
        wanted = {getattr(row, f"{name}_id") for row in (parts or {}).get(part, ())} - {None}
        if wanted and usable(library, grants).filter(pk__in=wanted).count() < len(wanted):
            yield Reason(
                "foreign_file",
                f"使えない{library._meta.verbose_name}が選ばれています。ほかの部局が公開する前の"
                "ものは使えません。別のものを選んでください。",
            )
