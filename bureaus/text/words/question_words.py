"""What a question in hiragana is about, and whether a sentence is a question."""

import re
import unicodedata
from collections.abc import Iterator

from bureaus.text.words.folding import fold

SHORTEST = 2  # characters
# Hiragana behind a kanji is its ending: 出し of 出し方.
RUN = re.compile("(?<![一-鿿々〆])[ぁ-ゖー]+")
GRAMMAR = """
です でした でしょう ます ました ません ましょう したい たい たく ください くださる
ほしい おしえて しりたい どうすれば どうしたら どうやって どこで どこに どちら どの
どのよう どのような どんな どれ どれくらい どう どこ いつ いくら いくつ なに なん
なぜ だれ よい よく いい よろしい ある あり あって あれば いる いて いた おり する
して した すれば すると します しまし しよう なる なって なった なり なれば できる
でき できます できない もらえ もらう もらって もらい いただく いただき くれ くれる
くれます ため こと もの とき ところ ほう よう について つい において おいて における
による により よって とって として という といった この その あの これ それ あれ
ここ そこ ような ように ための から まで より だけ など なども しか さえ ほど
くらい ぐらい ばかり でも ても ては では には にも とは とも のは のか のが ので
のに んで んだ けど けれど けれども が を に は の と も や へ か な ね よ て
た だ ば し さ れ られる られ せる させる やって やり やろ ええん ええ んか かな
やけど んやけど やった だった だろ だろう っけ って っていう はず まま また もし
すでに どなた おもって みる みたい みて たら なら もう いう いえ あげ くる きて
きた いく いけば いき いって いけ れば なければ なく ない なくて いけない ならない
すみま お ご
"""
STOPS = re.compile("|".join(map(re.escape, sorted(GRAMMAR.split(), key=len, reverse=True))))
# How a title asks, or says what somebody wants.
ASKING = re.compile(
    r"(?:カ|\?|クダサイ|下サイ|タイ|ホシイ|欲シイ|教エテ|シマシタ|デス)[.?]*$|ドコ|ドウ|何"
)
QUESTION = re.compile(
    r"(?:カ|\?|クダサイ|下サイ|タイ|ホシイ|欲シイ|教エテ|ノ|デス|マス|ケド)[.?]*$"
)
SENTENCE = 12  # characters from which a query is more than a few words


def kana_words(typed: str) -> Iterator[str]:
    """Yield the folded words in hiragana that are not grammar: ごみ of ごみの日はいつ."""
    for run in RUN.findall(unicodedata.normalize("NFKC", typed)):
        for word in STOPS.sub(" ", run).split():
            if len(word) >= SHORTEST:
                yield fold(word)


def is_question(folded: str) -> bool:
    return len(folded) > SENTENCE or QUESTION.search(folded) is not None


def asks(folded_title: str) -> bool:
    """Return whether a title is itself a question, as those of answers to frequent ones are."""
    return ASKING.search(folded_title) is not None
