"""
What miChecker finds in a page by reading its HTML, as far as a program can decide it.

miChecker is the tool that the ministry measures public sites with. Each rule names the checks it
stands for; their meaning is taken from its engine's published source (Eclipse ACTF, checkitem.xml
of 2020). A rule returns what it finds wrong, and nothing where all is well.
"""

import re
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator
from itertools import pairwise

from lxml.html import HtmlElement

Rule = Callable[[HtmlElement], list[str]]
LANGUAGE = re.compile(r"[a-z]{2,3}(-[A-Z][a-z]{3})?(-[A-Z]{2})?")
POOR_TITLE = re.compile(r"無題|untitled|no title|\.html?$|^[\d\W_]*$", re.IGNORECASE)
POOR_ALT = re.compile(
    r"^(spacer|space|blank|click here|null|void|banner|line|image|gif|jpeg|photo|bullet|icon|"
    r"button|ボタン|alt|画像\d*|写真\d*|図\d*)$|\.(jpe?g|gif|png|bmp|tiff|webp|svg)$",
    re.IGNORECASE,
)
PICTURE_WORDS = re.compile(r"画像|写真|バナー|アイコン|背景|線|点|影|空白")
POOR_LINK = re.compile(
    r"^(ここ|こちら|詳細|詳しくは|もっと詳しく|くわしくはこちら|click here|here)$"
)
SPACED = re.compile(r"(?:[ぁ-んァ-ヶ一-龠][ \u3000\u00a0]){2,}[ぁ-んァ-ヶ一-龠]")
ART = re.compile(
    r"([!-/:-@\[-`{-~])\1{3,}|[（(][^（()）a-zぁ-ん一-龠]*[´`^・][^（()）]*[´`^・][）)]"
)
OBSOLETE = "b big blink center font i marquee s strike tt u applet basefont dir frame frameset"
HEADINGS = "//h1 | //h2 | //h3 | //h4 | //h5 | //h6"
FIELDS = "//input[not(@type='hidden' or @type='submit' or @type='button')] | //select | //textarea"
READ_ALOUD = 900  # characters between two places to jump to: about two minutes


def text_of(element: HtmlElement) -> str:
    """What is read of it: words, and the alternative text of pictures."""
    words = [str(word) for word in element.xpath(".//text() | .//img/@alt | .//@aria-label")]
    return " ".join(" ".join(words).split())


def language(page: HtmlElement) -> list[str]:
    """C_21.0, C_21.1: the page names its language, and every language named is one."""
    named = [page.get("lang") or "", *(str(lang) for lang in page.xpath("//@lang | //@hreflang"))]
    return [lang for lang in named if not LANGUAGE.fullmatch(lang)]


def charset(page: HtmlElement) -> list[str]:
    """C_88: the character set is declared, once, and first in the head."""
    first = page.xpath("//head/*[1]/@charset")
    return [] if [str(name).lower() for name in first] == ["utf-8"] else ["no charset first"]


def title(page: HtmlElement) -> list[str]:
    """C_60.0, C_60.1: a title that says something."""
    found = (page.findtext(".//title") or "").strip()
    return [f"title「{found}」"] if not found or POOR_TITLE.search(found) else []


def heading_levels(page: HtmlElement) -> list[str]:
    """C_14.0: one h1, first, and no level skipped on the way down."""
    levels = [int(heading.tag[1]) for heading in page.xpath(HEADINGS)]
    skipped = [f"h{a} → h{b}" for a, b in pairwise([0, *levels]) if b > a + 1]
    return skipped + (["not one h1"] if levels.count(1) != 1 else [])


def empty_headings(page: HtmlElement) -> list[str]:
    """C_14: a heading has words."""
    return [heading.tag for heading in page.xpath(HEADINGS) if not text_of(heading)]


def refresh(page: HtmlElement) -> list[str]:
    """C_36.x: nobody is sent elsewhere without having asked."""
    return [str(found.get("content")) for found in page.xpath("//meta[@http-equiv]")]


def frames(page: HtmlElement) -> list[str]:
    """C_51.1, C_51.5, C_1.1: an embedded document has a title, an object something in its place."""
    untitled = page.xpath("//iframe[not(normalize-space(@title))]")
    return [found.tag for found in [*untitled, *page.xpath("//object[not(node())] | //embed")]]


def movement(page: HtmlElement) -> list[str]:
    """C_33, C_34, C_85.0: nothing blinks, moves or sounds by itself."""
    return [found.tag for found in page.xpath("//blink | //marquee | //bgsound | //*[@autoplay]")]


def obsolete(page: HtmlElement) -> list[str]:
    """C_48.x, C_48.6: elements that say what a thing is, not how it looks."""
    return [name for name in OBSOLETE.split() if page.xpath(f"//body//{name}")]


