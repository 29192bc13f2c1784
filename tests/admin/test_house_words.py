"""The words of the house: kept on a screen, known to the proofreader."""

import pytest
from django.contrib.auth.models import User
from django.db import connection
from django.test.utils import CaptureQueriesContext

from bureaus.models import Action, AuditEntry, HouseWord, Role
from bureaus.proofreading import Manuscript, autofix, manuscript_of, proofread
from bureaus.proofreading.manuscript import HouseWord as Word
from bureaus.publishing import Blocked, change_house_word
from tests.helpers.cast import Site, client_of, officer, publish
from tests.helpers.page_details import text_in

pytestmark = [pytest.mark.django_db, pytest.mark.one_database]
SCREEN = "/admin/bureaus/house-words/"
PAIR = {"written": "ホームページ", "preferred": "ウェブサイト", "do": "save"}


@pytest.fixture
def chief(site: Site) -> User:
    """A manager of the whole site."""
    return officer("長谷川", {site.root: [Role.MANAGER]})


def found(text: str, *words: Word) -> list[tuple[str, str | None]]:
    manuscript = Manuscript(lead=text, house_words=words)
    return [(each.words, each.replacement) for each in proofread(manuscript)]


def test_a_word_of_the_list_is_reported_and_fixed() -> None:
    word = Word("ホームページ", "ウェブサイト")
    assert found("局のホームページで公表する。", word) == [("ホームページ", "ウェブサイト")]
    fixed = autofix(Manuscript(lead="局のホームページで公表する。", house_words=(word,)))
    assert fixed.lead == "局のウェブサイトで公表する。"


def test_a_word_inside_a_longer_word_of_the_list_is_left() -> None:
    words = (Word("計画", "計画書"), Word("計画方針"))
    assert found("計画方針に基づく計画書と計画を示す。", *words) == [("計画", "計画書")]


def test_what_the_house_writes_so_is_reported_by_no_other_rule() -> None:
    assert found("ことと㈱を示す。") != []
    assert found("ことと㈱を示す。", Word("㈱")) == []


def test_a_secret_is_reported_though_it_is_a_word_of_the_house() -> None:
    number = "123456789018"  # with the check digit of 個人番号
    plain = found(f"個人番号は{number}です。")
    assert found(f"個人番号は{number}です。", Word(number)) == plain != []


def test_the_list_applies_to_every_draft_and_costs_no_query(site: Site, chief: User) -> None:
    edition = publish(site.root, "hp", "ホームページの案内").editions.select_related("page").get()
    with CaptureQueriesContext(connection) as without:
        manuscript_of(edition)
    client_of(chief).post(SCREEN, PAIR)
    with CaptureQueriesContext(connection) as queries:
        manuscript = manuscript_of(edition)
    assert len(queries) == len(without)
    assert [each.rule for each in proofread(manuscript)] == ["word-house"]


def test_a_change_is_recorded_with_what_stood_there_before(site: Site, chief: User) -> None:
    client = client_of(chief)
    client.post(SCREEN, PAIR)
    entry = HouseWord.objects.get()
    client.post(SCREEN, PAIR | {"preferred": "サイト", "word": entry.pk, "version": entry.version})
    entry.refresh_from_db()
    response = client.post(
        SCREEN, {"word": entry.pk, "version": entry.version, "do": "delete"}, follow=True
    )
    assert "用語を1つ削除しました。" in text_in(response.content.decode())
    assert not HouseWord.objects.exists()
    entries = AuditEntry.objects.filter(action=Action.HOUSE_WORDS).order_by("pk")
    assert [each.details.get("word", "") for each in entries] == [
        "ホームページ→ウェブサイト",
        "ホームページ→サイト",
        "",
    ]


def test_of_two_managers_the_second_reads_what_the_first_has_done(site: Site, chief: User) -> None:
    client = client_of(chief)
    client.post(SCREEN, PAIR)
    entry = HouseWord.objects.get()
    HouseWord.objects.update(preferred="Webサイト")
    response = client.post(
        SCREEN, PAIR | {"preferred": "サイト", "word": entry.pk, "version": entry.version}
    )
    assert response.status_code == 409
    text = response.content.decode()
    assert "ほかの人が「ホームページ→Webサイト」に変えました" in text_in(text)
    assert 'value="サイト"' in text


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ({"written": "あ"}, "2文字以上"),
        ({"written": "ウェブサイト"}, "同じです"),
        ({"written": "長" * 41}, "40文字以内"),
        ({"written": "ホームページ"}, "もう用語にあります"),
        ({"preferred": "ホームページ", "written": "HP"}, "直すことになっています"),
    ],
)
def test_what_cannot_be_a_word_is_refused_and_stays_in_the_form(
    site: Site, chief: User, typed: dict[str, str], sentence: str
) -> None:
    client = client_of(chief)
    client.post(SCREEN, PAIR)
    response = client.post(SCREEN, PAIR | typed)
    assert response.status_code in {409, 422}  # another entry, or the words themselves
    assert sentence in text_in(response.content.decode())
    assert f'value="{typed["written"]}"' in response.content.decode()


def test_a_manager_of_one_bureau_reads_the_list_and_changes_nothing(site: Site) -> None:
    manager = officer("中村", {site.bureau: [Role.MANAGER]})
    assert "依頼してください" in text_in(client_of(manager).get(SCREEN).content.decode())
    with pytest.raises(Blocked):
        change_house_word(entry=HouseWord(written="ホームページ"), actor=manager)
