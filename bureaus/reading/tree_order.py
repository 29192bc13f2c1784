"""The order of rows of the tree: parents before their children, siblings as officers order them."""

from collections.abc import Iterable
from typing import Protocol, TypeVar

from bureaus.models.placements import STEP


class TreeNode(Protocol):
    @property
    def path(self) -> str: ...

    @property
    def position(self) -> int: ...


Node = TypeVar("Node", bound=TreeNode)
Place = tuple[tuple[int, str], ...]  # of a node: position and path of those above it and its own


def in_tree_order(rows: Iterable[Node]) -> list[Node]:
    """
    Return `rows` in the order of the tree.

    Below a page that is not among the rows siblings follow each other by their paths.
    """
    nodes = list(rows)
    positions = {node.path: node.position for node in nodes}
    places: dict[str, Place] = {"": ()}

    def place(path: str) -> Place:
        if path not in places:
            places[path] = (*place(path[:-STEP]), (positions.get(path, 0), path))
        return places[path]

    return sorted(nodes, key=lambda node: place(node.path))
