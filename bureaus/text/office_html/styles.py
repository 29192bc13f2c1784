"""The styles of elements, from the attribute and from the style sheet in the source."""

import re
from collections.abc import Iterator

from bureaus.text.html_limits import RAW, TOKEN, raw_text_end
from bureaus.text.html_tree import Element
from bureaus.text.office_html.tree import classes_of

Styles = dict[str, str]
OF_A_CLASS = re.compile(r"[a-z0-9]*\.([\w-]+)")


def read_styles(root: Element, html: str) -> None:
    """Give every element below `root` its styles; `html` is the source with its style sheets."""
    by_class = classes_in(html)
    for element in root.descendants():
        for name in classes_of(element):
            element.styles |= by_class.get(name, {})
        element.styles |= declarations(element.value("style"))


def declarations(text: str) -> Styles:
    found: Styles = {}
    for part in text.lower().split(";"):
        name, colon, value = part.partition(":")
        if colon:
            found[name.strip()] = " ".join(value.replace("!important", "").split())
    return found


def classes_in(html: str) -> dict[str, Styles]:
    """Return the styles of each class that a sheet in `html` names by itself. Linear."""
    found: dict[str, Styles] = {}
    for sheet in sheets(html):
        for rule in sheet.lower().split("}"):
            selectors, _, body = rule.partition("{")
            for selector in selectors.split("*/")[-1].split("<!--")[-1].split(","):
                if named := OF_A_CLASS.fullmatch(selector.strip()):
                    found.setdefault(named[1], {}).update(declarations(body))
    return found


def sheets(html: str) -> Iterator[str]:
    position = 0
    while token := TOKEN.search(html, position):
        position = token.end()
        name = (token["name"] or "").lower()
        if name not in RAW or token["end"]:
            continue
        stop = raw_text_end(html, name, position)
        if name == "style":
            yield html[position:stop]
        position = stop
