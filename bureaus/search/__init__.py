"""The index of all that approved editions say: kept, and looked up. `reading` shows it."""

from bureaus.search.asked import Wanted, synonyms, wanted
from bureaus.search.index import (
    MISSING,
    STALE,
    SURPLUS,
    Fault,
    byte_size,
    faults,
    is_behind,
    rebuild,
    refresh,
)
from bureaus.search.looking import like, matching, told_by_title
from bureaus.search.vain import count_in_vain, prune

__all__ = [
    "MISSING",
    "STALE",
    "SURPLUS",
    "Fault",
    "Wanted",
    "byte_size",
    "count_in_vain",
    "faults",
    "is_behind",
    "like",
    "matching",
    "prune",
    "rebuild",
    "refresh",
    "synonyms",
    "told_by_title",
    "wanted",
]
