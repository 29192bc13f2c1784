"""What a rule finds: a sentence, where it is, and, where that is safe, how to mend it."""

import dataclasses
import hashlib
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

WORDS_LENGTH = 100
Key = tuple[str, str]  # a rule and the words that it is about
AROUND = 20  # characters on either side, by which an accepted place is known again


def known_by(words: str) -> str:
    """Words as an acceptance keeps them: of a long sentence the beginning, and a mark of all."""
    if len(words) <= WORDS_LENGTH:
        return words
    mark = hashlib.sha256(words.encode(errors="surrogatepass")).hexdigest()[:8]
    return f"{words[: WORDS_LENGTH - len(mark) - 1]}…{mark}"


@dataclass(frozen=True, slots=True)
class Consent:
    """Who has let something stand, and why."""

    who: str
    reason: str


class Level(StrEnum):
    ERROR = "error"  # stops submission
    WARNING = "warning"  # does not

    @property
    def label(self) -> str:
        return "誤り" if self is Level.ERROR else "注意"


@dataclass(frozen=True, slots=True)
class Place:
    """
    Some characters of a field: counted in its plain text, in their block, and in its HTML.

    Blocks are the paragraphs, headings, items and cells of a body in their order, empty ones too,
    as an editor has them; a field without HTML is one block.
    """

    field: str  # "title", "body", "figures-2-caption"
    label: str  # the same in Japanese: 図2の説明文
    start: int
    end: int
    block: int
    block_start: int
    block_end: int
    html_start: int
    html_end: int
    before: str  # up to AROUND characters, by which it is told from its likes
    after: str


@dataclass(frozen=True, slots=True)
class Fix:
    """Write `new` between two places of `value`, and of no other: so it is done once only."""

    field: str
    start: int
    end: int
    new: str
    value: str = dataclasses.field(repr=False)


@dataclass(frozen=True, slots=True)
class Remark:
    """What a rule says of a place; the rest is the same for all that it says."""

    place: Place
    sentence: str
    words: str  # that it is about
    quote: str  # those with what stands around them
    fix: Fix | None
    replacement: str | None


@dataclass(frozen=True, slots=True)
class Finding:
    rule: str
    level: Level
    sentence: str
    hint: str
    source: str
    place: Place
    words: str
    quote: str
    fix: Fix | None
    replacement: str | None  # the words that the fix puts in place of `words`

    @property
    def key(self) -> Key:
        """What tells it from others on its page, also in a later edition: see `Acceptance`."""
        return (self.rule, self.quote)

    def as_json(self, *, is_accepted: bool = False) -> dict[str, Any]:
        """All that an editor's script needs, in plain values."""
        place = self.place
        return {
            "rule": self.rule,
            "level": self.level.value,
            "level_label": self.level.label,
            "sentence": self.sentence,
            "hint": self.hint,
            "source": self.source,
            "field": place.field,
            "label": place.label,
            "start": place.start,
            "end": place.end,
            "block": place.block,
            "block_start": place.block_start,
            "block_end": place.block_end,
            "html_start": place.html_start,
            "html_end": place.html_end,
            "words": self.words,
            "before": place.before,
            "after": place.after,
            "quote": self.quote,
            "replacement": self.replacement,
            "is_accepted": is_accepted,
        }
