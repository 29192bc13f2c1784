"""The similarity of two folded words or titles."""

from collections import Counter
from functools import lru_cache
from itertools import pairwise

SIMILAR_ENOUGH = 0.3  # to suggest one for the other


@lru_cache(maxsize=512)
def pairs_of(text: str) -> Counter[tuple[str, str]]:
    """Count the pairs of characters; kept, because one text is compared with many."""
    return Counter(pairwise(text))


def similarity(one: str, other: str) -> float:
    """Return the Dice coefficient of their pairs of characters, 0 to 1."""
    first, second = pairs_of(one), pairs_of(other)
    both = (first & second).total()
    return 2 * both / (first.total() + second.total()) if both else 0.0
