"""Every rule by its id: a wrong Japanese example, which it finds, and a right one."""

from dataclasses import replace
from datetime import date

import pytest

from bureaus.proofreading import RULES, Manuscript, autofix, proofread
from tests.helpers.rule_examples import EXAMPLES, body, link, paragraph


def found_by(name: str, manuscript: Manuscript) -> list[str]:
    return [finding.words for finding in RULES[name](manuscript)]


def test_every_rule_has_its_examples() -> None:
    assert list(EXAMPLES.keys() ^ RULES.keys()) == []


@pytest.mark.parametrize("name", EXAMPLES)
def test_the_wrong_example_is_found_and_the_right_one_is_not(name: str) -> None:
    wrong, right = EXAMPLES[name]
    assert found_by(name, wrong)
    assert found_by(name, right) == []


@pytest.mark.parametrize("name", EXAMPLES)
def test_findings_are_sentences_with_hints(name: str) -> None:
    for finding in RULES[name](EXAMPLES[name][0]):
        assert finding.sentence.endswith(("。", "。）"))
        sentence = f"{finding.sentence}{finding.hint}"
        assert "ください" in sentence or "かまいません" in sentence or "望まれ" in sentence
        assert finding.source


@pytest.mark.parametrize(
    ("wrong", "right"),
    [
        ("①②", "（1）（2）"),
        ("㈱", "（株）"),
        ("㍻25年", "平成25年"),
        ("第Ⅳ期", "第IV期"),
        ("30㎡", "30平方メートル"),
        ("10㌔", "10キロ"),
        ("ｶﾞｲﾄﾞ", "ガイド"),
        ("２０１３年", "2013年"),
        ("日　時", "日時"),
        ("総 務 省", "総務省"),
        ("戦略局 の紹介", "戦略局の紹介"),
        ("期限は2013/5/23", "期限は2013年5月23日"),
        ("H25.5.23", "平成25年（2013年）5月23日"),
        ("平成25年度に実施", "平成25年度（2013年度）に実施"),
        ("令和元年に実施", "令和元年（2019年）に実施"),
        ("研究(開発)です.", "研究（開発）です。"),
        ("研究をを進める", "研究を進める"),
    ],
)
def test_findings_with_a_safe_fix_are_fixed(wrong: str, right: str) -> None:
    fixed = autofix(Manuscript(lead=wrong)).lead
    assert right in fixed


@pytest.mark.parametrize("words", ["ように", "もののように", "林 健", "山田　太郎", "国々や人々"])
def test_ambiguous_findings_have_no_fix(words: str) -> None:
    assert autofix(Manuscript(lead=words)).lead == words


def test_news_is_anchored_by_its_date() -> None:
    news = Manuscript(lead="今年の会合です。", issued_on=date(2013, 5, 23))
    assert found_by("date-relative", news) == []
    assert found_by("date-relative", replace(news, issued_on=None)) == ["今年"]


def test_fields_that_are_not_public_are_not_read() -> None:
    assert proofread(Manuscript(title="見本", body="<p>国<ruby>牽<rt>ケン</rt></ruby>引</p>")) == []


@pytest.mark.parametrize(
    ("name", "right"),
    [
        ("date-relative", paragraph("「今年の漢字」は、書の行事です。")),
        ("link-here", link("関連リンク")),
        ("link-here", link("資料の一覧")),
        (
            "heading-lost",
            body(
                "<p>委員は、次のとおりです。</p><p>委員　山田太郎</p><p>委員　鈴木花子</p>"
                "<p>委員　佐藤一郎</p>"
            ),
        ),
        ("section-empty", body("<h3>日程</h3><table><tr><td>5月</td></tr></table>")),
        (
            "residue-doubled",
            body("<ul><li>総務省の報道資料</li><li>総務省の報道資料</li></ul>"),
        ),
        ("date-weekday", paragraph("2013年12月20日（金）から1月10日（金）まで")),
        ("link-dead", link("報道資料", "/news/")),
    ],
)
def test_lookalikes_of_faults_are_not_reported(name: str, right: Manuscript) -> None:
    assert list(RULES[name](right)) == []
