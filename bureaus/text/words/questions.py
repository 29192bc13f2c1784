"""What a reader asks for: words that all have to be there, phrases, and what must not be."""

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
    """`is_literal`: in quotation marks, so not to be looked for in other words too."""

    typed: str
    folded: str
    is_literal: bool


@dataclass(frozen=True, slots=True)
class Question:
    """`text` is what was read of what was typed."""

    text: str
    wanted: tuple[Word, ...]
    unwanted: tuple[str, ...]  # folded


def parse_question(typed: str) -> Question:
    """
    Read what was typed, whatever it is; at most `LENGTH` characters and `WORDS` words of it.

    日本 語 is two words that both have to be there; 総 務 省, all of single characters, is one.
    """
    text = " ".join(readable_query(typed[:LENGTH]).split())
    pieces = [*PIECE.finditer(text)]
    wanted, unwanted = wanted_of(pieces), unwanted_of(pieces)
    while max(len(wanted), len(unwanted)) > WORDS:
        pieces.pop()
        text = text[: pieces[-1].end()]
        wanted, unwanted = wanted_of(pieces), unwanted_of(pieces)
    return Question(text, tuple(wanted), tuple(unwanted))


def wanted_of(pieces: list[re.Match[str]]) -> list[Word]:
    """Each once. A dash between words, as in a title that was copied, is none of them."""
    words = joined([word_of(piece) for piece in pieces if not piece["minus"]])
    found = {word.folded: word for word in words if word.folded}
    return [word for word in found.values() if word.folded != DASH or len(found) == 1]


def unwanted_of(pieces: list[re.Match[str]]) -> list[str]:
    words = [word_of(piece).folded for piece in pieces if piece["minus"]]
    return list(dict.fromkeys(filter(None, words)))


def readable_query(typed: str) -> str:
    """Without what no keyboard types: NUL, which PostgreSQL refuses, and halves of characters."""
    return "".join(sign for sign in typed if sign.isprintable() or sign.isspace())


def word_of(piece: re.Match[str]) -> Word:
    literal = piece["corner"] or piece["double"] or piece["quoted"]
    typed = literal or piece["word"]
    return Word(typed, fold(typed), literal is not None)


def joined(words: list[Word]) -> list[Word]:
    """Single characters one after the other are a word with spaces in it."""
    found: list[Word] = []
    run: list[Word] = []
    for word in [*words, None]:
        if word is not None and not word.is_literal and SINGLE.fullmatch(word.typed):
            run.append(word)
            continue
        if run:
            typed = "".join(each.typed for each in run)
            found.append(Word(typed, fold(typed), is_literal=False))
        run = []
        if word is not None:
            found.append(word)
    return found
