"""Rules on characters that some systems cannot show or screen readers misread."""

import re
import unicodedata
from collections.abc import Iterator

from bureaus.proofreading.findings import Level, Remark
from bureaus.proofreading.manuscript import Manuscript
from bureaus.proofreading.passages import Passage
from bureaus.proofreading.registry import rule
from bureaus.proofreading.rules import sources
from bureaus.proofreading.rules.sources import KANA, KANJI, SPACES

# Circled, bracketed and dotted numbers, Roman numerals, squared words, private use.
DEPENDENT = re.compile(
    "[\u2460-\u24ff\u2776-\u2793\u2160-\u217f\u2116\u2121\u213b\u3220-\u3243\u3248-\u324f"
    "\u3251-\u325f\u3280-\u32bf\u32c0-\u32ff\u3300-\u33ff\ue000-\uf8ff]\ufe0f?"
)
HALF_KANA = re.compile("[\uff61-\uff9f]+")
# A sign between is of a number (１，０００ １．５) or a name (ｇｏ．ｊｐ), not of an item or
# a list (２．ＪＲ, ２，３人).
FULL_ALPHANUMERIC = re.compile(
    "[０-９Ａ-Ｚａ-ｚ]+(?:(?:[：／－＠＆＿]|，(?=[０-９]{3}(?![０-９]))|(?<=[０-９])．(?=[０-９])"
    "|(?<=[Ａ-Ｚａ-ｚ]{2})．(?=[０-９Ａ-Ｚａ-ｚ]))[０-９Ａ-Ｚａ-ｚ]+)*"
)
ITEM_NUMBER = re.compile(r"(?:^|[。\n])[ \u3000]*$")
LOOSE = f"[{SPACES}]"
SPLIT = re.compile(rf"(?<![{KANJI}ァ-ヺーA-Za-z0-9])[{KANJI}](?:{LOOSE}+[{KANJI}])+(?![{KANJI}])")
BEFORE_PARTICLE = re.compile(
    rf"(?<=[{KANJI}ァ-ヺー])({LOOSE}+)(?=(?:の|は|が|を|に|で|と(?!畜)|へ)[{KANJI}ァ-ヺーA-Za-z0-9])"
)
OPENED = re.compile(
    rf"(?<![{KANJI}{KANA}A-Za-z0-9])[{KANJI}{KANA}](?:{LOOSE}[{KANJI}{KANA}]){{2,}}(?![{KANJI}{KANA}])"
)  # お 知 ら せ
HAS_KANJI, HAS_KANA = re.compile(f"[{KANJI}]"), re.compile("[ぁ-ん]")
INDENT = re.compile(rf"^{LOOSE}+(?=\S)")
# Signs that are listed one by one: 月 水 金.
LISTED = (
    "月火水木金土日祝 一二三四五六七八九十 甲乙丙丁戊 春夏秋冬 東西南北中 小中高大 上中下左右"
    " 赤青黄緑白黒茶紫 男女 優良可".split()
)
# Two characters may be a name (林 健), or the ends of two words: of them only these are reported.
COMMON = frozenset(
    "日時 場所 会場 目次 議題 議事 氏名 住所 電話 所属 概要 備考 期間 "
    "対象 内容 定員 主催 共催 後援 趣旨 日程 資料 様式 区分 金額 数量 "
    "単価 品名 件名 合計 小計 年度 目的 方法 結果 以上 記事 部長 課長 "
    "局長 大臣 総務 政策 地震 整備 実施 総則 附則 雑則 罰則 別表 別紙 "
    "危険 注意 警戒 避難 提出 会議 委員 議長 座長 会長 出席 欠席 定義 "
    "目標 計画 施策 事業 予算 決算 歳入 歳出 収入 支出 合計 名称 所在 "
    "代表 連絡 受付 締切 期限 申請 届出 許可 認定 登録 開始 終了 開会 "
    "閉会 挨拶 報告 審議 協議 議案 調査 研究 情報 通信 広報 統計 行政 "
    "財政 教育 福祉 環境 防災 医療 交通 全般 利用 料金 費用 手続 書類 "
    "氏名 性別 年齢 職業 学校 番号 用途 構造 面積 延長 工期 工事 業務 ".split()
)
PRIVATE = "\ue000"  # the private use area begins here
CIRCLED = {
    **{chr(0x2460 + number): f"（{number + 1}）" for number in range(20)},
    **{chr(0x2474 + number): f"（{number + 1}）" for number in range(20)},
    **{chr(0x2776 + number): f"（{number + 1}）" for number in range(10)},
    **{chr(0x2780 + number): f"（{number + 1}）" for number in range(10)},
    **{chr(0x3251 + number): f"（{number + 21}）" for number in range(15)},
}
BRACKETS, CLOSING = frozenset("（("), frozenset("）)")
INDENTED = 4  # characters before an item that may be spaces
ITEM_DIGITS = 2
WORDS_FOR = {"№": "No.", "℡": "電話", "℻": "FAX", "㎡": "平方メートル", "㎥": "立方メートル"}
WORDS_FOR |= {"㎢": "平方キロメートル", "㎠": "平方センチメートル", "㎤": "立方センチメートル"}


