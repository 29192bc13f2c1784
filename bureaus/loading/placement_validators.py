"""Validators of placements as dumps have them, held against the tree of every moment."""

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from bureaus.integrity.tree import Node, Tree, read_tree, tree_problems
from bureaus.loading.fixture_records import Record
from bureaus.loading.tree_validators import DUMP_AGAIN, MALFORMED, PATH
from bureaus.models import Placement
from bureaus.models.addresses import is_address
from bureaus.models.placements import STEP

REMEDY = "dumpdata で作り直してください。"


def placement_faults(records: list[Record]) -> Iterator[str]:
    """Yield the faults of pages with a key and of their placements. 1 query, if there are any."""
    pages = [record for record in records if record.model == "bureaus.page"]
    placements = [
        record
        for record in records
        if record.model == "bureaus.placement" and not record.is_implied
    ]
    if not placements and all(record.is_short for record in pages):
        return
    site = read_tree()
    names = PageNumbers(pages, site)
    yield from page_faults(pages, site, names)
    paths = {record.fields["path"] for record in placements} | site.by_path.keys()
    faults = [fault for record in placements for fault in row_faults(record, names, paths)]
    yield from faults or joint_faults(pages, placements, site, names)


@dataclass
class PageNumbers:
    """The number of each page that a placement may refer to: its own, or one below 0."""

    pages: list[Record]
    site: Tree
    by_name: dict[str, int] = field(default_factory=dict)
    by_number: dict[int, int] = field(default_factory=dict)
    kinds: dict[int, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.by_name |= {key: page for page, key in self.site.keys.items()}
        self.by_number |= {page: page for page in self.site.keys}
        self.kinds |= {node.page: node.page_kind for node in self.site.nodes}
        for position, record in enumerate(self.pages, 1):
            number = self.by_name.setdefault(record.fields["key"], -position)
            self.kinds.setdefault(number, str(record.fields.get("kind", "page")))
            if record.pk is not None:
                self.by_number.setdefault(record.pk, number)

    def of(self, record: Record) -> int | None:
        """Return the number of the page to which a placement refers."""
        reference = record.fields["page"]
        if isinstance(reference, list):
            return self.by_name.get(reference[0]) if len(reference) == 1 else None
        return self.by_number.get(reference)


def page_faults(pages: list[Record], site: Tree, names: PageNumbers) -> Iterator[str]:
    """Refuse another kind or number for a stored page, and malformed keys."""
    for record in pages:
        stored = names.by_name[record.fields["key"]]
        if record.is_short or stored not in site.keys:
            continue
        if names.kinds.get(stored) != record.fields.get("kind", "page"):
            yield (
                f"{record}：いまのページの種類は「{names.kinds.get(stored)}」です。"
                "種類は変えられないので、fixture を直してください。"
            )
        if record.pk not in (None, stored):
            yield (
                f"{record}：この名前のページは、すでに別の番号（pk={stored}）であります。"
                f"{DUMP_AGAIN}"
            )


def row_faults(record: Record, names: PageNumbers, paths: set[str]) -> Iterator[str]:
    """Yield the faults that the record alone shows."""
    path, depth = record.fields["path"], record.fields["depth"]
    if names.of(record) is None:
        yield (
            f"{record}：page（ページ）の参照先「{record.fields['page']}」がありません。"
            "先に参照先を読み込むか、値を直してください。"
        )
    if not is_address(record.fields["url_path"]):
        yield f"{record}：{MALFORMED}"
    if not PATH.fullmatch(path):
        yield f"{record}：木の列 path「{path}」が壊れています。{REMEDY}"
    elif depth != len(path) // STEP:
        yield f"{record}：木の列 depth「{depth}」が、path「{path}」と合いません。{REMEDY}"
    elif path[:-STEP] and path[:-STEP] not in paths:
        yield (
            f"{record}：親の配置（path「{path[:-STEP]}」）がありません。"
            "先に親を読み込むか、dumpdata で作り直してください。"
        )
    start, end = moments(record)
    if end is not None and end < start:
        yield f"{record}：配置の終了が、開始より前です。{REMEDY}"


def joint_faults(
    pages: list[Record], placements: list[Record], site: Tree, names: PageNumbers
) -> Iterator[str]:
    """Yield the faults that the placements show together with those of the site."""
    given = Counter(record.fields["path"][:-STEP] for record in placements)
    new = {
        record.fields["path"]: record
        for record in placements
        if record.fields["path"] not in site.by_path
    }
    children = Counter(path[:-STEP] for path in {*site.by_path, *new})
    for record in placements:
        path, numchild = record.fields["path"], record.fields.get("numchild", 0)
        if not given[path] <= numchild <= children[path]:
            yield (
                f"{record}：木の列 numchild「{numchild}」が、子の数（{given[path]}）と合いません。"
                f"{REMEDY}"
            )
    first = 1 + max((node.pk for node in site.nodes), default=0)
    nodes = [
        node_of(record, names, number=number) for number, record in enumerate(new.values(), first)
    ]
    nodes += site.nodes
    keys = [record.fields["key"] for record in pages if not record.is_short]
    tree = Tree(
        (node._replace(numchild=children[node.path]) for node in nodes),
        {**{names.by_name[key]: key for key in keys}, **site.keys},
    )
    yield from named_problems(tree, pages, placements)


def named_problems(tree: Tree, pages: list[Record], placements: list[Record]) -> Iterator[str]:
    named: Mapping[str, Record] = {
        **{record.fields["key"]: record for record in pages},
        **{record.fields["url_path"]: record for record in reversed(placements)},
    }
    for problem in tree_problems(tree):
        record = named.get(problem.address)
        yield f"{record or problem.address}：{problem.sentence}{REMEDY}"


def node_of(record: Record, names: PageNumbers, *, number: int) -> Node:
    values: dict[str, Any] = {
        name: record.fields.get(name, "")
        for name in ("kind", "path", "depth", "slug", "url_path", "release")
    }
    page = names.of(record)
    start, end = moments(record)
    return Node(
        pk=record.pk or number,
        page=page or 0,
        page_kind=names.kinds.get(page or 0, ""),
        created_at=start,
        numchild=0,
        live_from=start,
        live_until=end,
        **values,
    )


def moments(record: Record) -> tuple[datetime, datetime | None]:
    parse = Placement._meta.get_field("live_from").to_python
    end = record.fields.get("live_until")
    return parse(record.fields["live_from"]), parse(end) if end else None
