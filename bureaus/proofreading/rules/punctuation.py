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
SIGN = re.compile(rf"(?<=[{WORD}])([,.!?:;])(?=[{WORD}「『（]|[ ]?$|\n)", re.MULTILINE)
PAIR = re.compile(r"\(([^()\n]*)\)")
SHOWN = 20
HAS_JAPANESE = re.compile(f"[{KANJI}{KANA}]")
# Which of two marks for the same is left, and which goes.
RIVALS = (("、", "，"), ("。", "．"))
BETWEEN_DIGITS = re.compile(r"(?<=[0-9０-９A-Za-zＡ-Ｚａ-ｚ])[．，](?=[0-9０-９A-Za-zＡ-Ｚａ-ｚ])")


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
            yield passage.remark(
                match.start(),
                match.end(),
                f"和文のなかに半角の「{match[1]}」があります。",
                FULL[match[1]],
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
    for passage in manuscript.prose:
        text = BETWEEN_DIGITS.sub("\0", passage.masked)
        for kept, other in RIVALS:
            if kept in text and other in text:
                yield from each(passage, text, kept, other)


def each(passage: Passage, text: str, kept: str, other: str) -> Iterator[Remark]:
    for match in re.finditer(other, text):
        yield passage.remark(
            match.start(),
            match.end(),
            f"「{kept}」と「{other}」が混ざっています。",
            kept,
        )
