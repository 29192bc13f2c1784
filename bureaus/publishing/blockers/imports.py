"""Why pages of another site cannot be stored, for many pages with a fixed number of queries."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q

from bureaus.models import FormerAddress, Kind, Page, Placement
from bureaus.models.addresses import ADDRESS_LENGTH, DEPTH_LIMIT, is_address, parent_address
from bureaus.models.batches import batches
from bureaus.models.editions import TITLE_LENGTH
from bureaus.models.intervals import Interval, first_moment_alone
from bureaus.models.placements import pages_at
from bureaus.publishing.blockers.blocker import Blocker, BlockerCode
from bureaus.publishing.blockers.former_addresses import redirects_from
from bureaus.publishing.blockers.tree import (
    intervals_of,
    kind_blockers,
    slug_blockers,
    too_deep,
)
from bureaus.publishing.imported_page import ImportedPage
from bureaus.text.formatting import japanese_moment


@dataclass(frozen=True, slots=True)
class Surroundings:
    """
    The surroundings of the pages of an import at `now`, by address.

    `kinds` and `intervals` are those of possible parents; an accepted page becomes one.
    """

    now: datetime
    kinds: dict[str, Kind]
    intervals: dict[str, Sequence[Interval]]
    taken: set[str]
    redirects: Mapping[str, int]

    def add(self, page: ImportedPage) -> None:
        self.kinds[page.address] = page.kind
        self.intervals[page.address] = intervals_from(page)
        self.taken.add(page.address)


def surroundings_of(pages: Iterable[ImportedPage], now: datetime) -> Surroundings:
    """Return the surroundings of `pages`. 5 queries per few hundred."""
    addresses = {page.address for page in pages}
    parents = pages_at(sorted({parent_address(address) for address in addresses}), now)
    above = list(parents.values())
    intervals: list[Sequence[Interval]] = []
    for batch in batches(above):
        intervals += intervals_of(batch)
    taken: set[str] = set()
    redirects: dict[str, int] = {}
    for some in batches(sorted(addresses)):
        standing = Placement.objects.not_ended(now).filter(url_path__in=some)
        taken |= set(standing.values_list("url_path", flat=True))
        redirects |= redirects_from(Q(url_path__in=some), now)
    return Surroundings(
        now,
        {address: Kind(page.kind) for address, page in parents.items()},
        dict(zip(parents, intervals, strict=True)),
        taken,
        redirects,
    )


def intervals_from(page: ImportedPage) -> list[Interval]:
    return [] if page.start is None else [Interval(page.start, None, readable=True)]


def import_blockers(
    pages: Iterable[ImportedPage], now: datetime
) -> Iterator[tuple[ImportedPage, list[Blocker]]]:
    """Yield each page with its blockers, parents first. 5 queries for a few hundred pages."""
    ordered = sorted(pages, key=lambda page: page.address.count("/"))
    around = surroundings_of(ordered, now)
    for page in ordered:
        found = list(page_blockers(page, around))
        if not found:
            around.add(page)
        yield page, found


def page_blockers(page: ImportedPage, around: Surroundings) -> Iterator[Blocker]:
    if not is_address(page.address) or page.address.count("/") > DEPTH_LIMIT:
        yield malformed(page.address) if len(page.address) <= ADDRESS_LENGTH else too_deep()
        return
    yield from content_blockers(page)
    yield from slug_blockers(page.slug)
    if page.address in around.taken:
        yield Blocker(
            BlockerCode.TAKEN,
            f"アドレス「{page.address}」には、すでにページがあるか、予約があります。"
            "別のアドレスにするか、管理画面で新しい版を作ってください。",
        )
    elif page.address in around.redirects:
        yield Blocker(
            BlockerCode.FORMER_ADDRESS,
            f"アドレス「{page.address}」は別のページの旧アドレスで、そこへ転送されています。"
            "別のアドレスにしてください。",
        )
    yield from parent_blockers(page, around)


def content_blockers(page: ImportedPage) -> Iterator[Blocker]:
    if not page.title.strip():
        yield Blocker(BlockerCode.TITLE, "表題がありません。表題を書いてください。")
    if len(page.title) > TITLE_LENGTH:
        yield Blocker(
            BlockerCode.PAGE_TITLE,
            f"表題が{len(page.title)}文字あります。{TITLE_LENGTH}文字以内にしてください。",
        )
    if page.kind == Kind.NEWS_ITEM and page.issued_on is None:
        yield Blocker(
            BlockerCode.ISSUED_ON, "新着情報の日付（発表日）がありません。日付を書いてください。"
        )


def parent_blockers(page: ImportedPage, around: Surroundings) -> Iterator[Blocker]:
    above = parent_address(page.address)
    kind = around.kinds.get(above)
    if kind is None:
        yield Blocker(
            BlockerCode.TARGET,
            f"親のページ「{above}」がありません。先に作るか、同じ表に加えて、取り込んでください。",
        )
        return
    yield from kind_blockers(page.kind, parent_at(above, kind))
    moment = first_moment_alone(
        intervals_from(page), around.intervals.get(above, ()), since=around.now
    )
    if moment is not None:
        when = "いま" if moment <= around.now else japanese_moment(moment)
        yield Blocker(
            BlockerCode.PARENT_UNREADABLE,
            f"親のページ「{above}」は、{when}公開されていません。先に公開するか、"
            "下書きとして取り込んでください（--drafts）。",
        )


def parent_at(address: str, kind: Kind) -> Page:
    """Return a page for the sentences of blockers; it is not stored."""
    page = Page(kind=kind)
    page.placement = Placement(url_path=address)
    return page


def former_address_blockers(addresses: Mapping[str, int], now: datetime) -> dict[str, Blocker]:
    """
    Return why these addresses cannot lead to the pages with these keys. 4 queries per few hundred.

    One that leads there already has none.
    """
    found: dict[str, Blocker] = {}
    for some in batches(sorted(addresses)):
        standing = Placement.objects.not_ended(now).filter(url_path__in=some)
        for address in standing.values_list("url_path", flat=True):
            found[address] = Blocker(
                BlockerCode.TAKEN,
                f"旧アドレス「{address}」には、いまページがあります。その行を消してください。",
            )
        for address, page in redirects_from(Q(url_path__in=some), now).items():
            if addresses[address] != page and address not in found:
                found[address] = Blocker(
                    BlockerCode.FORMER_ADDRESS,
                    f"旧アドレス「{address}」は、もう別のページへ転送されています。"
                    "その行を消すか、行き先を確かめてください。",
                )
    return found


def stored_former_addresses(addresses: Iterable[str]) -> set[str]:
    """Return those of `addresses` that are stored. 1 query per few hundred."""
    return {
        address
        for some in batches(sorted(addresses))
        for address in FormerAddress.objects.filter(url_path__in=some).values_list(
            "url_path", flat=True
        )
    }


def malformed(address: str) -> Blocker:
    return Blocker(
        BlockerCode.SLUG,
        f"「{address}」はアドレスに使えません。「/」で始まり「/」で終わる、半角の英小文字・数字・"
        "「-」「_」だけの形にしてください。",
    )
