"""The tree of a word processor's HTML: its text, its blocks, and the HTML that is made of it."""

from bureaus.text.html_tree import Element, Node, node_text, start_tag
from bureaus.text.office_html.rules import BLOCKS, HOLDERS

KEPT = frozenset({"colspan", "href", "rowspan", "scope", "start"})  # others are of no more use
NO_TAG = frozenset({"", "col", "colgroup"})


def write(node: Node) -> str:
    if isinstance(node, str):
        return node
    inner = "".join(map(write, node.children))
    tag = node.tag
    if tag in NO_TAG:
        return inner
    if tag in HOLDERS and not holds_blocks(node):
        tag = "p"
    start = start_tag(
        tag, {name: node.attributes[name] for name in node.attributes if name in KEPT}
    )
    return start if tag == "br" else f"{start}{inner}</{tag}>"


def classes_of(element: Element) -> list[str]:
    return element.value("class").lower().split()


def holds_blocks(element: Element) -> bool:
    return any(each.tag in BLOCKS for each in element.descendants())


def text_of(node: Node) -> str:
    """Return the text of `node`, with one space for each run of white space."""
    return " ".join(node_text(node).split())
