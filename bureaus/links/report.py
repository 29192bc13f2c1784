"""The broken links of an officer's branches, foreign ones and those inside the site."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Substr

from bureaus.links.collection import links_of
from bureaus.models import (
    Answer,
    CheckedLink,
    Document,
    Edition,
    FormerAddress,
    Link,
    LinkUse,
    Placement,
    Seal,
)
from bureaus.models.batches import batches
from bureaus.permissions import Grants

ANSWERS: Mapping[str, str] = {
    Answer.ARCHIVED: "掲載を終了したページ（保存版）です",
    Answer.MOVED: "移転したページです",
    Answer.GONE: "削除したページです",
}
NOT_CURRENT = Q(answer=None) | ~Q(answer=Answer.CURRENT)  # of the page that is linked
FORMER, NOWHERE = "前のアドレスです（転送されます）", "公開しているページがありません"
TO_DOCUMENT = Q(address__startswith="/documents/")
NO_DOCUMENT, WITHHELD = "公開している文書がありません", "公開を取りやめた文書です"


@dataclass(frozen=True, slots=True)
class BrokenLink:
    """A broken link and the page that has it; `since` is known of foreign ones."""

    page: int
    title: str
    address: str  # of the page
    target: str
    problem: str
    since: datetime | None = None


def broken_links(grants: Grants, now: datetime, where: Q, most: int) -> list[BrokenLink]:
    """
    Return at most `most` in the branches that `where` narrows. 5 queries at any size.

    3 more where something was sealed in the pages found.
    """
    external = external_links(grants, now, where)[: most + 1]
    found = [
        BrokenLink(page, title, address, target, problem, since)
        for page, title, address, target, problem, since in external
    ]
    found += internal_links(grants, now, where, most + 1)
    found += links_to_documents(grants, now, where, most + 1)
    found = without_sealed(found, now)
    found += links_to_pages(grants, now, where, most + 1)
    found.sort(key=lambda each: (each.address, each.target))
    return found[:most]


def without_sealed(found: list[BrokenLink], now: datetime) -> list[BrokenLink]:
    """
    Leave out collected links that a seal has taken out of their page since. 1 or 3 queries.

    The version before this one collects them outside the lock of the seals.
    """
    pages = sealed_pages() & {each.page for each in found}
    linked_now: dict[int, set[str]] = {}
    for some in batches(pages):
        editions = Edition.objects.in_force(now).filter(page__in=some).order_by()
        page_of = dict(editions.values_list("pk", "page"))
        for edition, addresses in links_of(list(page_of)).items():
            linked_now[page_of[edition]] = addresses
    return [
        each
        for each in found
        if each.page not in pages or each.target in linked_now.get(each.page, ())
    ]


def sealed_pages() -> set[int]:
    """The keys of the pages of which something is withheld. 1 query."""
    seals = Seal.objects.withholding().filter(page__isnull=False)
    return set(seals.values_list("page", flat=True))


def own_editions(grants: Grants, now: datetime, where: Q) -> QuerySet[Any, Any]:
    """The keys of the readable editions in force in the officer's branches that `where` leaves."""
    placed = Edition.objects.in_force(now).readable().placed(now)
    own: QuerySet[Any, Any] = placed.filter(where, grants.in_branches(is_placed=True))
    return own.order_by().values("pk")


def uses(
    links: QuerySet[CheckedLink], grants: Grants, now: datetime, where: Q
) -> QuerySet[Any, Any]:
    """
    Return the uses of these links in the editions of the officer.

    `links` are the broken ones, which are few: their uses are found by an index, and only then it
    is asked whose they are. The other way round every link of every page would be read.
    """
    here = Placement.objects.in_force(now).filter(page=OuterRef("edition__page")).order_by()
    own = own_editions(grants, now, where).filter(pk=OuterRef("edition"))
    return (
        LinkUse.objects.filter(Exists(own), link__in=links.order_by().values("pk"))
        .annotate(here=Subquery(here.values("url_path")[:1]))
        .order_by("here", "link")
    )


