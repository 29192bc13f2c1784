"""Questions as people type them: where no page holds every word, the nearest ones are listed."""

from urllib.parse import quote

import pytest
from django.contrib.auth.models import User
from django.test import Client

from bureaus.models import Answer, Synonyms
from bureaus.reading.searching.few import TERMS, weighted_terms
from bureaus.text.words import fold, parse_typed_query, query_terms
from tests.helpers.cast import Site, approve, place, publish, tokyo
from tests.helpers.editing import drafted
from tests.helpers.reader import read, texts

NEAREST = "//*[@class='nearest']/ol[@class='results']/li/a"
QUESTION = "パスポートを更新するにはどうすればいいですか"

pytestmark = pytest.mark.django_db


def nearest(client: Client, words: str, more: str = "") -> list[str]:
    return texts(read(client, f"/search/?q={quote(words)}{more}"), NEAREST)


@pytest.fixture
def renewals(site: Site) -> Site:
    """A page about passports, and two more that renew something."""
    publish(site.guide, "licence", "免許の更新", body="<p>パスポートは不要です。</p>")
    publish(site.guide, "passport", "パスポートの更新", body="<p>窓口で更新します。</p>")
    publish(site.guide, "card", "カードの手続", body="<p>カードは更新できません。</p>")
    return site


def test_a_question_finds_the_pages_nearest_to_it_the_best_first(
    renewals: Site, citizen: Client
) -> None:
    page = read(citizen, f"/search/?q={quote(QUESTION)}")
    assert texts(page, NEAREST) == ["パスポートの更新", "免許の更新"]
    [status] = texts(page, "//p[@role='status']")
    assert "すべての語を含むページはありません。" in status
    assert "近いものから2件" in status
    assert {"パスポート", "更新"} <= set(texts(page, "//div[@class='nearest']//mark"))


@pytest.mark.parametrize(
    ("typed", "terms"),
    [
        ("粗大ごみの出し方は？", ("粗大", "出", "方")),
        ("Wi-Fiと５Gをつかいたい", ("wi", "fi", "5g")),
        ("ﾊﾟｽﾎﾟｰﾄ", ("パス", "スポ", "ポー", "ート")),
        ("はどうすれば", ()),
    ],
)
def test_the_grammar_of_a_question_is_left_out(typed: str, terms: tuple[str, ...]) -> None:
    assert query_terms(typed) == terms


def test_where_few_pages_hold_every_word_the_nearest_follow_them(
    renewals: Site, citizen: Client
) -> None:
    page = read(citizen, f"/search/?q={quote('更新 窓口')}")
    assert texts(page, "//*[not(@class='nearest')]/ol[@class='results']/li/a") == [
        "パスポートの更新"
    ]
    assert texts(page, NEAREST) == ["免許の更新", "カードの手続"]


@pytest.mark.parametrize("words", ["「更新窓口」", "更新窓口 -手続"])
def test_who_says_exactly_what_they_mean_is_offered_nothing_else(
    renewals: Site, citizen: Client, words: str
) -> None:
    assert nearest(citizen, words) == []


def test_a_page_that_shares_one_character_is_not_near(site: Site, citizen: Client) -> None:
    publish(site.guide, "valley", "谷の保全")
    assert nearest(citizen, "ムーミン谷") == []


def test_a_question_in_other_words_is_answered_by_synonyms(renewals: Site, citizen: Client) -> None:
    question = "旅券はどこで作れますか"
    assert nearest(citizen, question) == []
    Synonyms.objects.create(words="旅券\nパスポート")
    assert nearest(citizen, question) == ["パスポートの更新", "免許の更新"]


def test_only_what_citizens_may_read_is_near(renewals: Site, citizen: Client, writer: User) -> None:
    drafted(place(renewals.bureau, "draft"), writer, title="パスポートの更新の下書き")
    old = publish(renewals.guide, "old", "昔のパスポートの更新")
    approve(old, "昔のパスポートの更新", live_from=tokyo(2014), answer=Answer.ARCHIVED)
    assert nearest(citizen, QUESTION) == ["パスポートの更新", "免許の更新"]
    assert "昔のパスポートの更新" in nearest(citizen, QUESTION, "&archived=on")


def test_a_question_about_the_past_is_answered_as_of_then(renewals: Site, citizen: Client) -> None:
    approve(renewals.guide, "パスポートの更新の案内", live_from=tokyo(2014))
    assert "パスポートの更新の案内" in nearest(citizen, QUESTION)
    assert "パスポートの更新の案内" not in nearest(citizen, QUESTION, "&at=2013-12-31")


def test_the_filters_of_a_question_can_be_removed(renewals: Site, citizen: Client) -> None:
    page = read(citizen, f"/search/?q={quote(QUESTION)}&kind=page")
    assert texts(page, NEAREST) == ["パスポートの更新", "免許の更新"]
    assert "絞り込みを外して探す" in texts(page, "//main//a")
    assert "近いページ2件" in texts(page, "//title")[0]


def test_a_long_question_costs_no_more_than_a_short_one() -> None:
    """A character at a time, and synonyms of everything: the number of terms is bounded."""
    groups = [frozenset({chr(0x4E00 + n), fold(f"長い別名その{n}番")}) for n in range(500)]
    typed = parse_typed_query("の".join(chr(0x4E00 + number) for number in range(30)))
    assert len(weighted_terms(typed, groups)) <= TERMS


def test_an_abbreviation_is_no_part_of_an_english_word(site: Site) -> None:
    groups = [frozenset({"ict", fold("情報通信技術")})]
    assert "情報" not in weighted_terms(parse_typed_query("district"), groups)
    assert weighted_terms(parse_typed_query("ICTとは"), groups)["情報"] < 1
