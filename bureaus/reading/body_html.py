"""Bodies as pages contain them: headings at the page's level, links at the page's moment."""

import re
from html import escape, unescape

from bureaus.reading.moments import Moment
from bureaus.reading.request_paths import canonical_address
from bureaus.reading.view_models import Heading
from bureaus.text.html_tree import internal_links, plain_text

HEADING = re.compile(r"<h([34])>(.*?)</h\1>", re.DOTALL)
TIMELESS = ("/media/", "/static/", "/admin/")  # addresses that take no moment
DOCUMENTS = "/documents/"
# In a plain text: a page of this site, or another site.
ADDRESS = re.compile(
    r"(?<![\w/.:])/(?:[a-z0-9_-]+/)+|https?://[a-z0-9.-]+(?:/[\w./?=&;%#~+-]*)?", re.ASCII
)
TABLE = re.compile(r"<(/?)table>")
NUMBER_CELL = re.compile(
    r'<td((?: (?:col|row)span="[0-9]+")*)>'
    r"([-+−△▲]?[¥￥]?[0-9０-９][0-9０-９,，.．]*(?:[%％円人件])?)</td>"
)


def body_on_page(body: str) -> tuple[str, tuple[Heading, ...]]:
    """
    Turn the h3 of a body into h2 with an anchor, and its h4 into h3; return the h2 as well.

    Stored bodies begin at h3, which is the right level in a section of another page.
    """
    headings: list[Heading] = []

    def raise_level(match: re.Match[str]) -> str:
        if match[1] == "4":
            return f"<h3>{match[2]}</h3>"
        headings.append(Heading(f"h{len(headings) + 1}", plain_text(match[2])))
        return f'<h2 id="{headings[-1].anchor}">{match[2]}</h2>'

    return HEADING.sub(raise_level, body), tuple(headings)


def links_at_moment(body: str, moment: Moment) -> str:
    """Let the links of `body` inside the site keep a past moment, and its tables scroll."""
    if "<table" in body:
        body = wrap_tables(body)
    if not moment.is_past:
        return body
    pieces: list[str] = []
    end = 0
    for match in internal_links(body):
        pieces += [body[end : match.start(1)], escape(href_at_moment(unescape(match[1]), moment))]
        end = match.end(1)
    return "".join([*pieces, body[end:]])


def href_at_moment(href: str, moment: Moment) -> str:
    """Return the address of a page or document at `moment`; other addresses as they are."""
    path, sharp, anchor = href.partition("#")
    path, _, query = path.partition("?")
    address = path if path.startswith(DOCUMENTS) else canonical_address(path)
    if not address or path.startswith(TIMELESS):
        return href
    further = f"&{query}" if query else ""
    return f"{moment.address(address)}{further}{sharp}{anchor}"


def note_html(note: str, moment: Moment) -> str:
    """Return a plain note as HTML; the addresses in it are links, as to a successor."""
    linked = ADDRESS.sub(lambda match: f'<a href="{match[0]}">{match[0]}</a>', escape(note))
    return links_at_moment(linked, moment).replace("\n", "<br>")


def wrap_tables(body: str) -> str:
    """
    Put each outermost table into a box in which it scrolls.

    The box has a tab stop, and its name is the caption. Numbers are below each other.
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
            pieces += [body[end:start], table_box(body[start : tag.end()])]
            end = tag.end()
    return "".join([*pieces, body[end:]])


def table_box(table: str) -> str:
    caption = re.search(r"<caption>(.*?)</caption>", table, re.DOTALL)
    name = escape(plain_text(caption[1])) if caption else "表"
    table = NUMBER_CELL.sub(r'<td\1 class="number">\2</td>', table)
    return f'<div class="table-box" role="region" tabindex="0" aria-label="{name}">{table}</div>'
