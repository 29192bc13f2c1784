"""
The consistency check of tree, addresses, intervals, figures and search index.

9 queries over the whole site, then plain Python: about half a second for 5,000 pages, where
treebeard's find_problems takes 2 queries a node.
"""

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

from django.core.exceptions import ValidationError
from django.db.models import Count, Sum
from django.utils import timezone

from bureaus import search
from bureaus.models import (
    CATEGORIES_OF,
    KINDS_UNDER,
    READABLE_ANSWERS,
    ROOT_KIND,
    Answer,
    Edition,
    Figure,
    FormerAddress,
    Kind,
    Page,
)
from bureaus.models.addresses import address_under, is_address, validate_slug
from bureaus.models.intervals import Interval, first_moment_alone, interval_ends
from bureaus.text.formatting import japanese_moment
from bureaus.text.rich_text import BodyTooHeavy, sanitise


@dataclass(frozen=True, slots=True)
class Problem:
    """An inconsistency of the page at `address`."""

    address: str
    sentence: str

    def __str__(self) -> str:
        return f"{self.address}：{self.sentence}"


class Node(NamedTuple):
    pk: int
    path: str
    depth: int
    numchild: int
    kind: str
    slug: str
    url_path: str


class ApprovedEdition(NamedTuple):
    page: int
    number: int
    answer: str
    live_from: datetime
    live_until: datetime | None
    listed_under: int | None
    moved_to: int | None
    category: str
    body: str


def problems() -> list[Problem]:
    """Return every inconsistency of the site. 9 queries, or 10."""
    nodes = [Node(*row) for row in Page.objects.values_list(*Node._fields)]
    by_path = {node.path: node for node in nodes}
    approved = Edition.objects.with_start().order_by("page", "live_from")
    versions: dict[int, list[ApprovedEdition]] = defaultdict(list)
    for row in approved.values_list(*ApprovedEdition._fields).iterator():
        edition = ApprovedEdition(*row)
        versions[edition.page].append(edition)
    return [
        *tree_problems(by_path),
        *address_problems(by_path),
        *edition_problems(by_path, versions),
        *draft_problems(nodes),
        *former_problems({node.url_path for node in nodes}),
        *figure_problems(),
        *search_problems(),
    ]


def tree_adds_up() -> bool:
    """
    Return whether there is one root, and each level has as many pages as `numchild` above it says.

    1 query over the table of pages. Not a proof: problems() finds what this misses.
    """
    levels = (
        Page.objects.order_by("depth")
        .values_list("depth")
        .annotate(pages=Count("pk"), children=Sum("numchild"))
    )
    expected, deepest = 1, 0
    for depth, pages, children in levels:
        if pages != expected or depth != deepest + 1:
            return False
        expected, deepest = children, depth
    return expected == 0 and deepest > 0


def parent_path(path: str) -> str:
    return path[: -Page.steplen]


def tree_problems(by_path: Mapping[str, Node]) -> Iterator[Problem]:
    children = Counter(parent_path(path) for path in by_path)
    for node in by_path.values():
        if len(node.path) % Page.steplen or set(node.path) - set(Page.alphabet):
            yield Problem(node.url_path, f"木の列 path「{node.path}」の形が壊れています。")
            continue
        if node.depth != len(node.path) // Page.steplen:
            yield Problem(node.url_path, f"木の列 depth が{node.depth}で、path と合いません。")
        if node.numchild != children[node.path]:
            yield Problem(
                node.url_path,
                f"木の列 numchild が{node.numchild}ですが、子は{children[node.path]}ページです。",
            )
        if len(node.path) > Page.steplen and parent_path(node.path) not in by_path:
            yield Problem(node.url_path, "木のなかの親がありません（孤立したページ）。")
    roots = [node for path, node in by_path.items() if len(path) == Page.steplen]
    if by_path and (len(roots) != 1 or roots[0].url_path != "/" or roots[0].kind != ROOT_KIND):
        yield Problem("/", f"最上位のページは「/」の{ROOT_KIND.label}1つだけのはずです。")


def address_problems(by_path: Mapping[str, Node]) -> Iterator[Problem]:
    for node in by_path.values():
        parent = by_path.get(parent_path(node.path))
        if parent is None:
            continue
        if node.url_path != address_under(parent.url_path, node.slug):
            yield Problem(
                node.url_path,
                f"アドレスが、親のアドレス「{parent.url_path}」と末尾「{node.slug}」に合いません。",
            )
        try:
            validate_slug(node.slug)
        except ValidationError as error:
            yield Problem(node.url_path, str(error.messages[0]))
        if node.kind not in Kind.values or node.kind not in KINDS_UNDER[Kind(parent.kind)]:
            yield Problem(
                node.url_path,
                f"種類「{node.kind}」は「{parent.url_path}」（{parent.kind}）の下に置けません。",
            )


