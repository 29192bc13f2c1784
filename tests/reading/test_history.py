"""The history of a page: the list of its editions, and the comparison of two."""

import re
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from bureaus.models import Answer, Contact, Edition, Link
from tests.helpers.cast import Site, approve, place, publish, tokyo
from tests.helpers.reader import BUREAU, links, read, texts, values

pytestmark = pytest.mark.django_db
HISTORY = f"{BUREAU}history/"
EDITIONS = "//form[@class='editions']"
COMPARISON = "//section[@class='comparison']"


@pytest.fixture
def revised(site: Site) -> Site:
    """The bureau in three editions, the last of them today's."""
    body = "<p>研究開発を推進しています。</p><p>標準化を支援しています。</p>"
    approve(
        site.bureau, "局", live_from=tokyo(2014, 2, 3, 10), body=body, change_note="本文を書いた"
    )
    approve(
        site.bureau,
        "局",
        live_from=tokyo(2015, 4, 1),
        body=body.replace("研究開発を", "研究開発と国際標準化を"),
        change_note="国際標準化を加えた",
    )
    return site


def test_the_editions_are_listed_newest_first_with_what_changed(
    revised: Site, citizen: Client
) -> None:
    page = read(citizen, HISTORY)
    assert texts(page, "//h1") == ["局の更新履歴"]
    assert texts(page, f"{EDITIONS}//li//p") == [
        "国際標準化を加えた",
        "本文を書いた",
        "はじめての掲載",
    ]


def test_each_edition_can_be_read_as_it_was(revised: Site, citizen: Client) -> None:
    page = read(citizen, HISTORY)
    addresses = [address for _, address in links(page, f"{EDITIONS}//ol")]
    leads = [citizen.get(address).content.decode() for address in addresses]
    assert "研究開発と国際標準化を" in leads[0]
    assert "研究開発を推進" in leads[1]
    assert "研究開発を" not in leads[2]


def test_an_edition_that_began_in_the_middle_of_a_second_can_be_read_too(
    site: Site, citizen: Client
) -> None:
    start = tokyo(2014, 2, 3) + timedelta(microseconds=500)
    approve(site.bureau, "半端な秒の版", live_from=start)
    (_, address), *_ = links(read(citizen, HISTORY), f"{EDITIONS}//ol")
    assert "半端な秒の版" in citizen.get(address).content.decode()
    times = values(read(citizen, HISTORY), f"{EDITIONS}//time/@datetime")
    assert all(re.fullmatch(r".*T[0-9:]{8}\+09:00", time) for time in times)  # as HTML requires


def test_added_and_removed_words_are_marked(revised: Site, citizen: Client) -> None:
    page = read(citizen, f"{HISTORY}?older=2&newer=3")
    assert texts(page, f"{COMPARISON}//td/ins") == ["と国際標準化"]
    assert texts(page, f"{COMPARISON}//td/del") == []
    back = read(citizen, f"{HISTORY}?older=3&newer=2")
    assert texts(back, f"{COMPARISON}//h2") == ["第2版と第3版の違い"]


def test_what_has_not_changed_is_folded_and_counted(revised: Site, citizen: Client) -> None:
    page = read(citizen, f"{HISTORY}?older=2&newer=3")
    assert texts(page, f"{COMPARISON}//summary") == ["変わっていない1段落"] * 2
    assert texts(page, f"{COMPARISON}//details/p") == ["局", "標準化を支援しています。"]
    assert len(page.xpath(f"{COMPARISON}//tr[td/ins]")) == 1


def test_two_editions_with_the_same_text_are_folded_whole(site: Site, citizen: Client) -> None:
    approve(site.bureau, "局", live_from=tokyo(2014), body="<p>一</p><p>二</p>")
    approve(site.bureau, "局", live_from=tokyo(2015), body="<p>一</p><p>二</p>")
    page = read(citizen, f"{HISTORY}?older=2&newer=3")
    assert texts(page, f"{COMPARISON}//p[@role='status']") == ["2つの版の文章は同じです。"]
    assert texts(page, f"{COMPARISON}//summary") == ["変わっていない3段落"]


