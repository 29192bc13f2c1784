"""
The 30 rules of 行政データにおける機械可読性に関するルール, and which of them software judges.

The wording is ours; https://github.com/digital-go-jp/machine_readability_rule has the original.
"""

from dataclasses import dataclass
from enum import Enum

TABLES = frozenset({"csv", "xlsx"})  # the formats that are judged


class Judgement(Enum):
    """How far software can judge a rule."""

    CERTAIN = "違反"
    SUSPECTED = "確認"
    AT_INTAKE = "登録のとき"
    PERSON = "人が判断"


@dataclass(frozen=True, slots=True)
class Rule:
    """A rule; its number is 「2-3」 on the screen and L2-03 in the original."""

    number: str
    name: str
    judgement: Judgement

    @property
    def level(self) -> int:
        return int(self.number[0])


CERTAIN, SUSPECTED = Judgement.CERTAIN, Judgement.SUSPECTED
AT_INTAKE, PERSON = Judgement.AT_INTAKE, Judgement.PERSON
TABLE = (
    ("1-1", "機械が読み取れるファイル形式", AT_INTAKE),
    ("1-2", "1シートに1つの表", CERTAIN),
    ("1-3", "空白の行や列で表を分けない", CERTAIN),
    ("1-4", "表の外に書き込みを残さない", SUSPECTED),
    ("1-5", "すべての列に項目名", CERTAIN),
    ("1-6", "空白や改行で体裁を整えない", CERTAIN),
    ("1-7", "1セルに1データ", SUSPECTED),
    ("1-8", "機種依存文字を使わない", CERTAIN),
    ("1-9", "空欄とゼロを区別する", SUSPECTED),
    ("1-10", "画像や図形を使わない", CERTAIN),
    ("1-11", "書式で違いを表さない", SUSPECTED),
    ("1-12", "セルを結合しない", CERTAIN),
    ("1-13", "行や列を隠さない", CERTAIN),
    ("1-14", "1件を1行に", CERTAIN),
    ("1-15", "カンマを含む値を引用符で囲む", CERTAIN),
    ("2-1", "数値は数値だけ", CERTAIN),
    ("2-2", "前の行と同じ値を省略しない", SUSPECTED),
    ("2-3", "項目名は1行で、重複しない", CERTAIN),
    ("2-4", "選択肢の表記をそろえる", SUSPECTED),
    ("2-5", "「その他」の内容は別の列に", SUSPECTED),
    ("2-6", "数式を値にする", CERTAIN),
    ("3-1", "1行目が項目名、2行目からデータ", CERTAIN),
    ("3-2", "コード表を付ける", PERSON),
    ("3-3", "秘匿などの記号を定義する", SUSPECTED),
    ("3-4", "単位を書く", SUSPECTED),
    ("3-5", "年月日の表記をそろえる", CERTAIN),
    ("3-6", "地域はコードか正式な名称で", SUSPECTED),
    ("3-7", "年によって形を変えない", SUSPECTED),
    ("3-8", "定義や更新履歴を書く", PERSON),
    ("3-9", "縦持ちにする", SUSPECTED),
)
RULES = {number: Rule(number, name, judgement) for number, name, judgement in TABLE}
