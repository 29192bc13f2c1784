"""Japanese words as they are compared: folded, asked for, and shown where they were found."""

from bureaus.words.asking import LENGTH, Question, Word, question_of, readable
from bureaus.words.folding import VERSION, fold, fold_with_places
from bureaus.words.likeness import LIKELY, likeness
from bureaus.words.marking import Piece, Pieces, marked, snippet
from bureaus.words.parting import runs_of
from bureaus.words.years import other_years

__all__ = [
    "LENGTH",
    "LIKELY",
    "VERSION",
    "Piece",
    "Pieces",
    "Question",
    "Word",
    "fold",
    "fold_with_places",
    "likeness",
    "marked",
    "other_years",
    "question_of",
    "readable",
    "runs_of",
    "snippet",
]
