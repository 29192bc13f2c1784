"""Bold and italic text, from tags and styles. Headings and header cells are bold by themselves."""

from bureaus.text.html_tree import Element
from bureaus.text.office_html.rules import pattern
from bureaus.text.office_html.tree import text_of

BOLD, REGULAR = pattern("bold"), pattern("regular")
BOLD_ALREADY = frozenset({"h3", "h4", "th"})


def set_emphasis(element: Element, *, is_bold: bool = False) -> None:
    for child in element.elements:
        set_emphasis(child, is_bold=is_bold or child.tag in BOLD_ALREADY)
        weight = child.styles.get("font-weight", "")
        if child.tag == "i":
            child.tag = "em" if text_of(child) else ""
        elif child.tag == "b" and REGULAR.search(weight) and not BOLD.search(weight):
            child.tag = ""
        elif child.tag == "b" or (child.tag == "span" and BOLD.search(weight)):
            child.tag = "strong" if text_of(child) and not is_bold else ""
