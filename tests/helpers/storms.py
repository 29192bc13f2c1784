"""
The size of the long tests: kills, races, hostile corpora, outages.

`make test` runs them at a size at which broken code fails, `make test-long` at full size
(docs/adr/0031-what-runs-where.md).
"""

import os
from collections.abc import Sequence
from typing import TypeVar

Case = TypeVar("Case")
AT_FULL_SIZE = os.environ.get("TEST_LONG") == "1"


def size(short: int, *, full: int) -> int:
    return full if AT_FULL_SIZE else short


# Rows beside 20, to see a cost that grows with them: more than a screen lists.
MANY = size(200, full=1_000)


def sample(cases: Sequence[Case], count: int) -> list[Case]:
    """Return `count` cases spread evenly over `cases`, with the first and the last of them."""
    if AT_FULL_SIZE or len(cases) <= count:
        return list(cases)
    last = len(cases) - 1
    return [cases[number * last // (count - 1)] for number in range(count)]
