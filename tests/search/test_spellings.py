"""Spellings of one word meet, and those of different words do not."""

import pytest

from bureaus.search import parse_query
from bureaus.text.words import fold, parse_typed_query
from tests.bench.spellings import meets, ordered_pairs


def test_nine_of_ten_pairs_of_each_kind_meet_in_both_directions() -> None:
    for kind, pairs in ordered_pairs().items():
        assert sum(meets(*pair) for pair in pairs) >= len(pairs) * 0.9, kind


@pytest.mark.parametrize(
    ("typed", "text"),
    [
        ("新しい", "内容を更新した"),
        ("望ましい", "参加を希望します"),
        ("引き下げる", "現役を引退した"),
        ("取り組む", "メトリクスの表"),
        ("出す", "外国へ輸出した"),
        ("三重県", "3重の円"),
        ("平成25年8月", "H258月"),
    ],
)
def test_other_words_do_not_meet(typed: str, text: str) -> None:
    assert not parse_query(parse_typed_query(typed), []).matches(fold(text))


def test_a_synonym_stands_inside_a_longer_word_but_not_inside_another_one() -> None:
    groups = [
        frozenset({fold("パブコメ"), fold("意見募集")}),
        frozenset({"ict", fold("情報通信技術")}),
    ]

    def finds(typed: str, text: str) -> bool:
        return parse_query(parse_typed_query(typed), groups).matches(fold(text))

    assert finds("パブコメ制度", "意見募集制度について")
    assert finds("ICT政策", "情報通信技術政策")
    assert not finds("district政策", "distr情報通信技術政策")


def test_quotes_are_literal() -> None:
    assert parse_query(parse_typed_query("「取組」"), []).all_of == (("取組",),)
