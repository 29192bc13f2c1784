"""The normal form of a body: equal content is stored equally, and no text is lost."""

import json

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from bureaus.text.html_limits import html_weight
from bureaus.text.html_normalizer import normalize_html
from bureaus.text.html_tree import plain_text
from bureaus.text.rich_text import forbidden, sanitise
from tests.helpers.hard_pages import EVERYTHING
from tests.helpers.paths import ROOT

pytestmark = pytest.mark.one_database

COL, ROW = '<th scope="col">', '<th scope="row">'
ONE_ROW = f"<tbody>\n<tr>{ROW}甲</th><td>7</td></tr>\n</tbody>\n</table>"
PIECES = st.lists(
    st.sampled_from(
        "<p> </p> <li> </li> <ul> </ul> <ol> </ol> <dl> </dl> <dt> <dd> <table> <tr> <td> <th>"
        " </table> <caption> </caption> <br> <h3> </h3> <blockquote> </blockquote> <strong>"
        " </strong> あ い う &amp; &nbsp; &lt;".split()
    )
    | st.just("\n"),
    max_size=40,
)


def bodies() -> list[str]:
    found = []
    for name in ("ministry", "directory", "news"):
        rows = json.loads((ROOT / "fixtures" / f"{name}.json").read_text())
        found += [row["fields"]["body"] for row in rows if row["fields"].get("body")]
    return found


def test_every_body_of_the_fixtures_is_in_normal_form() -> None:
    assert [normalize_html(body) for body in bodies()] == bodies()


@pytest.mark.parametrize(
    ("html", "expected"),
    [
        ("言葉", "<p>言葉</p>"),
        ("<ul><li><p>一</p></li></ul>", "<ul>\n<li>一</li>\n</ul>"),
        ("<ul><li><p>一</p><p>二</p></li></ul>", "<ul>\n<li><p>一</p>\n<p>二</p></li>\n</ul>"),
        (
            "<ul><li><p>一</p><ol><li><p>二</p></li></ol></li></ul>",
            "<ul>\n<li>一<ol>\n<li>二</li>\n</ol></li>\n</ul>",
        ),
        ("<ul>言葉<li>一</li></ul>", "<ul>\n<li>言葉</li>\n<li>一</li>\n</ul>"),
        ("<strong>あ<p>い</p><p></p></strong>", "<p><strong>あい</strong></p>"),
        ("<blockquote>引用</blockquote>", "<blockquote><p>引用</p></blockquote>"),
        ("<p></p><p><br></p><h3> </h3><p>文</p>", "<p>文</p>"),
        ("<p> 前\n 後 <br> 次</p>", "<p>前 後<br>次</p>"),
        (
            "<table><tr><th>年</th><th>件</th></tr><tr><th>甲</th><td><p>7</p></td></tr></table>",
            f"<table>\n<thead>\n<tr>{COL}年</th>{COL}件</th></tr>\n</thead>\n{ONE_ROW}",
        ),
        (
            '<table><tr><th scope="row">甲</th></tr><tr><td>乙</td></tr></table>',
            f"<table>\n<tbody>\n<tr>{ROW}甲</th></tr>\n<tr><td>乙</td></tr>\n</tbody>\n</table>",
        ),
        (
            '<table><tr><td rowspan="2" colspan="3">甲</td></tr></table>',
            '<table>\n<tbody>\n<tr><td colspan="3" rowspan="2">甲</td></tr>\n</tbody>\n</table>',
        ),
    ],
)
def test_the_normal_form(html: str, expected: str) -> None:
    assert normalize_html(sanitise(html)) == expected


@given(PIECES.map("".join) | st.just(EVERYTHING))
def test_normalising_loses_no_word_and_is_idempotent(html: str) -> None:
    assume(not html_weight(html))
    clean = sanitise(html)
    tidied = normalize_html(clean)
    assert "".join(plain_text(tidied).split()) == "".join(plain_text(clean).split())
    assert normalize_html(tidied) == tidied
    assert sanitise(tidied) == tidied
    assert forbidden(tidied) == []
