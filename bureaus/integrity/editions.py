"""What is wrong with the editions: their intervals and texts, and which pages are above them."""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import NamedTuple

from django.utils import timezone

from bureaus.integrity.problem import Problem
from bureaus.integrity.tree import KNOWN_KINDS, Node, Tree
from bureaus.models import (
    CATEGORIES_OF,
    READABLE_ANSWERS,
    Answer,
    Edition,
    Kind,
    NewsListing,
)
from bureaus.models.intervals import Interval, clipped, first_moment_alone, interval_ends
from bureaus.models.news_listings import expected_listings
from bureaus.text.formatting import japanese_moment
from bureaus.text.rich_text import BodyTooHeavy, sanitise


class ApprovedEdition(NamedTuple):
    page: int
    number: int
    answer: str
    live_from: datetime
    live_until: datetime | None
    moved_to: int | None
    category: str
    body: str


Versions = Mapping[int, list[ApprovedEdition]]


def read_versions() -> Versions:
    """Read the approved editions of each page, in the order of their starts. 1 query."""
    approved = Edition.objects.with_start().order_by("page", "live_from")
    versions: dict[int, list[ApprovedEdition]] = defaultdict(list)
    for row in approved.values_list(*ApprovedEdition._fields).iterator():
        edition = ApprovedEdition(*row)
        versions[edition.page].append(edition)
    return dict(versions)


def edition_problems(tree: Tree, versions: Versions) -> Iterator[Problem]:
    for page, editions in versions.items():
        address = tree.addresses[page]
        kind = tree.by_page[page][0].page_kind if page in tree.by_page else ""
        yield from interval_problems(address, editions)
        yield from body_problems(address, editions)
        yield from category_problems(address, kind, editions)
        yield from early_problems(tree, page, editions)
    yield from loop_problems(tree.addresses, versions, timezone.now())


def early_problems(tree: Tree, page: int, editions: list[ApprovedEdition]) -> Iterator[Problem]:
    """Yield where a page is public before it is placed anywhere."""
    nodes = tree.by_page.get(page)
    if nodes and editions[0].live_from < nodes[0].live_from:
        yield Problem(
            nodes[0].url_path,
            f"第{editions[0].number}版の公開開始（{japanese_moment(editions[0].live_from)}）が、"
            f"ページの最初の配置（{japanese_moment(nodes[0].live_from)}）より前です。",
        )


def visibility_problems(
    tree: Tree, versions: Versions, formerly_elsewhere: frozenset[int]
) -> Iterator[Problem]:
    """
    Yield where a page is public while its parent is not, over all moments.

    `formerly_elsewhere`: the pages with a former address. They were moved before their first
    placement was recorded, so what was above them in the past is not known.
    """
    now = timezone.now()
    intervals = {page: intervals_of(editions) for page, editions in versions.items()}
    for nodes in tree.by_page.values():
        for node in nodes:
            parent = tree.parent(node)
            if parent is None or node.page not in intervals:
                continue
            above = intervals.get(parent.page, [])
            since = node.live_from
            if not node.release:
                since = now if node.page in formerly_elsewhere else recorded_since(node, above, now)
            moment = first_moment_alone(
                clipped(intervals[node.page], node.live_from, node.live_until), above, since=since
            )
            if moment is not None:
                yield Problem(
                    node.url_path,
                    f"{japanese_moment(moment)}に公開中ですが、"
                    f"親の「{parent.url_path}」は公開されていません。",
                )


def recorded_since(node: Node, above: list[Interval], now: datetime) -> datetime:
    """
    Return the moment of the first placement `node` from which what was above it is known.

    A page added under placements is there from then on. An older one, whose placement was
    derived from its editions, may have been elsewhere until its parent was first public.
    """
    if node.live_from > node.created_at:
        return node.live_from
    return max(node.live_from, min(above[0].start, now) if above else now)


def intervals_of(editions: list[ApprovedEdition]) -> list[Interval]:
    return [interval_of(edition) for edition in editions]


def interval_of(edition: ApprovedEdition) -> Interval:
    is_readable = edition.answer in READABLE_ANSWERS
    return Interval(edition.live_from, edition.live_until, is_readable)


def interval_problems(address: str, editions: list[ApprovedEdition]) -> Iterator[Problem]:
    expected = interval_ends([edition.live_from for edition in editions])
    for edition, end in zip(editions, expected, strict=True):
        if edition.live_until != end:
            yield Problem(
                address,
                f"第{edition.number}版の公開終了が、次の版の公開開始"
                f"（{japanese_moment(end) if end else 'なし'}）と合いません"
                "（期間の重なりか空き）。",
            )


def body_problems(address: str, editions: list[ApprovedEdition]) -> Iterator[Problem]:
    for edition in editions:
        try:
            is_clean = sanitise(edition.body) == edition.body
        except BodyTooHeavy:
            is_clean = False
        if not is_clean:
            yield Problem(address, f"第{edition.number}版の本文に、使えないタグか属性があります。")


def category_problems(
    address: str, kind: str, editions: list[ApprovedEdition]
) -> Iterator[Problem]:
    known = CATEGORIES_OF[Kind(kind)] if kind in KNOWN_KINDS else ()
    for edition in editions:
        if edition.category not in known:
            yield Problem(
                address,
                f"第{edition.number}版の区分「{edition.category}」は、この種類のものではありません。",
            )


def loop_problems(
    addresses: Mapping[int, str], versions: Versions, now: datetime
) -> Iterator[Problem]:
    moves = [
        edition
        for editions in versions.values()
        for edition in editions
        if edition.answer == Answer.MOVED
        and (edition.live_until is None or now < edition.live_until)
    ]
    looping: set[int] = set()
    for moment in {max(now, edition.live_from) for edition in moves}:
        looping |= pages_in_loops(
            {
                edition.page: edition.moved_to
                for edition in moves
                if interval_of(edition).contains(moment)
            }
        )
    for page in looping:
        yield Problem(addresses[page], "移転先をたどると、もとのページに戻ります。")
    for edition in moves:
        moment = max(now, edition.live_from)
        targets = versions.get(edition.moved_to or 0, [])
        if not any(interval_of(target).contains(moment) for target in targets):
            yield Problem(
                addresses[edition.page],
                f"移転先が、{japanese_moment(moment)}に公開されていません。",
            )


def pages_in_loops(targets: Mapping[int, int | None]) -> set[int]:
    """Return the pages from which following the moves never ends."""
    looping = set()
    for page, first in targets.items():
        visited = {page}
        target: int | None = first
        while target is not None and target not in visited:
            visited.add(target)
            target = targets.get(target)
        if target is not None:
            looping.add(page)
    return looping


def listing_row(listing: NewsListing) -> tuple[object, ...]:
    return (
        listing.page_id,
        listing.edition_id,
        listing.organisation_id,
        listing.issued_on,
        listing.category,
        listing.event_start,
        listing.event_end,
        listing.live_from,
        listing.live_until,
    )


def listing_problems(tree: Tree) -> Iterator[Problem]:
    """The entries of the news lists follow from editions and placements. 3 queries."""
    stored = {listing_row(listing): listing.page_id for listing in NewsListing.objects.all()}
    expected = {listing_row(listing): listing.page_id for listing in expected_listings()}
    wrong = stored.keys() ^ expected.keys()
    for page in sorted({(stored | expected)[row] for row in wrong}):
        yield Problem(tree.addresses[page], "新着情報の一覧での場所が、版と親に合いません。")