@rule(
    "char-dependent",
    "機種依存文字",
    Level.WARNING,
    hint="どの機器でも同じに見え、読み上げられる文字に替えてください。",
    source=sources.WRITING,
)
def char_dependent(manuscript: Manuscript) -> Iterator[Remark]:
    """①, ㈱, ㍻, Ⅳ and the like. False alarms: 0 of 300; accepted: 0."""
    for passage in manuscript.passages:
        for match in DEPENDENT.finditer(passage.text):
            sign = match[0][0]  # without a variation selector
            new = plain_form(sign)
            is_bracketed = passage.text[max(0, match.start() - 1) : match.start()] in BRACKETS
            if new and is_bracketed and passage.text[match.end() : match.end() + 1] in CLOSING:
                new = new.strip("（）")
            instead = f"「{new}」などに替えてください。" if new else "別の文字に替えてください。"
            yield passage.remark(
                match.start(),
                match.end(),
                f"「{sign}」は機器により違って見える文字です。{instead}",
                new,
            )


def plain_form(sign: str) -> str | None:
    """Return an equivalent in common characters; None where there is none."""
    replacement = CIRCLED.get(sign) or WORDS_FOR.get(sign)
    if replacement or sign >= PRIVATE:
        return replacement
    plain = unicodedata.normalize("NFKC", sign).replace("(", "（").replace(")", "）")
    if DEPENDENT.search(plain) or plain == sign:
        return None
    is_circled = unicodedata.decomposition(sign).startswith("<circle>")
    return f"（{plain}）" if is_circled else plain


@rule(
    "char-half-kana",
    "半角カナ",
    Level.WARNING,
    hint="全角のカタカナに替えてください。",
    source=sources.WRITING,
)
def char_half_kana(manuscript: Manuscript) -> Iterator[Remark]:
    """ｻｲﾊﾞｰ. False alarms: 0 of 300; accepted: 0."""
    for passage in manuscript.passages:
        edits = [
            (match.start(), match.end(), full_kana(match[0]))
            for match in HALF_KANA.finditer(passage.text)
        ]
        for group in passage.grouped(edits):
            first = passage.text[group[0][0] : group[0][1]]
            more = f"など{len(group)}か所" if len(group) > 1 else ""
            yield passage.remark_on_group(group, f"「{first}」{more}は半角のカナです。")


def full_kana(words: str) -> str:
    marks = {0x3099: "゛", 0x309A: "゜"}  # a mark with nothing before it
    return unicodedata.normalize("NFKC", words).translate(marks)


