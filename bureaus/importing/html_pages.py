"""A page of another site: its title, its date, and the element that holds its content."""

import re
from collections import Counter
from collections.abc import Iterable
from datetime import date

from bureaus.importing.columns import day_named
from bureaus.importing.markup import Tree, elements, remove, text_of

TITLE_PARTS = re.compile(r"\s*[|｜»›]\s*|\s+[-–—:：/／]\s+")
CONTENT_IDS = (
    "contents",
    "content",
    "main",
    "main-contents",
    "main-content",
    "maincontents",
    "maincontent",
    "main_contents",
    "main_content",
    "honbun",
)
HIDES = re.compile(
    r"display\s*:\s*none|visibility\s*:\s*hidden|mso-hide|line-through", re.IGNORECASE
)
AROUND = frozenset({"nav", "header", "footer", "aside"})
AROUND_IDS = frozenset(
    "header footer nav navi navigation gnav gnavi globalnav globalnavi lnav lnavi localnav side"
    " sidebar sidemenu menu breadcrumb breadcrumbs topicpath pankuzu skip pagetop".split()
)
DATES = (
    "dcterms.issued",
    "dc.date.issued",
    "dc.date",
    "dcterms.date",
    "date",
    "article:published_time",
    "pubdate",
    "dcterms.created",
    "dcterms.modified",
    "article:modified_time",
    "last-modified",
    "created",  # of LibreOffice
    "changed",
)


def main_content(root: Tree, content_id: str = "") -> Tree | None:
    """
    Return the element that holds the content, without the navigation in it.

    `content_id`: its id; None where the page has none of that id. Else main, the only article, or
    one of the usual ids, else the body without what stands around the content.
    """
    if content_id:
        found = root.xpath("//*[@id=$id]", id=content_id)
        return found[0] if found else None
    content = usual_content(root)
    for element in [each for each in content.iter() if is_around(each) and each is not content]:
        remove(element)
    return content


def usual_content(root: Tree) -> Tree:
    for path in ("//main", "//*[@role='main']"):
        if found := root.xpath(path):
            return found[0]
    articles = root.xpath("//article")
    if len(articles) == 1:
        return articles[0]
    by_id = {element.get("id").lower(): element for element in root.xpath("//*[@id]")}
    named = (by_id[name] for name in CONTENT_IDS if name in by_id)
    bodies = root.xpath("//body")
    return next(named, bodies[0] if bodies else root)


def is_around(element: Tree) -> bool:
    if not isinstance(element.tag, str):
        return False
    return element.tag in AROUND or (element.get("id") or "").lower() in AROUND_IDS


def title_of(root: Tree, content: Tree, shared: frozenset[str] = frozenset()) -> str:
    """
    Return the title: the first h1 of the content, else what the title element says of this page.

    `shared`: the parts of titles that every page of the site has.
    """
    headings = elements(content, "h1")
    if headings and text_of(headings[0]):
        return text_of(headings[0])
    parts = [part for part in title_parts(root) if part not in shared]
    if parts:
        return parts[0]
    return next((text for each in elements(content, "h2", "h3") if (text := text_of(each))), "")


def title_parts(root: Tree) -> list[str]:
    found = root.xpath("//head/title") or root.xpath("//title")
    return [part for part in TITLE_PARTS.split(text_of(found[0])) if part] if found else []


def shared_parts(titles: Iterable[list[str]]) -> frozenset[str]:
    """Return the parts that more than half of these titles have: the name of the site."""
    all_titles = list(titles)
    counts = Counter(part for parts in all_titles for part in set(parts))
    return frozenset(part for part, count in counts.items() if count > max(1, len(all_titles) / 2))


def hiding_styles(root: Tree) -> str:
    """Return the style sheets of the page that hide or strike text, as HTML."""
    sheets = [sheet.text or "" for sheet in elements(root, "style")]
    return "".join(f"<style>{sheet}</style>" for sheet in sheets if HIDES.search(sheet))


def day_of(root: Tree) -> date | None:
    """Return the day that the page states in its head, or in its first time element."""
    metas: dict[str, str] = {}
    for meta in elements(root, "meta"):
        name = (meta.get("name") or meta.get("property") or meta.get("http-equiv") or "").lower()
        metas.setdefault(name, meta.get("content") or "")
    times = [element.get("datetime") or "" for element in elements(root, "time")]
    for text in [*(metas.get(name, "") for name in DATES), *times[:1]]:
        day = day_named(text)
        if isinstance(day, date):
            return day
    return None
