"""A tree of the HTML that nh3 writes, which is well formed and quotes every value."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from html import unescape

from bureaus.text.office_html.rules import BLOCKS, HOLDERS

PIECE = re.compile(r'<(/?)([a-z][a-z0-9]*)((?: [a-z-]+="[^"]*")*)>|[^<]+|<')
ATTRIBUTE = re.compile(r' ([a-z-]+)="([^"]*)"')
KEPT = frozenset({"colspan", "href", "rowspan", "scope", "start"})  # the rest has been read
RENAMED = {"h1": "h3", "h2": "h3", "h5": "h4", "h6": "h4"}  # as the editor does
Styles = dict[str, str]


@dataclass(slots=True)
class Element:
    tag: str
    attributes: dict[str, str] = field(default_factory=dict)  # values as written, not decoded
    children: "list[Element | str]" = field(default_factory=list)  # text as written
    styles: Styles = field(default_factory=dict)

    def value(self, name: str) -> str:
        return unescape(self.attributes.get(name, ""))

    @property
    def classes(self) -> list[str]:
        return self.value("class").lower().split()

    @property
    def elements(self) -> "list[Element]":
        return [child for child in self.children if isinstance(child, Element)]


Node = Element | str


def read(html: str) -> Element:
    """Return a nameless element that holds what `html` holds."""
    root = Element("")
    opened = [root]
    for piece in PIECE.finditer(html):
        end, tag, attributes = piece.groups()
        if not tag:
            opened[-1].children.append(piece[0])
        elif not end:
            element = Element(tag, dict(ATTRIBUTE.findall(attributes)))
            opened[-1].children.append(element)
            if tag != "br":
                opened.append(element)
        elif len(opened) > 1:
            opened.pop()
    return root


def write(node: Node) -> str:
    if isinstance(node, str):
        return node
    inner = "".join(map(write, node.children))
    if not node.tag:
        return inner
    kept = "".join(f' {name}="{node.attributes[name]}"' for name in node.attributes if name in KEPT)
    tag = RENAMED.get(node.tag, node.tag)
    if tag in HOLDERS and not holds_blocks(node):
        tag = "p"
    return f"<{tag}{kept}>" if tag == "br" else f"<{tag}{kept}>{inner}</{tag}>"


def holds_blocks(element: Element) -> bool:
    return any(each.tag in BLOCKS for each in descendants(element))


def descendants(element: Element) -> Iterator[Element]:
    for child in element.elements:
        yield child
        yield from descendants(child)


def text_of(node: Node) -> str:
    """Return the words of `node`, with one space for each run of white space."""
    return " ".join(raw_text(node).split())


def raw_text(node: Node) -> str:
    if isinstance(node, str):
        return unescape(node)
    return "".join(map(raw_text, node.children))
