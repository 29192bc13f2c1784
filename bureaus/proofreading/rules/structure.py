"""Rules on headings, tables and lists: marked up with elements, not drawn with characters."""

import re
from collections.abc import Iterable, Iterator

from bureaus.proofreading.findings import Level, Remark
from bureaus.proofreading.manuscript import Manuscript
from bureaus.proofreading.passages import Block, Passage
from bureaus.proofreading.registry import rule
from bureaus.proofreading.rules import sources
from bureaus.proofreading.rules.sources import SPACES

HEADING_LENGTH = 40
LOST_HEADINGS = 3
SENTENCE_END = re.compile(r"(?:[。！？!?]|ください|です|ます|ません)$")
ITEM = re.compile(
    rf"^[{SPACES}]*(?:[・･●○■□◆◇▪•➢➤✓✔*＊][{SPACES}]*(?![印×])|[-–][{SPACES}]+)[^\s{SPACES}]"
)
GAP = re.compile(rf"(?<=\S)[{SPACES}]{{2,}}(?=\S)|(?<=[。、]) (?=\S)")
NO_HEADING = re.compile(
    r"[。、，．？！?!：:；〒＠@0-9０-９]|こちら|^[（(※＊*・]|[>＞]|(?:省|課|室|長|様|殿|氏|記|以上)$"
    rf"|\S[{SPACES}]+\S"  # 委員　山田太郎
)


@rule(
    "heading-skipped",
    "飛ばした見出しの段階",
    Level.ERROR,
    hint="大見出しの下に中見出しが来るように、段階を直してください。",
    source=sources.HEADINGS,
)
def heading_skipped(manuscript: Manuscript) -> Iterator[Remark]:
    """An h4 with no h3 above it. False alarms: 0 of 300; accepted: 0."""
    levels = {block.number: block.level for block in manuscript.content.blocks if block.level}
    above = 2
    for number, level in levels.items():
        if level > above + 1:
            block = manuscript.content.blocks[number]
            yield manuscript.content.remark(
                block.start,
                block.end,
                f"見出し「{block.text[:HEADING_LENGTH]}」の上に、一段上の見出しがありません。",
                block=block,
            )
        above = level


@rule(
    "heading-empty",
    "文字のない見出し",
    Level.ERROR,
    hint="見出しの文字を書くか、見出しを消してください。",
    source=sources.HEADINGS,
)
def heading_empty(manuscript: Manuscript) -> Iterator[Remark]:
    """A heading without words. False alarms: 0 of 300; accepted: 0."""
    for block in manuscript.content.blocks:
        if block.level and not block.text.strip(f"{SPACES}\n"):
            yield manuscript.content.remark(
                block.start, block.end, "文字のない見出しがあります。", block=block
            )


@rule(
    "section-empty",
    "下に文章のない見出し",
    Level.ERROR,
    hint="文章を書くか、見出しを消してください。",
    source=sources.HEADINGS,
)
def section_empty(manuscript: Manuscript) -> Iterator[Remark]:
    """A heading right before its like, or at the end. False alarms: 0 of 300; accepted: 0."""
    blocks = [block for block in manuscript.content.blocks if block.level or block.text.strip()]
    for number, block in enumerate(blocks):
        following = blocks[number + 1] if number + 1 < len(blocks) else None
        is_last = following is None or 0 < following.level <= block.level
        if block.level and block.text.strip() and is_last:
            yield manuscript.content.remark(
                block.start,
                block.end,
                f"見出し「{block.text.strip()[:HEADING_LENGTH]}」の下に、文章がありません。",
                block=block,
            )


