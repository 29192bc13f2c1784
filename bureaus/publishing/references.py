"""Where a picture or a document is used, as far as who asks may know."""

from dataclasses import dataclass
from datetime import datetime
from functools import reduce
from operator import or_

from django.db.models import Q
from django.utils import timezone

from bureaus.models import Document, Edition, Image
from bureaus.models.editions import EditionQuerySet
from bureaus.permissions import Grants

HIDDEN_TITLE = "（ほかの担当の、公開していないページ）"


@dataclass(frozen=True, slots=True)
class Reference:
    """`address` is empty, and the title hidden, where the reader may not see the edition."""

    edition: int
    number: int
    title: str
    address: str
    is_begun: bool  # in force now or once: a citizen can read it

    def __str__(self) -> str:
        return (
            f"「{self.title}」第{self.number}版（{self.address}）" if self.address else HIDDEN_TITLE
        )


def references_to(item: Image | Document, grants: Grants) -> list[Reference]:
    """Every edition that shows or links it, in the order of the tree; 1 query."""
    now = timezone.now()
    editions = editions_using(item).select_related("page").defer("body")
    return [
        reference_from(edition, grants, now)
        for edition in editions.order_by("page__path", "number")
    ]


def editions_using(item: Image | Document) -> EditionQuerySet:
    if isinstance(item, Image):
        return Edition.objects.filter(figures__image=item).distinct()
    # Whatever follows the address: a link may lead to a page of the document.
    in_body = Q(body__contains=f'"{item.get_absolute_url()}')
    return Edition.objects.filter(Q(links__document=item) | in_body).distinct()


def in_body(address: str) -> Q:
    """The condition for editions whose body links the page at this very address."""
    bare = Q(body__contains=f'href="{address.rstrip("/")}"')
    return bare | reduce(or_, (Q(body__contains=f'href="{address}{end}') for end in '"#?'))


def reference_from(edition: Edition, grants: Grants, now: datetime) -> Reference:
    is_begun = edition.has_begun(now)
    is_seen = is_begun or grants.can_view(edition.page)
    return Reference(
        edition=edition.pk,
        number=edition.number,
        title=edition.title or "（無題）" if is_seen else HIDDEN_TITLE,
        address=edition.page.url_path if is_seen else "",
        is_begun=is_begun,
    )
