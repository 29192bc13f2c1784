"""Rules on what is to be the same in a whole text, or to stand in pairs."""

import re
from collections import defaultdict
from collections.abc import Iterator, Sequence

from bureaus.proofreading.findings import Level, Remark
from bureaus.proofreading.manuscript import Manuscript
from bureaus.proofreading.passages import Block, Passage
from bureaus.proofreading.registry import rule
from bureaus.proofreading.rules import sources
from bureaus.proofreading.rules.sources import KANJI

NOUN_END = "(?=[をがはのにへと・。」）]|$)"
# One word in several spellings; those of a verb aside.
SPELLINGS = [
    ["取組(?!む|ん)", f"取り組み{NOUN_END}", "取組み"],
    ["(?<!お)問合せ", "(?<!お)問い合わせ", "(?<!お)問合わせ"],
    ["申込み", f"申し込み{NOUN_END}", "申込(?=[をがはの、。])"],
    ["子供", "子ども(?!家庭庁|・)"],
    ["ウェブサイト", "(?:Web|WEB|web)サイト"],
    ["ホームページ", "(?<![A-Z])HP(?![A-Z])"],
    ["(?:電子メール)", "Eメール", "e-?mail"],
    [f"手続{NOUN_END}", f"手続き{NOUN_END}"],
    [f"届出{NOUN_END}", f"届け出{NOUN_END}"],
    [f"受付{NOUN_END}", f"受け付け{NOUN_END}", f"受付け{NOUN_END}"],
    ["か所", "[ヶヵ]所", "カ所", "箇所(?=[にで、。])"],
    ["か月", "[ヶヵ]月", "カ月", "箇月"],
    ["障害者", "障がい者"],
    ["我が国", "わが国"],
    ["及び", "および"],
    ["又は", "または"],
    ["引き続き", "引続き"],
    ["打合せ", f"打ち合わせ{NOUN_END}"],
    ["ください", "下さい"],
    ["取扱い", f"取り扱い{NOUN_END}"],
    ["ソフトウェア", "ソフトウエア"],
    ["インターフェース", "インターフェイス"],
    ["ウイルス", "ウィルス"],
    ["全て", "すべて"],
    ["既に", "すでに"],
    ["分か(?:り|る|らな)", "わか(?:り|る|らな)"],
]
# A spelling, and the letters without which it is not there.
LETTERS = re.compile(r"\(\?<?[!=][^()]*(?:\([^()]*\))?[^()]*\)|\[[^]]*\]|[()?:]")
GROUPS = [
    (
        tuple(max(LETTERS.sub(" ", each).replace("|", " ").split(), key=len) for each in group),
        re.compile("|".join(f"({each})" for each in group)),
    )
    for group in SPELLINGS
]
KATAKANA = re.compile("[ァ-ヺー]{3,}")
PAIRS = {"（": "）", "「": "」", "『": "』", "【": "】", "〔": "〕", "［": "］"}
CLOSERS = {closer: opener for opener, closer in PAIRS.items()}
HALF = {"(": "（", ")": "）", "[": "［", "]": "］"}
BRACKET = re.compile(r"[（「『【〔［）」』】〕］()\[\]]")
ITEM = re.compile(
    rf"(?:^|[\s。、．,・{KANJI}ぁ-んー）)]|\n)[0-9０-９a-zA-Zア-ンｱ-ﾝ一二三四五六七八九十①-⑳]{{1,3}}$"
)
HEAD = 3  # characters of the head of an item
# A smile, an arrow, a note.
FACE = re.compile(r"[;:^_][)(-]|[(（][^）)]{0,3}[;^_ω∀]")
DOUBLED = re.compile(r"、、+|。。+(?!。)|、。|。、|，，|！。|？。")
STOP, ENDING_LENGTH = re.compile("。"), 6
POLITE = re.compile(r"(?:です|ます|ました|ません|でした|ください|でしょう|ましょう)(?:か|ね|よ)?。")
PLAIN = re.compile(
    r"(?:である|であった|だった|(?<![まで])[っいんえけせてねべめれげし]た|(?<![まで])する|(?<=[きぎりびみちにい])る|される|なる|ない|(?<=[ぁ-ん])だ)。"
)
SAID = re.compile("[^。\n]*$")
MOST = 0.6  # of the sentences are of one style


@rule(
    "spelling-mixed",
    "表記の揺れ",
    Level.WARNING,
    hint="ページのなかで、一つの書き方に揃えてください。",
    source=sources.WRITING,
)
def spelling_mixed(manuscript: Manuscript) -> Iterator[Remark]:
    """子供 and 子ども, サーバー and サーバ in one page. False alarms: 0 of 300; accepted: 0."""
    passages = manuscript.passages
    text = "\n".join(passage.masked for passage in passages)
    for stems, pattern in GROUPS:
        if (
            sum(stem in text for stem in stems) > 1
            and len({match.lastindex for match in pattern.finditer(text)}) > 1
        ):
            yield from rarer_spelling(passages, pattern)
    yield from long_sounds(passages, text)