@rule(
    "heading-bold",
    "太字で作った見出し",
    Level.WARNING,
    hint="太字にせず、見出しにしてください。目次や読み上げで使われます。",
    source=sources.HEADINGS,
)
def heading_bold(manuscript: Manuscript) -> Iterator[Remark]:
    """A short bold paragraph, or such a line above one. False alarms: 0 of 300; accepted: 0."""
    content = manuscript.content
    bold = set(content.strong) | set(merged_spans(content.strong))
    for block in content.blocks:
        line = block.text.strip(f"{SPACES}\n").partition("\n")[0].rstrip(f"{SPACES}：:")
        start = block.text.find(line) + block.start
        end = start + len(line)
        is_bold = any((start, end + more) in bold for more in (0, 1))
        is_heading = 0 < len(line) <= HEADING_LENGTH and not SENTENCE_END.search(line)
        is_free = block.tag == "p" and not block.inside & {"td", "th", "li", "dd"}
        if is_free and is_bold and is_heading and not content.is_linked(start, end):
            yield content.remark(
                start, end, f"「{line}」は、太字の段落で作った見出しのようです。", block=block
            )


def merged_spans(spans: Iterable[tuple[int, int]]) -> Iterator[tuple[int, int]]:
    """Yield the spans, those that touch each other as one."""
    start = end = -1
    for span in sorted(spans):
        start, end = (start, span[1]) if span[0] == end else span
        yield start, end


@rule(
    "heading-lost",
    "見出しになっていない見出し",
    Level.NOTICE,
    hint="見出しなら、見出しにし、その下に文章を書いてください。要らない行は消してください。",
    source=sources.HEADINGS,
)
def heading_lost(manuscript: Manuscript) -> Iterator[Remark]:
    """Paragraphs like empty headings; or a bare list. False alarms: 0 of 300; accepted: 0."""
    content = manuscript.content
    lines = [block for block in content.blocks if block.text.strip()]
    alike = {block.number for block in lines if is_like_heading(block, content)}
    if len(alike) < LOST_HEADINGS or any(block.level for block in lines):
        return
    if not any(block.text.rstrip().endswith("。") for block in lines):
        return
    for block, following in zip(lines, [*lines[1:], None], strict=True):
        is_empty = following is None or following.number in alike
        if block.number in alike and is_empty:
            yield content.remark(
                block.start,
                block.end,
                f"見出しのような行「{block.text.strip()}」の下に、文章がありません。",
                block=block,
            )


def is_like_heading(block: Block, content: Passage) -> bool:
    words = block.text.strip()
    return (
        block.tag == "p"
        and 2 < len(words) <= HEADING_LENGTH  # noqa: PLR2004 - a sign or two is no heading
        and not NO_HEADING.search(words)
        and not content.is_linked(block.start, block.end)
    )


@rule(
    "table-scope",
    "向きの分からない表の見出し",
    Level.ERROR,
    hint="見出しのセルに、列の見出しか行の見出しかを指定してください。",
    source=sources.TABLES,
)
def table_scope(manuscript: Manuscript) -> Iterator[Remark]:
    """A th without a scope. False alarms: 0 of 300; accepted: 0."""
    for table in manuscript.content.tables:
        if table.unscoped:
            yield manuscript.content.remark(
                table.start,
                table.end,
                f"表の見出しのセル{table.unscoped}個に、列か行かの指定がありません。",
            )


@rule(
    "table-headers",
    "見出しのない表",
    Level.WARNING,
    hint="1行目か1列目を見出しのセルにしてください。並べるための表なら、段落やリストにしてください。",
    source=sources.TABLES,
)
def table_headers(manuscript: Manuscript) -> Iterator[Remark]:
    """A table without any th: perhaps a layout. False alarms: 0 of 300; accepted: 0."""
    for table in manuscript.content.tables:
        if not table.headers:
            yield manuscript.content.remark(
                table.start, table.end, "表に見出しのセルがありません。"
            )


@rule(
    "table-caption",
    "題のない表",
    Level.WARNING,
    hint="何の表かを、表の題（キャプション）に書いてください。",
    source=sources.TABLES,
)
def table_caption(manuscript: Manuscript) -> Iterator[Remark]:
    """A table without a caption. False alarms: 0 of 300; accepted: 0."""
    for table in manuscript.content.tables:
        if not table.has_caption:
            yield manuscript.content.remark(table.start, table.end, "表に題がありません。")


