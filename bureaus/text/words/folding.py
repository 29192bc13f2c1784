"""
Folding: what is written differently and read the same becomes the same string.

Folding a part of a text gives a part of the folded text, so that looking for words is looking for
a substring. Pure and idempotent.
"""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise

from bureaus.text.words.character_variants import LONG_VOWEL, variant_table

VERSION = 2  # one more wherever another string comes out: the index is then made again
TABLE = variant_table()
ROUNDS = 5
# A string of these alone is folded in one round: none composes with another, or is a mark.
UNUSUAL = re.compile(r"[^\n -~ァ-ー一-鿿]")
# Between two of these a space is a space; beside a Japanese character it is layout.
APART = r"[^\W_\u3000-\u9fff\uf900-\uffef\U00020000-\U0003ffff]"
LAYOUT = re.compile(rf"(?<!{APART}) | (?!{APART})")
REPEATED = re.compile(f"{LONG_VOWEL}{{2,}}")
# Each of these is folded by itself, whatever stands beside it, but for spaces and dashes.
BY_ITSELF = re.compile(r"[ -~ぁ-ゖァ-ヺー・一-鿿、。「」『』（）０-９Ａ-Ｚａ-ｚ]*")
SQUEEZED = re.compile(f"[ {LONG_VOWEL}]")
# Typed after a kana they belong to it; NFKC sets them apart from it.
VOICED = {"゛": "\u3099", "゜": "\u309a"}
JAMO = range(0x1160, 0x1200)  # Korean vowels and finals, which compose with what stands before


def fold(text: str) -> str:
    """`text` as it is compared: a single line."""
    folded = squeeze(plain(text))
    for _ in range(ROUNDS):
        if not UNUSUAL.search(folded):
            break
        before, folded = folded, squeeze(plain(folded))
        if folded == before:
            break
    return folded


def plain(text: str) -> str:
    """Width, case, kana and variants; what cannot be seen goes, and so do marks left alone."""
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
    """`spans[i]`: from where to where in the original what became character `i` stands."""

    text: str
    spans: tuple[Span, ...]

    def places_of(self, part: str) -> Iterator[Span]:
        """Where in the original `part`, folded and not empty, stands; overlaps left out."""
        found = self.text.find(part)
        while found >= 0:
            last = found + len(part) - 1
            yield self.spans[found][0], self.spans[last][1]
            found = self.text.find(part, last + 1)


def fold_with_offsets(text: str) -> Folded:
    """
    The same as `fold`, and where each character comes from; thirty times slower.

    Without places, so nothing can be found in it, where the two ways differ: in scripts whose
    letters compose over more than a mark.
    """
    places = singles(text) if BY_ITSELF.fullmatch(text) else clusters(text)
    found = [(sign, span) for span in places for sign in folded_cluster(text[span[0] : span[1]])]
    signs, spans = [sign for sign, _ in found], [span for _, span in found]
    folded = "".join(signs)
    if SQUEEZED.search(folded):
        signs, spans = squeezed(signs, spans)
        folded = "".join(signs)
    return Folded(folded, tuple(spans)) if folded == fold(text) else NOTHING


NOTHING = Folded("", ())


def singles(text: str) -> Iterator[Span]:
    return pairwise(range(len(text) + 1))


def clusters(text: str) -> Iterator[Span]:
    """From where to where each character stands with the marks that follow it."""
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
    """`squeeze`, on characters that know where they come from."""
    kept: list[str] = []
    places: list[Span] = []
    is_parted = False
    for sign, span in zip(signs, spans, strict=True):
        if sign == " ":
            is_parted = True
            continue
        before = kept[-1] if kept else ""
        if is_parted and is_apart(before) and is_apart(sign):
            kept.append(" ")
            places.append((places[-1][1], span[0]))
        is_parted = False
        if sign == before == LONG_VOWEL:
            places[-1] = (places[-1][0], span[1])
        else:
            kept.append(sign)
            places.append(span)
    return kept, places


@lru_cache(maxsize=8192)
def is_apart(character: str) -> bool:
    return bool(character) and re.fullmatch(APART, character) is not None
