"""Japanese words: folding, typed queries, highlighting and similarity."""

from bureaus.text.words.folding import VERSION, fold, fold_with_offsets
from bureaus.text.words.highlighting import Piece, Pieces, highlight, snippet
from bureaus.text.words.query_terms import query_terms
from bureaus.text.words.question_words import asks, is_question, kana_words
from bureaus.text.words.script_runs import script_runs
from bureaus.text.words.similarity import SIMILAR_ENOUGH, similarity
from bureaus.text.words.spellings import spellings, words_in
from bureaus.text.words.typed_query import (
    LENGTH,
    TypedQuery,
    Word,
    parse_typed_query,
    readable_query,
)
from bureaus.text.words.year_spellings import date_spellings, short_year_spellings, year_spellings

__all__ = [
    "LENGTH",
    "SIMILAR_ENOUGH",
    "VERSION",
    "Piece",
    "Pieces",
    "TypedQuery",
    "Word",
    "asks",
    "date_spellings",
    "fold",
    "fold_with_offsets",
    "highlight",
    "is_question",
    "kana_words",
    "parse_typed_query",
    "query_terms",
    "readable_query",
    "script_runs",
    "short_year_spellings",
    "similarity",
    "snippet",
    "spellings",
    "words_in",
    "year_spellings",
]
