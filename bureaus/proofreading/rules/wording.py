"""Rules on words and sentences that are hard to read."""

import re
from collections.abc import Iterator
from string import ascii_uppercase

from bureaus.proofreading.findings import Level, Remark
from bureaus.proofreading.manuscript import Manuscript
from bureaus.proofreading.registry import rule
from bureaus.proofreading.rules import sources
from bureaus.proofreading.rules.sources import KANJI

SENTENCE_LENGTH = 100
LISTED_VALUES = 3
PARAGRAPH_LENGTH = 400
MEASURED = 200  # characters at least for a meaningful figure
READABLE = 20.0
ACRONYMS = 50  # checked in one text

# Known to everybody, or names that are never spelled out.
KNOWN = frozenset(
    "AED ANA API ASEAN BBQ BCG BGM BS CATV CS CT DIY DJ DM DV EC ETC FAQ FM GPU GW HDMI HP IBM IC"
    " IOC JA JAL JAXA JCB JETRO JICA JOC JP JR JSPS JT JTB KB KDDI LAN LED LINE LP MAP MC MRI NASA"
    " NATO NEC OECD OS PCR PK POP PTA SD SDGS SIM SMS SOS TBS UFJ UFO UI UK UNESCO USA UV UX VIP"
    " VISA VR WC WEB WTO"
    " PDF URL HTML CSS CSV XML JSON FAX TEL JIS ISO IEC NHK NTT TV CD DVD PC USB SNS ID QR OK NPO"
    " NGO EU UN GDP WHO AI IT AM PM AA AAA CC BY WWW GPS ATM DNA LED ECO CEO RSS IP PR II III IV VI"
    " VII VIII IX XI XII VS NO WCAG HTTP HTTPS COVID EXPO UTF".split()
)
DIGITS = "0123456789"
STANDARD = re.compile("[A-Z]+[0-9]{2,}")  # the number of a standard or of a part: RFC3966
ACRONYM = re.compile(
    r"[A-Z](?<![A-Za-z0-9_./@&-].)[A-Z][A-Z0-9]{0,5}(?![A-Za-z0-9_/@&]|[.-][A-Za-z0-9])"
)
# Names of bodies and programmes are not spelled out.
NAME = re.compile(
    rf"[{KANJI}ァ-ヺー]{{1,12}}"
    r"(?:会議|委員会|研究会|懇談会|検討会|本部|構想|計画|事業|センター|法|条約|機構)"
)
DOUBLED = re.compile(
    r"を{2,}|がが(?![っんらた])|にに(?![ぎんじおくせほらわちしっゅ])|(?<!も)のの(?![しびどぼちこりぞみせべばがろっ])"
    rf"|(?<!ま)でで(?![きもすし])|(?<!こ)とと(?=[、。{KANJI}])"
    rf"|(?<=[{KANJI}ァ-ヺーA-Za-z0-9])(?:はは|もも|へへ)(?=[、。{KANJI}ァ-ヺA-Za-z0-9])"
    r"|(しました|ました|でした|です|ください|しています|している|します|について|における|において|に対して|に対する"
    rf"|として|ために|ための|(?<=[{KANJI}ァ-ヺーA-Za-z0-9])から|まで|では|には|とは|への|との"
    rf"|(?<![{KANJI}])[{KANJI}]{{2,4}}[をのがはにで])\1+"
    # Between words in kana only: a heading whose markup was lost touches the text that repeats it.
    rf"|(?:(?<=[ぁ-ん])(?<!わせ)|(?<=[、。]))(?![一二三何少各])([{KANJI}]{{2,3}})\2+(?=[ぁ-ん、。])"
    # Of two or three beats it is a word that is so: グニャグニャ.
    r"|(?<![ァ-ヺー])(?=[ァ-ヺー]{8})((?:[ァ-ヺー][ァィゥェォャュョヮ]?){4,12}?)\3+(?![ァ-ヺー])"
)
RUN = re.compile(rf"([A-Za-z]+)|([ぁ-ゖ]+)|([{KANJI}]+)|([ァ-ヺー]+)")


@rule(
    "word-acronym",
    "説明のない略語",
    Level.NOTICE,
    hint="初めに出るところで、「ICT（情報通信技術）」のように説明してください。",
    source=sources.WRITING,
    signs=ascii_uppercase,
)
def word_acronym(manuscript: Manuscript) -> Iterator[Remark]:
    """An acronym not explained at first, names aside. False alarms: 1 of 300; accepted: 4."""
    before, known = [manuscript.title], set(KNOWN)
    for passage in manuscript.prose:
        for match in passage.search(ACRONYM):
            word = match[0]
            is_name = passage.is_quoted(match.start()) or NAME.match(passage.text, match.end())
            if word in known or word.rstrip(DIGITS) in KNOWN or STANDARD.fullmatch(word) or is_name:
                continue
            known.add(word)
            if len(known) > len(KNOWN) + ACRONYMS:
                return
            block = passage.block_at(match.start())
            is_prose = block.tag in {"", "p"}  # the text below may explain a heading
            end = block.end if is_prose else len(passage.text)
            said = "\n".join((*before, passage.masked[:end]))
            if not is_explained(word, said):
                yield passage.remark(
                    match.start(),
                    match.end(),
                    f"略語「{word}」の説明が、初めに出るところにありません。",
                )
        before.append(passage.masked)


