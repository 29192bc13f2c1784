"""The similarity of two folded words or titles."""

from collections import Counter
from itertools import pairwise

SIMILAR_ENOUGH = 0.3  # to suggest one for the other


def similarity(one: str, other: str) -> float:
    """Return the Dice coefficient of their pairs of characters, 0 to 1."""
    first, second = Counter(pairwise(one)), Counter(pairwise(other))
    both = (first & second).total()
    return 2 * both / (first.total() + second.total()) if both else 0.0
