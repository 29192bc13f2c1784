"""
The normal form of a body: equal content is stored equally, so that comparisons stay short.

Pure functions on sanitised HTML, which is well formed. They remove nothing of the text but blank
paragraphs and the white space between blocks.
"""

from collections.abc import Iterator, Sequence
from itertools import groupby

from bureaus.text.html_tree import Element, Node, parse_tree, start_tag

INLINE = frozenset({"a", "br", "em", "rp", "rt", "ruby", "strong"})
BLOCK_CONTAINERS = frozenset({"blockquote"})  # as the body itself: they hold blocks and no text
# A single paragraph in these is not marked up.
ITEMS = frozenset({"caption", "dd", "dt", "li", "td", "th"})
MULTILINE = frozenset({"dl", "ol", "table", "tbody", "thead", "ul"})  # a line for each child
EMPTY = frozenset({"p", "h3", "h4"})  # removed where they are blank
SPACE = " \t\n"


def normalize_html(html: str) -> str:
    """
    Return sanitised `html` in normal form: a line for each block, no paragraphs in cells and items.

    Rows of headers at the top of a table become its head, and every header cell gets a scope.
    Idempotent.
    """
    return "\n".join(map(write_block, blocks(parse_tree(html).children)))


def is_inline(node: Node) -> bool:
    return isinstance(node, str) or node.tag in INLINE


def blocks(nodes: Sequence[Node]) -> Iterator[Element]:
    """Return `nodes` as blocks: bare text becomes a paragraph, blank blocks are removed."""
    for is_text, run in runs(nodes):
        for block in [Element("p", children=run)] if is_text else run:
            if isinstance(block, Element) and not (block.tag in EMPTY and not visible_text(block)):
                yield block


def runs(nodes: Sequence[Node]) -> Iterator[tuple[bool, list[Node]]]:
    """Yield runs of inline nodes and of blocks; white space between blocks is skipped."""
    gathered: list[tuple[bool, list[Node]]] = []
    for is_text, group in groupby(nodes, key=is_inline):
        run = list(group)
        if all(isinstance(node, str) and not node.strip(SPACE) for node in run):
            continue
        if gathered and gathered[-1][0] == is_text:
            gathered[-1][1].extend(run)
        else:
            gathered.append((is_text, run))
    yield from gathered


def visible_text(node: Node) -> str:
    """Return the text of it without white space at the ends; a line break has none."""
    if isinstance(node, str):
        return node.strip(SPACE).replace("&nbsp;", "")
    return "".join(map(visible_text, node.children))


def write_block(element: Element) -> str:
    match element.tag:
        case "table":
            inner = table_parts(element)
        case tag if tag in BLOCK_CONTAINERS:
            inner = "\n".join(map(write_block, blocks(element.children)))
        case tag if tag in MULTILINE:
            inner = "\n".join(["", *map(write_block, entries(element)), ""])
        case "tr":
            inner = "".join(map(write_block, element.elements))
        case tag if tag in ITEMS:
            inner = item(element)
        case _:
            inner = line(element.children)
    return with_tags(element, inner)


def with_tags(element: Element, inner: str) -> str:
    start = start_tag(element.tag, dict(sorted(element.attributes.items())))
    return f"{start}{inner}</{element.tag}>"


def entries(element: Element) -> Iterator[Element]:
    """Yield the items of a list; text outside an item becomes an item."""
    tag = "dd" if element.tag == "dl" else "li"
    for is_text, run in runs(element.children):
        if is_text:
            yield Element(tag, children=run)
        else:
            yield from (node for node in run if isinstance(node, Element))


def item(element: Element) -> str:
    """Return the inside of an item or cell; its first paragraph, if the only one, has no tag."""
    parts: list[str] = []
    for is_text, run in runs(element.children):
        if is_text:
            parts.append(line(run))
            continue
        inner = list(blocks(run))
        paragraphs = [block for block in inner if block.tag == "p"]
        if len(paragraphs) == 1 and inner[0] is paragraphs[0] and not any(parts):
            parts.append(line(inner.pop(0).children))
        parts.append("\n".join(map(write_block, inner)))
    return "".join(parts)


def line(nodes: Sequence[Node]) -> str:
    return collapsed("".join(map(inline, nodes))).replace(" <br>", "<br>").replace("<br> ", "<br>")


def inline(node: Node) -> str:
    if isinstance(node, str):
        return node
    if node.tag == "br":
        return "<br>"
    inner = "".join(map(inline, node.children))
    # Parsers move blocks out of inline elements: of a block that stands there, keep the text.
    return with_tags(node, inner) if node.tag in INLINE else inner


def collapsed(text: str) -> str:
    """Return `text` with one space for each run of white space, and none at its ends."""
    if text.isalnum():  # and so without any, as most cells of a table are
        return text
    return " ".join(word for word in text.replace("\t", " ").replace("\n", " ").split(" ") if word)


# Tables


def children_of(element: Element, tag: str) -> list[Element]:
    return [child for child in element.elements if child.tag == tag]


def table_parts(table: Element) -> str:
    captions = [part for part in children_of(table, "caption") if visible_text(part)]
    rows = [
        row
        for part in table.elements
        for row in ([part] if part.tag == "tr" else children_of(part, "tr"))
        if row.elements
    ]
    height = head_height(rows)
    for number, row in enumerate(rows):
        for place, cell in enumerate(row.elements):
            set_scope(cell, is_first=place == 0, is_head=number < height)
    head = Element("thead", children=[*rows[:height]])
    body = Element("tbody", children=[*rows[height:]])
    parts = [*captions[:1], *(part for part in (head, body) if part.children)]
    return "\n".join(["", *map(write_block, parts), ""])


def head_height(rows: Sequence[Element]) -> int:
    """Return how many rows at the top hold only column headers; never all rows."""
    height = 0
    for row in rows[:-1]:
        if any(cell.tag != "th" or cell.value("scope").startswith("row") for cell in row.elements):
            break
        height += 1
    return height


def set_scope(cell: Element, *, is_first: bool, is_head: bool) -> None:
    if cell.tag == "th":
        cell.attributes.setdefault("scope", "row" if is_first and not is_head else "col")
