"""Findings: a sentence, its place, and, where that is safe, a fix."""

import dataclasses
import hashlib
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

QUOTE_LENGTH = 100  # characters
Key = tuple[str, str]  # a rule and the quoted text
CONTEXT_LENGTH = 20  # characters on either side, by which an accepted place is recognised


def acceptance_quote(words: str) -> str:
    """Return words as an acceptance stores them: a long text as its beginning and a hash."""
    if len(words) <= QUOTE_LENGTH:
        return words
    digest = hashlib.sha256(words.encode(errors="surrogatepass")).hexdigest()[:8]
    return f"{words[: QUOTE_LENGTH - len(digest) - 1]}…{digest}"


@dataclass(frozen=True, slots=True)
class Consent:
    """Who has accepted a finding, and why."""

    who: str
    reason: str


class Level(StrEnum):
    ERROR = "error"  # stops submission
    WARNING = "warning"  # does not, and is counted until it is fixed or accepted
    NOTICE = "notice"  # is shown beside the form, and counted nowhere

    @property
    def label(self) -> str:
        return LABELS[self]


LABELS = {Level.ERROR: "誤り", Level.WARNING: "注意", Level.NOTICE: "参考"}


@dataclass(frozen=True, slots=True)
class Place:
    """
    A range of characters of a field: in its plain text, in their block, and in its HTML.

    Blocks are the paragraphs, headings, items and cells of a body in their order, empty ones too,
    as in the editor; a field without HTML is one block.
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
    before: str  # up to CONTEXT_LENGTH characters, to tell it from similar places
    after: str


@dataclass(frozen=True, slots=True)
class Fix:
    """Replace a range of `value` by `new`; it applies to no other value, so only once."""

    field: str
    start: int
    end: int
    new: str
    value: str = dataclasses.field(repr=False)


@dataclass(frozen=True, slots=True)
class Remark:
    """A finding as a rule reports it, without what is the same for the whole rule."""

    place: Place
    sentence: str
    words: str  # the text that it is about
    quote: str  # that text with its context
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
        """The key of the finding on its page, also in later editions: see `Acceptance`."""
        return (self.rule, self.quote)

    def as_json(self, *, is_accepted: bool = False) -> dict[str, Any]:
        """Return plain values for the editor's script."""
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