def rarer_spelling(passages: Sequence[Passage], pattern: re.Pattern[str]) -> Iterator[Remark]:
    """Yield a remark on the first place of each spelling but the commonest."""
    places: dict[int, list[tuple[Passage, re.Match[str]]]] = defaultdict(list)
    for passage in passages:
        for match in passage.search(pattern):
            if not passage.is_quoted(match.start()):
                places[match.lastindex or 1].append((passage, match))
    if not places:
        return
    kept = max(places, key=lambda each: len(places[each]))
    for spelling, found in places.items():
        if spelling != kept:
            passage, match = found[0]
            yield mixed(passage, match, places[kept][0][1][0])


def mixed(passage: Passage, match: re.Match[str], other: str) -> Remark:
    sentence = f"「{match[0]}」と「{other}」の両方の書き方があります。"
    return passage.remark(match.start(), match.end(), sentence)


def long_sounds(passages: Sequence[Passage], text: str) -> Iterator[Remark]:
    """Yield a remark on サーバ where サーバー is written too."""
    words = set(KATAKANA.findall(text))
    shorter = {word for word in words if f"{word}ー" in words}
    for passage in passages if shorter else ():
        for match in passage.search(KATAKANA):
            if match[0] in shorter:
                shorter.remove(match[0])
                yield mixed(passage, match, f"{match[0]}ー")


@rule(
    "punct-pair",
    "対にならないかっこ",
    Level.WARNING,
    hint="かっこの始まりと終わりを揃えてください。",
    source=sources.HOUSE,
    signs="（）「」『』【】〔〕［］()[]",
)
def punct_pair(manuscript: Manuscript) -> Iterator[Remark]:
    """（ without ）, 」 without 「. False alarms: 0 of 300; accepted: 0."""
    for passage in manuscript.passages:
        for block in passage.blocks:
            for position in unpaired(passage.masked[block.start : block.end]):
                start = block.start + position
                sign = passage.text[start]
                sentence = f"「{sign}」と対になるかっこがありません。"
                yield passage.remark(start, start + 1, sentence, block=block)


def unpaired(text: str) -> list[int]:
    """Return the positions of brackets without their other half; 1) and ア） are items."""
    opened: list[tuple[str, int]] = []
    faults: list[int] = []
    for match in BRACKET.finditer(text):
        sign = HALF.get(match[0], match[0])
        if sign in PAIRS:
            opened.append((sign, match.start()))
        elif opened and opened[-1][0] == CLOSERS[sign]:
            opened.pop()
        elif any(each == CLOSERS[sign] for each, _ in opened):
            return []  # crossed: which one is wrong cannot be said
        elif not is_item(text, match.start(), sign):
            faults.append(match.start())
    return sorted([*faults, *(position for _, position in opened)]) if not FACE.search(text) else []


def is_item(text: str, position: int, sign: str) -> bool:
    before = text[max(0, position - 4) : position]
    is_first = position <= HEAD or "\n" in before  # 注） 例） ⅰ）
    return sign == "）" and (is_first or ITEM.search(before) is not None)


@rule(
    "punct-doubled",
    "重なった句読点",
    Level.WARNING,
    hint="一つにしてください。",
    source=sources.HOUSE,
    signs="、。，！？",
)
def punct_doubled(manuscript: Manuscript) -> Iterator[Remark]:
    """、。 and 。。. False alarms: 0 of 300; accepted: 0."""
    for passage in manuscript.passages:
        for match in passage.search(DOUBLED):
            yield passage.remark(
                match.start(), match.end(), f"句読点「{match[0]}」が重なっています。"
            )


@rule(
    "style-mixed",
    "敬体と常体の混在",
    Level.NOTICE,
    hint="「です・ます」か「である」のどちらかに揃えてください。",
    source=sources.WRITING,
    signs="。",
)
def style_mixed(manuscript: Manuscript) -> Iterator[Remark]:
    """です・ます and である in one text; once. False alarms: 0 of 300; accepted: 0."""
    content = manuscript.content
    polite, plain = ends(content, POLITE), ends(content, PLAIN)
    if not polite or not plain:
        return
    fewer, more = sorted((polite, plain), key=len)
    if len(more) / (len(more) + len(fewer)) < MOST and len(more) > 1:
        return
    match, block = fewer[0]
    sentence = f"文の終わり「{match[0]}」が、ほかの文と違う文体です。"
    yield content.remark(match.start(), match.end(), sentence, block=block)


def ends(content: Passage, pattern: re.Pattern[str]) -> list[tuple[re.Match[str], Block]]:
    """Return the ends of sentences in paragraphs, quotations and brackets aside."""
    found = []
    for stop in content.search(STOP):
        start = max(content.block_at(stop.start()).start, stop.start() - ENDING_LENGTH)
        match = pattern.search(content.masked, start, stop.end())
        if match and is_prose(content, match.start()):
            found.append((match, content.block_at(match.start())))
    return found


def is_prose(content: Passage, position: int) -> bool:
    is_paragraph = content.block_at(position).tag == "p"
    is_said = content.is_quoted(position) or is_in_brackets(content, position)
    return is_paragraph and not is_said


def is_in_brackets(content: Passage, position: int) -> bool:
    start = content.block_at(position).start
    before = content.text[start:position]
    return before.count("（") + before.count("(") > before.count("）") + before.count(")")
