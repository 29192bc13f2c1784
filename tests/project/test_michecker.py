"""The static rules of miChecker, over every page and every style sheet."""

import pytest
from lxml.html import HtmlElement, document_fromstring
from pytest_django import DjangoDbBlocker

from tests.helpers import michecker, michecker_styles
from tests.helpers.every_page import sent_pages
from tests.helpers.michecker import RULES, Rule
from tests.helpers.michecker_styles import STYLE_RULES, Block, StyleRule, blocks
from tests.helpers.paths import ROOT
from tests.helpers.reader import SECTIONS

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.usefixtures("ministry"),
    pytest.mark.one_database_unless_long,
]
STYLES = ROOT / "static" / "css"
# Which pages a rule spares, and why.
SPARED = {
    # Nothing is asked of the database there, or nothing was public then: a link home has to do.
    "ways": {"403", "500", "POST /", "/main_sosiki", "/?at=never", "/?at=2001-01-01"},
    "skip_link": {"500"},  # nothing to skip
    # The ministry's own words of 2013 are kept as they are, and have no headings here.
    "reach": {SECTIONS[0]},
}
PRINTED_IN_POINTS = {"print.css"}  # paper has a size of its own, and points are its measure
BAD = {
    "language": "<html lang='日本語'><p>x</p>",
    "charset": "<html><head><title>x</title><meta charset=utf-8></head>",
    "title": "<html><head><title>無題ドキュメント</title></head>",
    "heading_levels": "<h1>x</h1><h3>y</h3>",
    "empty_headings": "<h1> <b></b></h1>",
    "refresh": "<meta http-equiv=refresh content='5; url=/'>",
    "frames": "<iframe src=/ title=' '></iframe>",
    "movement": "<marquee>x</marquee>",
    "obsolete": "<p><font color=red>x</font></p>",
    "handlers": "<p onmouseover='x()'>x</p>",
    "groups": "<fieldset><input name=a type=radio></fieldset><input name=a type=radio>",
    "labels": "<form><label for=b>x</label><input id=a name=q></form>",
    "label_places": "<form><input id=a name=q><label for=a>x</label></form>",
    "submits": "<form action=/><input name=q><button> </button></form>",
    "empty_links": "<a href=/><img src=a.png alt=''></a>",
    "link_words": "<a href=/>こちら</a>",
    "same_words": "<a href=/a/>一覧</a><a href=/b/>一覧</a>",
    "new_windows": "<a href=/ target=_blank>x</a>",
    "links_inside": "<a href=#nowhere>x</a>",
    "skip_link": "<a href=/>x</a><a href=#main>本文へ移動</a><main id=main></main>",
    "reach": f"<main><h1>x</h1><p>{'あ' * 1000}</p></main>",
    "ways": "<nav><a href=/>x</a></nav>",
    "table_headings": "<table><tr><th>x</th><td>y</td></tr></table>",
    "table_headers": "<table><tr><th id=a scope=col>x</th><td headers=b>y</td></tr></table>",
    "layout_tables": "<table><tr><td>x</td></tr></table>",
    "access_keys": "<a href=/ accesskey=s>x</a>",
    "unique_ids": "<p id=a>x</p><p id=a>y</p>",
    "named_ids": "<section aria-labelledby=a><h1 id=b>x</h1></section>",
    "alt_missing": "<img src=a.png>",
    "alt_words": "<img src=a.png alt=kaidan.png>",
    "repeated_words": "<figure><img src=a.png alt=会談><figcaption>会談</figcaption></figure>",
    "spaced_words": "<p>総 務 省</p>",
    "art": "<p>----------</p>",
    "own_styles": "<p style='font-size: 12px'>x</p>",
}
BAD_STYLES = {
    "fixed_sizes": "@media screen { p { font-size: clamp(1rem, 2vw, 20px) } }",
    "small_text": "p { font-size: 0.5rem }",
    "unpaired_colours": "p { color: #000 }",
    "transparent_colours": "p { color: rgb(0 0 0 / 50%); background: #fff }",
    "inserted_words": 'p::before { content: "重要：" }',
    "blinking": "p { text-decoration: blink }",
}


@pytest.fixture(scope="module")
def pages(ministry: None, django_db_blocker: DjangoDbBlocker) -> dict[str, HtmlElement]:
    with django_db_blocker.unblock():
        read = sent_pages()
    html_of = read["public"] | read["refusals"]
    return {address: document_fromstring(html) for address, html in html_of.items()}


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.__name__)
def test_no_page_breaks_a_rule(pages: dict[str, HtmlElement], rule: Rule) -> None:
    held = {
        address: rule(page)
        for address, page in pages.items()
        if address not in SPARED.get(rule.__name__, set())
    }
    assert len(held) > 100
    assert {address: found for address, found in held.items() if found} == {}


@pytest.mark.parametrize("name", BAD)
def test_a_rule_finds_what_breaks_it(name: str) -> None:
    rule: Rule = getattr(michecker, name)
    assert rule(document_fromstring(BAD[name]))


def test_every_rule_has_its_bad_example() -> None:
    assert [rule.__name__ for rule in RULES] == list(BAD)
    assert [rule.__name__ for rule in STYLE_RULES] == list(BAD_STYLES)


def sheets() -> dict[str, list[Block]]:
    """The sheets of what citizens see; the admin is held by axe."""
    public = (path for path in STYLES.rglob("*.css") if "admin" not in path.parts)
    return {path.name: blocks(path.read_text()) for path in public}


@pytest.mark.parametrize("rule", STYLE_RULES, ids=lambda rule: rule.__name__)
def test_no_style_sheet_breaks_a_rule(rule: StyleRule) -> None:
    spared = PRINTED_IN_POINTS if rule.__name__ in {"fixed_sizes", "inserted_words"} else set()
    found = {name: rule(sheet) for name, sheet in sheets().items() if name not in spared}
    assert found
    assert {name: wrong for name, wrong in found.items() if wrong} == {}


@pytest.mark.parametrize("name", BAD_STYLES)
def test_a_rule_of_styles_finds_what_breaks_it(name: str) -> None:
    rule: StyleRule = getattr(michecker_styles, name)
    assert rule(blocks(BAD_STYLES[name]))


def test_the_rules_of_every_sheet_are_read() -> None:
    read = blocks('a { color: red; content: "a;b" } @media print { b { color: #000; } i {} }')
    assert [(block.media, block.selector) for block in read] == [
        ("", "a"),
        (" @media print", "b"),
        (" @media print", "i"),
    ]
    assert read[0].declarations == {"color": "red", "content": '"a;b"'}
