"""Hostile texts: very long, of one repeated character, or of tags only."""

import pytest

from bureaus.proofreading import Manuscript, proofread
from bureaus.proofreading.registry import FINDINGS_LIMIT
from bureaus.text.rich_text import BodyTooHeavy, sanitise
from tests.helpers.growth import assert_linear
from tests.helpers.storms import size

SIZE = size(20_000, full=80_000)
SIGNS = (
    "漢|ア|ー|　|総 |日　時|(|「|「」|。|、|①|ｶﾞ|１|2013/5/23|平成25年|5月23日（木）|今年|PDF "
    "|こちら|http://|a.b@|ABC |&amp;|推進|〇|＞|\u3099|👨‍👩‍👧|とと|あ  |委員　山田"
).split("|")
TAGS = (
    '<a href="/a/">頁</a>|<strong>太</strong>|<ruby>漢<rt>か</rt></ruby>|<br>|</p><p>あ'
    "|</p><ul><li>・あ</li></ul><p>|</p><h3>概要</h3><p>|</p><h3></h3><p>"
    "|</p><table><tr><td>あ</td></tr></table><p>"
).split("|")


def read(body: str) -> None:
    proofread(Manuscript(title="見本", body=f"<p>{body}</p>"))


@pytest.mark.parametrize("piece", [*SIGNS, *TAGS])
def test_a_long_body_is_read_in_time_that_grows_with_it(piece: str) -> None:
    assert_linear(lambda length: read(piece * (length // len(piece))), SIZE)


def test_a_long_example_is_searched_once() -> None:
    assert_linear(lambda count: read("○○課、" * count + "例"), 16_000)


def test_deep_nesting_is_refused_before_it_is_read() -> None:
    with pytest.raises(BodyTooHeavy):
        sanitise("<blockquote><p>あ</p>" * 1_000)


def test_a_rule_reports_a_thousand_findings_at_most() -> None:
    found = proofread(Manuscript(body=f"<p>{'①' * 5_000}</p>"))
    assert sum(each.rule == "char-dependent" for each in found) == FINDINGS_LIMIT


@pytest.mark.parametrize("text", ["", " ", "\n", "\0", "\ufeff", "<", "&", "&#xD800;", "\u202e"])
def test_nearly_empty_texts_are_read(text: str) -> None:
    manuscript = Manuscript(title=text, lead=text, body=sanitise(text), note=text)
    assert all(each.sentence for each in proofread(manuscript))
