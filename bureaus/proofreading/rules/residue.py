"""Rules on leftovers of drafting, and on text that the site adds itself."""

import re
from collections.abc import Iterator

from bureaus.proofreading.findings import Level, Remark
from bureaus.proofreading.manuscript import Manuscript
from bureaus.proofreading.passages import Block, Passage
from bureaus.proofreading.registry import rule
from bureaus.proofreading.rules import sources
from bureaus.proofreading.rules.sources import KANJI, SPACES

MARK = re.compile(
    r"[【［\[〔＜<《]\s*(?:テスト|てすと|test|仮|ダミー|要確認|コピペ|後で(?:書く|記入|直す|確認))\s*"
    r"[】］\]〕＞>》]",
    re.IGNORECASE,
)
INTERNAL = (
    "取り?扱い?注意|(?:部|省|庁|社|対)外秘|(?:部内|省内|局内|課内|内部|関係者)限り"
    "|厳秘|極秘|マル秘|㊙|案の段階|解禁前|機密性[23２３](?:情報)?"
)
# Public texts say so of meetings, figures and minutes: （非公開）, （未定稿）.
CLOSED = (
    "未定稿|非公開|非公表|未公表|公表前|検討(?:中|段階)|内部(?:用|資料|文書)|秘|CONFIDENTIAL|DRAFT"
)
SECRECY = re.compile(
    rf"[【［\[〔＜<《≪]\s*(?:{INTERNAL}|{CLOSED})\s*[】］\]〕＞>》≫]"
    rf"|[（(]\s*(?:{INTERNAL})\s*[）)]|^[{SPACES}※*＊・●■◆]*+(?:{INTERNAL}|未定稿)[{SPACES}。]*$|^(?:{INTERNAL})(?=[：:])",
    re.IGNORECASE | re.MULTILINE,
)
TENTATIVE = re.compile(
    r"[（(【［\[]\s*(?:後で(?:書く|直す)|仮|作成中|確認中|調整中|要?差し?替え?|準備中|要(?:確認|修正|加筆))\s*[】］\])）]"
    r"|差し?替え?予定|(?:※|画像|写真)差し?替え?(?=[。！]?$)",
    re.MULTILINE,
)
NUMERALS = "〇一二三四五六七八九十百千"
CIRCLES = re.compile(
    rf"(?<![{NUMERALS}])"
    r"(?:[〇○◯●]{1,2}[年月][〇○◯●]{1,2}[月日](?:[〇○◯●]{1,2}日)?|(?<=平成|令和)[〇○◯●]{1,2}(?=年)"
    r"|〇{2,}|○{2,}|◯{2,}|●{2,}|△{2,}|×{2,}|＊{3,}|(?<![A-Z])X{3,}(?![A-Z])"
    r"|(?<![A-Za-z])(?:XX|xx)(?=[年月日県市町村課局省人名円]))"
    rf"(?![{NUMERALS}])"
)
EXAMPLE = re.compile(r"例|様式|記入|書き方|ひな形|見本")
WORDS = re.compile(
    r"\b(?:TODO|FIXME|TBD)\b|\b[Tt]o[Dd]o ?[:：]|(?i:\blorem ipsum)|^ダミーです"
    r"|ダミー(?:テキスト|文章|画像|写真)|仮(?:テキスト|原稿|タイトル|見出し|画像|写真)|仮の(?:文章|画像|写真)です"
    rf"|(?<![{KANJI}])要差し?替え?|(?:後|あと)で差し?替える?(?=[。！）]?$)|差し?替え?(?:のこと|待ち)|ここに(?:本文|文章|説明|テキスト)(?:を|が入)"
    r"|^(?:文章|テキスト|見出し|タイトル|説明文)が入ります|^テスト(?:ページ|です)"
    r"|テスト投稿|サンプルテキスト|あああ+",
    re.ASCII | re.MULTILINE,
)
TRAIL = re.compile(
    r"^\s*(?:現在(?:位置|の位置|のページ)[:：].*[>＞»›→/／].*|(?:[^\s>＞]{0,12}(?:トップ|ホーム|HOME|Home|TOP|Top)(?:ページ)?)\s*(?:[>＞»›]\s*[^>＞»›。]{1,40})+)\s*$"
)
PAGE_TOP = re.compile(
    r"^[\s▲↑△\[［【（(]*(?:(?:この)?(?:ページ|page)の?\s?(?:トップ|先頭|最?上部?|top)(?:へ|に)?"
    r"|(?:トップ|先頭)(?:へ|に)(?=戻|もど)|(?<=[▲↑△])\s?(?:トップ|先頭|上|top)(?:へ|に)?)"
    r"(?:戻る|もどる|戻ります|移動(?:する)?)?[\s。\]］】）)▲↑△]*$",
    re.IGNORECASE,
)
# Characters at least, as shorter lines repeat by chance; more where it is no sentence.
REPEATED, REPEATED_LINE = 10, 15


@rule(
    "residue-mark",
    "作業中の印",
    Level.ERROR,
    hint="印を消してください。まだ公開できない内容なら、公開するまで下書きのままにしてください。",
    source=sources.HOUSE,
    signs="【［[〔＜<《",
)
def residue_mark(manuscript: Manuscript) -> Iterator[Remark]:
    """【テスト】, 【仮】, 【要確認】. False alarms: 0 of 300; accepted: 1."""
    for passage in manuscript.passages:
        for match in passage.search(MARK):
            yield passage.remark(
                match.start(), match.end(), f"作業中の印「{match[0]}」が残っています。"
            )


