"""
HTML of another site converted to a body, its pictures and its documents.

What a body cannot hold is dropped and named: rich text has no font, no centring, no frames. A
picture becomes a figure behind the body, with its own alternative text.
"""

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field

from bureaus.importing.links import LinkMap, Target
from bureaus.importing.markup import (
    Tree,
    elements,
    inner_html,
    remove,
    text_of,
    unwrap,
)
from bureaus.importing.remarks import Level, Remark, note
from bureaus.text.html_normalizer import normalize_html
from bureaus.text.rich_text import clean_body

HEADINGS = ("h1", "h2", "h3", "h4", "h5", "h6")
# Removed with their content. The names are those of the report.
WITH_CONTENT = {
    "script": "script",
    "noscript": "noscript",
    "template": "template",
    "iframe": "iframe（埋め込み）",
    "object": "object（埋め込み）",
    "embed": "embed（埋め込み）",
    "applet": "applet（埋め込み）",
    "video": "video（動画）",
    "audio": "audio（音声）",
    "canvas": "canvas",
    "svg": "svg（図形）",
    "map": "map（クリックできる地図）",
    "input": "入力欄",
    "select": "入力欄",
    "textarea": "入力欄",
    "button": "入力欄",
}
QUIET = frozenset({"script", "noscript", "template"})  # never text of the page
# Their content stays. Those of no meaning are not named: div, span, section, article …
TAGS_ALONE = frozenset(
    "font center basefont big small tt u blink marquee nobr hr sup sub form fieldset frame".split()
)
BLOCKS = ("p", "div", "ul", "ol", "dl", "table", "h1", "h2", "h3", "h4", "h5", "h6")
RENAMED = {"b": "strong", "i": "em", "dir": "ul", "menu": "ul", "layer": "div"}
ATTRIBUTES = {
    "table": ("border", "cellpadding", "cellspacing", "bgcolor", "width", "align", "summary"),
    "td": ("bgcolor", "width", "align", "valign", "nowrap"),
    "th": ("bgcolor", "width", "align", "valign", "nowrap"),
    "*": ("style",),
}
IMAGE_FILE = re.compile(r"\.(?:jpe?g|png|gif|webp)$", re.IGNORECASE)
DOCUMENT_FILE = re.compile(r"\.(?:pdf|docx?|xlsx?|pptx?|csv)$", re.IGNORECASE)
NEW_FIGURE = "管理画面で新しい版を作り、図に足してください。"
TEXT_LENGTH = 300  # characters of an alternative text, a caption and the words of a link


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture of the content: its file in the source, and what it says."""

    file: str
    alt: str
    caption: str


@dataclass(frozen=True, slots=True)
class DocumentLink:
    """A link to a document of the source. `token` stands in the body for its address."""

    file: str
    text: str
    token: str


@dataclass(slots=True)
class Converted:
    body: str = ""
    pictures: list[Picture] = field(default_factory=list)
    documents: list[DocumentLink] = field(default_factory=list)
    remarks: list[Remark] = field(default_factory=list)


@dataclass(slots=True)
class Converter:
    """
    The conversion of the content of one page, which it changes.

    `bases`: the old paths of the page, for relative links. `needs_alt`: a picture without an
    alternative text is left out, as in a public page. `hiding_styles`: the style sheets that
    hide text, which is not published (ADR 0022).
    """

    links: LinkMap
    bases: Sequence[str]
    needs_alt: bool = True
    hiding_styles: str = ""
    dropped: Counter[str] = field(default_factory=Counter)
    result: Converted = field(default_factory=Converted)

    def convert(self, content: Tree, title: str) -> Converted:
        """Return the body and what goes with it. Raises BodyTooHeavy."""
        self.drop(content)
        self.flatten_layout(content)
        self.set_headings(content, title)
        self.take_pictures(content)
        self.set_links(content)
        cleaned = clean_body(f"{self.hiding_styles}{inner_html(content)}")
        if cleaned.sentence:
            self.result.remarks.append(Remark(Level.DROPPED, "", cleaned.sentence))
        self.result.remarks += [
            Remark(Level.DROPPED, words, f"：{kind}") for kind, words in cleaned.removed
        ]
        self.result.body = normalize_html(cleaned.html)
        if self.dropped:
            names = "、".join(f"{name}×{count}" for name, count in sorted(self.dropped.items()))
            reason = "本文に使えないため、取り除きました。"
            self.result.remarks.append(Remark(Level.DROPPED, names, reason))
        return self.result

    def drop(self, content: Tree) -> None:
        """Remove what no body holds, and count it."""
        for element in elements(content, *WITH_CONTENT):
            if element.tag not in QUIET:
                self.dropped[WITH_CONTENT[element.tag]] += 1
            remove(element)
        for element in [*content.iter()]:
            for name in (*ATTRIBUTES.get(element.tag, ()), *ATTRIBUTES["*"]):
                if name in element.attrib:
                    self.dropped[f"{'table' if name != 'style' else ''} {name}".strip()] += 1
            if element.tag in TAGS_ALONE:
                self.dropped[element.tag] += 1
                unwrap_apart(element)
            elif element.tag in {"b", "i"} and (elements(element, *BLOCKS) or not text_of(element)):
                unwrap(element)
            elif element.tag in RENAMED:
                element.tag = RENAMED[element.tag]

    def flatten_layout(self, content: Tree) -> None:
        """Unwrap tables that only arrange: those around other tables, and those of one cell."""
        for table in [each for each in elements(content, "table") if is_layout(each)]:
            self.dropped["配置のためのtable"] += 1
            own = [each for each in table.iter() if owner_of(each) is table]
            for part in own:
                if part.tag in {"td", "th", "caption"}:
                    part.tag = "div"
                elif part.tag in {"tr", "tbody", "thead", "tfoot", "colgroup", "col"}:
                    unwrap(part)
            table.tag = "div"

    def set_headings(self, content: Tree, title: str) -> None:
        """Make the highest level h3 and the others h4; a heading that is the title goes."""
        for heading in elements(content, "h1"):
            if text_of(heading) == title and not elements(heading, "img"):
                remove(heading)
        found = elements(content, *HEADINGS)
        highest = min((heading.tag for heading in found), default="")
        for heading in found:
            heading.tag = "h3" if heading.tag == highest else "h4"

    def take_pictures(self, content: Tree) -> None:
        wordless = {link for link in elements(content, "a") if not text_of(link)}
        for image in elements(content, "img"):
            self.take_picture(image, wordless)
            remove(image)

    def take_picture(self, image: Tree, wordless: set[Tree]) -> None:
        """
        Make a figure of the picture, or say why it is none.

        The first with an alternative text in a link without text, one of `wordless`, becomes its
        text.
        """
        source, alt = image.get("src") or "", image.get("alt")
        link = next(image.iterancestors("a"), None)
        if alt and alt.strip() and link is not None and link in wordless:
            wordless.remove(link)
            image.tail = f"{alt.strip()}{image.tail or ''}"
            if not IMAGE_FILE.search(link.get("href") or ""):
                self.note(source, "リンクの画像を、代替テキストの文字のリンクにしました。")
                return
        caption = caption_of(image)
        if alt is not None and not alt.strip() and not caption:
            self.dropped['装飾の画像（alt=""）'] += 1
            return
        alt = " ".join((alt or image.get("title") or "").split())[:TEXT_LENGTH]
        file = self.links.file_at(source, self.bases)
        if not file:
            self.left_out(
                source,
                "画像のファイルがありません。",
                f"ファイルを用意し、{NEW_FIGURE}",
            )
        elif not alt and self.needs_alt:
            self.left_out(
                source,
                "画像に代替テキスト（alt）がないため、入れませんでした。",
                NEW_FIGURE,
            )
        else:
            self.result.pictures.append(Picture(file, alt, caption[:TEXT_LENGTH]))

    def set_links(self, content: Tree) -> None:
        for link in elements(content, "a"):
            href = link.get("href")
            if href is not None:
                self.set_link(link, href, self.links.target(href, self.bases))

    def set_link(self, link: Tree, href: str, target: Target) -> None:
        words = text_of(link)
        if target.address and words:
            link.set("href", target.address)
        elif target.file and DOCUMENT_FILE.search(target.file) and words:
            token = f"/documents/imported-{len(self.result.documents)}"
            self.result.documents.append(DocumentLink(target.file, words[:TEXT_LENGTH], token))
            link.set("href", token)
        else:
            if words and not (target.file and IMAGE_FILE.search(target.file)):
                self.note(
                    href,
                    f"リンク先がないため、「{words[:40]}」のリンクを外し、文字だけを残しました。",
                    "要るリンクなら、新しい版で付けてください。",
                )
            unwrap(link)

    def note(self, value: str, reason: str, remedy: str = "") -> None:
        self.result.remarks.append(note(value, reason, remedy))

    def left_out(self, value: str, reason: str, remedy: str) -> None:
        self.result.remarks.append(Remark(Level.DROPPED, value, reason, remedy))


def unwrap_apart(element: Tree) -> None:
    """Unwrap `element`; as a block where it stands for one."""
    if element.tag in {"center", "form", "fieldset"}:
        element.tag = "div"
    else:
        unwrap(element)


def owner_of(element: Tree) -> Tree:
    """Return the table to which a part of it belongs."""
    return next(element.iterancestors("table"), None)


def is_layout(table: Tree) -> bool:
    if elements(table, "table"):
        return True
    cells = elements(table, "td", "th")
    return len(cells) <= 1 or bool(elements(table, *HEADINGS))


def caption_of(image: Tree) -> str:
    """Return the caption of the figure around `image`, and take it out of the content."""
    figure = next(image.iterancestors("figure"), None)
    if figure is None:
        return ""
    captions = elements(figure, "figcaption")
    text = " ".join(map(text_of, captions))
    for caption in captions:
        remove(caption)
    return text
