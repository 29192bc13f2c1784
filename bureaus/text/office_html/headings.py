"""Headings, whose highest level becomes the first of a body and all lower ones the second."""

from bureaus.text.html_tree import Element
from bureaus.text.office_html.rules import pattern

OUTLINE = pattern("outline")
HEADINGS = ("h1", "h2", "h3", "h4", "h5", "h6")
FIRST, SECOND = "h3", "h4"


def set_headings(root: Element) -> None:
    """Set the levels; a text that begins at h3 or h4 keeps them."""
    for element in root.descendants():
        level = element.styles.get("mso-outline-level", "")
        if element.tag == "p" and OUTLINE.search(level):
            element.tag = f"h{level}"
    headings = [each for each in root.descendants() if each.tag in HEADINGS]
    highest = min((each.tag for each in headings), default=FIRST)
    for heading in headings:
        is_first = heading.tag == highest and highest <= FIRST
        heading.tag = FIRST if is_first else SECOND
