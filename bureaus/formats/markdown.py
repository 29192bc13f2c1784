"""Pages as Markdown (CommonMark with tables), for programs that read text (docs/adr/0066)."""

from collections.abc import Iterator
from functools import partial
from urllib.parse import urljoin

from markdownify import ATX, markdownify

from bureaus.formats.json_data import with_absolute_links
from bureaus.reading import PageView
from bureaus.reading.view_models import (
    ContactView,
    FigureView,
    LinkView,
    NewsEntry,
    PageLink,
    Section,
)
from bureaus.text.formatting import japanese_date

CONTENT_TYPE = "text/markdown; charset=utf-8"
# Characters that are markup at any place of a line; others only mark at its beginning.
MARKS = str.maketrans({mark: f"\\{mark}" for mark in "\\`*_[]<>"})

to_markdown = partial(markdownify, heading_style=ATX, bullets="-")


def page_markdown(page: PageView, origin: str) -> str:
    """Return what the page shows: its text, figures, links, contacts, and the pages below it."""
    paragraphs = [
        f"# {plain(page.heading)}",
        "\n".join(facts(page, origin)),
        plain(page.note),
        *text_of(page, origin),
    ]
    for section in page.sections:
        paragraphs += [f"## {link(section.title, section.url, origin)}", *text_of(section, origin)]
    paragraphs += listed("下位の組織とページ", pages_below(page), origin)
    paragraphs += listed("新着情報", page.news, origin)
    if page.contacts:
        paragraphs += ["## 連絡先", "\n".join(map(contact_line, page.contacts))]
    return "\n\n".join(filter(None, paragraphs)) + "\n"


def plain(text: str) -> str:
    """Return a text that is no Markdown as one line of it."""
    return " ".join(text.translate(MARKS).split())


def link(text: str, url: str, origin: str) -> str:
    return f"[{plain(text)}]({urljoin(f'{origin}/', url)})"


def facts(page: PageView, origin: str) -> Iterator[str]:
    moment = page.site_frame.moment
    yield f"- アドレス：{origin}{moment.exact_address(page.url)}"
    if moment.is_past:
        yield f"- {moment.in_words}の内容"
    if page.is_archived:
        yield "- 過去の記録として残しているページ"
    if page.issued_on:
        yield f"- 発表日：{japanese_date(page.issued_on)}"
    yield f"- 公開日：{japanese_date(page.published_on)}"
    yield f"- 更新日：{japanese_date(page.updated_on)}"
    if page.event:
        when_and_where = f"{page.event.period}　{page.event.place}"
        yield f"- {page.event.label}：{plain(when_and_where)}"
    if page.breadcrumbs:
        above = [link(each.title, each.url, origin) for each in page.breadcrumbs]
        yield f"- 場所：{' › '.join(above)}"


def text_of(part: PageView | Section, origin: str) -> Iterator[str]:
    yield plain(part.lead)
    yield to_markdown(with_absolute_links(part.body, origin)).strip()
    yield from (figure(each, origin) for each in part.figures)
    yield "\n".join(link_line(each, origin) for each in part.links)


def figure(view: FigureView, origin: str) -> str:
    """A decorative picture, which has no description, is left out."""
    picture = f"![{plain(view.alt)}]({urljoin(f'{origin}/', view.src)})" if view.alt else ""
    caption = f"図{view.position}：{plain(view.caption)}" if view.caption else ""
    return "\n".join(filter(None, [picture, caption]))


def link_line(view: LinkView, origin: str) -> str:
    return f"- {link(view.text, view.url, origin)}{plain(view.note)}"


def pages_below(page: PageView) -> tuple[PageLink, ...]:
    return (*page.organisations, *page.pages)


def listed(title: str, entries: tuple[PageLink | NewsEntry, ...], origin: str) -> Iterator[str]:
    if entries:
        yield f"## {title}"
        yield "\n".join(entry_line(each, origin) for each in entries)


def entry_line(entry: PageLink | NewsEntry, origin: str) -> str:
    line = f"- {link(entry.title, entry.url, origin)}"
    return f"{line}（{japanese_date(entry.issued_on)}）" if isinstance(entry, NewsEntry) else line


def contact_line(contact: ContactView) -> str:
    numbers = (("電話", contact.phone), ("ファックス", contact.fax), ("メール", contact.email))
    written = "、".join(f"{name} {plain(value)}" for name, value in numbers if value)
    return f"- {plain(contact.name)}{f'：{written}' if written else ''}"