def test_links_and_contacts_are_compared_too(revised: Site, citizen: Client) -> None:
    newest = Edition.objects.get(page=revised.bureau, number=3)
    Contact.objects.bulk_create([Contact(edition=newest, name="総務課", phone="03-0000-0001")])
    Link.objects.bulk_create([Link(edition=newest, text="白書", url="https://example.go.jp/")])
    added = texts(read(citizen, f"{HISTORY}?older=2&newer=3"), f"{COMPARISON}//td/ins")
    assert "連絡先：総務課 03-0000-0001" in added
    assert "リンク：白書 https://example.go.jp/" in added


@pytest.mark.parametrize(
    ("query", "sentence"),
    [
        ("?older=2", "選び直してください"),
        ("?older=2&newer=9", "選び直してください"),
        ("?older=x&newer=%00", "選び直してください"),
        ("?older=２&newer=3", "選び直してください"),
        (f"?older={'9' * 5000}&newer=1", "選び直してください"),
        ("?older=2&newer=2", "同じ版"),
    ],
)
def test_an_invalid_comparison_is_answered_with_a_message(
    revised: Site, citizen: Client, query: str, sentence: str
) -> None:
    page = read(citizen, f"{HISTORY}{query}")
    assert sentence in texts(page, "//p[@role='status']")[0]
    assert not page.xpath(COMPARISON)


def test_bookings_and_drafts_are_not_in_the_history(revised: Site, citizen: Client) -> None:
    approve(revised.bureau, "秘密の題名", live_from=timezone.now() + timedelta(days=1))
    page = read(citizen, f"{HISTORY}?older=3&newer=4")
    assert "秘密の題名" not in str(page.text_content())
    assert len(texts(page, f"{EDITIONS}//li")) == 3


def test_in_the_past_the_history_ends_there(revised: Site, citizen: Client) -> None:
    page = read(citizen, f"{HISTORY}?at=2014-12-31")
    assert len(texts(page, f"{EDITIONS}//li")) == 2
    assert values(page, f"{EDITIONS}//input[@name='at']/@value") == ["2014-12-31"]


def test_archiving_is_listed(site: Site, citizen: Client) -> None:
    approve(site.sections[0], "政策", live_from=tokyo(2014), answer=Answer.ARCHIVED)
    page = read(citizen, f"{site.sections[0].url_path}history/")
    assert texts(page, f"{EDITIONS}//li//strong") == ["掲載終了（保存版）"]


def test_every_page_links_its_history_also_with_one_edition(revised: Site, citizen: Client) -> None:
    for address in (BUREAU, revised.guide.url_path, "/", revised.news[0].url_path):
        found = links(read(citizen, address), "//main//dl")
        assert ("これまでの版", f"{address}history/") in found
    past = [address for _, address in links(read(citizen, f"{BUREAU}?at=2014-12-31"), "//dl")]
    assert past == [f"{HISTORY}?at=2014-12-31"]


def test_a_single_edition_offers_no_comparison(site: Site, citizen: Client) -> None:
    page = read(citizen, f"{site.guide.url_path}history/")
    assert not page.xpath("//main//input[@type='radio'] | //main//button")


@pytest.mark.parametrize("address", [f"{BUREAU}history", f"{BUREAU}history/index.html"])
def test_other_spellings_redirect_to_its_address(site: Site, citizen: Client, address: str) -> None:
    assert citizen.get(address).headers["Location"] == HISTORY


def test_a_page_that_is_not_public_has_no_history(site: Site, citizen: Client) -> None:
    place(site.bureau, "draft")
    gone = publish(site.bureau, "gone", "消えたページ")
    approve(gone, "消えたページ", live_from=tokyo(2014), answer=Answer.GONE)
    assert citizen.get(f"{BUREAU}draft/history/").status_code == 404
    assert citizen.get(f"{BUREAU}gone/history/").status_code == 410
    assert citizen.get("/nothing/history/").status_code == 404


def test_the_number_of_queries_is_the_same_with_many_editions(
    site: Site, citizen: Client, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for number in range(30):
        approve(site.bureau, f"第{number}の名前", live_from=tokyo(2014) + timedelta(days=number))
    with django_assert_num_queries(3):
        citizen.get(HISTORY)
    with django_assert_num_queries(7):
        citizen.get(f"{HISTORY}?older=3&newer=30")
