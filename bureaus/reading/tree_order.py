"""The order of rows of the tree: parents before their children, siblings as officers order them."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Protocol, TypeVar

from bureaus.models.placements import STEP


class TreeNode(Protocol):
    @property
    def path(self) -> str: ...

    @property
    def position(self) -> int: ...


Node = TypeVar("Node", bound=TreeNode)


def in_tree_order(rows: Iterable[Node]) -> list[Node]:
    """
    Return `rows` in the order of the tree.

    Below a page that is not among the rows siblings follow each other by their paths.
    """
    nodes = list(rows)
    below: defaultdict[str, list[tuple[int, str, Node | None]]] = defaultdict(list)
    for node in nodes:
        path = node.path
        below[path[:-STEP]].append((node.position, path, node))
    known = {"", *(node.path for node in nodes)}
    for path in [*below]:
        while path not in known:
            known.add(path)
            below[path[:-STEP]].append((0, path, None))
            path = path[:-STEP]  # noqa: PLW2901 - up to the first that is known
    return list(descendants("", below))


def descendants(
    path: str, below: Mapping[str, Sequence[tuple[int, str, Node | None]]]
) -> Iterator[Node]:
    for _, child, node in sorted(below.get(path, ())):
        if node is not None:
            yield node
        if child in below:
            yield from descendants(child, below)
