"""The public search: all words, ranking, filters, visibility and moments."""

from datetime import date
from urllib.parse import parse_qs, quote, urlsplit

import pytest
from django.contrib.auth.models import User
from django.test import Client

from bureaus.models import Answer, Contact, Document, Kind, Link, Synonyms
from bureaus.search import rebuild
from tests.helpers.cast import Site, approve, news_item, place, publish, publish_below, tokyo
from tests.helpers.editing import drafted
from tests.helpers.reader import links, read, texts, values

FOUND = "//*[not(@class='nearest')]/ol[@class='results']"
TITLES = f"{FOUND}/li/a"
BUREAU = "/main_sosiki/joho_kokusai/"

pytestmark = pytest.mark.django_db


def found(client: Client, words: str, more: str = "") -> list[str]:
    return texts(read(client, f"/search/?q={quote(words)}{more}"), TITLES)


def result_text(client: Client, words: str) -> str:
    return texts(read(client, f"/search/?q={quote(words)}"), "//p[@role='status']")[0]


def choices(client: Client, words: str, name: str, more: str = "") -> dict[str, str]:
    page = read(client, f"/search/?q={quote(words)}{more}")
    return dict(links(page, f"//ul[@aria-label='{name}']"))


# Matches


def test_a_page_that_holds_every_word_is_found(site: Site, citizen: Client) -> None:
    publish(site.guide, "a", "資料", lead="推進の要旨", body="<p>公募の話</p>")
    assert found(citizen, "推進 研究") == ["研究開発の推進"]
    assert found(citizen, "推進　公募") == ["資料"]
    assert found(citizen, "推進 研究 公募") == []


@pytest.mark.parametrize(
    ("typed", "written"),
    [
        ("ICT", "ICT"),
        ("ict", "ICT"),
        ("ＩＣＴ", "ict"),
        ("ｻｲﾊﾞｰ", "サイバー"),
        ("さいばー", "サイバー"),
        ("サイバ―セキュリティ", "サイバー セキュリティ"),
        ("総 務 省", "総務省"),
        ("総務省", "総　務　省"),
        ("高橋", "髙橋"),
        ("平成25年", "2013年5月"),
        ("2013年", "平成25年度予算"),
        ("コンピューター", "コンピュータ"),
        ("豊かで便利、安全・安心な", "豊かで便利，安全安心な国民生活"),
        ("税", "地方税"),
        ("第3回", "第３回会合"),
    ],
)
def test_every_spelling_is_found(site: Site, citizen: Client, typed: str, written: str) -> None:
    publish(site.root, "odd", "目当て", body=f"<p>前{written}後</p>")
    assert "目当て" in found(citizen, typed)


def test_a_phrase_is_found_literally(site: Site, citizen: Client) -> None:
    publish(site.root, "a", "資料1", body="<p>放送の公募</p>")
    publish(site.root, "b", "資料2", body="<p>公募と放送</p>")
    assert found(citizen, "放送 公募") == ["資料2", "資料1"]
    assert found(citizen, "「放送の公募」") == ["資料1"]


def test_a_minus_excludes_pages(site: Site, citizen: Client) -> None:
    publish(site.root, "a", "資料1", body="<p>公募の開始</p>")
    publish(site.root, "b", "資料2", body="<p>公募の結果</p>")
    assert found(citizen, "公募 -結果 -第2回") == ["資料1"]


def test_synonyms_find_each_other(site: Site, citizen: Client) -> None:
    publish(site.root, "a", "資料1", body="<p>地上デジタル放送の話</p>")
    assert found(citizen, "地デジ") == []
    Synonyms(words="地デジ\n地上デジタル放送").save()
    assert found(citizen, "地デジ") == ["資料1"]
    assert found(citizen, "「地デジ」") == []


def test_readings_captions_and_documents_are_found(site: Site, citizen: Client) -> None:
    approve(
        site.bureau,
        "国際戦略局",
        live_from=tokyo(2014),
        category="bureau",
        title_reading="こくさいせんりゃくきょく",
        title_english="Global Strategy Bureau",
    )
    with_document(site)
    assert found(citizen, "コクサイセンリャク") == ["国際戦略局"]
    assert found(citizen, "global strategy") == ["国際戦略局"]
    assert found(citizen, "運用方針") == ["資料"]


def with_document(site: Site) -> None:
    page = publish(site.guide, "shiryo", "資料", body="<p>本文</p>")
    document = Document(file="documents/a.pdf", title="運用方針", byte_size=139_264, page_count=4)
    document.save()
    link = Link(edition=page.editions.get(), text="方針の全文", document=document)
    Link.objects.bulk_create([link])
    rebuild(lambda _done, _all: None)


