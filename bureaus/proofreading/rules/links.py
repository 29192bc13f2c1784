"""Rules on links: texts that name the target, and targets that exist."""

import re
from collections import defaultdict
from collections.abc import Iterator

from bureaus.proofreading.findings import Level, Remark
from bureaus.proofreading.manuscript import Manuscript
from bureaus.proofreading.registry import rule
from bureaus.proofreading.rules import sources
from bureaus.text.formatting import TYPED_NOTE

MEANINGLESS = re.compile(
    r"(?!関[連係]リンク$)"  # a common title of pages
    r"(?:(?:詳細|詳しく|くわしく|詳しい内容|もっと|関連|関係|リンク|資料|一覧)?(?:は|を|の|、|：)*)?"
    r"(?:(?:こちら|ここ|コチラ|ココ|下記|以下)(?:のリンク先?|の(?:ページ|サイト|URL))?"
    r"|この(?:リンク|ページ|サイト)|クリック|詳細(?:情報|ページ)?|詳しく|くわしく|リンク(?:先)?|続き|もっと見る)"
    r"(?:を|から|へ|の|に|で|は|、)*(?:読む|見る|ご覧|クリック|参照|確認)?(?:(?:して)?(?:ください|下さい))?"
    r"|clickhere|here|more|readmore|link",
    re.IGNORECASE,
)
MARKS = re.compile(
    r"[\s\u3000・※→⇒＞>»▶►▲■●○【】\[\]（）()「」。、，．,.!！…]|PDF|ＰＤＦ", re.IGNORECASE
)
HERE = re.compile(
    r"(?<!あちら)こちら(?!側)|コチラ|(?<![ぁ-ん])ここ(?=$|[をへ]|クリック)|クリック(?=$|する|して|で)"
)
HERE_AT_END = re.compile(r"(?<=[^、。はを])(?:は|：)[ \u3000]?(?:こちら|コチラ)(?:へ|から)?$")
LOST = re.compile(
    r"(?:こちら|コチラ)(?:へ|から)?[\s\u3000]*(PDF|ＰＤＦ)?[\s\u3000]*$", re.IGNORECASE
)
CONTACT = re.compile(r"問い?合わ?せ|連絡|相談|申込|電話")  # the number may stand in the next line
# Not of words on PDF itself: タグ付きPDF, 読みやすいPDF, 会議のPDF, Word・PDF.
GLUED = re.compile(
    r"(?<![（(「『A-Za-z・、のな\s])(?<!付き)(?<!やすい)(?<!できる)"
    r"(?:[\s：:.]*|(?<=[A-Za-z])\s+)(?:PDF|ＰＤＦ)\s*$",
    re.IGNORECASE,
)
ADDRESS = re.compile(
    r"\s*(?:https?://|www\.)\S+\s*|\s*[\w-]+(?:\.[\w-]+)*\.(?:jp|com|org|net|int|gov)(?:/\S*)?\s*",
    re.ASCII,
)
SHORT = 60


def is_meaningless(text: str) -> bool:
    words = MARKS.sub("", text)
    return bool(MEANINGLESS.fullmatch(words) if words else text.strip())


@rule(
    "link-here",
    "「こちら」だけのリンク",
    Level.ERROR,
    hint="リンク先のページや文書の名前を、リンクの文字にしてください。",
    source=sources.LINK_TEXT,
)
def link_here(manuscript: Manuscript) -> Iterator[Remark]:
    """こちら alone. False alarms: 0 of 300; accepted: 0."""
    for link in manuscript.link_places:
        if is_meaningless(link.text):
            yield link.passage.remark(
                link.start,
                link.end,
                f"リンクの文字「{link.text.strip()}」だけでは、どこへ行くのか分かりません。",
            )


@rule(
    "link-here-phrase",
    "「こちら」を含むリンク",
    Level.WARNING,
    hint="「…はこちら」を除き、リンク先の名前で終わらせてください。",
    source=sources.LINK_TEXT,
)
def link_here_phrase(manuscript: Manuscript) -> Iterator[Remark]:
    """こちら in a phrase that names the target. False alarms: 0 of 300; accepted: 2."""
    for link in manuscript.link_places:
        match = HERE.search(link.text)
        if match is None or is_meaningless(link.text):
            continue
        sentence = f"リンクの文字「{link.text.strip()[:SHORT]}」に「{match[0]}」があります。"
        ending = HERE_AT_END.search(link.text)
        if ending and link.is_whole:
            start, end = link.start + ending.start(), link.start + ending.end()
            yield link.passage.remark(start, end, sentence, "")
        else:
            yield link.passage.remark(
                link.start + match.start(), link.start + match.end(), sentence
            )


@rule(
    "link-lost",
    "リンクのない「こちら」",
    Level.ERROR,
    hint="行き先の名前にリンクを付け、「はこちら」を除いてください。",
    source=sources.LINK_TEXT,
    signs="こコ",
)
def link_lost(manuscript: Manuscript) -> Iterator[Remark]:
    """A line that ends in こちら and leads nowhere. False alarms: 0 of 300; accepted: 0."""
    for passage in manuscript.prose:
        for block in passage.blocks:
            match = LOST.search(block.text)
            is_call = match and len(block.text) <= SHORT and not CONTACT.search(block.text)
            if match and is_call and not passage.is_linked(block.start, block.end):
                words = block.text.strip()
                glued = "文字の「PDF」も付いています。" if match[1] else ""
                yield passage.remark(
                    block.start,
                    block.end,
                    f"「{words}」にリンクが付いていません。{glued}",
                    block=block,
                )


