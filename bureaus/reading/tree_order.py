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


def in_tree_order(rows: Iterable[Node]) -> list[Node]:
    """
    Return `rows` in the order of the tree.

    Below a page that is not among the rows siblings follow each other by their paths.
    """
    nodes = list(rows)
    positions = {node.path: node.position for node in nodes}

    def place(node: Node) -> list[tuple[int, str]]:
        ends = range(STEP, len(node.path) + 1, STEP)
        above = (node.path[:end] for end in ends)
        return [(positions.get(path, 0), path) for path in above]

    return sorted(nodes, key=place)