def test_the_snippet_is_of_the_contact_where_the_words_stand_there(
    site: Site, citizen: Client
) -> None:
    page = publish(site.guide, "madoguchi", "窓口の案内", body="<p>お問い合わせ先です。</p>")
    contact = Contact(edition=page.editions.get(), name="衛星移動通信課", phone="03-5253-5111")
    Contact.objects.bulk_create([contact])
    rebuild(lambda _done, _all: None)
    page_html = read(citizen, f"/search/?q={quote('衛星移動')}")
    assert texts(page_html, f"{FOUND}//p[@class='results__words']//mark") == ["衛星移動"]
    other = read(citizen, f"/search/?q={quote('窓口の案内')}")  # in the title alone
    assert texts(other, f"{FOUND}//p[@class='results__words']") == ["お問い合わせ先です。"]


def test_a_result_shows_its_kind_and_place(site: Site, citizen: Client) -> None:
    page = read(citizen, f"/search/?q={quote('第2回')}")
    facts, place = "報道資料 発表日 2013年8月2日", "総務省 › 組織案内 › 情報通信国際戦略局"
    whole = f"第2回公募を開始 {facts} {place} › {BUREAU}kobo-2/"
    assert texts(page, f"{FOUND}/li") == [whole]
    assert links(page, FOUND) == [("第2回公募を開始", f"{BUREAU}kobo-2/")]
    assert values(page, f"{FOUND}//time/@datetime") == ["2013-08-02"]


def test_a_result_shows_its_documents_with_kind_and_size(site: Site, citizen: Client) -> None:
    with_document(site)
    page = read(citizen, f"/search/?q={quote('運用方針')}")
    assert ("方針の全文（PDF形式：136KB、4ページ）", "/documents/a.pdf") in links(page, FOUND)


def test_the_words_are_highlighted(site: Site, citizen: Client) -> None:
    publish(site.root, "a", "ＩＣＴの資料", body=f"<p>{'あ' * 300}総 務 省の<em>ict</em>。</p>")
    page = read(citizen, f"/search/?q={quote('総務省 ICT')}")
    assert texts(page, f"{TITLES}/mark") == ["ＩＣＴ"]
    assert texts(page, f"{FOUND}//p[@class='results__words']//mark") == ["総 務 省", "ict"]


def test_markup_in_a_text_is_escaped(site: Site, citizen: Client) -> None:
    publish(site.root, "a", "<b>太字</b>", body="<p>&lt;script&gt;目印&lt;/script&gt; &amp; </p>")
    page = read(citizen, f"/search/?q={quote('目印')}")
    assert texts(page, TITLES) == ["<b>太字</b>"]
    assert texts(page, f"{FOUND}//p[@class='results__words']") == ["<script>目印</script> &"]


# Order and pagination


def test_exact_titles_come_first_then_titles_news_and_texts(site: Site, citizen: Client) -> None:
    publish(site.root, "text", "資料", body="<p>宇宙の話</p>", live_from=tokyo(2020))
    news_item(site.bureau, "n", "宇宙の会議", date(2019, 1, 1))
    publish(site.root, "name", "宇宙政策の課題", live_from=tokyo(2014))
    publish(site.root, "space", "宇宙", live_from=tokyo(2013, 5, 1))
    assert found(citizen, "宇宙") == ["宇宙", "宇宙政策の課題", "宇宙の会議", "資料"]
    assert found(citizen, "宇宙", "&sort=date") == ["資料", "宇宙の会議", "宇宙政策の課題", "宇宙"]


def test_many_results_are_paginated(site: Site, citizen: Client) -> None:
    publish_below(site.guide, {f"p{number}": f"別表{number}" for number in range(45)})
    assert (
        result_text(citizen, "別表") == "「別表」を含むページは45件です。（3ページのうち1ページ目）"
    )
    pages = [found(citizen, "別表", f"&page={number}") for number in (1, 2, 3)]
    assert [len(page) for page in pages] == [20, 20, 5]
    assert len({title for page in pages for title in page}) == 45
    second = read(citizen, f"/search/?q={quote('別表')}&page=2")
    assert values(second, f"{FOUND}/@start") == ["21"]
    anchors = dict(links(second, "//nav[@class='pagination']"))
    assert parse_qs(urlsplit(anchors["次へ"]).query) == {"q": ["別表"], "page": ["3"]}