def edition_problems(
    by_path: Mapping[str, Node], versions: Mapping[int, list[ApprovedEdition]]
) -> Iterator[Problem]:
    now = timezone.now()
    intervals = {page: intervals_of(editions) for page, editions in versions.items()}
    for node in by_path.values():
        editions = versions.get(node.pk, [])
        parent = by_path.get(parent_path(node.path))
        yield from interval_problems(node, editions)
        yield from body_problems(node, editions)
        yield from category_problems(node, editions)
        if parent is None:
            continue
        listed_under = parent.pk if node.kind == Kind.NEWS_ITEM else None
        if any(edition.listed_under != listed_under for edition in editions):
            yield Problem(node.url_path, "一覧に載せる組織（listed_under）が親と合いません。")
        moment = first_moment_alone(
            intervals.get(node.pk, []), intervals.get(parent.pk, []), since=now
        )
        if moment is not None:
            yield Problem(
                node.url_path,
                f"{japanese_moment(moment)}に公開中ですが、"
                f"親の「{parent.url_path}」は公開されていません。",
            )
    yield from loop_problems({node.pk: node.url_path for node in by_path.values()}, versions, now)


def intervals_of(editions: list[ApprovedEdition]) -> list[Interval]:
    return [interval_of(edition) for edition in editions]


def interval_of(edition: ApprovedEdition) -> Interval:
    is_readable = edition.answer in READABLE_ANSWERS
    return Interval(edition.live_from, edition.live_until, is_readable)


def interval_problems(node: Node, editions: list[ApprovedEdition]) -> Iterator[Problem]:
    expected = interval_ends([edition.live_from for edition in editions])
    for edition, end in zip(editions, expected, strict=True):
        if edition.live_until != end:
            yield Problem(
                node.url_path,
                f"第{edition.number}版の公開終了が、次の版の公開開始"
                f"（{japanese_moment(end) if end else 'なし'}）と合いません"
                "（期間の重なりか空き）。",
            )


def body_problems(node: Node, editions: list[ApprovedEdition]) -> Iterator[Problem]:
    for edition in editions:
        try:
            is_clean = sanitise(edition.body) == edition.body
        except BodyTooHeavy:
            is_clean = False
        if not is_clean:
            yield Problem(
                node.url_path, f"第{edition.number}版の本文に、使えないタグか属性があります。"
            )


def category_problems(node: Node, editions: list[ApprovedEdition]) -> Iterator[Problem]:
    known = CATEGORIES_OF.get(Kind(node.kind), ()) if node.kind in Kind.values else ()
    for edition in editions:
        if edition.category not in known:
            yield Problem(
                node.url_path,
                f"第{edition.number}版の区分「{edition.category}」は、この種類のものではありません。",
            )


def figure_problems() -> Iterator[Problem]:
    """A public figure has an alternative text or is marked as decoration (JIS X 8341-3, 1.1.1)."""
    without_alt = Figure.objects.filter(
        alt="", is_decorative=False, edition__live_from__isnull=False
    )
    for address, position in without_alt.values_list("edition__page__url_path", "position"):
        yield Problem(address, f"{position}番目の図に、代替テキストも「装飾」の印もありません。")


INDEX_FAULTS_LISTED = 50  # more are one sentence
SENTENCES = {
    search.MISSING: "第{}版が、検索の索引にありません。",
    search.SURPLUS: "第{}版は承認済みではないのに、検索の索引にあります。",
    search.STALE: "第{}版の検索の索引が、いまの内容と合いません。",
}


def search_problems() -> Iterator[Problem]:
    faults = {fault.edition: fault.what for fault in search.index_faults()}
    if len(faults) > INDEX_FAULTS_LISTED:
        yield Problem(
            "/",
            f"検索の索引が{len(faults)}版で内容と合いません。rebuild_search を実行してください。",
        )
        return
    if not faults:
        return
    editions = Edition.objects.filter(pk__in=faults).values_list("pk", "page__url_path", "number")
    for pk, address, number in editions:
        yield Problem(
            address, f"{SENTENCES[faults[pk]].format(number)}rebuild_search を実行してください。"
        )


def loop_problems(
    addresses: Mapping[int, str], versions: Mapping[int, list[ApprovedEdition]], now: datetime
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


def draft_problems(nodes: list[Node]) -> Iterator[Problem]:
    """A draft of news, too, has its parent as `listed_under`."""
    by_key = {node.pk: node for node in nodes}
    by_path = {node.path: node.pk for node in nodes}
    rows = Edition.objects.open().values_list("page", "listed_under")
    for page, listed_under in rows:
        node = by_key[page]
        expected = by_path.get(parent_path(node.path)) if node.kind == Kind.NEWS_ITEM else None
        if listed_under != expected:
            yield Problem(node.url_path, "下書きの一覧に載せる組織が、親と合いません。")


def former_problems(addresses: set[str]) -> Iterator[Problem]:
    for url_path in FormerAddress.objects.values_list("url_path", flat=True):
        if url_path in addresses:
            yield Problem(url_path, "いまのページのアドレスが、旧アドレスにもなっています。")
        if not is_address(url_path):
            yield Problem(url_path, "旧アドレスの形が正しくありません。")
