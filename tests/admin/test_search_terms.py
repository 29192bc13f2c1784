"""The screen of zero-result queries and synonyms."""

import re
from datetime import timedelta
from urllib.parse import quote

import pytest
from django.contrib.auth.models import User
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from bureaus.models import Action, AuditEntry, Role, Synonyms, ZeroResultQuery
from bureaus.publishing import Blocked, change_synonyms
from bureaus.text.formatting import TOKYO
from tests.helpers.cast import Site, client_of, officer, publish
from tests.helpers.editing import refused
from tests.helpers.page_details import page_url, queries_of, text_in

pytestmark = [pytest.mark.django_db, pytest.mark.one_database]
WORDS = "/admin/bureaus/words/"
PAIR = "地デジ\r\n地上デジタル放送"


@pytest.fixture
def chief(site: Site) -> User:
    """A manager of the whole site."""
    return officer("長谷川", {site.root: [Role.MANAGER]})


def zero_result(word: str, times: int = 3, *, days_ago: int = 0, typed: str = "") -> None:
    day = timezone.localdate(timezone=TOKYO) - timedelta(days=days_ago)
    ZeroResultQuery.objects.create(day=day, word=word, count=times, typed=typed)


def read(who: User, address: str = WORDS) -> str:
    response = client_of(who).get(address)
    assert response.status_code == 200
    return text_in(response.content.decode())


def found(words: str) -> list[str]:
    """Return the list of the pages that contain every word, in HTML."""
    html = Client(HTTP_HOST="localhost").get(f"/search/?q={quote(words)}").content.decode()
    return re.findall(r'(?<!"nearest">)<ol class="results".*?</ol>', html, re.DOTALL)


# Words that mean the same


def test_a_group_is_written_and_every_search_knows_it(site: Site, chief: User) -> None:
    publish(site.root, "tv", "地上デジタル放送の話")
    assert not found("地デジ")
    response = client_of(chief).post(WORDS, {"words": PAIR, "do": "save"}, follow=True)
    assert "「地デジ＝地上デジタル放送」を同じ意味の語にしました。" in text_in(
        response.content.decode()
    )
    assert found("地デジ")


def test_a_change_is_recorded_with_what_stood_there_before(site: Site, chief: User) -> None:
    client = client_of(chief)
    client.post(WORDS, {"words": PAIR, "do": "save"})
    group = Synonyms.objects.get()
    client.post(
        WORDS,
        {"words": f"{PAIR}\r\n地上波", "version": group.version, "group": group.pk, "do": "save"},
    )
    group.refresh_from_db()
    client.post(WORDS, {"version": group.version, "group": group.pk, "do": "delete"})
    assert not Synonyms.objects.exists()
    events = AuditEntry.objects.filter(action=Action.SYNONYMS).order_by("pk")
    assert [(each.page, each.actor) for each in events] == [(site.root, chief)] * 3
    assert [each.details for each in events] == [
        {"synonyms": "地デジ＝地上デジタル放送"},
        {
            "synonyms": "地デジ＝地上デジタル放送＝地上波",
            "synonyms_before": "地デジ＝地上デジタル放送",
        },
        {"synonyms_before": "地デジ＝地上デジタル放送＝地上波"},
    ]
    records = text_in(client.get("/admin/bureaus/auditentry/").content.decode())
    assert (
        "同義語「地デジ＝地上デジタル放送＝地上波」 それまでは「地デジ＝地上デジタル放送」"
        in records
    )


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        ("", "2語以上書いてください。"),
        ("地デジ", "2語以上書いてください。"),
        ("サイバー\nさいばー\nｻｲﾊﾞｰ", "2語以上書いてください。"),
        ("\n".join(f"語{n}" for n in range(13)), "12語まで書けます。いまは13語です。"),
        (f"{'あ' * 41}\n短", "41文字あります。"),
        ("情報通信技術\nICT", "もう「ICT＝情報通信技術」の組にあります。"),
    ],
)
def test_what_makes_no_group_is_said_and_stays_in_the_field(
    site: Site, chief: User, words: str, sentence: str
) -> None:
    Synonyms(words="ICT\n情報通信技術").save()
    response = client_of(chief).post(WORDS, {"words": words, "do": "save"})
    assert response.status_code == (409 if sentence.startswith("もう") else 422)
    html = response.content.decode()
    assert sentence in html
    assert f">{words}</textarea>" in html
    assert Synonyms.objects.count() == 1


def test_of_two_who_change_a_group_the_second_is_warned(site: Site, chief: User) -> None:
    client = client_of(chief)
    group = change_synonyms(words="ICT\n情報通信技術", actor=None)
    assert group is not None
    change_synonyms(words="ICT\nIT", group=group.pk, version=group.version, actor=None)
    for what in ("save", "delete"):
        data = {"words": PAIR, "group": group.pk, "version": group.version, "do": what}
        response = client.post(WORDS, data)
        assert response.status_code == 409
        assert "ほかの人が「ICT＝IT」に変えました" in response.content.decode()
    assert Synonyms.objects.get().words == "ICT\nIT"


def test_the_second_of_two_sees_both_texts_and_may_save_his(site: Site, chief: User) -> None:
    client = client_of(chief)
    first = change_synonyms(words="ICT\n情報通信技術", actor=None)
    assert first is not None
    change_synonyms(words="ICT\nIT", group=first.pk, version=first.version, actor=None)
    data = {"words": PAIR, "group": first.pk, "version": first.version, "do": "save"}
    html = client.post(WORDS, data).content.decode()
    assert "ほかの人が「ICT＝IT」に変えました。" in html
    assert ">地デジ\n地上デジタル放送</textarea>" in html
    assert f'name="version" value="{Synonyms.objects.get().version}"' in html
    change_synonyms(words=None, group=first.pk, version=Synonyms.objects.get().version, actor=None)
    html = client.post(WORDS, data).content.decode()
    assert "もうありません。" in html
    assert '<input type="hidden" name="group" value="0">' in html
    assert client.post(WORDS, {**data, "group": "0", "version": ""}).status_code == 302
    assert str(Synonyms.objects.get()) == "地デジ＝地上デジタル放送"


