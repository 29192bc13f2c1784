"""
Sanitised HTML as a tree, and the text and links in it.

Sanitised HTML is well formed and quotes every value. Sources are kept as written, not decoded, and
every node of a parsed tree knows its position, so that a finding in a text can be fixed in place.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from html import unescape

PIECE = re.compile(r'<(/?)([a-z][a-z0-9]*)((?: [a-z-]+="[^"]*")*)>|[^<]+|<')
ATTRIBUTE = re.compile(r' ([a-z-]+)="([^"]*)"')
VOID = frozenset({"br", "col", "img"})
UNREAD = frozenset({"rp", "rt"})  # readings, which repeat the text that they annotate
# A ">" may stand in the value of an attribute, and nowhere else in a tag.
TAG_REST = r'[^>"]*(?:"[^"]*"[^>"]*)*>'
READING = re.compile(rf"<(rt|rp)\b{TAG_REST}.*?</\1>", re.DOTALL)
INLINE_TAG = re.compile(rf"</?(?:a|em|rb|rt|rp|ruby|span|strong)\b{TAG_REST}")
BLOCK_TAG = re.compile(rf"</?[a-z]{TAG_REST}")
INTERNAL_LINK = re.compile(r'<a href="(/[^"]*)"')


class Text(str):
    """Text as written in the source, and where it begins there."""

    __slots__ = ("position",)
    position: int


@dataclass(slots=True)
class Element:
    """`position` and `length` are those of the start tag in the source."""

    tag: str
    attributes: dict[str, str] = field(default_factory=dict)  # values as written
    children: "list[Node]" = field(default_factory=list)
    position: int = 0
    length: int = 0
    styles: dict[str, str] = field(default_factory=dict)  # filled by office_html alone

    def value(self, name: str) -> str:
        """Return the decoded value of an attribute; empty where it has none."""
        return unescape(self.attributes.get(name, ""))

    @property
    def elements(self) -> "list[Element]":
        return [child for child in self.children if isinstance(child, Element)]

    def descendants(self) -> "Iterator[Element]":
        for child in self.elements:
            yield child
            yield from child.descendants()


Node = Element | str


def parse_tree(html: str) -> Element:
    """Return a nameless element that holds what `html` holds. Linear."""
    root = Element("")
    opened = [root]
    for piece in PIECE.finditer(html):
        end, tag, attributes = piece.groups()
        if not tag:
            text = Text(piece[0])
            text.position = piece.start()
            opened[-1].children.append(text)
        elif not end:
            values = dict(ATTRIBUTE.findall(attributes)) if attributes else {}
            element = Element(tag, values, [], piece.start(), len(piece[0]))
            opened[-1].children.append(element)
            if tag not in VOID:
                opened.append(element)
        elif opened[-1].tag == tag:
            opened.pop()
        elif any(element.tag == tag for element in opened):
            while opened.pop().tag != tag:
                pass
    return root


def start_tag(tag: str, attributes: Mapping[str, str]) -> str:
    """Return the start tag with these attributes, whose values are written as they are."""
    if not attributes:
        return f"<{tag}>"
    values = "".join(f' {name}="{value}"' for name, value in attributes.items())
    return f"<{tag}{values}>"


def node_text(node: Node) -> str:
    """Return all the text of `node`, decoded, its white space as it stands."""
    if isinstance(node, str):
        return unescape(node)
    return "".join(map(node_text, node.children))


def text_lines(html: str) -> list[str]:
    """
    Return the text, a line for each paragraph, heading, item or cell, without ruby readings.

    Reads no tree: every edition is indexed through it, and a tree takes five times as long.
    """
    text = INLINE_TAG.sub("", READING.sub("", html))
    lines = (" ".join(unescape(line).split()) for line in BLOCK_TAG.split(text))
    return [line for line in lines if line]


def plain_text(html: str) -> str:
    """Return the text, a space between blocks, without ruby readings."""
    return " ".join(text_lines(html))


def without_tags(html: str) -> str:
    """Return `html` with "<" for each character of a tag but the values, so places are the same."""
    return PIECE.sub(blank_tag, html)


def blank_tag(piece: re.Match[str]) -> str:
    if not piece[2]:
        return piece[0]
    values = ATTRIBUTE.sub(lambda each: f"{'<' * (len(each[1]) + 3)}{each[2]}<", piece[3])
    return "<" * (piece.start(3) - piece.start()) + values + "<"


def internal_links(html: str) -> Iterator[re.Match[str]]:
    """Yield the places where a link names an address of this site, as group 1."""
    return INTERNAL_LINK.finditer(html)
