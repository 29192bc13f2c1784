"""A Japanese title in Latin letters, as the end of an address."""

import re
import unicodedata
from collections.abc import Iterator
from functools import cache
from threading import local

from jaconv import kana2alphabet, kata2hira
from sudachipy.sudachipy import Dictionary, Morpheme, Tokenizer

LONGEST = 40  # characters: an address is also read aloud
READ_MOST = 200  # of the title: what follows finds no place
# Words that carry no meaning of their own: particles, auxiliaries, punctuation.
LEFT_OUT = frozenset({"助詞", "助動詞", "補助記号", "記号", "空白", "感動詞", "連体詞"})
VERB_OF_ANY_NOUN = "する"
LATIN = re.compile(r"[a-z0-9]+")
NOT_IN_SLUG = re.compile(r"[^a-z0-9]+")
of_thread = local()  # a tokenizer refuses a second thread while the first one uses it


def romanise(title: str) -> str:
    """
    Return the meaningful words of `title` in Latin letters, joined by hyphens.

    Empty where there are none. Long vowels are written as kana are: toukei, jouhou.
    """
    slug = ""
    for word in words_of(unicodedata.normalize("NFKC", title[:READ_MOST]).lower()):
        longer = f"{slug}-{word}" if slug else word[:LONGEST]
        if len(longer) > LONGEST:
            break
        slug = longer
    return slug


def words_of(text: str) -> Iterator[str]:
    """Yield the words that are left in, in the letters of an address."""
    for morpheme in tokenizer().tokenize(text):
        if morpheme.part_of_speech()[0] in LEFT_OUT:
            continue
        if morpheme.dictionary_form() == VERB_OF_ANY_NOUN:
            continue
        if word := latin(morpheme):
            yield word


def latin(morpheme: Morpheme) -> str:
    surface = morpheme.surface()
    if LATIN.fullmatch(surface):
        return surface
    return NOT_IN_SLUG.sub("", kana2alphabet(kata2hira(morpheme.reading_form())))


def tokenizer() -> Tokenizer:
    """Return the tokenizer of this thread."""
    if not hasattr(of_thread, "tokenizer"):
        of_thread.tokenizer = dictionary().tokenizer()
    found: Tokenizer = of_thread.tokenizer
    return found


@cache
def dictionary() -> Dictionary:
    """Open the dictionary at the first use: half a second, and mapped memory for all workers."""
    return Dictionary(dict="small")
