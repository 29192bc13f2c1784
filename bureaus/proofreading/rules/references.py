"""Rules on what a text refers to: what is below, addresses, and the word こちら."""

import re
from collections.abc import Iterator

from bureaus.proofreading.findings import Level, Remark
from bureaus.proofreading.manuscript import Manuscript
from bureaus.proofreading.passages import ADDRESS, Block, Passage
from bureaus.proofreading.registry import rule
from bureaus.proofreading.rules import sources

BELOW = re.compile(
    r"下記(?:の(?:とおり|通り|方法|場所|日程|日時|要領|内容|問合せ先|連絡先|表)|に(?:より|よ[るっ]|て|示)|を(?:ご覧|参照|確認))"
)
ATTACHED = re.compile(
    r"(?:別紙|別添|別表)(?:[0-9０-９一二三])?(?:の(?:とおり|通り)|を(?:ご覧|御覧|参照|確認)|に(?:記入|示|よ)|参照)"
)
ATTACHMENT = "別紙|別添|別表"
HERE = re.compile(
    r"(?:こちら|コチラ)(?:を(?:ご覧|御覧|参照|クリック|ご?確認)|から(?=。|$|ダウンロード|お?申込|お?申し込)|に掲載)"
)
BROKEN_ADDRESS = re.compile(
    r"https?(?:/{2}|:/(?!/)|;//|:\\\\)[\w.-]{0,60}"
    r"|(?<![a-z])(?:htp|htpp|htttp|ttp|hhttp)s?://[\w.-]{0,60}|www(?:,|\.\.)[\w.-]{1,60}",
    re.ASCII,
)
BROKEN_MAIL = re.compile(
    r"(?<![\w.+-])[\w.+-]{1,64}(?:＠[\w-]{1,60}\.[\w.-]{1,60}"
    r"|@[\w-]{1,60}[,，、。][\w-]{1,60}|@[a-z]{2,60}(?![\w.@-]))",
    re.ASCII,
)
EXAMPLE = re.compile("スパム|迷惑メール|置き換え|読み替え|半角")


@rule(
    "refer-below",
    "下記のないところ",
    Level.WARNING,
    hint="続きの内容を書くか、何を指すかを言葉で書いてください。",
    source=sources.HOUSE,
    signs="下",
)
def refer_below(manuscript: Manuscript) -> Iterator[Remark]:
    """下記のとおり at the end of a page. False alarms: 0 of 300; accepted: 0."""
    content = manuscript.content
    if manuscript.contacts or manuscript.links or manuscript.figures:
        return  # which the page shows below its body
    for match in content.search(BELOW):
        block = content.block_at(match.start())
        sentence_end = content.text.find("。", match.end(), block.end)
        rest = content.text[sentence_end + 1 if sentence_end >= 0 else block.end :]
        if not rest.strip():
            yield content.remark(
                match.start(), match.end(), f"「{match[0]}」とありますが、下に何もありません。"
            )


@rule(
    "refer-attached",
    "別紙のないところ",
    Level.WARNING,
    hint="文書を「リンク」の行に加えるか、内容を本文に書いてください。",
    source=sources.HOUSE,
    signs="別",
)
def refer_attached(manuscript: Manuscript) -> Iterator[Remark]:
    """別紙のとおり in a page without any document or link. False alarms: 0 of 300; accepted: 0."""
    content = manuscript.content
    if manuscript.links or content.anchors or manuscript.figures or content.tables:
        return
    for match in content.search(ATTACHED):
        if len(re.findall(ATTACHMENT, content.text)) == 1:
            sentence = f"「{match[0]}」とありますが、文書もリンクもありません。"
            yield content.remark(match.start(), match.end(), sentence)


@rule(
    "link-missing",
    "リンクになっていないアドレス",
    Level.WARNING,
    hint="ページの名前を書いて、それにリンクを付けてください。",
    source=sources.LINK_TEXT,
    signs="/.",
)
def link_missing(manuscript: Manuscript) -> Iterator[Remark]:
    """https://… in a sentence, with no link. False alarms: 16 of 300; accepted: 0."""
    content = manuscript.content
    for match in ADDRESS.finditer(content.text):
        is_mail = "@" in match[0] and "//" not in match[0]
        is_noted = content.text[match.start() - 1 : match.start()] == "（"  # PDL1.0（https://…）
        if is_mail or is_noted or content.is_linked(match.start(), match.end()):
            continue
        sentence = f"アドレス「{match[0][:60]}」が、リンクになっていません。"
        yield content.remark(match.start(), match.end(), sentence)


@rule(
    "link-here-missing",
    "リンクのない「こちらをご覧ください」",
    Level.WARNING,
    hint="行き先の名前を書いて、それにリンクを付けてください。",
    source=sources.LINK_TEXT,
    signs="こコ",
)
def link_here_missing(manuscript: Manuscript) -> Iterator[Remark]:
    """こちらをご覧ください in a paragraph without a link. False alarms: 0 of 300; accepted: 0."""
    content = manuscript.content
    for match in content.search(HERE):
        block = content.block_at(match.start())
        if not content.is_linked(block.start, block.end) and not is_followed(content, block):
            yield content.remark(
                match.start(),
                match.end(),
                f"「{match[0]}」の行き先に、リンクが付いていません。",
                block=block,
            )


def is_followed(content: Passage, block: Block) -> bool:
    """Return whether an address or the link itself stands there or in the next line."""
    following = content.blocks[block.number + 1 : block.number + 2]
    end = following[0].end if following else block.end
    has_link = bool(following) and content.is_linked(following[0].start, end)
    return has_link or ADDRESS.search(content.text, block.start, end) is not None


@rule(
    "address-broken",
    "形の壊れたアドレス",
    Level.WARNING,
    hint="アドレスを確かめてください。",
    source=sources.HOUSE,
    signs="/\\@＠,.",
)
def address_broken(manuscript: Manuscript) -> Iterator[Remark]:
    """http//…, soudan＠example.go.jp. False alarms: 0 of 300; accepted: 0."""
    for passage in manuscript.passages:
        for pattern in (BROKEN_ADDRESS, BROKEN_MAIL):
            for match in pattern.finditer(passage.text):
                if EXAMPLE.search(passage.block_at(match.start()).text):
                    continue
                yield passage.remark(
                    match.start(), match.end(), f"「{match[0]}」は、アドレスの形が壊れています。"
                )
