"""
Addresses that lead to other pages: to take one ends a redirect that the public uses.

An address leads to the page that last had it while it was public, else to that of its
`FormerAddress`.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Exists, F, OuterRef, Q, QuerySet, Value

from bureaus.models import Edition, FormerAddress, Page, Placement, Role
from bureaus.models.placements import placed_pages
from bureaus.permissions import Grants
from bureaus.publishing.blockers.blocker import Blocker, BlockerCode

HOLDER_COLUMNS = ("url_path", "page", "since", "row")  # of one that had an address: see last_holder


@dataclass(frozen=True, slots=True)
class RedirectRights:
    """
    The grants of an officer to end redirects to other pages, for an address under `place`.

    The public knows the addresses on both sides: only a manager of both may end a redirect, and
    only by choosing to.
    """

    grants: Grants
    place: Page
    is_chosen: bool

    def may_end(self, target: Page) -> bool:
        return all(Role.MANAGER in self.grants.roles_at(page) for page in (self.place, target))


def redirects_from(addresses: Q, start: datetime) -> dict[str, int]:
    """
    Return the keys of the pages to which `addresses` redirect before `start`, by address.

    `addresses` is a condition on `url_path`. 1 query.
    """
    return last_holders(redirect_rows(addresses, start))


def pages_named(addresses: Q, at: datetime) -> dict[str, int]:
    """Return the same, and of an address that a page has at `at`, the key of that page. 1 query."""
    here = Placement.objects.in_force(at).filter(addresses).order_by()
    standing = here.annotate(since=F("live_from"), row=F("pk")).values_list(*HOLDER_COLUMNS)
    return last_holders(redirect_rows(addresses, at).union(standing, all=True))


def redirect_rows(addresses: Q, start: datetime) -> QuerySet[Any, Any]:
    former = FormerAddress.objects.filter(addresses).order_by()
    ended = Placement.objects.filter(addresses, live_from__lt=start, live_until__lte=start)
    public = Edition.objects.filter(
        Q(live_until=None) | Q(live_until__gt=OuterRef("live_from")),
        page=OuterRef("page"),
        live_from__lt=OuterRef("live_until"),
    )
    rows = former.annotate(row=Value(0)).values_list(*HOLDER_COLUMNS)
    left = ended.filter(Exists(public)).order_by().annotate(since=F("live_from"), row=F("pk"))
    return rows.union(left.values_list(*HOLDER_COLUMNS), all=True)


def last_holders(rows: QuerySet[Any, Any]) -> dict[str, int]:
    """The last holder of an address replaces those before it, and all of them a former address."""
    return {address: page for address, page, *_ in sorted(rows, key=last_holder)}


def last_holder(row: tuple[str, int, datetime, int]) -> tuple[bool, datetime, int]:
    """Return the key that sorts the rows of one address by the time they held it."""
    *_, since, placement = row
    return bool(placement), since, placement


def redirects_lost(
    owners: Mapping[str, int | None], redirects: Mapping[str, int]
) -> dict[Page, list[str]]:
    """
    Return the addresses among `redirects` that each page loses to another one.

    `owners`: the key of the page that takes each address; it may take back its own. 1 query for
    each `batches` of pages that lose one.
    """
    lost: dict[int, list[str]] = {}
    for address, page in sorted(redirects.items()):
        if address in owners and owners[address] != page:
            lost.setdefault(page, []).append(address)
    pages = placed_pages(lost)
    return {pages[page]: addresses for page, addresses in lost.items()}


def redirect_blockers(lost: Mapping[Page, list[str]], rights: RedirectRights) -> Iterator[Blocker]:
    for page, addresses in lost.items():
        for address in addresses:
            yield from redirect_blocker(address, page, rights)


def redirect_blocker(address: str, page: Page, rights: RedirectRights) -> Iterator[Blocker]:
    if not rights.may_end(page):
        yield Blocker(
            BlockerCode.FORMER_ADDRESS_OF_OTHERS,
            f"{former(address, page)}転送をやめられるのは、両方の場所を担当する管理者だけです。"
            "別の名前にするか、担当の管理者に依頼してください。",
        )
    elif not rights.is_chosen:
        yield Blocker(
            BlockerCode.FORMER_ADDRESS,
            f"{former(address, page)}別の名前にするか、転送をやめることを選んでください。",
        )


def former(address: str, page: Page) -> str:
    """Say that `address` leads to `page`, which may have it until a booked change."""
    if address == page.url_path:
        return f"「{address}」は、いまそこにあるページが移ると、その移った先へ転送されます。"
    return f"「{address}」は「{page.url_path}」の旧アドレスで、そこへ転送されています。"