def test_an_uncounted_number_is_reported_as_more(
    site: Site, citizen: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bureaus.reading.searching.matches.COUNTED", 10)
    monkeypatch.setattr("bureaus.reading.searching.COUNTED", 10)
    publish(site.guide, "first", "資料の一覧")
    for number in range(11):
        publish(site.guide, f"p{number}", f"{number}番", body="<p>資料</p>")
    assert result_text(citizen, "資料").startswith("「資料」を含むページは10件を超えます。")
    assert found(citizen, "資料")[0] == "資料の一覧"
    assert len(found(citizen, "資料")) == 10


@pytest.mark.parametrize("number", ["2", "999", "1000000000000000000", "0", "x", "1%00"])
def test_a_page_after_the_last_is_not_found(site: Site, citizen: Client, number: str) -> None:
    address = f"/search/?q={quote('研究')}&page={number}"
    assert texts(read(citizen, address, 404), "//h1") == ["お探しのページが見つかりません"]


# Filters


def test_kind_organisation_and_year_filter_results(site: Site, citizen: Client) -> None:
    other = publish(site.guide, "toukei", "統計局", kind=Kind.ORGANISATION, category="bureau")
    publish(other, "a", "推進の資料", live_from=tokyo(2014))
    news_item(site.bureau, "n", "推進会議", date(2015, 3, 1))
    everything = ["研究開発の推進", "推進の資料", "推進会議"]
    assert sorted(found(citizen, "推進")) == sorted(everything)
    assert found(citizen, "推進", "&kind=news_item") == ["推進会議"]
    assert found(citizen, "推進", "&year=2014") == ["推進の資料"]
    assert found(citizen, "推進", "&organisation=/main_sosiki/toukei/") == ["推進の資料"]
    assert found(citizen, "推進", "&kind=page&year=2015") == []


def test_facets_are_offered_and_the_chosen_ones_are_marked(site: Site, citizen: Client) -> None:
    other = publish(site.guide, "toukei", "統計局", kind=Kind.ORGANISATION, category="bureau")
    publish(other, "a", "推進の資料", live_from=tokyo(2014))
    assert list(choices(citizen, "推進", "組織")) == [
        "すべての組織",
        "情報通信国際戦略局のページ",
        "統計局のページ",
    ]
    assert list(choices(citizen, "推進", "年")) == ["すべての年", "2014年", "2013年"]
    assert list(choices(citizen, "推進", "種類")) == [
        "すべての種類",
        "一般のページだけ",
        "政策だけ",
    ]
    page = read(citizen, f"/search/?q={quote('推進')}&year=2014")
    assert texts(page, "//ul[@aria-label='年']//a[@aria-current]") == ["2014年"]
    assert texts(page, "//nav[@class='filters']//summary/strong") == ["2014年"]
    chosen = choices(citizen, "推進", "組織")["統計局のページ"]
    assert texts(read(citizen, chosen), TITLES) == ["推進の資料"]


@pytest.mark.parametrize(
    "filter_", ["kind=x", "kind=%00", "organisation=x", "organisation=%00", "year=zz", "year=0"]
)
def test_an_unknown_filter_is_refused(site: Site, citizen: Client, filter_: str) -> None:
    assert citizen.get(f"/search/?q=a&{filter_}").status_code == 404


@pytest.mark.parametrize("year", ["1", "9999", "1867"])
def test_any_year_can_be_a_filter(site: Site, citizen: Client, year: str) -> None:
    assert found(citizen, "推進", f"&year={year}") == []


def test_archived_pages_are_found_only_on_request(site: Site, citizen: Client) -> None:
    page = publish(site.root, "old", "宇宙の記録")
    approve(page, "宇宙の記録", live_from=tokyo(2014), answer=Answer.ARCHIVED)
    assert found(citizen, "宇宙") == []
    assert found(citizen, "宇宙", "&archived=on") == ["宇宙の記録"]
    results = read(citizen, f"/search/?q={quote('宇宙')}")
    assert "掲載を終えたページの保存版も含めて探す" in dict(links(results, "//main"))


# Visibility and the past


def test_what_is_not_public_is_not_found(site: Site, citizen: Client, writer: User) -> None:
    publish(site.root, "booked", "秘密の予約", live_from=tokyo(2999))
    place(site.root, "draft").editions.create(number=1, title="秘密の下書き", category="general")
    news_item(site.bureau, "dated", "秘密の発表前", date(2999, 1, 1), live_from=tokyo(2014))
    for slug, answer in (("gone", Answer.GONE), ("moved", Answer.MOVED)):
        page = publish(site.root, slug, "何か")
        target = site.bureau if answer == Answer.MOVED else None
        approve(page, "秘密", live_from=tokyo(2014), answer=answer, moved_to=target)
    drafted(site.bureau, writer, lead="秘密の要旨")
    assert found(citizen, "秘密") == []
    assert found(citizen, "秘密", "&archived=on") == []
    assert citizen.get(f"/search/suggestions.json?q={quote('秘密')}").json()[1] == []


def test_a_booked_text_is_found_from_its_start_and_the_old_one_until_then(
    site: Site, citizen: Client
) -> None:
    approve(site.bureau, "国際戦略局", live_from=tokyo(2014), category="bureau")
    assert found(citizen, "情報通信国際") == []
    assert found(citizen, "国際戦略局") == ["国際戦略局"]
    past = read(citizen, f"/search/?q={quote('情報通信国際')}&at=2013-12-31")
    assert links(past, FOUND) == [("情報通信国際戦略局", f"{BUREAU}?at=2013-12-31")]
    assert values(past, "//form//input[@name='at']/@value") == ["2013-12-31"]


def test_in_the_past_nothing_later_is_found(site: Site, citizen: Client) -> None:
    news_item(site.bureau, "n", "研究の会議", date(2015, 3, 1))
    assert found(citizen, "研究", "&at=2014-01-01") == ["研究開発の推進"]
