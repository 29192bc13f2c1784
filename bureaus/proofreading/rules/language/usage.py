"""Rules on words and forms that are taken for others, said twice, or grammatically wrong."""

import re
from collections.abc import Iterator

from bureaus.proofreading.findings import Level, Remark
from bureaus.proofreading.manuscript import Manuscript
from bureaus.proofreading.registry import rule
from bureaus.proofreading.rules import sources
from bureaus.proofreading.rules.language.listed import listed_words
from bureaus.proofreading.rules.sources import KANJI

# 見れる, 食べれる; not 見れば, 離れる, 現れる.
RA = re.compile(
    rf"(?:(?<![{KANJI}])[見来出着寝得煮似](?=れ)|(?:起|生|過|降|借|用|信|感|命|講|報|案|通)[きぎりじい](?=れ)"
    rf"|(?:食|調|比|並|述|浮か)べ(?=れ)|(?:受|続|避|届|預|助|開|掛|片付|見付|名付)け(?=れ)"
    rf"|(?:決|始|止|集|進|勧|認|辞|求|納|収|諦|深|広)め(?=れ)|(?:考|教|答|覚|伝|与|加|支|備|変|替|超|整)え(?=れ)"
    rf"|(?:捨|建|立|育|充|当)て(?=れ)|(?:上|下|挙|逃|投|告)げ(?=れ)|(?:見|載|乗|任)せ(?=れ))"
    r"れ(?:る|ない|な[くか]|ます|ませ|た(?!ま)|て)(?!ば)"
)
# 活動してる, 受け付けてます; not 育てる, 捨てます.
I_DROPPED = re.compile(
    r"(?:して|って|んで|いて|れて|けて|えて|めて|べて|きて|じて|りて|せて|ねて)"
    r"(?:る(?=[。、」）]|人|方|か|の[でがはにもを]|こと|ため|とき|場合|団体|もの|者)"
    r"|ます(?:か|が|の)?|ません|ました|ない(?=[。、]|人|方|場合))"
)
NOT_DROPPED = re.compile("(?:企|当|建|捨|立|育|充|隔)て|慌て|見捨て|(?:出|入|似)て")
SA = re.compile(
    r"(?:[かばま]|(?<![かち])ら|わ|(?<!話)(?<!申)(?<!出)さ)させて(?:いただ|頂|くださ|下さ|もら|ほし)"
)
SA_RIGHT = re.compile(
    "(?:合わ|済ま|知ら|会わ|間に合わ|聞か|動か|驚か|輝か|利か|効か|乾か|減ら|鳴ら|枯ら|降ら)$"
)
NO = re.compile(rf"(?:[{KANJI}ァ-ヺーA-Za-z0-9]{{1,8}}の){{3}}(?=[{KANJI}ァ-ヺーA-Za-z0-9])")
GA = re.compile(r"(?<=[ぁ-ん])が、[^。\n]{1,60}?(?:す|た|る|い|だ|ん)が、")
NEGATED = re.compile(
    r"(?:な|せ)(?:い(?:わけ|こと|訳)(?:では|は|も)(?:な|あり)|くはな|くもな|いとは(?:限ら|言え|いえ)な|んわけではあり)"
)
LOOSE = re.compile(
    r"する(?:こと|事)が(?:でき|出来)(?=[るまなて])|(?:こと|事)が(?:可能|出来)(?=です|とな|にな|であ|る)"
    r"|(?<=確認|検討|作成|修正|変更|削除|登録|送付|配布|公表|報告|説明|周知|実施|開催)を行(?:い(?=ます|ました|、)|う(?=[。、こも])|っ(?=て|た))"
    r"|というふうに|という形で|を(?:可能とする|可能にする)"
)
WEAK = re.compile(
    r"かもしれ(?:ません|ない)|(?<=と)思(?:われ(?:ます|る)|い(?=ます。))|のではないでしょうか|と考えられ(?:ます|る)(?=。)"
)
TARI = re.compile(r"(?<=[ぁ-ん])(?<![ふわぴばあ])たり(?!前|方)|(?<=ん)だり")
LETTING = re.compile(r"(?:さ)?せて(?:いただき|頂き)ます")
KANJI_RUN = re.compile(rf"[{KANJI}]{{16,}}")
COMMAS = 5


@rule(
    "word-confused",
    "取り違えた語",
    Level.WARNING,
    hint="意味を確かめて直してください。",
    source=sources.HOMOPHONES,
)
def word_confused(manuscript: Manuscript) -> Iterator[Remark]:
    """人事移動, 住民を対称とした. False alarms: 0 of 300; accepted: 0."""
    sentence = "「{wrong}」は「{right}」の誤りではありませんか。"
    return listed_words(manuscript, "word-confused", sentence)


