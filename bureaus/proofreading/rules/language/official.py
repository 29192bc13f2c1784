"""Rules on how official texts write words: kana or kanji, 送り仮名, loanwords."""

import re
from collections.abc import Iterator

from bureaus.proofreading.findings import Level, Remark
from bureaus.proofreading.manuscript import Manuscript
from bureaus.proofreading.registry import rule
from bureaus.proofreading.rules import sources
from bureaus.proofreading.rules.language.listed import listed_words
from bureaus.proofreading.rules.sources import KANJI
from bureaus.proofreading.word_tables.unlisted_kanji import UNLISTED

# With its reading behind it, in brackets, it may stay.
UNLISTED_KANJI = re.compile(rf"([{UNLISTED}])(?![{KANJI}]*[（(][ぁ-ん])")
COUNTER = re.compile(
    r"(?<=[0-9０-９一二三四五六七八九十数何])[ヶケカヵ箇](?=[月所国年])(?!所[属帯])"
)
AND = re.compile("及び|並びに|又は|若しくは")
TIMES_OF_ETC = 3
ETC = re.compile(rf"(?<=[{KANJI}ァ-ヺーぁ-ん）])等(?![しく級々{KANJI}])")


@rule(
    "word-kana",
    "仮名で書く語",
    Level.WARNING,
    hint="公用文では仮名で書きます。直してください。",
    source=sources.KANA_WORDS,
)
def word_kana(manuscript: Manuscript) -> Iterator[Remark]:
    """下さい, 出来る, する為. False alarms: 0 of 300; accepted: 0."""
    return listed_words(manuscript, "word-kana", "「{wrong}」は「{right}」と書きます。")


@rule(
    "word-kana-notice",
    "漢字か仮名かを選ぶ語",
    Level.NOTICE,
    hint="法令に近い文章では、このように書きます。広報などでは、このままでもかまいません。",
    source=sources.KANA_WORDS,
)
def word_kana_notice(manuscript: Manuscript) -> Iterator[Remark]:
    """または, した上で. False alarms: 0 of 300; accepted: 0."""
    sentence = "「{wrong}」は、公用文では「{right}」と書きます。"
    return listed_words(manuscript, "word-kana-notice", sentence)


@rule(
    "okurigana",
    "送り仮名",
    Level.WARNING,
    hint="「送り仮名の付け方」のとおりに書いてください。",
    source=sources.OKURIGANA,
)
def okurigana(manuscript: Manuscript) -> Iterator[Remark]:
    """行なう, 少い, 申込む. False alarms: 0 of 300; accepted: 0."""
    return listed_words(manuscript, "okurigana", "「{wrong}」の送り仮名は「{right}」です。")


@rule(
    "okurigana-compound",
    "名詞の送り仮名",
    Level.NOTICE,
    hint="広報などでは、このままでもかまいません。ページのなかでは揃えてください。",
    source=sources.KANA_WORDS,
)
def okurigana_compound(manuscript: Manuscript) -> Iterator[Remark]:
    """手続き, 取り扱いを. False alarms: 0 of 300; accepted: 0."""
    sentence = "「{wrong}」は、公用文では「{right}」と書きます。"
    return listed_words(manuscript, "okurigana-compound", sentence)


@rule(
    "loanword",
    "外来語の誤り",
    Level.WARNING,
    hint="言葉の正しい形を確かめてください。名前の一部なら、このままにできます。",
    source=sources.LOANWORDS,
)
def loanword(manuscript: Manuscript) -> Iterator[Remark]:
    """シュミレーション, ビックデータ. False alarms: 0 of 300; accepted: 0."""
    return listed_words(manuscript, "loanword", "「{wrong}」は「{right}」と書きます。")


@rule(
    "loanword-long",
    "外来語の長音",
    Level.NOTICE,
    hint="ページのなかで揃っていれば、このままでもかまいません。",
    source=sources.LOANWORDS,
)
def loanword_long(manuscript: Manuscript) -> Iterator[Remark]:
    """コンピュータ, サーバ. False alarms: 0 of 300; accepted: 0."""
    sentence = "「{wrong}」は、公用文では「{right}」と書きます。"
    return listed_words(manuscript, "loanword-long", sentence)


