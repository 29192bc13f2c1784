"""What a value is: a number, a number with more in it, a day, a mark or a text."""

import re
from enum import Enum, auto

from bureaus.uploads.machine_readability.sheets import Day, Value


class Kind(Enum):
    BLANK = auto()
    NUMBER = auto()  # a number of Excel
    DIGITS = auto()  # a text that is a number
    IMPURE = auto()  # a number with a unit, a separator or a note
    DAY = auto()
    MARK = auto()  # for a value that is missing or secret
    TEXT = auto()


NUMERIC = frozenset({Kind.NUMBER, Kind.DIGITS, Kind.IMPURE})
DIGITS = re.compile(r"[+-]?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?", re.ASCII)
UNITS = (
    "人 名 件 円 千円 万円 百万円 億円 兆円 千人 万人 万 億 兆 千 % ％ ‰ ポイント kg ㎏ g mg t トン"
    " km ㎞ m cm ㎝ mm ㎜ ha ㎡ ㎢ ㎥ m2 km2 m3 L mL dL kL kW kWh MW MWh GW GWh W V A Hz ℃ 個 台 回"
    " 本 枚 箇所 か所 ヶ所 カ所 世帯 戸 社 校 棟 隻 機 両 組 点 冊 食 泊 時間 分 秒 歳 才 位 倍"
    " 団体 施設 園 店 床 頭 羽 匹 通 部 票 席 区画 路線 便 ヘクタール メートル キロメートル"
    " 平方キロメートル 立方メートル"
).split()
D = r"[\d０-９]"
NUMBER = rf"[+\-−－▲△▼]?\s?[¥￥$＄]?(?:{D}{{1,3}}(?:[,，]{D}{{3}})+|{D}+)(?:[.．]{D}+)?"
UNIT = "|".join(sorted(map(re.escape, UNITS), key=len, reverse=True))
NOTE = r"[(（\[［【〔][^)）\]］】〕]*[)）\]］】〕]|[※＊*†‡#注]+\s?[\d０-９]*"
IMPURE = re.compile(rf"{NUMBER}\s?(?:{UNIT})?(?:弱|強|余|未満|以上|以下)?\s?(?:{NOTE})?")
HAS_DIGIT = re.compile(r"[\d０-９]")
YEAR = r"(?:(?:19|20)\d\d|(?:明治|大正|昭和|平成|令和)(?:\d{1,2}|元)|[MTSHR]\d{1,2})"
CLOCK = r"\d\d:\d\d(?::\d\d(?:\.\d+)?)?"
DAY = re.compile(
    rf"{YEAR}\s?年(?:度|間)?(?:\s?\d{{1,2}}\s?月(?:\s?\d{{1,2}}\s?日)?)?(?:[（(].*[)）])?"
    rf"|{YEAR}[-/.]\d{{1,2}}(?:[-/.]\d{{1,2}})?(?:[T ]{CLOCK}(?:Z|[+-]\d\d:?\d\d)?)?"
    r"|\d{1,2}[/.]\d{1,2}[/.]\d{1,4}|\d{1,2}月(?:\d{1,2}日)?|\d{1,2}:\d\d(?::\d\d)?"
    r"|(?:明治|大正|昭和|平成|令和)(?:\d{1,2}|元)"
)
MARKS = frozenset(
    "- － – ― — ‐ − ー … ‥ ... * ** *** ＊ × x X ｘ Ｘ χ N/A n/a NA n.a. NULL null na ・ / ／ 秘"
    " 該当なし 不明 非公表 秘匿 欠測 欠損 データなし なし".split()
)


def kind_of(value: Value) -> Kind:
    if value is None:
        return Kind.BLANK
    if isinstance(value, float):
        return Kind.DAY if isinstance(value, Day) else Kind.NUMBER
    text = value.strip()
    if text in MARKS:
        return Kind.MARK
    if not HAS_DIGIT.search(text):
        return Kind.TEXT
    return kind_with_digits(text)


def kind_with_digits(text: str) -> Kind:
    if DIGITS.fullmatch(text):
        return Kind.DIGITS
    if DAY.fullmatch(text):
        return Kind.DAY
    return Kind.IMPURE if IMPURE.fullmatch(text) else Kind.TEXT


def text_of(value: Value) -> str:
    """Return the value as an officer sees it, in one line."""
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() else str(value)
    return "" if value is None else value
