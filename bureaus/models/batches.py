"""Long lists in batches: a statement takes a limited number of parameters."""

from collections.abc import Iterable, Iterator
from itertools import islice
from typing import TypeVar

Item = TypeVar("Item")
BATCH = 300  # three times as many are still below the 999 parameters of an old SQLite


def batches(items: Iterable[Item], size: int = BATCH) -> Iterator[list[Item]]:
    """Return the items in lists of at most `size`, in their order."""
    remaining = iter(items)
    while batch := list(islice(remaining, size)):
        yield batch
