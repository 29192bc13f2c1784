"""A body as lines of text in which its markup and its links are said in words."""

from html import unescape

from bureaus.text.html_tree import Node, parse_tree

OPENING = {
    "h3": "【見出し】",
    "h4": "【小見出し】",
    "li": "・",
    "blockquote": "【引用】",
    "caption": "【表の題】",
    "th": "【見出しのセル】",
    "strong": "〈強調〉",
    "em": "〈強勢〉",
    "rt": "（",
}
CLOSING = {"strong": "〈/強調〉", "em": "〈/強勢〉", "rt": "）"}
INLINE = frozenset({"a", "em", "rb", "rp", "rt", "ruby", "strong"})


def body_lines(html: str) -> list[str]:
    """Return a line for each paragraph, heading, item or cell, with its markup in words."""
    lines = (" ".join(line.split()) for line in described(parse_tree(html)).split("\n"))
    marks = set(OPENING.values())
    return [line for line in lines if line and line not in marks]


def described(node: Node) -> str:
    """Return the text of `node` with words for its markup, and a line break around blocks."""
    if isinstance(node, str):
        return " ".join(unescape(node).split("\n"))
    inner = "".join(map(described, node.children))
    address = f"［{node.value('href')}］" if node.tag == "a" else ""
    text = f"{OPENING.get(node.tag, '')}{inner}{CLOSING.get(node.tag, '')}{address}"
    return text if node.tag in INLINE else f"\n{text}\n"
