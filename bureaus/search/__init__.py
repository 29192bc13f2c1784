"""The index of all that approved editions say: kept, and looked up. `reading` shows it."""

from bureaus.search.asked import GROUPS, WAYS, Groups, Wanted, synonyms, wanted
from bureaus.search.index import (
    MISSING,
    STALE,
    SURPLUS,
    Fault,
    analyse,
    byte_size,
    faults,
    is_behind,
    rebuild,
    refresh,
    renew,
)
from bureaus.search.looking import counts_of, holding_at, like, matching, told_by_title
from bureaus.search.vain import InVain, count_in_vain, forget_in_vain, often_in_vain, prune

__all__ = [
    "GROUPS",
    "MISSING",
    "STALE",
    "SURPLUS",
    "WAYS",
    "Fault",
    "Groups",
    "InVain",
    "Wanted",
    "analyse",
    "byte_size",
    "count_in_vain",
    "counts_of",
    "faults",
    "forget_in_vain",
    "holding_at",
    "is_behind",
    "like",
    "matching",
    "often_in_vain",
    "prune",
    "rebuild",
    "refresh",
    "renew",
    "synonyms",
    "told_by_title",
    "wanted",
]