def is_explained(word: str, text: str) -> bool:
    """Return whether it is explained in brackets, or defined with ：, ＝ or とは."""
    return bool(
        re.search(
            rf"{word}[」』]?(?:[（(]|とは|[:：=＝])|[（(](?:以下)?[「『]?{word}[」』）)、,]"
            rf"|[、:：]{word}[）)]|^{word}$",
            text,
            re.MULTILINE,
        )
    )


@rule(
    "word-doubled",
    "二度続く語や助詞",
    Level.WARNING,
    hint="片方を消してください。",
    source=sources.HOUSE,
)
def word_doubled(manuscript: Manuscript) -> Iterator[Remark]:
    """をを, 推進推進; not ますます, ことと. False alarms: 0 of 300; accepted: 0."""
    for passage in manuscript.passages:
        for match in passage.search(DOUBLED):
            # Of particles only をを is always a slip: the others may end one word, begin another.
            # What is written in katakana may be a name.
            once = match[1] or match[2] or ("を" if match[0][0] == "を" else None)
            yield passage.remark(
                match.start(), match.end(), f"「{match[0]}」と、同じ語が続いています。", once
            )


@rule(
    "sentence-long",
    "長い文",
    Level.WARNING,
    hint="一つの文で言うことを一つにし、二つか三つの文に分けてください。",
    source=sources.WRITING,
)
def sentence_long(manuscript: Manuscript) -> Iterator[Remark]:
    """A sentence of more than 100 characters. False alarms: 1 of 300; accepted: 11."""
    for passage in manuscript.prose:
        for block, start, end in passage.sentences():
            length = end - start - passage.masked.count("\0", start, end)
            if length > SENTENCE_LENGTH and not is_list(passage.text[start:end]):
                yield passage.remark(start, end, f"この文は{length}字あります。", block=block)


def is_list(text: str) -> bool:
    """Return whether it is a list of names and values on one line: 日時：5月1日 場所：1階."""
    return text.count("：") + text.count(": ") >= LISTED_VALUES


@rule(
    "paragraph-long",
    "長い段落",
    Level.WARNING,
    hint="話の変わるところで、段落を分けてください。",
    source=sources.WRITING,
)
def paragraph_long(manuscript: Manuscript) -> Iterator[Remark]:
    """A paragraph of more than 400 characters. False alarms: 0 of 300; accepted: 0."""
    for passage in manuscript.prose:
        for block in passage.blocks:
            if len(block.text) > PARAGRAPH_LENGTH:
                yield passage.remark(
                    block.start,
                    block.end,
                    f"この段落は{len(block.text)}字あります。",
                    block=block,
                )


@rule(
    "readability",
    "読みにくい文章",
    Level.NOTICE,
    hint="文を短くし、漢字の続く語を「の」や「を」でほどいてください。",
    source=sources.READABILITY,
)
def hard_to_read(manuscript: Manuscript) -> Iterator[Remark]:
    """A body whose figure is low. False alarms: 1 of 300; accepted: 4."""
    content = manuscript.content
    if len(content.text) < MEASURED:
        return
    figure = readability(content.masked)
    if figure < READABLE:
        yield content.remark(
            0,
            len(content.text),
            f"読みやすさの目安が{figure:.0f}です（{READABLE:.0f}以上が望まれます）。",
            anchor=(0, 0),
        )


def readability(text: str) -> float:
    """
    Tateisi, Ono and Yamada's formula (1988): 50 is average, more is easier.

    Of the length of sentences, of the runs of each script, and of the commas in a sentence.
    """
    runs: tuple[list[int], ...] = ([], [], [], [])
    for match in RUN.finditer(text):
        runs[(match.lastindex or 1) - 1].append(len(match[0]))
    letters, hiragana, kanji, katakana = (sum(each) / max(1, len(each)) for each in runs)
    sentences = [match for match in re.split(r"[。！？\n]+", text) if match.strip()]
    length = sum(map(len, sentences)) / max(1, len(sentences))
    commas = (text.count("、") + text.count("，")) / max(1, len(sentences))
    return (
        115.79
        - 0.12 * length
        - 1.37 * letters
        + 7.4 * hiragana
        - 23.18 * kanji
        - 5.4 * katakana
        - 4.67 * commas
    )
