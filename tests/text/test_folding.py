"""Folding, highlighting, snippets, spellings of years and typed queries."""

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from bureaus.text.words import (
    fold,
    fold_with_offsets,
    highlight,
    highlighting,
    parse_typed_query,
    snippet,
    year_spellings,
)
from bureaus.text.words.character_variants import KANJI, variant_table
from bureaus.text.words.highlighting import SNIPPET

JAPANESE = st.text(
    st.sampled_from(
        "総務省政策税ＩＣＴictｻｲﾊﾞｰサイバーがか゛゙ﾞ゚ぱー―‐－─〜～~ 　\n\t・髙﨑①㈱㍻25平成年、。「」é́-"
    ),
    max_size=40,
)


@pytest.mark.parametrize(
    ("written", "other"),
    [
        ("ＩＣＴ", "ict"),
        ("ICT", "ict"),
        ("ｻｲﾊﾞｰ", "サイバー"),
        ("さいばー", "サイバー"),
        ("サイバ―", "サイバー"),  # a dash for the long vowel
        ("サイバ−", "サイバー"),  # and a minus
        ("サーーバ", "サーバ"),
        ("サイバー セキュリティ", "サイバーセキュリティ"),
        ("サイバー・セキュリティ", "サイバーセキュリティ"),
        ("総　務　省", "総務省"),
        ("ICT 戦略", "ICT戦略"),
        ("髙橋", "高橋"),
        ("國﨑", "国崎"),
        ("渡邉", "渡邊"),
        ("稅", "税"),
        ("渕上", "淵上"),
        ("ハ゛ス", "バス"),
        ("は゜す", "ぱす"),
        ("霞ヶ関", "霞ケ関"),
        ("①", "1"),
        ("㍻25年", "平成25年"),
        ("㈱", "(株)"),
        ("葛\U000e0100城", "葛城"),
        ("政\u200b策", "政策"),
        ("企画、立案", "企画，立案"),
        ("5月〜6月", "5月～6月"),
    ],
)
def test_spellings_that_read_alike_fold_alike(written: str, other: str) -> None:
    assert fold(written) == fold(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("病院", "美容院"),
        ("びよういん", "びょういん"),
        ("ハス", "バス"),
        ("global strategy", "globalstrategy"),
        ("税", "説"),
        ("サーバ", "サバ"),
    ],
)
def test_spellings_that_read_differently_fold_differently(one: str, other: str) -> None:
    assert fold(one) != fold(other)


@given(st.one_of(st.text(), JAPANESE))
def test_folding_again_changes_nothing(text: str) -> None:
    assert fold(fold(text)) == fold(text)


@given(st.one_of(st.text(), JAPANESE))
def test_a_folded_text_is_one_line_of_what_can_be_stored(text: str) -> None:
    folded = fold(text)
    assert folded == folded.strip()
    assert not any(sign in folded for sign in "\n\r\t\x00")
    folded.encode("utf-8")


@given(JAPANESE, st.integers(0, 40), st.integers(0, 40))
def test_a_part_of_a_text_is_a_part_of_the_folded_text(text: str, one: int, other: int) -> None:
    start, end = sorted((min(one, len(text)), min(other, len(text))))
    while end < len(text) and text[end] in "゙ﾞ゚゛́":  # a mark belongs to what stands before it
        end += 1
    while start < end and text[start] in "゙ﾞ゚゛́":
        start += 1
    assert fold(text[start:end]) in fold(text)


@example("0 \u0345")  # a mark that folds to a letter
@given(st.one_of(st.text(), JAPANESE))
def test_every_folded_character_has_its_range(text: str) -> None:
    folded = fold_with_offsets(text)
    assert folded.text in (fold(text), "")
    assert len(folded.spans) == len(folded.text)
    assert all(0 <= start < end <= len(text) for start, end in folded.spans)
    assert [start for start, _ in folded.spans] == sorted(start for start, _ in folded.spans)


@given(JAPANESE)
def test_japanese_text_always_has_ranges(text: str) -> None:
    assert fold_with_offsets(text).text == fold(text)


@given(JAPANESE, JAPANESE, JAPANESE)
def test_marking_loses_no_character_and_marks_what_folds_to_the_word(
    before: str, word: str, after: str
) -> None:
    text = before + word + after
    pieces = highlight(text, [fold(word)])
    assert "".join(piece.text for piece in pieces) == text
    if fold(word) and fold(word) in fold(text):
        found = [piece.text for piece in pieces if piece.is_found]
        assert found
        assert all(fold(word)[0] in fold(piece) for piece in found)


def test_a_mark_covers_the_spaces_inside_a_word() -> None:
    pieces = highlight("ここは総 務 省です", ["総務省"])
    assert [(piece.text, piece.is_found) for piece in pieces] == [
        ("ここは", False),
        ("総 務 省", True),
        ("です", False),
    ]


