"""How much two folded words or titles are alike."""

from collections import Counter
from itertools import pairwise

SIMILAR_ENOUGH = 0.3  # from here on one may be meant where the other is written


def similarity(one: str, other: str) -> float:
    """The share of pairs of characters that both have (Dice), 0 to 1."""
    first, second = Counter(pairwise(one)), Counter(pairwise(other))
    both = (first & second).total()
    return 2 * both / (first.total() + second.total()) if both else 0.0
