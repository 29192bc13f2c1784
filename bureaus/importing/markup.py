"""HTML of other sites as a tree of lxml, and the few changes of such a tree that lxml lacks."""

import re
from html import unescape
from typing import Any

from lxml import etree, html
from markdown_it import MarkdownIt

from bureaus.text.html_limits import tags
from bureaus.text.rich_text import BodyTooHeavy, strip_invisible

# lxml has no types that are precise: its elements are Any here.
Tree = Any
REFERENCE = re.compile(r"&#(?:[xX][0-9a-fA-F]{1,8}|[0-9]{1,8});?")
LATIN_1 = "\xff"
MARKDOWN = MarkdownIt("commonmark", {"html": False}).enable(["table", "strikethrough"])


def parse(text: str) -> Tree:
    """
    Return the `html` element of a page or of a part of one, whatever its markup.

    Without control and direction characters, which no text of the site has. Raises BodyTooHeavy
    for a tag with so many attributes that a parser takes minutes.
    """
    if not all(name for name, _, _ in tags(text)):
        raise BodyTooHeavy("1つの要素の属性が長すぎます。")
    parser = html.HTMLParser(encoding="utf-8", remove_comments=True, remove_pis=True)
    text = REFERENCE.sub(visible_reference, strip_invisible(text.replace("\r", "\n")))
    content = text.encode("utf-8", "replace")
    try:
        return html.document_fromstring(content, parser=parser)
    except etree.ParserError:  # nothing at all
        return html.document_fromstring("<p></p>")


def visible_reference(match: re.Match[str]) -> str:
    """Return a reference to a character as browsers read it; nothing for an invisible one."""
    sign = unescape(match[0])
    return "" if strip_invisible(sign) != sign else match[0] if sign > LATIN_1 else escaped(sign)


def from_markdown(text: str) -> str:
    return str(MARKDOWN.render(text))


def elements(root: Tree, *tags: str) -> list[Tree]:
    """Return the elements below `root` with one of these tags, in their order."""
    return [element for element in root.iter(*tags) if element is not root]


def text_of(element: Tree) -> str:
    """Return the text with one space for each run of white space."""
    return " ".join("".join(element.itertext()).split())


def remove(element: Tree) -> None:
    """Remove an element with its content, and keep the text behind it."""
    if element.getparent() is not None:
        element.drop_tree()


def unwrap(element: Tree) -> None:
    """Remove the tags of an element, and keep its content."""
    if element.getparent() is not None:
        element.drop_tag()


def inner_html(element: Tree) -> str:
    """Return the HTML inside `element`."""
    parts = [html.tostring(child, encoding="unicode") for child in element]
    return "".join([escaped(element.text or ""), *parts])


def escaped(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