def external_links(grants: Grants, now: datetime, where: Q) -> QuerySet[Any, Any]:
    broken = CheckedLink.objects.filter(broken_since__isnull=False)
    return uses(broken, grants, now, where).values_list(
        "edition__page",
        "edition__title",
        "here",
        "link__address",
        "link__problem",
        "link__broken_since",
    )


def internal_links(grants: Grants, now: datetime, where: Q, most: int) -> Iterable[BrokenLink]:
    """Judge the typed addresses by what is placed there now, so an ending is seen at once."""
    links = CheckedLink.objects.internal().exclude(TO_DOCUMENT)
    broken = with_answer(links, "address", now).filter(NOT_CURRENT)
    earlier = Placement.objects.filter(url_path=OuterRef("link__address"), live_until__lte=now)
    former = FormerAddress.objects.filter(url_path=OuterRef("link__address"))
    rows = with_answer(uses(broken, grants, now, where), "link__address", now).annotate(
        is_former=Exists(earlier.order_by()) | Exists(former)
    )
    columns = ("edition__page", "edition__title", "here", "link__address", "answer", "is_former")
    for page, title, here, target, found, is_former in rows.values_list(*columns)[:most]:
        problem = ANSWERS.get(found or "") or (FORMER if is_former else NOWHERE)
        yield BrokenLink(page, title, here, target, problem)


def with_answer(rows: Any, address: str, now: datetime) -> Any:
    """Annotate `answer`: that of the page at the address in this column; NULL without one."""
    there = Placement.objects.in_force(now).filter(url_path=OuterRef(address)).order_by()
    answer = Edition.objects.in_force(now).filter(page=OuterRef("target_page")).order_by()
    return rows.annotate(target_page=Subquery(there.values("page")[:1])).annotate(
        answer=Subquery(answer.values("answer")[:1])
    )


def links_to_documents(grants: Grants, now: datetime, where: Q, most: int) -> Iterable[BrokenLink]:
    """The links of bodies to documents that nobody can read, or not any more."""
    sealed = Seal.objects.withholding().filter(file=OuterRef("file"))
    public = document_at("address").ever_public(now).filter(~Exists(sealed))
    broken = CheckedLink.objects.filter(TO_DOCUMENT, ~Exists(public))
    rows = uses(broken, grants, now, where).annotate(
        is_withheld=Exists(document_at("link__address").filter(Exists(sealed)))
    )
    columns = ("edition__page", "edition__title", "here", "link__address", "is_withheld")
    for page, title, here, target, is_withheld in rows.values_list(*columns)[:most]:
        yield BrokenLink(page, title, here, target, WITHHELD if is_withheld else NO_DOCUMENT)


def document_at(address: str) -> Any:
    """The document at the address in this column of the outer query."""
    return Document.objects.filter(address=Substr(OuterRef(address), 2)).order_by()


def links_to_pages(grants: Grants, now: datetime, where: Q, most: int) -> Iterable[BrokenLink]:
    """The chosen pages in lists of links that are not current any more."""
    here = Placement.objects.in_force(now).filter(page=OuterRef("edition__page")).order_by()
    there = Placement.objects.in_force(now).filter(page=OuterRef("page")).order_by()
    answer = Edition.objects.in_force(now).filter(page=OuterRef("page")).order_by()
    editions = own_editions(grants, now, where)
    rows = (
        Link.objects.filter(page__isnull=False, edition__in=editions)
        .annotate(answer=Subquery(answer.values("answer")[:1]))
        .filter(NOT_CURRENT)
        .annotate(here=Subquery(here.values("url_path")[:1]))
        .annotate(there=Subquery(there.values("url_path")[:1]))
        .order_by("here", "there")
        .values_list("edition__page", "edition__title", "here", "there", "answer")
    )
    for page, title, address, target, found in rows[:most]:
        yield BrokenLink(page, title, address, target, ANSWERS.get(found or "", NOWHERE))