@rule(
    "kana-spelling",
    "仮名遣い",
    Level.WARNING,
    hint="「現代仮名遣い」のとおりに書いてください。",
    source=sources.KANA_SPELLING,
)
def kana_spelling(manuscript: Manuscript) -> Iterator[Remark]:
    """づつ, もとずき, とうり. False alarms: 0 of 300; accepted: 0."""
    return listed_words(manuscript, "kana-spelling", "「{wrong}」は「{right}」と書きます。")


@rule(
    "word-twice",
    "重ね言葉",
    Level.WARNING,
    hint="同じ意味の言葉の片方を除いてください。",
    source=sources.WRITING,
)
def word_twice(manuscript: Manuscript) -> Iterator[Remark]:
    """まず最初に, 今現在. False alarms: 0 of 300; accepted: 0."""
    yield from listed_words(
        manuscript,
        "word-twice",
        "「{wrong}」は、同じ意味の言葉が重なっています。",
        has_fix=False,
    )
    for passage in manuscript.passages:
        for match in passage.search(ABOUT):
            sentence = f"「{match[0]}」は、同じ意味の言葉が重なっています。"
            yield passage.remark(match.start(), match.end(), sentence)


ABOUT = re.compile(
    r"約[ ]?[0-9０-９,，.一二三四五六七八九十百千万億数]+"
    r"[^、。\n]{1,5}?(?:ほど|程度|くらい|ぐらい|前後)"
    rf"|各(?!種|自|位|地)[{KANJI}]{{1,4}}(?:ごと|毎)"
)


@rule(
    "honorific-twice",
    "二重の敬語",
    Level.WARNING,
    hint="敬語を一つにしてください。",
    source=sources.HONORIFICS,
)
def honorific_twice(manuscript: Manuscript) -> Iterator[Remark]:
    """ご覧になられる, おっしゃられる. False alarms: 0 of 300; accepted: 0."""
    return listed_words(manuscript, "honorific-twice", "「{wrong}」は、敬語が二重です。")


@rule(
    "word-outdated",
    "改められた呼び名",
    Level.WARNING,
    hint="いまの呼び名に替えてください。当時の名前や引用なら、このままにできます。",
    source=sources.NAMES,
)
def word_outdated(manuscript: Manuscript) -> Iterator[Remark]:
    """看護婦, 痴呆症. False alarms: 0 of 300; accepted: 0."""
    return listed_words(manuscript, "word-outdated", "「{wrong}」は、いまは「{right}」といいます。")


def simple(manuscript: Manuscript, pattern: re.Pattern[str], sentence: str) -> Iterator[Remark]:
    """Yield a remark for each match in the sentences, names and quotations aside."""
    for passage in manuscript.prose:
        for match in passage.search(pattern):
            if not passage.is_quoted(match.start()):
                yield passage.remark(match.start(), match.end(), sentence.format(match[0]))


@rule(
    "grammar-ra",
    "ら抜き言葉",
    Level.WARNING,
    hint="「ら」を入れてください。",
    source=sources.WRITING,
    signs="れ",
)
def grammar_ra(manuscript: Manuscript) -> Iterator[Remark]:
    """見れる, 食べれる. False alarms: 0 of 300; accepted: 0."""
    for passage in manuscript.prose:
        for match in passage.search(RA):
            place = match[0].index("れ")
            new = f"{match[0][:place]}ら{match[0][place:]}"
            sentence = f"「{match[0]}」は「{new}」と書きます。"
            yield passage.remark(match.start(), match.end(), sentence, new)


@rule(
    "grammar-i",
    "い抜き言葉",
    Level.WARNING,
    hint="「い」を入れてください。",
    source=sources.WRITING,
    signs="てで",
)
def grammar_i(manuscript: Manuscript) -> Iterator[Remark]:
    """活動してる, 受け付けてます. False alarms: 0 of 300; accepted: 0."""
    for passage in manuscript.prose:
        for match in passage.search(I_DROPPED):
            before = passage.text[max(0, match.start() - 2) : match.start() + 2]
            if NOT_DROPPED.search(before) or passage.is_quoted(match.start()):
                continue
            new = f"{match[0][:2]}い{match[0][2:]}"
            sentence = f"「{match[0]}」は「{new}」と書きます。"
            yield passage.remark(match.start(), match.end(), sentence, new)


@rule(
    "grammar-sa",
    "さ入れ言葉",
    Level.WARNING,
    hint="「さ」を除いてください。",
    source=sources.WRITING,
    signs="さ",
)
def grammar_sa(manuscript: Manuscript) -> Iterator[Remark]:
    """読まさせていただく. False alarms: 0 of 300; accepted: 0."""
    for passage in manuscript.prose:
        for match in passage.search(SA):
            if SA_RIGHT.search(passage.text[max(0, match.start() - 3) : match.start() + 1]):
                continue
            new = match[0].replace("させて", "せて", 1)
            sentence = f"「{match[0]}」は「{new}」と書きます。"
            yield passage.remark(match.start(), match.end(), sentence, new)