@rule(
    "char-full-width",
    "全角の英数字",
    Level.WARNING,
    hint="英字と数字は、半角にしてください。",
    source=sources.HOUSE,
)
def char_full_width(manuscript: Manuscript) -> Iterator[Remark]:
    """ＩＣＴ, ２０１３; many in a paragraph as one. False alarms: 0 of 300; accepted: 0."""
    for passage in manuscript.passages:
        edits = [
            (start, end, unicodedata.normalize("NFKC", passage.text[start:end]))
            for match in FULL_ALPHANUMERIC.finditer(passage.text)
            for start, end in parts_of(match)
        ]
        for group in passage.grouped(edits):
            first = passage.text[group[0][0] : group[0][1]]
            more = f"など{len(group)}か所" if len(group) > 1 else ""
            yield passage.remark_on_group(group, f"「{first}」{more}は全角の英数字です。")


def parts_of(match: re.Match[str]) -> Iterator[tuple[int, int]]:
    """The whole; of １．４０歳 at the beginning of a line the number of the item by itself."""
    number, _, rest = match[0].partition("．")
    line = match.string[max(0, match.start() - INDENTED) : match.start()]
    if rest and len(number) <= ITEM_DIGITS and number.isdecimal() and ITEM_NUMBER.search(line):
        yield match.start(), match.start() + len(number)
        yield match.start() + len(number) + 1, match.end()
    else:
        yield match.span()


@rule(
    "char-split",
    "語のなかの空白",
    Level.WARNING,
    hint="空白を除いてください。読み上げが途切れ、検索でも見つかりません。",
    source=sources.SPLIT_WORDS,
    signs=SPACES,
)
def char_split(manuscript: Manuscript) -> Iterator[Remark]:
    """日　時, 総 務 省; not モザンビーク ズクーラ. False alarms: 0 of 300; accepted: 0."""
    for passage in manuscript.passages:
        if passage in manuscript.alts:  # checked by picture-alt-spaces
            continue
        for match in (*SPLIT.finditer(passage.text), *spaced_words(passage.text)):
            joined = re.sub(LOOSE, "", match[0])
            if any(set(joined) <= set(signs) for signs in LISTED):
                continue
            if joined in COMMON or len(joined) > 2:  # noqa: PLR2004 - see COMMON
                sentence = f"「{match[0]}」のなかに空白があります。"
                yield passage.remark(match.start(), match.end(), sentence, joined)
        for match in BEFORE_PARTICLE.finditer(passage.text):
            after = passage.text[match.end() : match.end() + 3]
            yield passage.remark(
                match.start(), match.end(), f"「{after}」の前に空白があります。", ""
            )


def is_of_source(passage: Passage, position: int) -> bool:
    """Return whether only the source is indented there, which no browser shows."""
    return passage.is_html and passage.value[passage.html_at(position)] in "\n\t"


def spaced_words(text: str) -> Iterator[re.Match[str]]:
    """Yield spaced-out words of kanji and of kana: neither names nor choices (ア イ ウ)."""
    for match in OPENED.finditer(text):
        is_word = HAS_KANJI.search(match[0]) and HAS_KANA.search(match[0])
        if is_word and not SPLIT.search(match[0]):
            yield match


@rule(
    "char-indent",
    "行頭の空白",
    Level.WARNING,
    hint="空白を除いてください。段落の字下げは、サイトが自動で行います。",
    source=sources.HOUSE,
)
def char_indent(manuscript: Manuscript) -> Iterator[Remark]:
    """Spaces that stand for an indent. False alarms: 0 of 300; accepted: 0."""
    for passage in manuscript.passages:
        for block in passage.blocks:
            position = block.start
            for line in block.text.split("\n"):
                match = INDENT.match(line)
                if match and not is_of_source(passage, position):
                    yield passage.remark(
                        position,
                        position + match.end(),
                        f"「{line.strip()[:10]}」の前に、字下げの空白があります。",
                        "",
                        block=block,
                    )
                position += len(line) + 1