@rule(
    "residue-secret",
    "公開しないという印",
    Level.ERROR,
    hint="公開してよい内容かを確かめ、よければ印を消してください。印の説明であれば、理由を書いて"
    "「このままにする」を押してください。",
    source=sources.HOUSE,
    is_acceptable=True,
)
def residue_secret(manuscript: Manuscript) -> Iterator[Remark]:
    """【非公開】, （取扱注意）, a line 未定稿. False alarms: 0 of 300; accepted: 0."""
    for passage in manuscript.passages:
        for match in passage.search(SECRECY):
            words = match[0].strip()
            start = match.start() + match[0].index(words)
            yield passage.remark(
                start, start + len(words), f"公開しないという印「{words}」があります。"
            )


@rule(
    "residue-tentative",
    "仮の印",
    Level.NOTICE,
    hint="まだ仮のままでよいかを確かめ、決まっていれば消してください。",
    source=sources.HOUSE,
)
def residue_tentative(manuscript: Manuscript) -> Iterator[Remark]:
    """（仮）, （差し替え）, which may be intended. False alarms: 2 of 300; accepted: 0."""
    for passage in manuscript.passages:
        for match in passage.search(TENTATIVE):
            if MARK.match(match[0]):
                continue  # an error already
            yield passage.remark(match.start(), match.end(), f"仮の印「{match[0]}」があります。")


@rule(
    "residue-circles",
    "埋めていない伏せ字",
    Level.NOTICE,
    hint="埋め忘れなら、正しい名前や数に替えてください。",
    source=sources.HOUSE,
    signs="〇○◯●△×＊Xx",
)
def residue_circles(manuscript: Manuscript) -> Iterator[Remark]:
    """〇〇課, ○○年, which may stand for any; not in 「」. False alarms: 0 of 300; accepted: 0."""
    for passage in manuscript.passages:
        examples: dict[int, bool] = {}  # a block may hold thousands, and is searched once
        for match in passage.search(CIRCLES):
            block = passage.block_at(match.start())
            if block.number not in examples:
                is_example = "th" in block.inside or EXAMPLE.search(block.text)
                examples[block.number] = bool(is_example)
            if not examples[block.number] and not passage.is_quoted(match.start()):
                yield passage.remark(
                    match.start(), match.end(), f"「{match[0]}」が埋められていないようです。"
                )


@rule(
    "residue-words",
    "仮の文章",
    Level.ERROR,
    hint="本来の文章に替えるか、消してください。",
    source=sources.HOUSE,
)
def residue_words(manuscript: Manuscript) -> Iterator[Remark]:
    """TODO, lorem ipsum, ダミーテキスト. False alarms: 0 of 300; accepted: 0."""
    for passage in manuscript.passages:
        for match in passage.search(WORDS):
            yield passage.remark(
                match.start(), match.end(), f"仮の文章「{match[0]}」が残っています。"
            )


@rule(
    "residue-breadcrumb",
    "文字で書いたパンくず",
    Level.ERROR,
    hint="消してください。いまの場所は、サイトがページの上に自動で示します。",
    source=sources.HOUSE,
)
def residue_breadcrumb(manuscript: Manuscript) -> Iterator[Remark]:
    """総務省トップ > 組織案内 as a line of text. False alarms: 0 of 300; accepted: 0."""
    for passage, block in blocks(manuscript):
        if TRAIL.match(block.text):
            yield passage.remark(
                block.start,
                block.end,
                f"「{block.text.strip()[:40]}」は、サイトが自動で示すものと重なります。",
                block=block,
            )


@rule(
    "residue-page-top",
    "文字で書いた「ページトップへ戻る」",
    Level.ERROR,
    hint="消してください。サイトがページの下に自動で付けます。",
    source=sources.HOUSE,
)
def residue_page_top(manuscript: Manuscript) -> Iterator[Remark]:
    """ページトップへ戻る in a body. False alarms: 0 of 300; accepted: 0."""
    for passage, block in blocks(manuscript):
        if PAGE_TOP.match(block.text):
            yield passage.remark(
                block.start,
                block.end,
                f"「{block.text.strip()}」は、サイトが自動で付けるものと重なります。",
                block=block,
            )


@rule(
    "residue-doubled",
    "二度書かれた行",
    Level.ERROR,
    hint="片方を消してください。写真の説明文は、図の欄に1度だけ書きます。",
    source=sources.REPEATED,
)
def residue_doubled(manuscript: Manuscript) -> Iterator[Remark]:
    """A caption or paragraph printed twice. False alarms: 0 of 300; accepted: 0."""
    captions = {figure.caption.strip() for figure in manuscript.figures if figure.caption}
    previous = ""
    for block in manuscript.content.blocks:
        words = block.text.strip()
        if block.inside & {"table", "li", "dd"}:
            previous = ""
            continue
        is_twice = words == previous and (words.endswith("。") or len(words) >= REPEATED_LINE)
        if len(words) >= REPEATED and (is_twice or words in captions):
            yield manuscript.content.remark(
                block.start, block.end, f"「{words[:40]}」が2度書かれています。", block=block
            )
        previous = words or previous


def blocks(manuscript: Manuscript) -> Iterator[tuple[Passage, Block]]:
    for passage in manuscript.prose:
        for block in passage.blocks:
            yield passage, block
