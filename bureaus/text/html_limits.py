"""
How heavy HTML is to a parser, before one is let at it.

A parser takes seconds for what is nested deeply, for one tag of a hundred thousand attributes, or
where it has to open unclosed emphasis again in every paragraph. So the tags are read here in one
pass as the HTML standard reads them, and of the ends only those count that a parser could not
take otherwise: what is open here is at least what is open there.
"""

import re
from collections.abc import Iterator

DEPTH_LIMIT = 100
MARKS_LIMIT = 12  # unclosed emphasis, links …: opened again in every following paragraph
ATTRIBUTES_LIMIT = 4_000  # characters in one tag
SIGNS_LIMIT = 20_000  # "&": each may begin a character reference, and is looked up
VOID = frozenset("area base br col embed hr img input link meta param source track wbr".split())
MARKS = frozenset("a b big code em font i nobr s small strike strong tt u".split())
# Their ends may be left out, before the end of what holds them and before what BEGUN_BEFORE names.
IMPLIED = frozenset("dd dt li p tbody td tfoot th thead tr".split())
CELLS = frozenset({"td", "th"})
BEGUN_BEFORE = {
    "dd": {"dd", "dt"},
    "dt": {"dd", "dt"},
    "li": {"li"},
    "p": {"p"},
    "td": CELLS,
    "th": CELLS,
    "tr": CELLS | {"tr"},
}
RAW = frozenset("iframe noembed noframes script style textarea title xmp".split())
# In these a parser has rules of its own, under which ends mean something else or nothing.
STRANGE = frozenset("frameset math noscript plaintext select svg template".split())
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
    """What is too heavy about `html`, as a sentence; empty where nothing is. Linear."""
    opened: list[str] = []
    marks = 0
    if html.count("&") > SIGNS_LIMIT:
        return f"「&」が{SIGNS_LIMIT:,}個より多くあります。減らしてください。"
    for name, is_end, rest in tags(html):
        if not name:
            return "1つの要素の属性が長すぎます。取り除いてください。"
        if name in STRANGE:
            return too_deep(len(opened) + len(START.findall(html, rest)))
        if is_end:
            marks -= sum(closed in MARKS for closed in close(opened, name))
            continue
        while opened and opened[-1] in BEGUN_BEFORE.get(name, ()):
            opened.pop()
        opened.append(name)
        marks += name in MARKS
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
    """The name of each tag that holds something, whether it ends it, and where the rest begins."""
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
    """Where what `name` holds as mere text, and which begins at `position`, ends."""
    end = re.compile(f"</{name}(?=[{SPACE}/>])", re.IGNORECASE).search(html, position)
    return end.start() if end else len(html)


def close(opened: list[str], name: str) -> list[str]:
    """Take off `opened` what the end of `name` closes for certain, and return it."""
    for place in range(len(opened) - 1, -1, -1):
        if opened[place] == name:
            closed = opened[place:]
            del opened[place:]
            return closed
        if opened[place] not in IMPLIED:
            break
    return []