@rule(
    "word-counter",
    "ヶ月、ヵ所",
    Level.WARNING,
    hint="数えるときは、仮名の「か」で書いてください。",
    source=sources.WRITING,
    signs="ヶケカヵ箇",
)
def word_counter(manuscript: Manuscript) -> Iterator[Remark]:
    """3ヶ月, 5カ所. False alarms: 0 of 300; accepted: 0."""
    for passage in manuscript.passages:
        for match in passage.search(COUNTER):
            end = match.end() + 1
            words = passage.text[match.start() : end]
            new = f"か{words[1:]}"
            sentence = f"「{words}」は「{new}」と書きます。"
            yield passage.remark(match.start(), end, sentence, new)


@rule(
    "kanji-unlisted",
    "常用漢字表にない漢字",
    Level.NOTICE,
    hint="仮名で書く、言い替える、読み仮名を付けるのいずれかにしてください。",
    source=sources.KANJI_TABLE,
    signs=UNLISTED,
)
def kanji_unlisted(manuscript: Manuscript) -> Iterator[Remark]:
    """漏洩, 腐蝕; each kanji once. False alarms: 0 of 300; accepted: 0."""
    known: set[str] = set()
    for passage in manuscript.prose:
        for match in passage.search(UNLISTED_KANJI):
            start, end = match.span(1)
            if match[1] not in known and not passage.is_quoted(start):
                known.add(match[1])
                sentence = f"「{match[1]}」は、常用漢字表にない漢字です。"
                yield passage.remark(start, end, sentence)


@rule(
    "word-and",
    "「並びに」と「若しくは」",
    Level.WARNING,
    hint="「及び」「又は」を使ってください。「並びに」と「若しくは」は、それらと段を分けるときだけ使います。",
    source=sources.WRITING,
    signs="及並若",
)
def word_and(manuscript: Manuscript) -> Iterator[Remark]:
    """並びに without 及び, and its like. False alarms: 0 of 300; accepted: 0."""
    for passage in manuscript.prose:
        if not any(word in passage.text for word in ("並びに", "若しくは", "及び")):
            continue
        for block, start, end in passage.sentences():
            words = [
                (match[0], match.start())
                for match in AND.finditer(passage.text, start, end)
                if not passage.is_quoted(match.start())
            ]
            said = [word for word, _ in words]
            for word, position in misplaced(words, said, passage.text):
                yield passage.remark(
                    position,
                    position + len(word),
                    f"「{word}」の使い方が、この文に合わないようです。",
                    block=block,
                )


def misplaced(
    words: list[tuple[str, int]], said: list[str], text: str
) -> Iterator[tuple[str, int]]:
    """Yield the conjunctions of one sentence that belong to another level."""
    for number, (word, position) in enumerate(words):
        if (word == "並びに" and "及び" not in said) or (word == "若しくは" and "又は" not in said):
            yield word, position
        elif word == "及び" and number and words[number - 1][0] == "及び":
            between = text[words[number - 1][1] : position]
            if not re.search("[、。並又（）ぁ-ん]", between[1:].removeprefix("び")):
                yield words[number - 1]


@rule(
    "word-etc",
    "「等」の多い文",
    Level.NOTICE,
    hint="何を指すかを書くか、要らない「等」を除いてください。",
    source=sources.WRITING,
    signs="等",
)
def word_etc(manuscript: Manuscript) -> Iterator[Remark]:
    """等 three times in a sentence. False alarms: 0 of 300; accepted: 0."""
    for passage in manuscript.prose:
        if passage.text.count("等") < TIMES_OF_ETC:
            continue
        for block, start, end in passage.sentences():
            found = list(ETC.finditer(passage.text, start, end))
            if len(found) >= TIMES_OF_ETC:
                sentence = f"一つの文に「等」が{len(found)}回あります。"
                yield passage.remark(found[0].start(), found[-1].end(), sentence, block=block)
