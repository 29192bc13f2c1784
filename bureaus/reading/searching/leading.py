"""Where a reader is led while he types, and where nothing is found."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from bureaus.reading.moments import Moment
from bureaus.reading.searching.asked import Asked, address_of
from bureaus.reading.searching.finding import Row, by_fit, readable_editions, rows_of
from bureaus.reading.shown import Choice
from bureaus.search import Wanted, like, matching, synonyms, wanted
from bureaus.words import LIKELY, Question, fold, likeness, question_of

COMPARED = 200  # titles
SIMILAR = 5
SUGGESTED = 8
PIECES = 5
# 情報通信 and ネットワーク and ICT, in a word that was written as one.
KINDS_OF_SIGN = re.compile(r"[ァ-ー]{2,}|[一-鿿]{2,}|[a-z0-9]{2,}")


@dataclass(frozen=True, slots=True)
class Alike:
    """A page with a title like it: many have the same, so the address says which it is."""

    title: str
    url: str
    address: str


@dataclass(frozen=True, slots=True)
class Help:
    """What may lead on where nothing is found. `tried`: every way in which it was looked for."""

    tried: tuple[str, ...]
    similar: tuple[Alike, ...]
    words: tuple[Choice, ...]  # each of them alone
    without_filters: str  # an address; empty where there is none
    with_archived: str
    today: str


def help_for(asked: Asked, question: Question, looked_for: Wanted, moment: Moment) -> Help:
    """1 query."""
    words = [word.folded for word in question.wanted]
    return Help(
        tried=looked_for.parts,
        similar=similar_titles(asked, "".join(words), moment),
        words=tuple(
            Choice(word, address_of(Asked(text=word), moment), is_chosen=False)
            for word in alone(words)
        ),
        without_filters=address_of(Asked(text=asked.text), moment) if asked.is_narrowed else "",
        with_archived=""
        if asked.with_archived
        else address_of(replace(asked, with_archived=True, page=1), moment),
        today=address_of(replace(asked, page=1), replace(moment, text=""))
        if moment.is_past
        else "",
    )


def alone(words: Sequence[str]) -> list[str]:
    """Each of several words; of a single one its pieces."""
    pieces = words if len(words) > 1 else KINDS_OF_SIGN.findall("".join(words))
    return [piece for piece in dict.fromkeys(pieces) if [piece] != list(words)][:PIECES]


def similar_titles(asked: Asked, folded: str, moment: Moment) -> tuple[Alike, ...]:
    """The pages whose titles share the most pairs of characters with `folded`. 1 query."""
    editions = readable_editions(Asked(with_archived=asked.with_archived), moment)
    rows = like(editions, folded).values_list("title", "page__url_path")[:COMPARED]
    likely = sorted(
        ((likeness(fold(title), folded), title, url) for title, url in rows), reverse=True
    )
    return tuple(
        Alike(title, moment.address(url), url)
        for value, title, url in likely[:SIMILAR]
        if value >= LIKELY
    )


def suggestions(typed: str, moment: Moment) -> list[Row]:
    """The pages whose titles hold what is typed so far, the best first. At most 2 queries."""
    question = question_of(typed)
    if not question.wanted:
        return []
    looked_for = wanted(question, synonyms())
    asked = Asked(text=question.text)
    rows = rows_of(matching(readable_editions(asked, moment), looked_for, in_titles=True))
    return by_fit(rows, {row.edition for row in rows}, looked_for)[:SUGGESTED]
