"""
Folding: spellings that are read alike become the same string.

Folding a part of a text gives a part of the folded text, so that a search for words is a search
for a substring. Pure and idempotent.
"""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise

from bureaus.text.words.character_variants import LONG_VOWEL, variant_table

VERSION = 3  # increase it with any change of the result: the index is then rebuilt
TABLE = variant_table()
ROUNDS = 5
# A string of these alone is folded in one round: none composes with another, or is a mark.
SIGNS = "■□◆◇○●◎△▲▽▼★☆※【】〔〕≪≫〒☎々×→←↑↓⇒"
UNUSUAL = re.compile(rf"[^\n -~ァ-ー一-鿿{SIGNS}]")
# Between two of these a space is a space; beside a Japanese character it is layout.
APART = r"[^\W_\u3000-\u9fff\uf900-\uffef\U00020000-\U0003ffff]"
LAYOUT = re.compile(rf"(?<!{APART}) | (?!{APART})")
REPEATED = re.compile(f"{LONG_VOWEL}{{2,}}")
# Characters that are folded without regard to their neighbours, but for spaces and dashes.
BY_ITSELF = re.compile(rf"[ -~ぁ-ゖァ-ヺー・一-鿿、。「」『』“”〜！-～{SIGNS}]*")
SQUEEZED = re.compile(f"[ {LONG_VOWEL}]")
# They belong to the kana before them; NFKC separates them from it.
VOICED = {"゛": "\u3099", "゜": "\u309a"}
JAMO = range(0x1160, 0x1200)  # Korean vowels and finals, which compose with what stands before


def fold(text: str) -> str:
    """Return `text` as it is compared: a single line."""
    folded = squeeze(plain(text))
    for _ in range(ROUNDS):
        if not UNUSUAL.search(folded):
            break
        before, folded = folded, squeeze(plain(folded))
        if folded == before:
            break
    return folded


def plain(text: str) -> str:
    """Fold width, case, kana and variants; remove invisible characters and lone marks."""
    for sign, mark in VOICED.items():
        text = text.replace(sign, mark)
    text = unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", text).casefold())
    text = text.translate(TABLE)
    return "".join(filter(is_read, text)) if UNUSUAL.search(text) else text


@lru_cache(maxsize=4096)
def is_read(character: str) -> bool:
    if character.isspace():
        return True
    return character.isprintable() and unicodedata.category(character) not in {"Mn", "Me"}


def squeeze(text: str) -> str:
    return REPEATED.sub(LONG_VOWEL, LAYOUT.sub("", " ".join(text.split())))


Span = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Folded:
    """A folded text; `spans[i]` is the range in the original of its character `i`."""

    text: str
    spans: tuple[Span, ...]

    def ranges_of(self, part: str) -> Iterator[Span]:
        """Yield the ranges in the original of `part`, folded and not empty, without overlaps."""
        found = self.text.find(part)
        while found >= 0:
            last = found + len(part) - 1
            yield self.spans[found][0], self.spans[last][1]
            found = self.text.find(part, last + 1)


def fold_with_offsets(text: str) -> Folded:
    """
    Return the same as `fold` with the origin of each character; thirty times slower.

    Empty where the two methods differ: in scripts whose letters compose over more than a mark.
    """
    is_plain = BY_ITSELF.fullmatch(text) is not None
    places = singles(text) if is_plain else clusters(text)
    if is_plain and len(whole := fold(text)) == len(text):  # none of these becomes two characters
        return Folded(whole, tuple(places))
    found = [(sign, span) for span in places for sign in folded_cluster(text[span[0] : span[1]])]
    signs, spans = [sign for sign, _ in found], [span for _, span in found]
    folded = "".join(signs)
    if SQUEEZED.search(folded):
        signs, spans = squeezed(signs, spans)
        folded = "".join(signs)
    return Folded(folded, tuple(spans)) if folded == fold(text) else NOT_FOLDED


NOT_FOLDED = Folded("", ())


def singles(text: str) -> Iterator[Span]:
    return pairwise(range(len(text) + 1))


def clusters(text: str) -> Iterator[Span]:
    """Yield the range of each character with the marks that follow it."""
    start = 0
    for place, sign in enumerate(text):
        if place and not is_mark(sign):
            yield start, place
            start = place
    if text:
        yield start, len(text)


@lru_cache(maxsize=8192)
def is_mark(character: str) -> bool:
    is_voiced = character in "ﾞﾟ゛゜"
    return is_voiced or unicodedata.category(character)[0] == "M" or ord(character) in JAMO


@lru_cache(maxsize=8192)
def folded_cluster(cluster: str) -> str:
    return "".join(" " if sign.isspace() else sign for sign in plain(plain(cluster)))


def squeezed(signs: list[str], spans: list[Span]) -> tuple[list[str], list[Span]]:
    """Apply `squeeze` to characters with their ranges."""
    characters: list[str] = []
    places: list[Span] = []
    has_space = False
    for sign, span in zip(signs, spans, strict=True):
        if sign == " ":
            has_space = True
            continue
        before = characters[-1] if characters else ""
        if has_space and is_apart(before) and is_apart(sign):
            characters.append(" ")
            start = places[-1][1]  # a mark that folds to a letter shares the range of its space
            places.append((start, max(span[0], start + 1)))
        has_space = False
        if sign == before == LONG_VOWEL:
            places[-1] = (places[-1][0], span[1])
        else:
            characters.append(sign)
            places.append(span)
    return characters, places


@lru_cache(maxsize=8192)
def is_apart(character: str) -> bool:
    return bool(character) and re.fullmatch(APART, character) is not None