def handlers(page: HtmlElement) -> list[str]:
    """C_38.0, C_381.0: nothing that only a mouse can do, nor a choice that acts by itself."""
    return [str(found) for found in page.xpath("//@*[starts-with(name(), 'on')]")]


def groups(page: HtmlElement) -> list[str]:
    """C_54.1, C_54.3: a fieldset has a legend, and what is chosen from together stands in one."""
    bare = ["fieldset" for _ in page.xpath("//fieldset[not(legend[normalize-space()])]")]
    sets: dict[str, set[int]] = defaultdict(set)
    boxes = page.xpath("//input[@type='radio' or @type='checkbox']")
    for box in boxes:
        around = box.xpath("ancestor::fieldset[1]")
        sets[box.get("name", "")].add(id(around[0]) if around else 0)
    uses = Counter(box.get("name", "") for box in boxes)
    return bare + [name for name, found in sets.items() if uses[name] > 1 and found != found - {0}]


def labels(page: HtmlElement) -> list[str]:
    """C_79.0, C_79.6: every field has a label with words."""
    named = {str(name) for name in page.xpath("//label[normalize-space()]/@for")}
    return [
        str(field.get("name"))
        for field in page.xpath(FIELDS)
        if field.get("id") not in named
        and not field.xpath("ancestor::label")
        and not (field.get("title") or field.get("aria-label") or "").strip()
    ]


def label_places(page: HtmlElement) -> list[str]:
    """C_79.1: the label stands before a field to write in, after a box to tick."""
    wrong = []
    for field in page.xpath(FIELDS):
        before = field.xpath("preceding::label[@for = $id]", id=field.get("id", ""))
        is_ticked = field.get("type") in {"radio", "checkbox"}
        if field.get("id") and bool(before) == is_ticked and not field.xpath("ancestor::label"):
            wrong.append(str(field.get("name")))
    return wrong


def submits(page: HtmlElement) -> list[str]:
    """C_380.0, C_300.4: a form is sent by a button that has words."""
    button = ".//button[not(@type) or @type='submit'] | .//input[@type='submit' or @type='image']"
    return [
        str(form.get("action"))
        for form in page.xpath("//form")
        if not any(text_of(found) or found.get("value") for found in form.xpath(button))
    ]


def empty_links(page: HtmlElement) -> list[str]:
    """C_57.2, C_57.3: a link has words, and a title of it is not blank."""
    blank = [str(a.get("href")) for a in page.xpath("//a[@href]") if not text_of(a)]
    return blank + [
        str(a.get("href")) for a in page.xpath("//*[@title and not(normalize-space(@title))]")
    ]


def link_words(page: HtmlElement) -> list[str]:
    """C_56.1: the words of a link say where it leads."""
    links = [(text_of(a), str(a.get("href"))) for a in page.xpath("//a[@href]")]
    return [f"{words} → {href}" for words, href in links if POOR_LINK.search(words)]


def same_words(page: HtmlElement) -> list[str]:
    """C_58.0: the same words lead to the same address; contents repeat their headings' words."""
    targets: dict[str, set[str]] = defaultdict(set)
    for a in page.xpath("//a[@href][not(starts-with(@href, '#'))]"):
        targets[text_of(a)].add(str(a.get("href")))
    return [f"{words}: {sorted(found)}" for words, found in targets.items() if len(found) > 1]


def new_windows(page: HtmlElement) -> list[str]:
    """C_42.0: a link opens where the reader is."""
    return [str(target) for target in page.xpath("//@target") if target != "_self"]


def links_inside(page: HtmlElement) -> list[str]:
    """B_8, B_33: a link to a place on the page leads to one."""
    ids = {str(found) for found in page.xpath("//@id")}
    names = [str(href)[1:] for href in page.xpath("//a/@href[starts-with(., '#')]")]
    return [name for name in names if name not in ids]


def skip_link(page: HtmlElement) -> list[str]:
    """B_10, B_17–B_20, B_26: the first link skips to the text, and says so."""
    first = page.xpath("(//a[@href])[1]")
    found = [(text_of(a), str(a.get("href"))) for a in first]
    return (
        []
        if found == [("本文へ移動", "#main")] and page.xpath("//main[@id='main']")
        else ["no skip link"]
    )


def reach(page: HtmlElement) -> list[str]:
    """B_12, B_22–B_24: the next heading or link of the text is never two minutes away."""
    length, last, found = 0, "", []
    for element in page.xpath("//main//*"):
        if element.tag in {"h1", "h2", "h3", "h4", "a", "summary"}:
            length, last = 0, text_of(element)
        length += len((element.text or "").strip()) + len((element.tail or "").strip())
        if length > READ_ALOUD:
            found.append(last)
            length = 0
    return found


