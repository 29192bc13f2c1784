"""
One way to write a body: what two editors mean alike is stored alike, and a comparison is quiet.

Pure functions on sanitised HTML, which is well formed. Nothing of the text is lost but blank
paragraphs and the white space between blocks.
"""

from collections.abc import Iterator, Sequence
from itertools import groupby

from bureaus.text.html_tree import Element, Node, parse_tree, start_tag

INLINE = frozenset({"a", "br", "em", "rp", "rt", "ruby", "strong"})
HOLDERS = frozenset({"blockquote"})  # and the body itself: they hold blocks, no bare words
# One paragraph in these goes without saying.
ITEMS = frozenset({"caption", "dd", "dt", "li", "td", "th"})
TALL = frozenset({"dl", "ol", "table", "tbody", "thead", "ul"})  # a line for each of their children
EMPTY = frozenset({"p", "h3", "h4"})  # of no use without words
SPACE = " \t\n"


def normalize_html(html: str) -> str:
    """
    `html`, sanitised, as it is stored: a line for each block, cells and items without paragraphs.

    Rows of headers at the top of a table become its head, and every header cell says what it
    heads. Idempotent.
    """
    return "\n".join(map(write_block, blocks(parse_tree(html).children)))


def is_inline(node: Node) -> bool:
    return isinstance(node, str) or node.tag in INLINE


def blocks(nodes: Sequence[Node]) -> Iterator[Element]:
    """`nodes` as blocks: words that stand alone become a paragraph, blank ones go."""
    for is_words, run in runs(nodes):
        for block in [Element("p", children=run)] if is_words else run:
            if isinstance(block, Element) and not (block.tag in EMPTY and not words(block)):
                yield block


def runs(nodes: Sequence[Node]) -> Iterator[tuple[bool, list[Node]]]:
    """Neighbours that are all words, or all blocks; white space between blocks is nothing."""
    gathered: list[tuple[bool, list[Node]]] = []
    for is_words, group in groupby(nodes, key=is_inline):
        run = list(group)
        if all(isinstance(node, str) and not node.strip(SPACE) for node in run):
            continue
        if gathered and gathered[-1][0] == is_words:
            gathered[-1][1].extend(run)
        else:
            gathered.append((is_words, run))
    yield from gathered


def words(node: Node) -> str:
    """What can be read of it; a line break cannot."""
    if isinstance(node, str):
        return node.strip(SPACE).replace("&nbsp;", "")
    return "".join(map(words, node.children))


def write_block(element: Element) -> str:
    match element.tag:
        case "table":
            inner = table_parts(element)
        case tag if tag in HOLDERS:
            inner = "\n".join(map(write_block, blocks(element.children)))
        case tag if tag in TALL:
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
    """The children of a list; words that stand in none of its items get one of their own."""
    tag = "dd" if element.tag == "dl" else "li"
    for is_words, run in runs(element.children):
        if is_words:
            yield Element(tag, children=run)
        else:
            yield from (node for node in run if isinstance(node, Element))


def item(element: Element) -> str:
    """The inside of an item or cell: a paragraph alone, or before a list in it, is not marked."""
    parts: list[str] = []
    for is_words, run in runs(element.children):
        if is_words:
            parts.append(line(run))
            continue
        shown = list(blocks(run))
        paragraphs = [block for block in shown if block.tag == "p"]
        if len(paragraphs) == 1 and shown[0] is paragraphs[0] and not any(parts):
            parts.append(line(shown.pop(0).children))
        parts.append("\n".join(map(write_block, shown)))
    return "".join(parts)


def line(nodes: Sequence[Node]) -> str:
    return collapsed("".join(map(inline, nodes))).replace(" <br>", "<br>").replace("<br> ", "<br>")


def inline(node: Node) -> str:
    if isinstance(node, str):
        return node
    if node.tag == "br":
        return "<br>"
    inner = "".join(map(inline, node.children))
    # No parser keeps a block inside of emphasis or a link: of one that stands there, the words.
    return with_tags(node, inner) if node.tag in INLINE else inner


def collapsed(text: str) -> str:
    """`text` with one space for each run of white space, and none at its ends."""
    if text.isalnum():  # and so without any, as most cells of a table are
        return text
    return " ".join(word for word in text.replace("\t", " ").replace("\n", " ").split(" ") if word)


# Tables


def children_of(element: Element, tag: str) -> list[Element]:
    return [child for child in element.elements if child.tag == tag]


def table_parts(table: Element) -> str:
    captions = [part for part in children_of(table, "caption") if words(part)]
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
    """How many rows at the top hold nothing but headers of columns; not all of a table."""
    height = 0
    for row in rows[:-1]:
        if any(cell.tag != "th" or cell.value("scope").startswith("row") for cell in row.elements):
            break
        height += 1
    return height


def set_scope(cell: Element, *, is_first: bool, is_head: bool) -> None:
    if cell.tag == "th":
        cell.attributes.setdefault("scope", "row" if is_first and not is_head else "col")