def test_a_snippet_is_short_and_holds_the_word() -> None:
    paragraphs = ["前置き。" * 300, "あ" * 500 + "地デジの" + "い" * 500, "地デジ"]
    pieces = snippet(paragraphs, [fold("地デジ")])
    joined = "".join(piece.text for piece in pieces)
    assert [piece.text for piece in pieces if piece.is_found] == ["地デジ"]
    assert len(joined) <= SNIPPET + 2
    assert (joined[0], joined[-1]) == ("…", "…")


@pytest.mark.parametrize("place", [0, 1, 30, 60, 100])
def test_what_a_snippet_leaves_out_is_shown_by_an_ellipsis(place: int) -> None:
    for rest in (60, 100, 118, 119, 120, 121, 200, 400):
        paragraph = f"{'あ' * place}税{'い' * rest}"
        joined = "".join(piece.text for piece in snippet([paragraph], ["税"]))
        assert joined.strip("…") in paragraph
        assert joined.startswith("…") == (not paragraph.startswith(joined.strip("…")))
        assert joined.endswith("…") == (not paragraph.endswith(joined.strip("…")))
        assert "税" in joined
        assert "……" not in joined


def test_a_snippet_prefers_the_paragraph_with_most_words() -> None:
    joined = snippet(["放送の話。", "放送と税の話。"], ["放送", "税"])
    assert "".join(piece.text for piece in joined) == "放送と税の話。"


def test_a_snippet_without_a_match_is_the_beginning() -> None:
    assert [piece.text for piece in snippet(["あいう", "え"], ["無"])] == ["あいう"]
    assert snippet([], ["無"]) == ()


def test_only_the_beginning_of_a_long_text_is_folded(monkeypatch: pytest.MonkeyPatch) -> None:
    folded: list[str] = []

    def counted(text: str) -> str:
        folded.append(text)
        return fold(text)

    monkeypatch.setattr(highlighting, "fold", counted)
    pieces = snippet([*["白書の本文。" * 150] * 300, "末尾の税"], ["税"])
    assert [piece.text for piece in pieces if piece.is_found] == ["税"]
    assert sum(map(len, folded)) <= highlighting.FOLDED


# The table


def test_no_variant_leads_to_another() -> None:
    targets = {target for target in variant_table().values() if target}
    assert not {chr(source) for source in variant_table()} & set(targets)
    assert all(len(pair) == 2 for pair in KANJI.split())


# Years


@pytest.mark.parametrize(
    ("written", "others"),
    [
        ("平成25年", {"2013年"}),
        ("平成25年度予算", {"2013年度予算"}),
        ("2013年5月", {"平成25年5月"}),
        ("2019年", {"平成31年", "令和元年", "令和1年"}),
        ("平成元年", {"1989年", "昭和64年", "平成1年"}),
        (
            "平成25年から平成27年",
            {"2013年から平成27年", "平成25年から2015年", "2013年から2015年"},
        ),
        (
            "2013年から2015年",
            {"平成25年から2015年", "2013年から平成27年", "平成25年から平成27年"},
        ),
        ("1867年", set()),
        ("12013年", set()),
        ("平成25", set()),
    ],
)
def test_a_year_is_written_in_two_calendars(written: str, others: set[str]) -> None:
    assert year_spellings(written) == others


# Typed queries


@pytest.mark.parametrize(
    ("typed", "required", "excluded"),
    [
        ("放送　公募", ["放送", "公募"], []),
        ("「放送 公募」 税", ["放送公募", "税"], []),
        ('"digital tv" 税', ["digital tv", "税"], []),
        ("公募 -結果", ["公募"], ["結果"]),
        ("公募 －「最終 結果」", ["公募"], ["最終結果"]),
        ("ICT-2013", ["ictー2013"], []),
        ("総 務 省", ["総務省"], []),
        ("総 務 省 予算", ["総務省", "予算"], []),
        ("「放送", ["放送"], []),
        ('"', ['"'], []),
        ("「」", [], []),
        ("- 放送", ["放送"], []),
        ("総務省 － 白書", ["総務省", "白書"], []),
        ("-", ["ー"], []),
        ("『研究 開発』 税", ["研究開発", "税"], []),
        ("「『白書』」", ["『白書』"], []),
        ("放送 放送 ﾎｳｿｳ", ["放送", "ホウソウ"], []),
        ("　 ", [], []),
        ("a " * 1_000, ["a"], []),
        ("\x00\ud800", [], []),
    ],
)
def test_a_typed_query_is_parsed(typed: str, required: list[str], excluded: list[str]) -> None:
    query = parse_typed_query(typed)
    assert [word.folded for word in query.required] == required
    assert list(query.excluded) == excluded


def test_the_text_of_a_query_parses_to_the_same_query() -> None:
    query = parse_typed_query("一目 二目 三目 四目 五目 六目 七目 「八目」 九目 -十目")
    assert query.text == "一目 二目 三目 四目 五目 六目 七目 「八目」"
    assert [word.typed for word in query.required][-1] == "八目"
    assert query.excluded == ()


@given(st.text(max_size=300))
def test_any_input_can_be_parsed(typed: str) -> None:
    query = parse_typed_query(typed)
    assert len(query.required) <= 8
    assert all(word.folded == fold(word.folded) != "" for word in query.required)
