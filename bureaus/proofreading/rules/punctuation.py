"""Japanese punctuation in Japanese sentences, and of one sort."""

import re
from collections.abc import Iterator

from bureaus.proofreading.findings import Level, Remark
from bureaus.proofreading.manuscript import Manuscript
from bureaus.proofreading.passages import Passage
from bureaus.proofreading.registry import rule
from bureaus.proofreading.rules import sources
from bureaus.proofreading.rules.sources import KANA, KANJI

WORD = f"{KANJI}{KANA}」』）"
FULL = {",": "、", ".": "。", "!": "！", "?": "？", ":": "：", ";": "；"}
# Not in numbers, times and names of files: 1,000 10:30 一覧.pdf
SIGN = re.compile(
    rf"(?<=[{WORD}])(?:[.!?] ?(?=[{WORD}「『（]|[ ]?$|\n)"
    rf"|[,:;] ?(?=[{WORD}「『（0-9\0]|[ ]?$|\n))|(?<=[A-Za-z0-9]), ?(?=[{WORD}「『（])",
    re.MULTILINE,
)
PAIR = re.compile(r"\(([^()\n]*)\)")
MIXED = re.compile(r"（[^()（）\n]*(\))|(\()[^()（）\n]*）")
SHOWN = 20
HAS_JAPANESE = re.compile(f"[{KANJI}{KANA}]")
# Which of two marks for the same is left, and which goes.
RIVALS = (("、", "，"), ("。", "．"))
# 3．5, and 第1．概要, where a number ends.
NUMBER = re.compile(
    r"(?<=[0-9A-Za-z])(?:．|，(?=[0-9A-Za-z]))|^(?:第?[一-十ア-ン]．)", re.MULTILINE
)


@rule(
    "punct-ascii",
    "和文のなかの半角の記号",
    Level.WARNING,
    hint="和文のなかでは、全角の「、。（）：」などを使ってください。",
    source=sources.WRITING,
)
def punct_ascii(manuscript: Manuscript) -> Iterator[Remark]:
    """( ), comma and stop of half width around Japanese. False alarms: 0 of 300; accepted: 7."""
    for passage in manuscript.passages:
        for match in passage.search(SIGN):
            sign = match[0][0]
            yield passage.remark(
                match.start(),
                match.end(),
                f"和文のなかに半角の「{sign}」があります。",
                FULL[sign],
            )
        for match in passage.search(MIXED):
            number = match.lastindex or 1
            yield passage.remark(
                match.start(number),
                match.end(number),
                f"「{shortened(match[0])}」のかっこの片方が半角です。",
                "）" if number == 1 else "（",
            )
        for match in passage.search(PAIR):
            if HAS_JAPANESE.search(match[1]):
                inner = passage.text[match.start(1) : match.end(1)]
                yield passage.remark(
                    match.start(),
                    match.end(),
                    f"「({shortened(inner)})」のかっこが半角です。",
                    f"（{inner}）",
                )


def shortened(words: str) -> str:
    return words if len(words) <= SHOWN else f"{words[:SHOWN]}…"


@rule(
    "punct-mixed",
    "句読点の混在",
    Level.WARNING,
    hint="句点は「。」、読点は「、」に揃えてください。",
    source=sources.WRITING,
)
def punct_mixed(manuscript: Manuscript) -> Iterator[Remark]:
    """。 and ．, or 、 and ， in one text. False alarms: 0 of 300; accepted: 0."""
    texts = [
        (passage, NUMBER.sub(lambda match: "\0" * len(match[0]), passage.masked))
        for passage in manuscript.passages
    ]
    for kept, other in RIVALS:
        if any(kept in text for _, text in texts):
            for passage, text in texts:
                yield from each(passage, text, kept, other)


def each(passage: Passage, text: str, kept: str, other: str) -> Iterator[Remark]:
    for match in re.finditer(other, text):
        yield passage.remark(
            match.start(),
            match.end(),
            f"「{kept}」と「{other}」が混ざっています。",
            kept,
        )
