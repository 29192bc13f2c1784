"""Filters of lists by words."""

import unicodedata
from collections.abc import Callable, Iterable
from functools import reduce
from operator import and_, or_

from django.db.models import Q

from bureaus.text.words.typed_query import WORDS


def with_words(
    words: str, fields: Iterable[str], elsewhere: Callable[[str], Q] = lambda _word: Q()
) -> Q:
    """
    Require every word in any of `fields`, all as typed or all in NFKC.

    The stored text is not normalised. `elsewhere` is the condition that a word is in another
    place.
    """
    fields = tuple(fields)
    spellings = dict.fromkeys((words, unicodedata.normalize("NFKC", words)))
    every = (
        (in_any(fields, word) | elsewhere(word) for word in each.split()[:WORDS])
        for each in spellings
    )
    return reduce(or_, (reduce(and_, conditions, Q()) for conditions in every))


def in_any(fields: Iterable[str], word: str) -> Q:
    condition = Q()
    for field in fields:
        condition |= Q(**{f"{field}__icontains": word})
    return condition
