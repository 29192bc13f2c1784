"""Segmentation of text without spaces: a change of script is a word boundary."""

import re
from collections.abc import Iterator

SHORTEST = 2  # characters
KATAKANA, KANJI, LATIN = "ァ-ヺー・ｦ-ﾟ", "一-鿿々〆ヶ", "0-9A-Za-z０-９Ａ-Ｚａ-ｚ"
# What stands between particles and endings: 情報通信ネットワーク of 情報通信ネットワークを使うには.
BETWEEN_HIRAGANA = re.compile(f"[{KATAKANA}{KANJI}{LATIN}]+")
OF_ONE_SCRIPT = re.compile(f"[{KATAKANA}]+|[{KANJI}]+|[{LATIN}]+")


def script_runs(typed: str) -> Iterator[str]:
    """
    Yield the words in `typed`: whole compounds, then their runs of one script.

    パスポートを更新するには has パスポート and 更新. Hiragana is left out: it is mostly grammar.
    """
    for compound in BETWEEN_HIRAGANA.findall(typed):
        if len(compound) >= SHORTEST:
            yield compound
    for run in OF_ONE_SCRIPT.findall(typed):
        if len(run) >= SHORTEST:
            yield run
