"""Japanese words as they are compared: folded, asked for, and shown where they were found."""

from bureaus.text.words.folding import VERSION, fold, fold_with_offsets
from bureaus.text.words.highlighting import Piece, Pieces, highlight, snippet
from bureaus.text.words.questions import LENGTH, Question, Word, parse_question, readable_query
from bureaus.text.words.script_runs import script_runs
from bureaus.text.words.similarity import SIMILAR_ENOUGH, similarity
from bureaus.text.words.year_spellings import year_spellings

__all__ = [
    "LENGTH",
    "SIMILAR_ENOUGH",
    "VERSION",
    "Piece",
    "Pieces",
    "Question",
    "Word",
    "fold",
    "fold_with_offsets",
    "highlight",
    "parse_question",
    "readable_query",
    "script_runs",
    "similarity",
    "snippet",
    "year_spellings",
]
