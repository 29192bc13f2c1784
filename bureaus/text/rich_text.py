"""
The allow-list of rich text, and the sanitiser.

A body may hold what works in screen readers, in print and in text browsers: paragraphs,
headings h3 and h4, lists, tables with scope and caption, links, emphasis, ruby, quotations.
"""

import re
import unicodedata
from dataclasses import replace
from html.parser import HTMLParser
from urllib.parse import unquote, urlsplit

import nh3

from bureaus.text.html_limits import html_weight
from bureaus.text.office_html import Cleaned, clean

TAGS = frozenset(
    "a blockquote br caption dd dl dt em h3 h4 li ol p rp rt ruby strong table tbody td th thead tr"
    " ul".split()
)
ATTRIBUTES: dict[str, frozenset[str]] = {
    "a": frozenset({"href"}),
    "ol": frozenset({"start"}),
    "td": frozenset({"colspan", "rowspan"}),
    "th": frozenset({"colspan", "rowspan", "scope"}),
}
SCHEMES = frozenset({"http", "https", "mailto", "tel"})
SCOPES = frozenset({"col", "row", "colgroup", "rowgroup"})
SPAN = re.compile(r"[1-9][0-9]?")
SIZE_LIMIT = 200_000  # bytes of UTF-8


# A tag as `sanitise` writes it.
OWN_TAG = re.compile(
    rf"</?(?:{'|'.join(sorted(TAGS))})>"
    r'|<(?:a|ol|td|th)(?: (?:colspan|href|rowspan|scope|start)="[^"]*")+>'
)


class BodyTooHeavy(ValueError):
    """The text is larger or more deeply nested than any page of a ministry needs."""


def sanitise(html: str) -> str:
    """
    Return `html` reduced to the allow-list. Idempotent.

    HTML of word processors is cleaned first, while its classes are still there. Raises
    BodyTooHeavy above 200 kB or 100 levels, and where a parser would take seconds.
    """
    refuse_heavy(html)
    cleaned = html if is_sanitiser_output(html) else clean(strip_invisible(html)).html
    for _ in range(3):  # the first pass may move elements
        refuse_heavy(cleaned)  # it may have grown
        before = cleaned
        cleaned = nh3.clean(
            strip_invisible(cleaned),
            tags=set(TAGS),
            clean_content_tags={"script", "style"},
            attributes={tag: set(names) for tag, names in ATTRIBUTES.items()},
            attribute_filter=keep_attribute,
            url_schemes=set(SCHEMES),
            link_rel=None,
            strip_comments=True,
        )
        if cleaned == before:
            break
    return cleaned


def clean_body(html: str) -> Cleaned:
    """
    Return `html` as `sanitise` does, without dead fragment links, and what was dropped.

    Raises BodyTooHeavy.
    """
    refuse_heavy(html)
    if is_sanitiser_output(html) and not may_hold_dead_links(html):
        return Cleaned(sanitise(html))
    cleaned = clean(strip_invisible(html))
    return replace(cleaned, html=sanitise(cleaned.html))


def is_sanitiser_output(html: str) -> bool:
    """Return whether `html` holds only text and tags as `sanitise` writes them. Linear."""
    return "<" not in OWN_TAG.sub("", html)


def may_hold_dead_links(html: str) -> bool:
    return "<a>" in html or 'href="#' in html


def forbidden(html: str) -> list[str]:
    """Return the markup of `html` outside the allow-list; a fixture with any is damaged."""
    finder = ForbiddenMarkup()
    finder.feed(html)
    finder.close()
    if invisible := invisible_in(html):
        finder.found.append(f"見えない制御文字 {invisible}")
    return list(dict.fromkeys(finder.found))


def refuse_heavy(html: str) -> None:
    size = len(html.encode("utf-8", "surrogatepass"))
    if size > SIZE_LIMIT:
        raise BodyTooHeavy(
            f"本文が{size:,}バイトあります。{SIZE_LIMIT:,}バイト以内に分けてください。"
        )
    if sentence := html_weight(html):
        raise BodyTooHeavy(sentence)


def strip_invisible(text: str) -> str:
    """Remove control and bidirectional characters, lone surrogates and non-characters."""
    invisible = {ord(character): None for character in set(text) if is_invisible(character)}
    return text.translate(invisible) if invisible else text


def invisible_in(text: str) -> str:
    """Return the code points that `strip_invisible` removes from `text`: `U+202E・U+0007`."""
    invisible = dict.fromkeys(character for character in text if is_invisible(character))
    return "・".join(f"U+{ord(character):04X}" for character in invisible)


def is_invisible(character: str) -> bool:
    return character not in "\n\t" and unicodedata.category(character) in {"Cc", "Cf", "Cs", "Cn"}


def keep_attribute(_tag: str, name: str, value: str) -> str | None:
    if name == "href":
        return value.strip() if is_safe_address(value) else None
    if name == "scope":
        return value if value in SCOPES else None
    return value if SPAN.fullmatch(value) else None


def is_safe_address(href: str) -> bool:
    """
    Return whether it is a path, a fragment, or an absolute http(s), mailto or tel address.

    Refuses addresses that browsers resolve to another host (`//host`, backslashes, `https:host`),
    control characters and encoded parent folders (`%2e%2e`).
    """
    href = href.strip()
    if not href or "\\" in href or any(unicodedata.category(sign)[0] == "C" for sign in href):
        return False
    try:
        parts = urlsplit(href)
    except ValueError:
        return False
    if ".." in unquote(parts.path).split("/"):
        return False
    if parts.scheme in {"http", "https"}:
        return bool(parts.netloc)
    if parts.scheme:
        return parts.scheme in SCHEMES and bool(parts.path)
    return href.startswith(("/", "#", "?")) and not href.startswith("//")


class ForbiddenMarkup(HTMLParser):
    """Lists tags, attributes, comments and declarations that are not allowed, of any HTML."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag not in TAGS:
            self.found.append(f"<{tag}>")
            return
        for name, value in attrs:
            if name not in ATTRIBUTES.get(tag, frozenset()):
                self.found.append(f"<{tag} {name}>")
            elif keep_attribute(tag, name, value or "") is None:
                self.found.append(f'<{tag} {name}="{value}">')

    def handle_comment(self, data: str) -> None:
        self.found.append(f"<!--{data[:20]}-->")

    def handle_decl(self, decl: str) -> None:
        self.found.append(f"<!{decl[:20]}>")
