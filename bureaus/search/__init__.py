"""The index of the text of approved editions, its maintenance and queries on it."""

from bureaus.search.index import (
    MISSING,
    STALE,
    SURPLUS,
    IndexFault,
    analyse,
    byte_size,
    index_faults,
    is_behind,
    optimise,
    rebuild,
    refresh,
    reindex,
)
from bureaus.search.lookup import (
    counts_of,
    matching_at,
    matching_by_title,
    matching_editions,
    pages_of_matching_drafts,
    similar_editions,
)
from bureaus.search.nearest import nearest_editions
from bureaus.search.parsed_query import (
    GROUPS,
    SPELLINGS,
    Groups,
    ParsedQuery,
    parse_query,
    synonyms,
)
from bureaus.search.zero_results import (
    ZeroResult,
    count_zero_result,
    forget_zero_results,
    frequent_zero_results,
    prune_zero_results,
)

__all__ = [
    "GROUPS",
    "MISSING",
    "SPELLINGS",
    "STALE",
    "SURPLUS",
    "Groups",
    "IndexFault",
    "ParsedQuery",
    "ZeroResult",
    "analyse",
    "byte_size",
    "count_zero_result",
    "counts_of",
    "forget_zero_results",
    "frequent_zero_results",
    "index_faults",
    "is_behind",
    "matching_at",
    "matching_by_title",
    "matching_editions",
    "nearest_editions",
    "optimise",
    "pages_of_matching_drafts",
    "parse_query",
    "prune_zero_results",
    "rebuild",
    "refresh",
    "reindex",
    "similar_editions",
    "synonyms",
]
