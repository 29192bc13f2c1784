"""
Limits on HTML before it is parsed, as a parser may take seconds for hostile input.

It does so for deep nesting, for a tag with a hundred thousand attributes, and for unclosed emphasis
that it reopens in every paragraph. So the tags are read here in one pass as the HTML standard reads
them. End tags count only where a parser cannot take them otherwise, so the number of open elements
is an upper bound.
"""

import re
from collections.abc import Iterator

DEPTH_LIMIT = 100
MARKS_LIMIT = 12  # unclosed emphasis, links …: opened again in every following paragraph
ATTRIBUTES_LIMIT = 4_000  # characters in one tag
AMPERSAND_LIMIT = 20_000  # "&": each may begin a character reference, and is looked up
VOID = frozenset("area base br col embed hr img input link meta param source track wbr".split())
FORMATTING = frozenset("a b big code em font i nobr s small strike strong tt u".split())
# End tags that may be omitted, at the end of the parent and before the tags of CLOSED_BY.
IMPLIED = frozenset("dd dt li p tbody td tfoot th thead tr".split())
CELLS = frozenset({"td", "th"})
CLOSED_BY = {
    "dd": {"dd", "dt"},
    "dt": {"dd", "dt"},
    "li": {"li"},
    "p": {"p"},
    "td": CELLS,
    "th": CELLS,
    "tr": CELLS | {"tr"},
}
RAW = frozenset("iframe noembed noframes script style textarea title xmp".split())
# In these a parser follows other rules for end tags.
SPECIAL = frozenset("frameset math noscript plaintext select svg template".split())
SPACE = r"\t\n\f\r "
TOKEN = re.compile(
    rf"""
      <!--(?:-?>|.*?(?:--!?>|\Z))
    | <[!?][^>]*+>?
    | </(?![a-zA-Z])[^>]*+>?
    | <(?P<end>/?)(?P<name>[a-zA-Z][^{SPACE}/>]*+)
      (?P<attributes>(?:
          [{SPACE}/]++
        | [^{SPACE}/>][^{SPACE}/>=]*+
          (?:[{SPACE}]*+=[{SPACE}]*+(?:"[^"]*+"?+|'[^']*+'?+|(?=>)|[^{SPACE}>"'][^{SPACE}>]*+))?+
      )*+)>?
    """,
    re.VERBOSE | re.DOTALL,
)
START = re.compile("<[a-zA-Z]")


def html_weight(html: str) -> str:
    """Return why `html` is too heavy, as a sentence; empty where it is not. Linear."""
    opened: list[str] = []
    marks = 0
    if html.count("&") > AMPERSAND_LIMIT:
        return f"「&」が{AMPERSAND_LIMIT:,}個より多くあります。減らしてください。"
    for name, is_end, rest in tags(html):
        if not name:
            return "1つの要素の属性が長すぎます。取り除いてください。"
        if name in SPECIAL:
            return too_deep(len(opened) + len(START.findall(html, rest)))
        if is_end:
            marks -= sum(closed in FORMATTING for closed in close(opened, name))
            continue
        while opened and opened[-1] in CLOSED_BY.get(name, ()):
            opened.pop()
        opened.append(name)
        marks += name in FORMATTING
        if marks > MARKS_LIMIT:
            return f"閉じていない強調やリンクが{MARKS_LIMIT}個より多くあります。閉じてください。"
        if len(opened) > DEPTH_LIMIT:
            return too_deep(len(opened))
    return ""


def too_deep(depth: int) -> str:
    if depth <= DEPTH_LIMIT:
        return ""
    return f"本文の入れ子が{depth}段あります。{DEPTH_LIMIT}段以内にしてください。"


def tags(html: str) -> Iterator[tuple[str, bool, int]]:
    """Yield the name of each tag that is not void, whether it is an end tag, and its end."""
    position = 0
    while token := TOKEN.search(html, position):
        position = token.end()
        name = (token["name"] or "").lower()
        if not name or name in VOID:
            continue
        if len(token["attributes"]) > ATTRIBUTES_LIMIT:
            yield "", False, position
        if name not in RAW or token["end"]:
            yield name, bool(token["end"]), position
            continue
        stop = raw_text_end(html, name, position)
        if name == "script" and "<!--" in html[position:stop]:
            yield "template", False, position  # it may end elsewhere
        position = stop


def raw_text_end(html: str, name: str, position: int) -> int:
    """Return where the raw text of the element `name`, which begins at `position`, ends."""
    end = re.compile(f"</{name}(?=[{SPACE}/>])", re.IGNORECASE).search(html, position)
    return end.start() if end else len(html)


def close(opened: list[str], name: str) -> list[str]:
    """Remove from `opened` what the end tag of `name` certainly closes, and return it."""
    for place in range(len(opened) - 1, -1, -1):
        if opened[place] == name:
            closed = opened[place:]
            del opened[place:]
            return closed
        if opened[place] not in IMPLIED:
            break
    return []
