"""Rules on punctuation: Japanese in Japanese sentences, and consistent."""

import re
from collections.abc import Iterator

from bureaus.proofreading.findings import Level, Remark
from bureaus.proofreading.manuscript import Manuscript
from bureaus.proofreading.registry import rule
from bureaus.proofreading.rules import sources
from bureaus.proofreading.rules.sources import KANA, KANJI

WORD = f"{KANJI}{KANA}」』）"
FULL = {",": "、", ".": "。", "!": "！", "?": "？", ":": "：", ";": "；"}
# What a sentence ends with: two signs, of which the last is not that of an item (ア. 第一．).
ENDED = rf"(?<=[{WORD}][ぁ-ゖ」』）])"
# Not in numbers, times and names of files: 1,000 10:30 一覧.pdf
SIGN = re.compile(
    rf"(?<=[{WORD}])(?:[!?] ?(?=[{WORD}「『（]|[ ]?$|\n)"
    rf"|{ENDED}[.] ?(?=[{WORD}「『（]|[ ]?$|\n)"
    rf"|[,:;] ?(?=[{WORD}「『（0-9\0]|[ ]?$|\n))"
    rf"|(?<=[A-Za-z0-9]), ?(?=[{WORD}「『（])",
    re.MULTILINE,
)
PAIR = re.compile(r"\(([^()\n]*)\)")
# 「（1)申請 2)届出）」 has items within: its brackets are not of one pair.
MIXED = re.compile(r"（[^()（）\n]*(\))(?![^()（）\n]*[)）])|(\()[^()（）\n]*）")
SHOWN = 20
HAS_JAPANESE = re.compile(f"[{KANJI}{KANA}]")
# Of two equivalent marks the kept and the replaced one: not in 1，000, 内線．1234, ア．, ．．．.
RIVALS = (
    ("、", "，", re.compile(r"(?<![0-9A-Za-z，])，(?!，)")),
    ("。", "．", re.compile(rf"{ENDED}．(?![．。0-9A-Za-z])")),
)


@rule(
    "punct-ascii",
    "和文のなかの半角の記号",
    Level.WARNING,
    hint="和文のなかでは、全角の「、。（）：」などを使ってください。",
    source=sources.WRITING,
    signs=",.!?:;()",
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
    Level.NOTICE,
    hint="句点は「。」、読点は「、」に揃えてください。",
    source=sources.WRITING,
    signs="，．",
)
def punct_mixed(manuscript: Manuscript) -> Iterator[Remark]:
    """。 and ．, or 、 and ， in one text. False alarms: 0 of 300; accepted: 0."""
    passages = manuscript.passages
    for kept, other, pattern in RIVALS:
        if not any(kept in passage.text for passage in passages):
            continue
        for passage in passages:
            for match in passage.search(pattern):
                sentence = f"「{kept}」と「{other}」が混ざっています。"
                yield passage.remark(match.start(), match.end(), sentence, kept)
