"""Differences of two Japanese texts: exactly the changes are marked, and nothing is lost."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bureaus.text.differences import LINES_COMPARED, WORDS_COMPARED, Pair, compare

LINES = st.lists(st.text(alphabet="総務省の政策をカナABC1 、。", max_size=20), max_size=8)


def marked(pair: Pair) -> tuple[list[str], list[str]]:
    sides = (pair.old, pair.new)
    gone, come = ([piece.text for piece in side if piece.is_changed] for side in sides)
    return gone, come


@pytest.mark.parametrize(
    ("old", "new", "gone", "come"),
    [
        ("研究開発を推進する", "研究開発と標準化を推進する", [], ["と標準化"]),
        ("平成24年度の予算", "平成25年度の予算", ["24"], ["25"]),
        ("インターネットの利用", "サイバー空間の利用", ["インターネット"], ["サイバー空間"]),
        ("同じ文です。", "同じ文です。", [], []),
        ("取り組みます。", "取り組みました。", ["す"], ["した"]),
    ],
)
def test_whole_words_are_marked(old: str, new: str, gone: list[str], come: list[str]) -> None:
    (pair,) = compare([old], [new])
    assert marked(pair) == (gone, come)


def test_an_added_line_has_no_counterpart() -> None:
    pairs = compare(["一行目", "三行目"], ["一行目", "二行目です", "三行目"])
    assert [(marked(pair)) for pair in pairs] == [([], []), ([], ["二行目です"]), ([], [])]
    assert pairs[1].old == ()


def test_lines_with_nothing_in_common_are_not_paired() -> None:
    pairs = compare(["総務省の紹介"], ["電話番号は次のとおりです"])
    assert [marked(pair) for pair in pairs] == [
        (["総務省の紹介"], []),
        ([], ["電話番号は次のとおりです"]),
    ]


def test_an_inserted_line_leaves_the_others_paired() -> None:
    old = ["研究開発を推進しています。", "連絡先：総務課"]
    new = ["国際的な局です。", "研究開発と標準化を推進しています。", "連絡先：総務課"]
    assert [marked(pair) for pair in compare(old, new)] == [
        ([], ["国際的な局です。"]),
        ([], ["と標準化"]),
        ([], []),
    ]


@given(LINES, LINES)
def test_every_word_of_both_texts_is_kept_in_order(old: list[str], new: list[str]) -> None:
    pairs = compare(old, new)
    before = "".join(piece.text for pair in pairs for piece in pair.old)
    after = "".join(piece.text for pair in pairs for piece in pair.new)
    assert (before, after) == ("".join(old), "".join(new))


@given(LINES, LINES)
def test_unmarked_pieces_are_equal_on_both_sides(old: list[str], new: list[str]) -> None:
    for pair in compare(old, new):
        kept = ["".join(p.text for p in side if not p.is_changed) for side in (pair.old, pair.new)]
        assert kept[0] == kept[1]


def test_a_text_too_long_to_compare_is_marked_and_whole() -> None:
    old, new = "字 " * (WORDS_COMPARED + 1), "文 " * (WORDS_COMPARED + 1)
    (pair,) = compare([old], [new])
    assert marked(pair) == ([old], [new])
    many = [str(number) for number in range(LINES_COMPARED + 1)]
    assert len(compare(many, many[1:])) == 2 * len(many) - 1