@rule(
    "layout-breaks",
    "改行や空の段落で作った間隔",
    Level.WARNING,
    hint="消してください。段落の間は、サイトが自動で空けます。",
    source=sources.LISTS,
)
def layout_breaks(manuscript: Manuscript) -> Iterator[Remark]:
    """Two br in a row, an empty paragraph. False alarms: 0 of 300; accepted: 0."""
    content = manuscript.content
    for block in content.blocks:
        if block.tag == "p" and content.value and not block.text.strip(f"{SPACES}\n"):
            yield content.remark(
                block.start, block.end, "間隔を空けるための空の段落があります。", block=block
            )
            continue
        if not block.text.strip():
            continue  # an empty cell
        for match in re.finditer(r"(?:^|\n)[ \u00a0\u3000]*\n\s*", block.text):
            yield content.remark(
                block.start + match.start(),
                block.start + match.end(),
                "改行で間隔を空けています。",
                block=block,
            )


@rule(
    "layout-spaces",
    "空白で作った間隔",
    Level.WARNING,
    hint="空白を除いてください。並べたいときは、表やリストにしてください。",
    source=sources.SPLIT_WORDS,
    signs=SPACES,
)
def layout_spaces(manuscript: Manuscript) -> Iterator[Remark]:
    """Several spaces in a row, or one after 。. False alarms: 0 of 300; accepted: 0."""
    for passage in manuscript.passages:
        for match in passage.search(GAP):
            is_shown = not passage.is_html or len(match[0]) == 1 or match[0].strip(" \t")
            if is_line_end(passage, match.start()) or not is_shown:
                continue
            before = passage.text[match.start() - 1]
            yield passage.remark(
                match.start(),
                match.end(),
                f"「{before}」の後に、間隔を空けるための空白があります。",
                "" if before in "。、" else None,
            )


def is_line_end(passage: Passage, position: int) -> bool:
    """Return whether the white space is only a line break in the source."""
    return passage.is_html and passage.value[passage.html_at(position)] == "\n"


@rule(
    "list-typed",
    "「・」で書いた箇条書き",
    Level.WARNING,
    hint="記号を消し、箇条書き（リスト）にしてください。項目の数が読み上げで伝わります。",
    source=sources.LISTS,
    signs="・･●○■□◆◇▪•➢➤✓✔*＊-–",
)
def list_typed(manuscript: Manuscript) -> Iterator[Remark]:
    """Lines that begin with ・; once for each list. False alarms: 0 of 300; accepted: 0."""
    for passage in manuscript.prose:
        previous, was_reported = False, False
        for start, line, block in passage_lines(passage):
            is_item = bool(ITEM.match(line)) and block.tag in {"", "p", "td", "dd"}
            if is_item and previous and not was_reported:
                yield passage.remark(
                    start,
                    start + len(line),
                    f"「{line.strip()[:HEADING_LENGTH]}」は、記号で書いた箇条書きのようです。",
                    block=block,
                )
            was_reported = is_item and (was_reported or previous)
            previous = is_item


def passage_lines(passage: Passage) -> Iterator[tuple[int, str, Block]]:
    for block in passage.blocks:
        position = block.start
        for line in block.text.split("\n"):
            if line:
                yield position, line, block
            position += len(line) + 1


@rule(
    "title-sibling",
    "隣と同じ表題",
    Level.WARNING,
    hint="一覧で見分けられるように、回数や年を入れてください。",
    source="JIS X 8341-3:2016 2.4.2",
)
def title_sibling(manuscript: Manuscript) -> Iterator[Remark]:
    """The title of another page beside it. False alarms: 0 of 300; accepted: 0."""
    title = manuscript.title.strip()
    if title and title in manuscript.sibling_titles:
        yield manuscript.title_passage.remark(
            0, len(manuscript.title), f"同じ階層に「{title}」というページがもうあります。"
        )
