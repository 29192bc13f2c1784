"""The order of rows of the tree: parents before their children, siblings as officers order them."""

from collections.abc import Iterable
from operator import attrgetter
from typing import Protocol, TypeVar

from bureaus.models.placements import STEP

Key = tuple[int | str, ...]  # position and path of every ancestor, then of the node


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
    nodes = sorted(rows, key=attrgetter("path"))  # each after its ancestors
    keys: dict[str, Key] = {"": ()}
    for node in nodes:
        path = node.path
        above = path[:-STEP]
        keys[path] = (*(keys[above] if above in keys else key_of(above, keys)), node.position, path)
    return sorted(nodes, key=lambda node: keys[node.path])


def key_of(path: str, keys: dict[str, Key]) -> Key:
    """Return the key of a page that is not among the rows, after those of its ancestors."""
    if path not in keys:
        keys[path] = (*key_of(path[:-STEP], keys), 0, path)
    return keys[path]
