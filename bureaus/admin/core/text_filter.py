"""Filters of lists by the words that somebody typed."""

import unicodedata
from collections.abc import Iterable
from functools import reduce
from operator import and_, or_

from django.db.models import Q

from bureaus.text.words.typed_query import WORDS


def with_words(words: str, fields: Iterable[str]) -> Q:
    """
    Every word, if any, in any of `fields`, all as they were typed or all as NFKC writes them.

    What is stored is stored as it was written.
    """
    fields = tuple(fields)
    spellings = dict.fromkeys((words, unicodedata.normalize("NFKC", words)))
    every = ((in_any(fields, word) for word in each.split()[:WORDS]) for each in spellings)
    return reduce(or_, (reduce(and_, conditions, Q()) for conditions in every))


def in_any(fields: Iterable[str], word: str) -> Q:
    condition = Q()
    for field in fields:
        condition |= Q(**{f"{field}__icontains": word})
    return condition
