"""The editions that use a picture or a document, as far as the reader may know of them."""

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
    is_begun: bool  # the public can read it, now or at a past moment

    def __str__(self) -> str:
        return (
            f"「{self.title}」第{self.number}版（{self.address}）" if self.address else HIDDEN_TITLE
        )


def references_to(item: Image | Document, grants: Grants) -> list[Reference]:
    """Return every edition that uses it, in the order of the tree; 1 query."""
    now = timezone.now()
    editions = editions_using(item).with_page().defer("body")
    return [
        reference_from(edition, grants, now)
        for edition in editions.order_by("placement__path", "number")
    ]


def editions_using(item: Image | Document) -> EditionQuerySet:
    if isinstance(item, Image):
        return Edition.objects.filter(figures__image=item).distinct()
    # Without the closing quote: a link may have a fragment, such as a page of the document.
    is_linked = Q(body__contains=f'"{item.get_absolute_url()}')
    return Edition.objects.filter(Q(links__document=item) | is_linked).distinct()


def links_in_body(address: str) -> Q:
    """The condition for editions whose body links to the page at exactly this address."""
    bare = Q(body__contains=f'href="{address.rstrip("/")}"')
    return bare | reduce(or_, (Q(body__contains=f'href="{address}{end}') for end in '"#?'))


def reference_from(edition: Edition, grants: Grants, now: datetime) -> Reference:
    is_begun = edition.has_begun(now)
    is_visible = is_begun or grants.can_view(edition.page)
    return Reference(
        edition=edition.pk,
        number=edition.number,
        title=edition.title or "（無題）" if is_visible else HIDDEN_TITLE,
        address=edition.page.url_path if is_visible else "",
        is_begun=is_begun,
    )
