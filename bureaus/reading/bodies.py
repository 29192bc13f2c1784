"""Bodies as they are shown: headings at the level of their place, links at their moment."""

import re
from html import escape, unescape

from bureaus.reading.addresses import canonical_address
from bureaus.reading.moments import Moment
from bureaus.reading.shown import Heading
from bureaus.richtext import internal_addresses, plain_text

HEADING = re.compile(r"<h([34])>(.*?)</h\1>", re.DOTALL)
TABLE = re.compile(r"(<table>.*?</table>)", re.DOTALL)


def as_page(body: str) -> tuple[str, tuple[Heading, ...]]:
    """
    A body that stands right below a page's h1: its h3 become h2 with an anchor, its h4 h3.

    Stored bodies begin at h3, which is right where they stand in a section of another page.
    """
    headings: list[Heading] = []

    def raise_level(match: re.Match[str]) -> str:
        if match[1] == "4":
            return f"<h3>{match[2]}</h3>"
        headings.append(Heading(f"h{len(headings) + 1}", plain_text(match[2])))
        return f'<h2 id="{headings[-1].anchor}">{match[2]}</h2>'

    return HEADING.sub(raise_level, body), tuple(headings)


def at_moment(body: str, moment: Moment) -> str:
    """`body` whose links inside the site stay at a past moment, and whose tables can scroll."""
    if "<table" in body:
        body = TABLE.sub(wrap_table, body)
    if not moment.is_past:
        return body
    pieces: list[str] = []
    end = 0
    for match in internal_addresses(body):
        path, sharp, place = unescape(match[1]).partition("#")
        address = canonical_address(path)
        pieces.append(body[end : match.start(1)])
        pieces.append(escape(moment.address(address) + sharp + place) if address else match[1])
        end = match.end(1)
    return "".join([*pieces, body[end:]])


def wrap_table(match: re.Match[str]) -> str:
    """A wide table scrolls inside itself; the box can be reached and is named for a keyboard."""
    caption = re.search(r"<caption>(.*?)</caption>", match[1], re.DOTALL)
    name = escape(plain_text(caption[1])) if caption else "表"
    return f'<div class="table-box" role="region" tabindex="0" aria-label="{name}">{match[1]}</div>'
