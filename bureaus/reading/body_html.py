"""Bodies as they are shown: headings at the level of their place, links at their moment."""

import re
from html import escape, unescape

from bureaus.reading.moments import Moment
from bureaus.reading.request_paths import canonical_address
from bureaus.reading.view_models import Heading
from bureaus.text.html_tree import internal_links, plain_text

HEADING = re.compile(r"<h([34])>(.*?)</h\1>", re.DOTALL)
FILES = ("/media/", "/static/", "/admin/")  # which know no moment
DOCUMENTS = "/documents/"
TABLE = re.compile(r"<(/?)table>")


def body_on_page(body: str) -> tuple[str, tuple[Heading, ...]]:
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


def links_at_moment(body: str, moment: Moment) -> str:
    """`body` whose links inside the site stay at a past moment, and whose tables can scroll."""
    if "<table" in body:
        body = wrap_tables(body)
    if not moment.is_past:
        return body
    pieces: list[str] = []
    end = 0
    for match in internal_links(body):
        pieces += [body[end : match.start(1)], escape(at_that_time(unescape(match[1]), moment))]
        end = match.end(1)
    return "".join([*pieces, body[end:]])


def at_that_time(href: str, moment: Moment) -> str:
    """The link to a page or a document at `moment`; other files as they are."""
    path, sharp, place = href.partition("#")
    path, _, query = path.partition("?")
    address = path if path.startswith(DOCUMENTS) else canonical_address(path)
    if not address or path.startswith(FILES):
        return href
    asked = f"&{query}" if query else ""
    return f"{moment.address(address)}{asked}{sharp}{place}"


def wrap_tables(body: str) -> str:
    """
    Put each outermost table into a box inside which it scrolls.

    The box can be reached with a keyboard and is named by the caption.
    """
    pieces: list[str] = []
    depth = start = end = 0
    for tag in TABLE.finditer(body):
        if not tag[1]:
            start = start if depth else tag.start()
            depth += 1
            continue
        depth -= 1
        if depth == 0:
            pieces += [body[end:start], boxed(body[start : tag.end()])]
            end = tag.end()
    return "".join([*pieces, body[end:]])


def boxed(table: str) -> str:
    caption = re.search(r"<caption>(.*?)</caption>", table, re.DOTALL)
    name = escape(plain_text(caption[1])) if caption else "表"
    return f'<div class="table-box" role="region" tabindex="0" aria-label="{name}">{table}</div>'
