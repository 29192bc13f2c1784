"""The passage of a sanitised body, gathered in one walk through its tree."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from html import unescape

from bureaus.proofreading.passages import HEADINGS, Anchor, Block, Passage, Run, Table
from bureaus.text.html_tree import UNREAD, Element, Text, node_text, parse_tree

ENTITY_OR_TEXT = re.compile(r"&#?\w+;|[^&]+|&")
LEAVES = frozenset({"p", "li", "td", "th", "caption", "dt", "dd", *HEADINGS})
INLINE = frozenset({"a", "em", "strong", "ruby", "rb", "rt", "rp", "br"})


def parse(field: str, label: str, html: str) -> Passage:
    """Return the passage of a sanitised body."""
    reader = Reader()
    reader.read(html)
    text = "".join(reader.text)
    return Passage(
        field,
        label,
        html,
        text,
        tuple(reader.blocks) or (Block(0, "p", 0, 0, "", frozenset()),),
        tuple(reader.runs),
        tuple(Anchor(start, end, text[start:end], href) for start, end, href in reader.anchors),
        tuple(reader.tables),
        tuple(reader.strong),
        is_html=True,
    )


@dataclass(slots=True)
class OpenElement:
    """An element that has begun: where in the text, and how many blocks there were."""

    tag: str
    start: int
    blocks: int


@dataclass
class Reader:
    """The text of a body, and what stands where in it, gathered in one walk through its tree."""

    text: list[str] = field(default_factory=list)
    blocks: list[Block] = field(default_factory=list)
    runs: list[Run] = field(default_factory=list)
    anchors: list[tuple[int, int, str]] = field(default_factory=list)
    tables: list[Table] = field(default_factory=list)
    strong: list[tuple[int, int]] = field(default_factory=list)
    stack: list[OpenElement] = field(default_factory=list)
    pending: list[str] = field(default_factory=list)  # the text of the block under way
    length: int = 0  # of the text that stands in blocks, and of what is pending

    def read(self, html: str) -> None:
        self.read_children(parse_tree(html))
        self.flush()

    def read_children(self, element: Element) -> None:
        for child in element.children:
            if isinstance(child, Text):
                if element.tag not in UNREAD:
                    self.read_text(child)
            elif isinstance(child, Element):
                if child.tag == "br":
                    self.add("\n", child.position, child.length)
                else:
                    self.read_element(child)

    def read_text(self, source: Text) -> None:
        position = source.position
        if "&" not in source:
            self.add(source.replace("\n", " "), position, len(source))
            return
        for match in ENTITY_OR_TEXT.finditer(source):
            is_entity = match[0].startswith("&") and len(match[0]) > 1
            text = unescape(match[0])[:1] if is_entity else match[0].replace("\n", " ")
            self.add(text, position + match.start(), len(match[0]))

    def add(self, text: str, position: int, html_length: int) -> None:
        if not self.pending and not (text.strip() or self.is_in_leaf()):
            return  # white space between blocks
        if not self.pending and self.blocks:
            self.text.append("\n")
            self.length += 1
            self.shift_start()
        self.pending.append(text)
        self.runs.append(Run(self.length, len(text), position, html_length))
        self.length += len(text)

    def shift_start(self) -> None:
        """Let an inline element that began before the first word of its block begin with it."""
        for element in self.stack:
            if element.tag in INLINE and element.blocks == len(self.blocks):
                element.start = max(element.start, self.length)

    def is_in_leaf(self) -> bool:
        return any(element.tag in LEAVES for element in self.stack)

    def read_element(self, element: Element) -> None:
        is_block = element.tag not in INLINE
        if is_block:
            self.flush()
        opened = OpenElement(element.tag, self.length, len(self.blocks))
        self.stack.append(opened)
        self.read_children(element)
        if is_block:
            self.flush()
        self.stack.pop()
        self.record(element, opened)

    def record(self, element: Element, opened: OpenElement) -> None:
        """Note an element that has been read where a rule asks for its kind."""
        start, end = min(opened.start, self.length), self.length
        is_empty = opened.blocks == len(self.blocks)
        if element.tag == "a":
            self.anchors.append((start, end, element.value("href")))
        elif element.tag == "strong":
            self.strong.append((start, end))
        elif element.tag == "table":
            if not is_empty:  # it begins with its first words
                start = self.blocks[opened.blocks].start
            self.tables.append(table_of(element, start, end))
        elif element.tag in LEAVES and is_empty:
            self.put_empty(element.tag)

    def flush(self) -> None:
        """End a block. The inline elements that are open in it stay open."""
        text = "".join(self.pending)
        if self.pending:
            self.text.append(text)
            self.put(self.length - len(text), text)
        self.pending = []

    def put(self, start: int, text: str) -> None:
        inside = frozenset(element.tag for element in self.stack)
        leaves = [element.tag for element in self.stack if element.tag not in INLINE]
        tag = leaves[-1] if leaves else "p"
        self.blocks.append(Block(len(self.blocks), tag, start, self.length, text, inside))

    def put_empty(self, tag: str) -> None:
        inside = frozenset({tag, *(element.tag for element in self.stack)})
        if self.blocks:
            self.text.append("\n")
            self.length += 1
        self.blocks.append(Block(len(self.blocks), tag, self.length, self.length, "", inside))


def table_of(table: Element, start: int, end: int) -> Table:
    """Return what the rules need of `table`; a caption without text is none."""
    own = list(own_parts(table))
    headers = [each for each in own if each.tag == "th"]
    has_caption = any(each.tag == "caption" and node_text(each).strip() for each in own)
    unscoped = sum("scope" not in header.attributes for header in headers)
    return Table(start, end, has_caption, len(headers), unscoped)


def own_parts(table: Element) -> Iterator[Element]:
    """Yield the elements in `table`, without what stands in a table inside it."""
    for child in table.elements:
        yield child
        if child.tag != "table":
            yield from own_parts(child)
