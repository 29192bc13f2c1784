"""A field as plain text with its blocks, and the positions of its characters in the HTML."""

import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from html import escape

from bureaus.proofreading.findings import (
    CONTEXT_LENGTH,
    QUOTE_LENGTH,
    Fix,
    Place,
    Remark,
    acceptance_quote,
)
from bureaus.proofreading.word_tables import Entry, entries_in

HEADINGS = {"h3": 3, "h4": 4}
# Addresses are no Japanese text: rules on words and characters skip them.
ADDRESS = re.compile(
    r"(?:https?://|www\.)[\w!#$%&'*+,./:;=?@~-]+|(?<![\w.+-])[\w.+-]{1,64}@[\w-]+(?:\.[\w-]+)+",
    re.ASCII,
)
WIDE = re.compile("[０-９Ａ-Ｚａ-ｚ]+")
NARROW = {wide: wide - 0xFEE0 for wide in range(ord("０"), ord("ｚ") + 1)}
ERA = "明治|大正|昭和|平成|令和"
Edit = tuple[int, int, str]  # a range of the text, and what is to stand there
SEPARATE = 1  # faults of one kind in a paragraph that are reported one by one
YEAR = re.compile(
    rf"(?:{ERA})(?:元|[0-9]{{1,2}})年"
    r"|(?<![0-9])(?:1[89]|20)[0-9]{2}年"
)
QUOTED = re.compile(r"「[^「」]*」|『[^『』]*』")
# A stop inside brackets ends no sentence: 「…という。）」 goes on.
BRACKETED = "（[^（）\n]{0,300}）|「[^「」\n]{0,300}」"
SENTENCE = re.compile(rf"(?:{BRACKETED}|[^。！？\n])+(?:[。！？]+[）」』]*)?")


@dataclass(frozen=True, slots=True)
class Block:
    """A paragraph, heading, item or cell; `tag` is empty where there is no HTML."""

    number: int
    tag: str
    start: int
    end: int
    text: str
    inside: frozenset[str]  # the tags of the elements around it

    @property
    def level(self) -> int:
        return HEADINGS.get(self.tag, 0)


@dataclass(frozen=True, slots=True)
class Anchor:
    start: int
    end: int
    text: str
    href: str


@dataclass(frozen=True, slots=True)
class Table:
    start: int
    end: int
    has_caption: bool
    headers: int
    unscoped: int  # headers without a scope


@dataclass(frozen=True, slots=True)
class Run:
    """`length` characters from `start` of the text, whose source begins at `html`."""

    start: int
    length: int
    html: int
    html_length: int


