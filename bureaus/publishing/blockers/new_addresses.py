"""Addresses that pages would get: taken by others, or former addresses that redirect."""

from collections.abc import Iterator, Sequence
from datetime import datetime

from django.db.models import Q
from django.utils import timezone

from bureaus.models import Page, Placement
from bureaus.models.addresses import address_under
from bureaus.publishing.blockers.blocker import Blocker, BlockerCode
from bureaus.publishing.blockers.former_addresses import redirects_from, redirects_lost
from bureaus.text.formatting import japanese_moment


def taken_blockers(parents: Sequence[Placement], slug: str, start: datetime) -> Iterator[Blocker]:
    """
    Yield a blocker where another page has the address, or is booked for it. 1 query.

    `parents`: the placements of the parent from `start` on.
    """
    addresses = {address_under(above.url_path, slug) for above in parents}
    others = Placement.objects.not_ended(start).filter(url_path__in=addresses)
    standing = list(others.order_by("live_from"))
    for above in parents:
        address = address_under(above.url_path, slug)
        taken = next((node for node in standing if is_taken_by(node, address, above)), None)
        if taken is None:
            continue
        if taken.live_from <= timezone.now():
            sentence = f"アドレス「{address}」には、すでにページがあります。"
        else:
            when = japanese_moment(taken.live_from)
            sentence = f"アドレス「{address}」は、{when}から別のページのものになる予約があります。"
        yield Blocker(BlockerCode.TAKEN, f"{sentence}別の名前にしてください。")
        return


def is_taken_by(node: Placement, address: str, above: Placement) -> bool:
    """Return whether `node` has `address` at any moment of the interval of `above`."""
    begins_after = above.live_until is not None and node.live_from >= above.live_until
    ended_before = node.live_until is not None and node.live_until <= above.live_from
    return node.url_path == address and not begins_after and not ended_before


def branch_redirects_lost(node: Placement, address: str, start: datetime) -> dict[Page, list[str]]:
    """Return the redirects that end when the branch of `node` begins with `address`."""
    redirects = redirects_from(Q(url_path__startswith=address), start)
    return redirects_lost(future_addresses(node, address), redirects) if redirects else {}


def future_addresses(node: Placement, address: str) -> dict[str, int | None]:
    rows = Placement.objects.branch_of(node).open().values_list("url_path", "page")
    return {address + old.removeprefix(node.url_path): page for old, page in rows}
