"""A search query as typed: required words, phrases and excluded words."""

import re
from dataclasses import dataclass

from bureaus.text.words.folding import fold

LENGTH = 100  # characters that are read
WORDS = 8  # and words
# A minus sign counts at the beginning of a word only; a quotation may stay open at the end.
PIECE = re.compile(
    r"""(?P<minus>(?<!\S)[-－−‐](?=\S))?
        (?: 「(?P<corner>[^」]+)」? | 『(?P<double>[^』]+)』? | ["“”](?P<quoted>[^"“”]+)["“”]
        | (?P<word>[^\s「」『』]+) )""",
    re.VERBOSE,
)
DASH = "ー"  # as every dash is folded
SINGLE = re.compile(r"[\u3041-\u9fff\uff66-\uff9f]")


@dataclass(frozen=True, slots=True)
class Word:
    """`is_literal`: in quotation marks, so not to be replaced by synonyms."""

    typed: str
    folded: str
    is_literal: bool


@dataclass(frozen=True, slots=True)
class TypedQuery:
    """`text` is the part of the input that was read."""

    text: str
    required: tuple[Word, ...]
    excluded: tuple[str, ...]  # folded


def parse_typed_query(typed: str) -> TypedQuery:
    """
    Parse any input; at most `LENGTH` characters and `WORDS` words of it are read.

    日本 語 is two required words; 総 務 省, all of single characters, is one.
    """
    text = " ".join(readable_query(typed[:LENGTH]).split())
    pieces = [*PIECE.finditer(text)]
    required, excluded = required_words(pieces), excluded_words(pieces)
    while max(len(required), len(excluded)) > WORDS:
        pieces.pop()
        text = text[: pieces[-1].end()]
        required, excluded = required_words(pieces), excluded_words(pieces)
    return TypedQuery(text, tuple(required), tuple(excluded))


def required_words(pieces: list[re.Match[str]]) -> list[Word]:
    """Return each word once. A dash between words, as in a copied title, is not a word."""
    words = joined([word_of(piece) for piece in pieces if not piece["minus"]])
    unique = {word.folded: word for word in words if word.folded}
    return [word for word in unique.values() if word.folded != DASH or len(unique) == 1]


def excluded_words(pieces: list[re.Match[str]]) -> list[str]:
    words = [word_of(piece).folded for piece in pieces if piece["minus"]]
    return list(dict.fromkeys(filter(None, words)))


def readable_query(typed: str) -> str:
    """Return `typed` without NUL, which PostgreSQL refuses, and halves of characters."""
    return "".join(sign for sign in typed if sign.isprintable() or sign.isspace())


def word_of(piece: re.Match[str]) -> Word:
    literal = piece["corner"] or piece["double"] or piece["quoted"]
    typed = literal or piece["word"]
    return Word(typed, fold(typed), literal is not None)


def joined(words: list[Word]) -> list[Word]:
    """Join runs of single characters: they are a word with spaces in it."""
    joined_words: list[Word] = []
    run: list[Word] = []
    for word in [*words, None]:
        if word is not None and not word.is_literal and SINGLE.fullmatch(word.typed):
            run.append(word)
            continue
        if run:
            typed = "".join(each.typed for each in run)
            joined_words.append(Word(typed, fold(typed), is_literal=False))
        run = []
        if word is not None:
            joined_words.append(word)
    return joined_words
