"""Pages by the words of their titles."""

import unicodedata
from dataclasses import dataclass, replace
from functools import lru_cache

from django.db.models import Q

from bureaus.reading.catalogue import listed
from bureaus.reading.compiled import Compiled, Row
from bureaus.reading.moments import Moment
from bureaus.reading.shown import Chrome, Place
from bureaus.reading.statements import Statement, text
from bureaus.reading.surroundings import chrome

QUERY_LENGTH = 100  # characters
WORDS = 5
SHOWN = 50
HEADING = "サイト内検索"


@dataclass(frozen=True, slots=True)
class FoundPage:
    """`address` is where it stands, `url` how it is linked from the moment asked for."""

    title: str
    url: str
    address: str


@dataclass(frozen=True, slots=True)
class Results:
    """`query` is what was understood; `is_cut`: there are more than are shown."""

    query: str
    document_title: str
    crumbs: tuple[Place, ...]
    found: tuple[FoundPage, ...]
    is_cut: bool
    chrome: Chrome


def search(asked: str, moment: Moment) -> Results:
    """
    The pages whose titles hold every word of `asked`, in the order of the tree.

    2 queries, 1 where nothing is asked. It is a scan, until there is an index of the full text:
    it reads the title of every page in force, and at 100,000 pages takes 0.1 to 0.2 s of a core.
    """
    words = readable(asked[:QUERY_LENGTH]).split()[:WORDS]
    rows = titles_of(words, moment) if words else []
    around = chrome(moment, "/search/")
    found = tuple(FoundPage(title, moment.address(address), address) for address, title in rows)
    return Results(
        query=" ".join(words),
        document_title=f"{around.home.title}｜{HEADING}",
        crumbs=(replace(around.home, title=f"{around.home.title}トップ"),),
        found=found[:SHOWN],
        is_cut=len(found) > SHOWN,
        chrome=around,
    )


def readable(asked: str) -> str:
    """Without what no keyboard types: NUL, which PostgreSQL refuses, and halves of characters."""
    return "".join(sign for sign in asked if sign.isprintable() or sign.isspace())


def titles_of(words: list[str], moment: Moment) -> list[Row]:
    """
    (address, title) of each page.

    A word is looked for as NFKC writes it and as it was typed: titles are stored as written.
    """
    folded = [unicodedata.normalize("NFKC", word) for word in words]
    spellings = [folded] if folded == words else [folded, words]
    places = {
        f"word{number}_{spelling}": word
        for spelling, spelt in enumerate(spellings)
        for number, word in enumerate(spelt)
    }
    return titles_with(len(words), len(spellings))(at=moment.at, day=moment.day, **places)


@lru_cache(maxsize=2 * WORDS)
def titles_with(words: int, spellings: int) -> Compiled:
    def build() -> Statement:
        every_word = Q()
        for number in range(words):
            any_spelling = Q()
            for spelling in range(spellings):
                any_spelling |= Q(title__icontains=text(f"word{number}_{spelling}"))
            every_word &= any_spelling
        return (
            listed()
            .filter(every_word)
            .order_by("page__path")
            .values_list("page__url_path", "title")[: SHOWN + 1]
        )

    return Compiled(build)
