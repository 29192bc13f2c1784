"""The tree of every moment, and what is wrong with its nodes, addresses and intervals."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from functools import cached_property
from itertools import pairwise
from typing import NamedTuple

from django.core.exceptions import ValidationError
from django.db.models import Count, Sum

from bureaus.integrity.problem import Problem
from bureaus.models import KINDS_UNDER, ROOT_KIND, Kind, Page, Placement, SiblingPosition
from bureaus.models.addresses import address_under, validate_stored_slug
from bureaus.models.placements import STEP
from bureaus.text.formatting import japanese_moment

KNOWN_KINDS = frozenset(Kind.values)


class Node(NamedTuple):
    """A placement; `page_kind` and `created_at` are those of its page."""

    pk: int
    page: int
    page_kind: str
    created_at: datetime
    kind: str
    path: str
    depth: int
    numchild: int
    slug: str
    url_path: str
    live_from: datetime
    live_until: datetime | None
    release: str

    @property
    def is_lasting(self) -> bool:
        """Whether there is a moment at which it is in force."""
        return self.live_until is None or self.live_until > self.live_from

    @property
    def parent_path(self) -> str:
        return self.path[:-STEP]


class PositionRow(NamedTuple):
    page: int
    live_from: datetime
    live_until: datetime | None


class Tree:
    """The nodes of every moment. `keys`: those of all pages, by their numbers."""

    def __init__(self, nodes: Iterable[Node], keys: Mapping[int, str]) -> None:
        self.nodes = sorted(nodes, key=lambda node: (node.live_from, node.pk))
        self.keys = keys
        self.by_path = {node.path: node for node in self.nodes}

    @cached_property
    def by_page(self) -> dict[int, list[Node]]:
        """The lasting nodes of each page, in the order of their starts."""
        found: dict[int, list[Node]] = defaultdict(list)
        for node in self.nodes:
            if node.is_lasting:
                found[node.page].append(node)
        return dict(found)

    @cached_property
    def addresses(self) -> dict[int, str]:
        """The last address of each page; its key where it has none."""
        last = {page: nodes[-1].url_path for page, nodes in self.by_page.items()}
        return {**self.keys, **last}

    def parent(self, node: Node) -> Node | None:
        return self.by_path.get(node.parent_path)


def read_tree() -> Tree:
    """Read all pages with their placements. 1 query."""
    columns = [f"placements__{name}" for name in ("pk", *Node._fields[4:])]
    rows = Page.objects.order_by().values_list("key", "pk", "kind", "created_at", *columns)
    keys: dict[int, str] = {}
    nodes = []
    for key, page, kind, created_at, pk, *values in rows.iterator():
        keys[page] = key
        if pk is not None:
            nodes.append(Node(pk, page, kind, created_at, *values))
    return Tree(nodes, keys)


def tree_adds_up() -> bool:
    """
    Return whether there is one root, and each level has as many nodes as `numchild` above it says.

    1 query over the table of placements. Not a proof: problems() finds what this misses.
    """
    levels = (
        Placement.objects.order_by("depth")
        .values_list("depth")
        .annotate(nodes=Count("pk"), children=Sum("numchild"))
    )
    expected, deepest = 1, 0
    for depth, nodes, children in levels:
        if nodes != expected or depth != deepest + 1:
            return False
        expected, deepest = children, depth
    return expected == 0 and deepest > 0


def tree_problems(tree: Tree) -> Iterator[Problem]:
    """Yield what is wrong with the nodes themselves, whatever their pages say."""
    yield from column_problems(tree)
    yield from parent_problems(tree)
    yield from chain_problems(tree)
    yield from shared_address_problems(tree)


def column_problems(tree: Tree) -> Iterator[Problem]:
    """Yield the faults of path, depth and numchild."""
    children = Counter(node.parent_path for node in tree.nodes)
    for node in tree.nodes:
        if len(node.path) % STEP or set(node.path) - set(Placement.alphabet):
            yield Problem(node.url_path, f"木の列 path「{node.path}」の形が壊れています。")
            continue
        if node.depth != len(node.path) // STEP:
            yield Problem(node.url_path, f"木の列 depth が{node.depth}で、path と合いません。")
        if node.numchild != children[node.path]:
            yield Problem(
                node.url_path,
                f"木の列 numchild が{node.numchild}ですが、子は{children[node.path]}ページです。",
            )
        if node.parent_path and tree.parent(node) is None:
            yield Problem(node.url_path, "木のなかの親がありません（孤立したページ）。")
    roots = [node for node in tree.nodes if not node.parent_path]
    if tree.nodes and (len(roots) != 1 or roots[0].url_path != "/" or roots[0].kind != ROOT_KIND):
        yield Problem("/", f"最上位のページは「/」の{ROOT_KIND.label}1つだけのはずです。")


def parent_problems(tree: Tree) -> Iterator[Problem]:
    """Yield where a node does not fit its page or its parent: kind, address and interval."""
    for node in tree.nodes:
        if node.kind != node.page_kind:
            yield Problem(
                node.url_path,
                f"配置の種類「{node.kind}」が、ページの種類「{node.page_kind}」と違います。",
            )
        parent = tree.parent(node)
        if parent is None:
            continue
        if node.url_path != address_under(parent.url_path, node.slug):
            yield Problem(
                node.url_path,
                f"アドレスが、親のアドレス「{parent.url_path}」と末尾「{node.slug}」に合いません。",
            )
        try:
            validate_stored_slug(node.slug)
        except ValidationError as error:
            yield Problem(node.url_path, str(error.messages[0]))
        if not may_be_below(node.kind, parent.kind):
            yield Problem(
                node.url_path,
                f"種類「{node.kind}」は「{parent.url_path}」（{parent.kind}）の下に置けません。",
            )
        if not is_within(node, parent):
            yield Problem(
                node.url_path,
                f"配置の期間（{period(node)}）が、"
                f"親の「{parent.url_path}」の配置の期間（{period(parent)}）からはみ出しています。",
            )


def may_be_below(kind: str, parent_kind: str) -> bool:
    return parent_kind in KNOWN_KINDS and kind in KINDS_UNDER[Kind(parent_kind)]


def is_within(node: Node, parent: Node) -> bool:
    if node.live_from < parent.live_from:
        return False
    return parent.live_until is None or (
        node.live_until is not None and node.live_until <= parent.live_until
    )


def period(row: Node | PositionRow) -> str:
    start = japanese_moment(row.live_from)
    return f"{start}から{japanese_moment(row.live_until)}まで" if row.live_until else f"{start}から"


def chain_problems(tree: Tree) -> Iterator[Problem]:
    """Yield where a page has, after its first placement, not exactly one at each moment."""
    for page, key in tree.keys.items():
        nodes = tree.by_page.get(page, [])
        if not nodes:
            yield Problem(key, "ページの配置がありません。")
            continue
        for earlier, later in pairwise(nodes):
            if earlier.live_until is None or earlier.live_until > later.live_from:
                yield Problem(
                    later.url_path,
                    f"配置の期間（{period(later)}）が、同じページの「{earlier.url_path}」の"
                    f"配置の期間（{period(earlier)}）と重なっています。",
                )
            elif earlier.live_until < later.live_from:
                yield Problem(
                    later.url_path,
                    f"{japanese_moment(earlier.live_until)}から"
                    f"{japanese_moment(later.live_from)}まで、ページの配置がありません。",
                )
        if nodes[-1].live_until is not None:
            yield Problem(
                nodes[-1].url_path,
                f"{japanese_moment(nodes[-1].live_until)}より後の、ページの配置がありません。",
            )


def shared_address_problems(tree: Tree) -> Iterator[Problem]:
    """Yield where two pages have one address at the same moment."""
    last: dict[str, Node] = {}
    for node in filter(lambda node: node.is_lasting, tree.nodes):
        earlier = last.get(node.url_path)
        if earlier is None:
            last[node.url_path] = node
            continue
        if earlier.live_until is None or earlier.live_until > node.live_from:
            yield Problem(
                node.url_path,
                f"{japanese_moment(node.live_from)}に、このアドレスのページが2つあります"
                f"（「{tree.keys.get(earlier.page)}」と「{tree.keys.get(node.page)}」）。",
            )
        if is_end_later(node, earlier):
            last[node.url_path] = node


def is_end_later(node: Node, other: Node) -> bool:
    if other.live_until is None:
        return False
    return node.live_until is None or node.live_until > other.live_until


def position_problems(tree: Tree) -> Iterator[Problem]:
    """Yield positions that overlap, or outlast their page's place among its siblings. 1 query."""
    rows = SiblingPosition.objects.order_by("page", "live_from", "pk")
    last: PositionRow | None = None
    for position in map(PositionRow._make, rows.values_list(*PositionRow._fields)):
        if position.live_until == position.live_from:
            continue
        address = tree.addresses.get(position.page, "")
        if (
            last is not None
            and last.page == position.page
            and (last.live_until is None or last.live_until > position.live_from)
        ):
            yield Problem(
                address,
                f"並び順の期間（{period(position)}）が、その前のもの（{period(last)}）と重なっています。",
            )
        last = position
        if len(parents_during(tree, position)) != 1:
            yield Problem(
                address, f"並び順の期間（{period(position)}）に、ページの親が変わっています。"
            )


def parents_during(tree: Tree, position: PositionRow) -> set[int]:
    """Return the pages above the page of `position` while it is in force."""
    return {
        parent.page
        for node in tree.by_page.get(position.page, [])
        if (node.live_until is None or node.live_until > position.live_from)
        and (position.live_until is None or node.live_from < position.live_until)
        and (parent := tree.parent(node))
    }
