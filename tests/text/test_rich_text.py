"""The sanitiser: the allow-list, the limits and the refusals."""

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from bureaus.text.html_limits import html_weight
from bureaus.text.html_tree import plain_text
from bureaus.text.rich_text import (
    BodyTooHeavy,
    forbidden,
    is_safe_address,
    sanitise,
    strip_invisible,
)
from tests.helpers.attacks import HEAVY

ORDINARY = (
    "<h3>見出し</h3><p>本文<strong>強調</strong><em>強勢</em><br>"
    '<a href="/main_sosiki/">案内</a></p>'
    '<ul><li>一</li></ul><ol start="3"><li>三</li></ol><blockquote><p>引用</p></blockquote>'
    "<dl><dt>語</dt><dd>意味</dd></dl><p><ruby>牽<rp>(</rp><rt>けん</rt><rp>)</rp></ruby></p>"
    '<table><caption>表</caption><thead><tr><th scope="col" colspan="2">頭</th></tr></thead>'
    "<tbody><tr><td>値</td><td>値</td></tr></tbody></table>"
)
ATTACKS = [
    "<script>alert(1)</script>",
    '<img src=x onerror="alert(1)">',
    '<svg onload="alert(1)"><a xlink:href="javascript:alert(1)">x</a></svg>',
    "<math><mi//xlink:href='data:x,<script>alert(4)</script>'>",
    '<p onclick="alert(1)" style="position:fixed" class="x" id="main">x</p>',
    '<iframe src="//evil.example"></iframe>',
    '<a href="javascript:alert(1)">x</a>',
    '<a href="java&#x0A;script:alert(1)">x</a>',
    '<a href="//evil.example/">x</a>',
    '<a href="\\\\evil.example">x</a>',
    '<a href="https:evil.example">x</a>',
    '<a href="data:text/html,<script>alert(1)</script>">x</a>',
    '<a href="/%2e%2e/%2e%2e/admin/">x</a>',
    '<a href="vbscript:x">x</a>',
    '<a target="_blank" href="/x/">x</a>',
    '<noscript><p title="</noscript><img src=x onerror=alert(1)>">',
    "<form><math><mtext></form><form><mglyph><style></math><img src onerror=alert(1)>",
    "<!--><img src=x onerror=alert(1)>-->",
    "<table><td background='x'>",
    '<base href="//evil.example">',
    '<meta http-equiv="refresh" content="0;url=//evil.example">',
    "<p>\u202etxt.exe\u202c</p>",
]


def test_ordinary_bodies_stay_as_they_are() -> None:
    assert sanitise(ORDINARY) == ORDINARY
    assert forbidden(ORDINARY) == []


@pytest.mark.parametrize("attack", ATTACKS)
def test_an_attack_leaves_no_script_and_no_forbidden_link(attack: str) -> None:
    clean = sanitise(attack).lower()
    for word in ("script", "onerror", "onload", "onclick", "evil", "style", "<img", "<svg", "%2e"):
        assert word not in clean
    assert "\u202e" not in clean
    assert forbidden(attack), "a fixture that holds this is refused"


@given(
    st.text()
    | st.from_regex(r"(<[a-z]{1,8}( [a-z]{1,6}=\"?[a-z:/\\%.]{0,9}\"?)?/?>|[ぁ-ん<>&\"]){0,30}")
)
def test_sanitising_is_idempotent(text: str) -> None:
    assume(not html_weight(text))
    once = sanitise(text)
    assert sanitise(once) == once
    assert forbidden(once) == []


@pytest.mark.parametrize(
    ("href", "is_safe"),
    [
        ("/main_sosiki/", True),
        ("#section1", True),
        ("?at=2013-08-01", True),
        ("https://www.soumu.go.jp/a?b=1#c", True),
        ("mailto:ict@example.go.jp", True),
        ("tel:03-5253-5111", True),
        ("", False),
        ("main_sosiki/", False),
        ("//host", False),
        ("/\\host", False),
        ("http:///x", False),
        ("https:host", False),
        ("javascript:x", False),
        ("ftp://host/", False),
        ("/a/../b", False),
        ("/a/%2E%2e/b", False),
        ("http://[", False),
        ("/a\x00b", False),
        ("mailto:", False),
    ],
)
def test_which_addresses_a_link_may_have(href: str, *, is_safe: bool) -> None:
    assert is_safe_address(href) is is_safe


def test_a_body_that_would_take_long_to_clean_is_refused_at_once() -> None:
    with pytest.raises(BodyTooHeavy, match="200,000"):
        sanitise("あ" * 70_000)
    with pytest.raises(BodyTooHeavy, match="101段"):
        sanitise("<blockquote>" * 101)
    assert sanitise("<p>" + "<br>" * 300 + "</p>")  # an empty element nests nothing


@pytest.mark.parametrize("html", HEAVY.values(), ids=HEAVY.keys())
def test_heavy_html_is_refused_before_it_is_parsed(html: str) -> None:
    """The work is bounded by limits on size, depth, formatting and attributes."""
    with pytest.raises(BodyTooHeavy):
        sanitise(html)


@pytest.mark.parametrize(
    "html",
    [
        "<ul>" + "<li>一<li>二" * 300 + "</ul><p>終わり",
        "<table>" + "<tr><th>甲<td>乙" * 300 + "</table>",
        "<p>段落" * 500,
        "<p><strong>語</strong>と<a href='/x/'>案内</a></p>" * 500,
        "<!--[if gte mso 9]><xml></xml><![endif]--><style>p > a { color: red }</style><p>文</p>"
        * 200,
        "<p>a < b && c > d</p>" * 200,
    ],
)
def test_hand_written_html_is_not_heavy(html: str) -> None:
    assert html_weight(html) == ""


def test_control_characters_are_removed_and_line_breaks_stay() -> None:
    assert strip_invisible("a\x00\x1b\u200b\u202e\nb\tc") == "a\nb\tc"


def test_the_plain_text_of_a_body_has_no_readings() -> None:
    assert plain_text(ORDINARY).startswith("見出し 本文強調強勢 案内 一 三 引用 語 意味 牽 表 頭")
