"""Bodies as pages contain them: heading levels, tables that scroll, links at a moment."""

import pytest

from bureaus.reading.body_html import body_on_page, links_at_moment, note_html
from bureaus.reading.moments import Moment, present_moment
from tests.helpers.cast import tokyo

pytestmark = pytest.mark.one_database

POLICY = "/documents/ict_tweet_unyou_policy.pdf"
THEN = Moment(tokyo(2013, 8, 1), "2013-08-01")


def test_headings_right_below_the_title_rise_by_one_and_get_an_anchor() -> None:
    body, headings = body_on_page("<h3>一</h3><h4>一の一</h4><h3>二<ruby>字<rt>じ</rt></ruby></h3>")
    assert body == (
        '<h2 id="h1">一</h2><h3>一の一</h3><h2 id="h2">二<ruby>字<rt>じ</rt></ruby></h2>'
    )
    assert [(heading.anchor, heading.text) for heading in headings] == [
        ("h1", "一"),
        ("h2", "二字"),
    ]


def test_a_table_within_a_table_stays_inside_the_one_box() -> None:
    inner = "<table><tbody><tr><td>中</td></tr></tbody></table>"
    outer = f"<table><caption>外</caption><tbody><tr><td>{inner}</td></tr></tbody></table>"
    html = links_at_moment(f"<p>前</p>{outer}<p>間</p>{inner}<p>後</p>", present_moment())
    box = '<div class="table-box" role="region" tabindex="0" aria-label='
    assert html == (f'<p>前</p>{box}"外">{outer}</div><p>間</p>{box}"表">{inner}</div><p>後</p>')


@pytest.mark.parametrize(
    ("href", "then"),
    [
        ("/main_sosiki/", "/main_sosiki/?at=2013-08-01"),
        ("/main_sosiki/#news", "/main_sosiki/?at=2013-08-01#news"),
        ("/main_sosiki/index.html", "/main_sosiki/?at=2013-08-01"),
        ("/news/?year=2013&amp;page=2", "/news/?at=2013-08-01&amp;year=2013&amp;page=2"),
        (POLICY, f"{POLICY}?at=2013-08-01"),
        ("/documents/old", "/documents/old?at=2013-08-01"),
        ("https://www.soumu.go.jp/", "https://www.soumu.go.jp/"),
        ("#h1", "#h1"),
    ],
)
def test_links_inside_the_site_stay_at_a_past_moment(href: str, then: str) -> None:
    assert links_at_moment(f'<a href="{href}">文字</a>', THEN) == f'<a href="{then}">文字</a>'
    assert (
        links_at_moment(f'<a href="{href}">文字</a>', present_moment())
        == f'<a href="{href}">文字</a>'
    )


def test_cells_that_hold_a_number_alone_are_aligned_as_numbers() -> None:
    table = '<table><tr><td>1,234</td><td colspan="2">△5.6%</td><td>3か所</td></tr></table>'
    html = links_at_moment(table, present_moment())
    assert '<td class="number">1,234</td><td colspan="2" class="number">△5.6%</td>' in html
    assert "<td>3か所</td>" in html


def test_a_note_links_the_addresses_in_it_at_the_moment_of_the_page() -> None:
    note = "新しい局（/main_sosiki/）が引き継ぎました。\nhttps://www.example.go.jp/a?b=1 & <b>"
    assert note_html(note, THEN) == (
        '新しい局（<a href="/main_sosiki/?at=2013-08-01">/main_sosiki/</a>）が引き継ぎました。<br>'
        '<a href="https://www.example.go.jp/a?b=1">https://www.example.go.jp/a?b=1</a>'
        " &amp; &lt;b&gt;"
    )