def ways(page: HtmlElement) -> list[str]:
    """C_500.3: a page can be found in two ways: a navigation, and the sitemap or the search."""
    others = page.xpath("//a[contains(@href, '/sitemap/')] | //form[@role='search'] | //search")
    return [] if page.xpath("//nav//a") and others else ["fewer than two ways"]


def table_headings(page: HtmlElement) -> list[str]:
    """C_331.0, C_331.1: a heading of a table says what it is the heading of."""
    known = {"col", "row", "colgroup", "rowgroup"}
    return [text_of(th) for th in page.xpath("//th") if th.get("scope") not in known]


def table_headers(page: HtmlElement) -> list[str]:
    """C_332.x: what a cell names as its headings are there."""
    ids = {str(found) for found in page.xpath("//th/@id")}
    named = [name for found in page.xpath("//@headers") for name in str(found).split()]
    return [name for name in named if name not in ids]


def layout_tables(page: HtmlElement) -> list[str]:
    """C_23.x, C_25.x: a table is for data: it has headings, and no other stands within."""
    bare = ["a table without th" for _ in page.xpath("//table[not(.//th)]")]
    return bare + ["a table in a table" for _ in page.xpath("//table//table")]


def access_keys(page: HtmlElement) -> list[str]:
    """C_422.0: no key is given a meaning; it would take the reader's own away."""
    return [str(key) for key in page.xpath("//@accesskey")]


def unique_ids(page: HtmlElement) -> list[str]:
    """C_423.0: an id stands once."""
    uses = Counter(str(found) for found in page.xpath("//@id"))
    return [name for name, count in uses.items() if count > 1 or not name.strip()]


def named_ids(page: HtmlElement) -> list[str]:
    """C_423.0: an id that something names is there."""
    ids = {str(found) for found in page.xpath("//@id")}
    attributes = "//@for | //@aria-labelledby | //@aria-describedby | //@aria-controls"
    named = [name for found in page.xpath(attributes) for name in str(found).split()]
    return [name for name in named if name not in ids]


def alt_missing(page: HtmlElement) -> list[str]:
    """C_80.0: a picture has an alternative text, of at most 150 characters."""
    pictures = page.xpath("//img | //area | //input[@type='image']")
    return [
        str(img.get("src"))
        for img in pictures
        if img.get("alt") is None or len(img.get("alt")) > 150
    ]


def alt_words(page: HtmlElement) -> list[str]:
    """C_300.x: the alternative text is no file name, and says more than that there is a picture."""
    found = [str(alt) for alt in page.xpath("//@alt") if alt]
    return [
        alt for alt in found if not alt.strip() or POOR_ALT.search(alt.strip()) or is_vague(alt)
    ]


def is_vague(alt: str) -> bool:
    return sum(len(word) for word in PICTURE_WORDS.findall(alt)) > 0.3 * len(alt)


def repeated_words(page: HtmlElement) -> list[str]:
    """B_9: what stands beside a picture is not read twice."""
    return [
        str(img.get("alt"))
        for img in page.xpath("//figure//img[@alt != ''] | //a//img[@alt != '']")
        if img.get("alt") in text_of_others(img)
    ]


def text_of_others(img: HtmlElement) -> Iterator[str]:
    around = img.xpath("ancestor::*[self::figure or self::a][1]")[0]
    return (" ".join(str(words).split()) for words in around.xpath(".//text()"))


def spaced_words(page: HtmlElement) -> list[str]:
    """B_15, B_29, B_37: no spaces inside words: they would be read letter by letter."""
    words = page.xpath("//body//text()[not(parent::script)] | //@alt | //@aria-label | //@value")
    return [match[0] for text in words for match in [SPACED.search(str(text))] if match]


def art(page: HtmlElement) -> list[str]:
    """C_6.1: no pictures made of characters."""
    words = page.xpath("//body//text()[not(parent::script)]")
    return [match[0] for text in words for match in [ART.search(str(text))] if match]


def own_styles(page: HtmlElement) -> list[str]:
    """C_13.0, C_500.19: sizes stand in the style sheets, where they can be relative."""
    sized = page.xpath("//*[not(self::img or self::svg or ancestor::svg)]/@width | //font/@size")
    return [str(found) for found in [*page.xpath("//@style"), *page.xpath("//style"), *sized]]


RULES: tuple[Rule, ...] = (
    language, charset, title, heading_levels, empty_headings, refresh, frames, movement, obsolete,
    handlers, groups, labels, label_places, submits, empty_links, link_words, same_words,
    new_windows, links_inside, skip_link, reach, ways, table_headings, table_headers,
    layout_tables, access_keys, unique_ids, named_ids, alt_missing, alt_words, repeated_words,
    spaced_words, art, own_styles,
)  # fmt: skip