@dataclass(frozen=True)
class Passage:
    field: str
    label: str
    value: str  # as stored
    text: str  # plain text
    blocks: tuple[Block, ...]
    runs: tuple[Run, ...] = ()  # none: the value is the text
    anchors: tuple[Anchor, ...] = ()
    tables: tuple[Table, ...] = ()
    strong: tuple[tuple[int, int], ...] = ()
    is_html: bool = False

    @cached_property
    def masked(self) -> str:
        """
        The text with addresses blanked out, of the same length.

        Full-width letters and digits are narrowed, so that ２０１３年 is found as a year.
        """
        text = WIDE.sub(lambda match: match[0].translate(NARROW), self.text)
        return ADDRESS.sub(lambda match: "\0" * len(match[0]), text)

    @cached_property
    def listed(self) -> dict[str, list[tuple[int, Entry]]]:
        """The words of the tables in the text, by rule: all tables are read in one walk."""
        found: dict[str, list[tuple[int, Entry]]] = {}
        for position, entry in entries_in(self.masked):
            found.setdefault(entry.rule, []).append((position, entry))
        return found

    @cached_property
    def quoted(self) -> tuple[tuple[int, int], ...]:
        """The ranges in 「」 or 『』: names and quotations, which are not to be changed."""
        return tuple(match.span() for match in QUOTED.finditer(self.text))

    @cached_property
    def starts(self) -> list[int]:
        return [run.start for run in self.runs]

    @cached_property
    def block_starts(self) -> list[int]:
        return [block.start for block in self.blocks]

    @cached_property
    def first_year(self) -> int | None:
        """The position at which the text first names a year."""
        match = YEAR.search(self.masked)
        return match.start() if match else None

    def is_quoted(self, position: int) -> bool:
        number = bisect_right(self.quoted, (position, 0)) - 1
        return number >= 0 and self.quoted[number][0] < position < self.quoted[number][1]

    def is_linked(self, start: int, end: int) -> bool:
        return any(anchor.start < end and start < anchor.end for anchor in self.anchors)

    def block_at(self, position: int) -> Block:
        return self.blocks[max(0, bisect_right(self.block_starts, position) - 1)]

    def sentences(self) -> Iterator[tuple[Block, int, int]]:
        """Yield each sentence of each block with its start and end."""
        for block in self.blocks:
            for match in SENTENCE.finditer(block.text):
                yield block, block.start + match.start(), block.start + match.end()

    def search(self, pattern: re.Pattern[str]) -> Iterator[re.Match[str]]:
        """Yield the matches of `pattern` outside addresses."""
        return pattern.finditer(self.masked)

    def remark(
        self,
        start: int,
        end: int,
        sentence: str,
        new: str | None = None,
        *,
        block: Block | None = None,
        anchor: tuple[int, int] | None = None,
    ) -> Remark:
        """
        Return a remark; `new` is a safe replacement, not offered where it would cut a tag.

        It is accepted by the words from `start` to `end` and those around them; where they are
        so many that they change often, by those of `anchor`: an empty one is the whole field.
        """
        block = block or self.block_at(start)
        html_start, html_end = self.html_range(start, end)
        words = self.text[start:end]
        place = Place(
            self.field,
            self.label,
            start,
            end,
            block.number,
            start - block.start,
            end - block.start,
            html_start,
            html_end,
            self.text[max(block.start, start - CONTEXT_LENGTH) : start],
            self.text[end : max(end, min(block.end, end + CONTEXT_LENGTH))],
        )
        is_safe = new is not None and new != words and self.is_whole(start, end, html_start)
        return Remark(
            place,
            sentence,
            words if is_safe else words[:QUOTE_LENGTH],
            self.quote(block, *(anchor or (start, end))),
            self.fix(html_start, html_end, new or "") if is_safe else None,
            new if is_safe else None,
        )

    def quote(self, block: Block, start: int, end: int) -> str:
        """Return words with those around them, as an acceptance stores them."""
        if end == start == 0 and self.is_html:
            return self.label
        before = self.text[max(block.start, start - CONTEXT_LENGTH) : start]
        after = self.text[end : max(end, min(block.end, end + CONTEXT_LENGTH))]
        return f"{before}{acceptance_quote(self.text[start:end])}{after}".strip() or self.label

    def grouped(self, edits: Iterable[Edit]) -> Iterator[Sequence[Edit]]:
        """Yield edits one by one, but those of a paragraph together where they are many."""
        groups: list[list[Edit]] = []
        for edit in edits:
            last = groups[-1] if groups else None
            if last and self.is_in_one_piece(last[0][0], edit[1]):
                last.append(edit)
            else:
                groups.append([edit])
        for group in groups:
            if len(group) > SEPARATE:
                yield group
            else:
                yield from ([edit] for edit in group)

    def is_in_one_piece(self, start: int, end: int) -> bool:
        """Return whether a fix may replace these characters: one block, and no tag between."""
        if end > self.block_at(start).end:
            return False
        return self.is_whole(start, end, self.html_range(start, end)[0])

    def remark_on_group(self, group: Sequence[Edit], sentence: str) -> Remark:
        """Return one remark, whose fix makes all edits of the group."""
        start, end = group[0][0], group[-1][1]
        new, position = "", start
        for first, last, words in group:
            new += self.text[position:first] + words
            position = last
        return self.remark(start, end, sentence, new, anchor=group[0][:2])

    def fix(self, start: int, end: int, new: str) -> Fix:
        return Fix(
            self.field, start, end, escape(new, quote=False) if self.is_html else new, self.value
        )

    def html_range(self, start: int, end: int) -> tuple[int, int]:
        """Return the range of these characters in the stored value."""
        if not self.is_html:
            return start, end
        first = self.html_at(start)
        return first, max(first, self.html_at(end - 1, is_end=True) if end > start else 0)

    def html_at(self, position: int, *, is_end: bool = False) -> int:
        number = bisect_right(self.starts, position) - 1
        if number < 0:
            return 0
        run = self.runs[number]
        offset = position - run.start
        if offset >= run.length:  # between blocks, or in an empty one: right after the run before
            return run.html + run.html_length
        if run.length != run.html_length:  # an entity, or a line break
            return run.html + (run.html_length if is_end else 0)
        return run.html + offset + is_end

    def is_whole(self, start: int, end: int, html_start: int) -> bool:
        """Return whether the characters are contiguous in the HTML, with no tag between."""
        if not self.is_html:
            return True
        if start >= end:
            return any(run.start <= start <= run.start + run.length for run in self.runs)
        expected = html_start
        for number in range(bisect_right(self.starts, start) - 1, len(self.runs)):
            run = self.runs[number]
            if run.start >= end:
                break
            if run.html > expected or self.value[run.html] == "<":
                return False
            expected = run.html + run.html_length
        return True


def plain(field: str, label: str, value: str) -> Passage:
    text = value.replace("\r", "\n")
    block = Block(0, "", 0, len(text), text, frozenset())
    return Passage(field, label, value, text, (block,))