@rule(
    "link-address",
    "アドレスのままのリンク",
    Level.WARNING,
    hint="リンク先のページの名前を、リンクの文字にしてください。",
    source=sources.LINK_TEXT,
)
def link_address(manuscript: Manuscript) -> Iterator[Remark]:
    """An address as the words of a link. False alarms: 0 of 300; accepted: 0."""
    for link in manuscript.link_places:
        if ADDRESS.fullmatch(link.text):
            yield link.passage.remark(
                link.start,
                link.end,
                f"リンクの文字がアドレス「{link.text.strip()[:SHORT]}」のままです。",
            )


@rule(
    "link-same-text",
    "同じ文字で違う行き先のリンク",
    Level.WARNING,
    hint="行き先の違いが分かるように、どちらかの文字を変えてください。",
    source=sources.SAME_LINKS,
)
def link_same_text(manuscript: Manuscript) -> Iterator[Remark]:
    """The same words to different targets. False alarms: 0 of 300; accepted: 0."""
    targets: dict[str, set[str]] = defaultdict(set)
    for link in manuscript.link_places:
        text = link.text.strip()
        if text and targets[text] and link.target not in targets[text]:
            yield link.passage.remark(
                link.start, link.end, f"「{text[:SHORT]}」というリンクが、別の行き先にもあります。"
            )
        targets[text].add(link.target)


@rule(
    "link-empty",
    "文字のないリンク",
    Level.ERROR,
    hint="行き先の名前を書くか、リンクを外してください。",
    source="JIS X 8341-3:2016 2.4.4、miChecker C_57.2",
)
def link_empty(manuscript: Manuscript) -> Iterator[Remark]:
    """A link without words. False alarms: 0 of 300; accepted: 0."""
    for link in manuscript.link_places:
        if not link.text.strip():
            yield link.passage.remark(
                link.start, link.end, f"「{link.target[:SHORT]}」へのリンクに文字がありません。"
            )


@rule(
    "link-dead",
    "行き先のないリンク",
    Level.ERROR,
    hint="いまのアドレスに直すか、リンクを外してください。これから公開するものなら、"
    "先に公開するか、一緒に公開してください。",
    source="WCAG 2.4.4",
)
def link_dead(manuscript: Manuscript) -> Iterator[Remark]:
    """A target that is not public or does not exist. False alarms: 0 of 300; accepted: 0."""
    for link in manuscript.link_places:
        address = link.target.partition("#")[0].partition("?")[0]
        if address in manuscript.broken_addresses:
            yield link.passage.remark(
                link.start,
                link.end,
                not_public(address, is_document=link.is_document),
            )


def not_public(address: str, *, is_document: bool) -> str:
    if not is_document:
        return f"リンク先「{address[:SHORT]}」には、公開されているページがありません。"
    return (
        f"リンク先「{address[:SHORT]}」には、公開されている文書がありません。"
        "「リンク」の行でその文書を選ぶと、この版と一緒に公開されます。"
    )


@rule(
    "link-pdf",
    "文字で付いた「PDF」",
    Level.ERROR,
    hint="「PDF」の字を消してください。形式と大きさは、文書を選ぶとサイトが自動で示します。",
    source=sources.FILE_LINKS,
)
def link_pdf(manuscript: Manuscript) -> Iterator[Remark]:
    """PDF glued to the end of a link. False alarms: 0 of 300; accepted: 0."""
    for link in manuscript.link_places:
        match = GLUED.search(link.text)
        if match and match.start():
            yield link.passage.remark(
                link.start + match.start(),
                link.start + match.end(),
                f"リンク「{link.text.strip()[:SHORT]}」の終わりに、文字の「PDF」が付いています。",
                "",
            )
    for passage in manuscript.prose:
        for block in passage.blocks:
            match = LOST.search(block.text)
            if match and match[1] and not passage.is_linked(block.start, block.end):
                yield passage.remark(
                    block.start + match.start(1),
                    block.start + match.end(),
                    f"「{block.text.strip()[-SHORT:]}」の終わりに、文字の「PDF」が付いています。",
                    "",
                )


@rule(
    "link-kind",
    "文字で書いた形式と大きさ",
    Level.WARNING,
    hint="消してください。形式と大きさは、サイトが自動で示します。",
    source=sources.FILE_LINKS,
)
def link_kind(manuscript: Manuscript) -> Iterator[Remark]:
    """（PDF形式） typed where the site says it itself. False alarms: 0 of 300; accepted: 0."""
    for link in manuscript.link_places:
        match = TYPED_NOTE.search(link.text)
        if match and match.start() and link.is_document:
            yield link.passage.remark(
                link.start + match.start(),
                link.start + match.end(),
                f"「{match[0].strip()}」は、サイトが自動で示すものと重なります。",
                "",
            )