@rule(
    "style-no",
    "「の」の連続",
    Level.NOTICE,
    hint="「における」「に関する」などに言い替えるか、文を分けてください。",
    source=sources.WRITING,
    signs="の",
)
def style_no(manuscript: Manuscript) -> Iterator[Remark]:
    """地域の住民の生活の支援. False alarms: 0 of 300; accepted: 1."""
    return simple(manuscript, NO, "「{}」と、「の」が続きます。")


@rule(
    "style-ga",
    "続く「が、」",
    Level.NOTICE,
    hint="文を分けるか、「しかし」「ので」などで言い替えてください。",
    source=sources.WRITING,
    signs="が",
)
def style_ga(manuscript: Manuscript) -> Iterator[Remark]:
    """示したが、意見が多かったが、. False alarms: 0 of 300; accepted: 0."""
    return simple(manuscript, GA, "一つの文で「が、」が続きます。")


@rule(
    "style-negation",
    "二重の否定",
    Level.NOTICE,
    hint="肯定の形で書けるか確かめてください。",
    source=sources.WRITING,
    signs="なせ",
)
def style_negation(manuscript: Manuscript) -> Iterator[Remark]:
    """ないわけではない. False alarms: 0 of 300; accepted: 0."""
    return simple(manuscript, NEGATED, "「{}」は、否定が重なっています。")


@rule(
    "style-loose",
    "言い替えられる言い方",
    Level.NOTICE,
    hint="「できる」「する」など、短く言い切れるか確かめてください。",
    source=sources.WRITING,
)
def style_loose(manuscript: Manuscript) -> Iterator[Remark]:
    """することができます, 確認を行います. False alarms: 0 of 300; accepted: 0."""
    return simple(manuscript, LOOSE, "「{}」は、短く言い替えられるようです。")


@rule(
    "style-weak",
    "言い切らない言い方",
    Level.NOTICE,
    hint="言い切れることなら、言い切ってください。",
    source=sources.WRITING,
    signs="か思の考",
)
def style_weak(manuscript: Manuscript) -> Iterator[Remark]:
    """かもしれません, と思われます. False alarms: 0 of 300; accepted: 0."""
    return simple(manuscript, WEAK, "「{}」は、言い切っていません。")


@rule(
    "style-letting",
    "「させていただく」",
    Level.NOTICE,
    hint="相手の許しを受けることでなければ、「いたします」「します」にしてください。",
    source=sources.HONORIFICS,
    signs="せ",
)
def style_letting(manuscript: Manuscript) -> Iterator[Remark]:
    """開催させていただきます. False alarms: 0 of 300; accepted: 0."""
    return simple(manuscript, LETTING, "「{}」は、なくても丁寧さが変わらないことがあります。")


@rule(
    "style-tari",
    "片方だけの「たり」",
    Level.NOTICE,
    hint="「たり」を二つ並べるか、「など」に替えてください。",
    source=sources.WRITING,
    signs="り",
)
def style_tari(manuscript: Manuscript) -> Iterator[Remark]:
    """書いたり、提出する. False alarms: 0 of 300; accepted: 0."""
    for passage in manuscript.prose:
        if "たり" not in passage.text and "だり" not in passage.text:
            continue
        for block, start, end in passage.sentences():
            found = list(TARI.finditer(passage.text, start, end))
            if len(found) == 1:
                yield passage.remark(
                    found[0].start(), found[0].end(), "「たり」が一つだけです。", block=block
                )


@rule(
    "style-kanji",
    "続く漢字",
    Level.NOTICE,
    hint="「の」や「を」でほどくか、名前なら「」を付けてください。",
    source=sources.WRITING,
)
def style_kanji(manuscript: Manuscript) -> Iterator[Remark]:
    """Sixteen kanji in a row. False alarms: 0 of 300; accepted: 0."""
    return simple(manuscript, KANJI_RUN, "「{}」と、漢字が続きます。")


@rule(
    "style-commas",
    "読点の多い文",
    Level.NOTICE,
    hint="文を分けるか、箇条書きにしてください。",
    source=sources.WRITING,
    signs="、",
)
def style_commas(manuscript: Manuscript) -> Iterator[Remark]:
    """Five commas or more in a sentence. False alarms: 1 of 300; accepted: 6."""
    for passage in manuscript.prose:
        for block, start, end in passage.sentences():
            count = passage.text.count("、", start, end)
            if count >= COMMAS:
                sentence = f"この文には読点が{count}個あります。"
                yield passage.remark(start, end, sentence, block=block)
