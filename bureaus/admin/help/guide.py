"""The officers' guide (docs/editing.md) as a screen of the admin."""

from functools import lru_cache

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils.safestring import SafeString, mark_safe
from django.views.decorators.http import require_safe
from markdown_it import MarkdownIt
from markdown_it.token import Token

from bureaus.admin.core.access import admin_screen, render_screen
from bureaus.admin.core.breadcrumbs import breadcrumbs

NO_LINKS = {"link_open", "link_close"}  # they lead to files that the site does not publish


@require_safe
@admin_screen
def guide(request: HttpRequest) -> HttpResponse:
    title, text = read()
    context = {"title": title, "breadcrumbs": breadcrumbs(title), "text": text}
    return render_screen(request, "admin/help/guide.html", context)


@lru_cache(maxsize=1)
def read() -> tuple[str, SafeString]:
    whole = (settings.BASE_DIR / "docs" / "editing.md").read_text(encoding="utf-8")
    first, _, rest = whole.partition("\n")
    return first.removeprefix("# "), as_html(rest)


def as_html(text: str) -> SafeString:
    """Render Markdown, raw HTML escaped, as the admin's accessible tables and without links."""
    markdown = MarkdownIt("commonmark", {"html": False}).enable("table")
    tokens = markdown.parse(text)
    prepare_tables(tokens)
    for token in tokens:
        token.children = [one for one in token.children or [] if one.type not in NO_LINKS]
    html: str = markdown.renderer.render(tokens, markdown.options, {})
    return mark_safe(html)  # noqa: S308 - from our own repository, and its raw HTML is escaped


def prepare_tables(tokens: list[Token]) -> None:
    """Give tables the admin's class, column headings their scope, and each row a heading."""
    for place, token in enumerate(tokens):
        if token.type == "table_open":
            token.attrSet("class", "sheet")
        elif token.type == "th_open":
            token.attrSet("scope", "col")
        elif token.type == "td_open" and tokens[place - 1].type == "tr_open":
            token.tag = tokens[place + 2].tag = "th"
            token.attrSet("scope", "row")
