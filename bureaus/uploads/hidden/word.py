"""Hidden content of Word files: changes that were tracked, comments, hidden and white text."""

import re
from collections.abc import Iterator, Mapping
from typing import Any
from zipfile import ZipFile

from bureaus.uploads.hidden.contents import HiddenContent, folded, hidden_content
from bureaus.uploads.hidden.covering import FloatingShape
from bureaus.uploads.hidden.xml_stream import attributes_of, elements, events

PLACES = (
    (re.compile(r"word/document\d*\.xml"), "本文"),
    (re.compile(r"word/header\d*\.xml"), "ヘッダー"),
    (re.compile(r"word/footer\d*\.xml"), "フッター"),
    (re.compile(r"word/(?:foot|end)notes\d*\.xml"), "脚注"),
)
COMMENTS = re.compile(r"word/comments\d*\.xml")
STYLES = "word/styles.xml"
CHANGES = {
    "del": "消した文字",
    "moveFrom": "移す前の文字",
    "ins": "加えた文字",
    "moveTo": "移した文字",
}
WHITE = frozenset({"FFFFFF", "FEFEFE", "FDFDFD"})
NO_GROUND = frozenset({"", "auto", *WHITE})
OFF = frozenset({"0", "false", "off", "none"})
TINY = 4  # half-points
# Styles of tables without a ground of their own.
PLAIN_TABLES = frozenset({"", "TableGrid", "TableNormal", "a1", "a3"})
GROUNDED = frozenset({"r", "p", "tc", "tbl", "txbxContent"})
DELETED = frozenset({"del", "moveFrom"})


def hidden_in_word(archive: ZipFile) -> Iterator[HiddenContent]:
    """Yield what the parts of the document hold beside what is printed of it."""
    names = archive.namelist()
    vanishing = vanishing_styles(archive) if STYLES in names else frozenset()
    for name in names:
        for pattern, place in PLACES:
            if pattern.fullmatch(name):
                yield from WordPart(place, vanishing).hidden(archive, name)
        if COMMENTS.fullmatch(name):
            yield from comments(archive, name)


def comments(archive: ZipFile, name: str) -> Iterator[HiddenContent]:
    for _, attributes, text in elements(archive, name, "comment"):
        words = f"{attributes.get('author', '')}：{text}"
        yield hidden_content("comment", f"コメント{attributes.get('id', '')}", words)


def vanishing_styles(archive: ZipFile) -> frozenset[str]:
    """Return the styles whose text is hidden."""
    found, style = set(), ""
    for event, name, element in events(archive, STYLES):
        if event == "start" and name == "style":
            style = attributes_of(element).get("styleId", "")
        elif event == "start" and name == "vanish" and is_on(attributes_of(element)):
            found.add(style)
    return frozenset(found)


def is_on(attributes: Mapping[str, str]) -> bool:
    return attributes.get("val", "true") not in OFF


class WordPart:
    """The reading of one part: how each run of it looks, and in which paragraph it stands."""

    def __init__(self, place: str, vanishing: frozenset[str]) -> None:
        self.place = place
        self.vanishing = vanishing
        self.paragraph = 0
        self.grounds: list[bool] = []  # of the elements around: whether each has a ground
        self.changes: list[tuple[str, str]] = []  # the changes around: their kind and author
        self.looks: set[str] = set()  # of the current run: vanish, white, tiny
        self.vanishes = False  # the current paragraph, by its style
        self.in_properties = ""
        self.words: dict[tuple[str, str], list[str]] = {}
        self.shape: FloatingShape | None = None  # around which the paragraph is not left
        self.line: list[str] = []  # the text of the paragraph, without that of its shapes
        self.is_covered = False

    def hidden(self, archive: ZipFile, name: str) -> Iterator[HiddenContent]:
        for event, element_name, element in events(archive, name):
            if event == "start":
                self.start(element_name, attributes_of(element))
            else:
                self.end(element_name, element)
        for (rule, place), words in self.words.items():
            text = "".join(words)
            if len(folded(text)) > 1:
                yield hidden_content(rule, place, text)

    def start(self, name: str, attributes: Mapping[str, str]) -> None:
        if name == "anchor" and self.shape is None:
            self.shape = FloatingShape(attributes.get("behindDoc", "0") in OFF)
        elif self.shape is not None:
            self.shape.start(name, attributes)
        elif name == "p":
            self.line, self.is_covered = [], False
        if name in GROUNDED:
            self.grounds.append(name == "txbxContent")
        if name == "p":
            self.paragraph += 1
            self.vanishes = False
        if name == "r":
            self.looks = set()
        if name in {"rPr", "pPr", "tcPr", "tblPr"}:
            self.in_properties = name
        elif name in CHANGES and not self.in_properties:
            self.changes.append((name, attributes.get("author", "")))
        elif self.in_properties:
            self.property(name, attributes)

    def property(self, name: str, attributes: Mapping[str, str]) -> None:
        value = attributes.get("val", "")
        if name in {"vanish", "specVanish"} and self.in_properties == "rPr":
            self.looks |= {"vanish"} if is_on(attributes) else set()
        elif name == "pStyle":
            self.vanishes = value in self.vanishing
        elif name == "rStyle" and value in self.vanishing:
            self.looks.add("vanish")
        elif name == "color" and value.upper() in WHITE:
            self.looks.add("white")
        elif name == "sz" and value.isdigit() and int(value) <= TINY:
            self.looks.add("tiny")
        elif self.grounds and gives_ground(name, attributes):
            self.grounds[-1] = True

    def end(self, name: str, element: Any) -> None:
        self.end_shape(name, element.text or "")
        if name == self.in_properties:
            self.in_properties = ""
        elif name in CHANGES and not self.in_properties and self.changes:
            self.changes.pop()
        elif name in {"t", "delText"}:
            self.text(element.text or "")
        if name in GROUNDED and self.grounds:
            self.grounds.pop()

    def end_shape(self, name: str, text: str) -> None:
        """Note at the end of a shape whether it covers its paragraph, and at that of the text."""
        if self.shape is not None:
            self.shape.end(name, text)
            if name == "anchor":
                self.is_covered |= self.shape.is_covering
                self.shape = None
        elif name == "t":
            self.line.append(text)
        elif name == "p" and self.is_covered:
            where = f"{self.place}の{self.paragraph}番目の段落"
            self.words.setdefault(("covered", where), []).extend(self.line)
            self.is_covered = False

    def text(self, text: str) -> None:
        where = f"{self.place}の{self.paragraph}番目の段落"
        if self.changes:
            kind, author = self.changes[-1]
            kind = next((each for each, _ in self.changes if each in DELETED), kind)
            start = f"{author}が{CHANGES[kind]}：" if author else f"{CHANGES[kind]}："
            self.words.setdefault(("tracked-change", where), [start]).append(text)
        elif self.vanishes or "vanish" in self.looks:
            self.words.setdefault(("hidden-text", where), []).append(text)
        elif "tiny" in self.looks or ("white" in self.looks and not any(self.grounds)):
            self.words.setdefault(("faint-text", where), []).append(text)


def gives_ground(name: str, attributes: Mapping[str, str]) -> bool:
    """Return whether the property may put a colour behind the text."""
    if name == "tblStyle":
        return attributes.get("val", "") not in PLAIN_TABLES
    return name == "highlight" or (name == "shd" and has_ground(attributes))


def has_ground(attributes: Mapping[str, str]) -> bool:
    is_theme = bool(attributes.get("themeFill"))
    return is_theme or attributes.get("fill", "").upper().replace("AUTO", "auto") not in NO_GROUND