def test_what_is_not_there_cannot_be_taken_away(site: Site, chief: User) -> None:
    for group in ("", "7", "x"):
        response = client_of(chief).post(WORDS, {"group": group, "do": "delete"})
        assert response.status_code == 409
    assert not AuditEntry.objects.filter(action=Action.SYNONYMS).exists()


@pytest.mark.parametrize("role", list(Role))
def test_who_does_not_manage_the_whole_site_reads_but_does_not_write(
    site: Site, role: Role
) -> None:
    Synonyms(words="ICT\n情報通信技術").save()
    branch = site.bureau if role == Role.MANAGER else site.root
    who = officer("山本", {branch: [role]})
    assert "サイト全体の管理者と運用の担当者です" in read(who)
    assert "ICT＝情報通信技術" in read(who)
    assert "<textarea" not in client_of(who).get(WORDS).content.decode()
    assert client_of(who).post(WORDS, {"words": PAIR, "do": "save"}).status_code == 403
    with pytest.raises(Blocked) as caught:
        change_synonyms(words=PAIR, actor=who)
    assert refused(caught) == {"role"}


def test_there_are_so_many_groups_and_no_more(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bureaus.publishing.blockers.synonyms.GROUPS", 1)
    change_synonyms(words="ICT\n情報通信技術", actor=None)
    with pytest.raises(Blocked) as caught:
        change_synonyms(words="地デジ\n地上波", actor=None)
    assert refused(caught) == {"full"}


# What was looked for in vain


def test_a_zero_result_query_of_three_is_on_the_dashboard(site: Site, writer: User) -> None:
    zero_result("ムーミン", 2, days_ago=29)
    zero_result("ムーミン", 1)
    zero_result("二度ダケ", 2)
    zero_result("ムカシ", 9, days_ago=31)
    for address in ("/admin/", WORDS):
        text = read(writer, address)
        assert "ムーミン 3回" in text
        assert "二度ダケ" not in text
        assert "ムカシ" not in text


def test_a_zero_result_query_is_shown_as_typed(site: Site, writer: User) -> None:
    zero_result("研究開発ノ補助", typed="研究開発の補助")
    for address in ("/admin/", WORDS, page_url(site.sections[1])):
        text = read(writer, address)
        assert "研究開発の補助" in text
        assert "研究開発ノ" not in text


def test_a_dashboard_without_zero_result_queries_has_no_such_list(site: Site, writer: User) -> None:
    assert "見つからなかった語" not in read(writer, "/admin/")
    assert "見つからなかった語は、ありません" in read(writer)


def test_who_may_write_synonyms_finds_the_way_to_them(site: Site, chief: User) -> None:
    assert f'href="{WORDS}"' in client_of(chief).get("/admin/").content.decode()


def test_the_words_that_lead_near_a_page_stand_beside_it(
    site: Site, writer: User, outsider: User
) -> None:
    zero_result("研究開発補助金")
    zero_result("宇宙船")
    near = read(writer, page_url(site.sections[1]))
    assert "研究開発補助金 3回" in near
    assert "宇宙船" not in near
    assert "見つからなかった語" not in read(writer, page_url(site.bureau))


def test_a_word_is_shown_as_text(site: Site, writer: User) -> None:
    zero_result("<b>\"&'研究開発")
    for address in ("/admin/", WORDS, page_url(site.sections[1])):
        html = client_of(writer).get(address).content.decode()
        assert "&lt;b&gt;&quot;&amp;&#x27;研究開発" in html
        assert 'href="/search/?q=%3Cb%3E%22%26%27' in html


def test_a_zero_result_query_starts_a_group_and_is_counted_anew(site: Site, chief: User) -> None:
    zero_result("地デジ", days_ago=1)
    zero_result("地デジ")
    html = client_of(chief).get(f"{WORDS}?word={quote('地デジ')}").content.decode()
    assert ">地デジ</textarea>" in html
    client_of(chief).post(WORDS, {"words": PAIR, "do": "save"})
    assert not ZeroResultQuery.objects.exists()


@pytest.mark.parametrize("query", ["word=%00&group=x", "group=99999999999999999999", "group=8"])
def test_no_address_breaks_the_screen(site: Site, chief: User, query: str) -> None:
    response = client_of(chief).get(f"{WORDS}?{query}")
    assert response.status_code in {200, 400}


def test_it_costs_the_same_however_much_there_is(site: Site, chief: User) -> None:
    client = client_of(chief)
    addresses = (WORDS, "/admin/", page_url(site.sections[1]))
    few = [queries_of(client, address) for address in addresses]
    today = timezone.localdate(timezone=TOKYO)
    ZeroResultQuery.objects.bulk_create(
        ZeroResultQuery(
            day=today - timedelta(days=number % 30), word=f"研究開発{number // 30}", count=1
        )
        for number in range(3_000)
    )
    Synonyms.objects.bulk_create(Synonyms(words=f"語{n}\n言葉{n}") for n in range(400))
    assert [queries_of(client, address) for address in addresses] == few
    assert max(few) <= 15
    assert few[0] <= 7


def test_a_change_costs_little(site: Site) -> None:
    with CaptureQueriesContext(connection) as queries:
        change_synonyms(words=PAIR, actor=None)
    statements = [q["sql"] for q in queries if not re.match(r"SAVEPOINT|RELEASE|BEGIN", q["sql"])]
    assert len(statements) <= 8
