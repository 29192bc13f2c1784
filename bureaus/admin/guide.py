"""
The officers' guide (docs/editing.md) as a page of the admin: they do not read repositories.

Of Markdown only what the guide is written in: headings, paragraphs, lists, tables, bold, code.
"""

import re
from collections.abc import Callable, Iterator
from functools import lru_cache
from itertools import groupby
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.urls import URLPattern, path
from django.utils.html import escape, format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe
from django.views.decorators.http import require_safe

from bureaus.admin.doors import screen, show

INLINE = (
    (re.compile(r"\*\*([^*]+)\*\*"), r"<strong>\1</strong>"),
    (re.compile(r"`([^`]+)`"), r"<code>\1</code>"),
    (re.compile(r"\[([^\]]+)\]\([^)]*\)"), r"\1"),  # it leads to a file that is not here
)
LIST = {"ol": re.compile(r"\d+\. "), "ul": re.compile(r"[-*] ")}
RULE = re.compile(r"[|\s:-]+")


def addresses(admin_view: Callable[..., Any]) -> list[URLPattern]:
    return [path("bureaus/guide/", admin_view(guide), name="guide")]


@require_safe
@screen
def guide(request: HttpRequest) -> HttpResponse:
    title, text = read()
    crumbs = [{"title": "机", "url": "/admin/"}, {"title": title}]
    return show(request, "admin/guide.html", {"title": title, "crumbs": crumbs, "text": text})


@lru_cache(maxsize=1)
def read() -> tuple[str, SafeString]:
    whole = (settings.BASE_DIR / "docs" / "editing.md").read_text(encoding="utf-8")
    first, _, rest = whole.partition("\n")
    return first.removeprefix("# "), as_html(rest)


def as_html(text: str) -> SafeString:
    blocks = re.split(r"\n\s*\n", text)
    return format_html_join("\n", "{}", ((html,) for block in blocks for html in parts(block)))


def parts(block: str) -> Iterator[SafeString]:
    """One after the other: a heading may stand directly on what follows it."""
    lines = [line for line in block.strip().splitlines() if line.strip()]
    for kind, group in groupby(lines, key=kind_of):
        yield element(kind, list(group))


def kind_of(line: str) -> str:
    if line.startswith("#"):
        return f"h{min(4, line.index(' '))}"
    if line.startswith("|"):
        return "table"
    return next((name for name, mark in LIST.items() if mark.match(line.lstrip())), "p")


def element(kind: str, lines: list[str]) -> SafeString:
    if kind == "table":
        return table([row for row in lines if not RULE.fullmatch(row)])
    if kind in LIST:
        items = (LIST[kind].sub("", line.lstrip(), count=1) for line in lines)
        inside = format_html_join("", "<li>{}</li>", ((inline(item),) for item in items))
    else:
        inside = inline("".join(line.lstrip("# ") for line in lines))
    return format_html("<{}>{}</{}>", kind, inside, kind)


def table(rows: list[str]) -> SafeString:
    head, *body = ([cell.strip() for cell in row.strip("|").split("|")] for row in rows)
    return format_html(
        '<table class="sheet"><thead><tr>{}</tr></thead><tbody>{}</tbody></table>',
        format_html_join("", '<th scope="col">{}</th>', ((inline(cell),) for cell in head)),
        format_html_join(
            "",
            '<tr><th scope="row">{}</th>{}</tr>',
            (
                (inline(cells[0]), format_html_join("", "<td>{}</td>", pairs(cells[1:])))
                for cells in body
            ),
        ),
    )


def pairs(cells: list[str]) -> Iterator[tuple[SafeString]]:
    return ((inline(cell),) for cell in cells)


def inline(text: str) -> SafeString:
    html: str = escape(text)
    for pattern, replacement in INLINE:
        html = pattern.sub(replacement, html)
    return mark_safe(html)  # noqa: S308 - escaped above
