"""A page from the dashboard: its place is chosen, its address proposed, its form short."""

from urllib.parse import urlencode

import pytest
from django.contrib.auth.models import User
from django.utils import timezone
from lxml.html import document_fromstring

from bureaus.admin.pages.proposed_slug import propose_slug, today
from bureaus.models import Answer, Edition, Kind, Page, Role
from bureaus.text.words.romanisation import romanise
from tests.helpers.cast import TOKYO, Site, client_of, officer, place, publish
from tests.helpers.page_details import queries_of, text_in
from tests.helpers.reader import texts, values

pytestmark = [pytest.mark.django_db, pytest.mark.one_database]
NEW = "/admin/bureaus/page/new/"


@pytest.mark.parametrize(
    ("title", "slug"),
    [
        ("情報通信審議会（第３回）の開催", "jouhou-tsuushin-shingi-kai-dai-3-kai"),
        ("ICT政策の企画", "ict-seisaku-kikaku"),
        ("統計局のご案内", "toukei-kyoku-go-annai"),
        ("（仮）", "kari"),
        ("！？", ""),
    ],
)
def test_a_title_in_latin_letters_keeps_what_means_something(title: str, slug: str) -> None:
    assert romanise(title) == slug


def test_of_a_long_title_whole_words_are_kept() -> None:
    slug = romanise("放送法施行規則の一部を改正する省令案に対する意見募集の結果について")
    assert len(slug) <= 40
    assert slug.split("-")[0] == "housou"
    assert not slug.endswith("-")


def test_a_proposed_address_was_never_another_pages(site: Site) -> None:
    assert propose_slug(site.bureau, Kind.PAGE, "資料") == "shiryou"
    place(site.bureau, "shiryou")
    assert propose_slug(site.bureau, Kind.PAGE, "資料") == "shiryou-2"
    day = f"{today():%Y%m%d}"
    assert propose_slug(site.bureau, Kind.NEWS_ITEM, "") == f"{day}-1"
    publish(site.bureau, f"{day}-1", "今日の報道", kind=Kind.NEWS_ITEM)
    assert propose_slug(site.bureau, Kind.NEWS_ITEM, "") == f"{day}-2"


def test_the_form_asks_for_the_address_while_the_title_is_typed(
    site: Site, writer: User, outsider: User
) -> None:
    address = "/admin/bureaus/page/proposed-slug/?" + urlencode(
        {"under": site.bureau.pk, "kind": "page", "title": "新しい資料"}
    )
    answer = client_of(writer).get(address)
    assert answer.json() == {"slug": "atarashii-shiryou", "parent": site.bureau.url_path}
    assert client_of(outsider).get(address).status_code == 403


def test_the_dashboard_begins_with_what_one_came_for(
    site: Site, writer: User, approver: User
) -> None:
    page = document_fromstring(client_of(writer).get("/admin/").content.decode())
    found = "//nav[@class='start-writing']/a"
    assert texts(page, found) == ["新着情報を書く", "ページを直す", "ページを追加する"]
    assert values(page, f"{found}/@href")[0] == f"{NEW}?for=news_item"
    other = document_fromstring(client_of(approver).get("/admin/").content.decode())
    assert texts(other, found) == []


def test_news_needs_a_title_alone(site: Site, writer: User) -> None:
    client = client_of(writer)
    form = document_fromstring(client.get(f"{NEW}?for=news_item").content.decode())
    day = timezone.localtime(timezone.now(), TOKYO)
    assert values(form, "//option[@selected]/@value") == [str(site.bureau.pk)]
    assert values(form, "//input[@name='slug']/@value") == [f"{day:%Y%m%d}-1"]
    assert values(form, "//input[@type='radio']") == []
    response = client.post(NEW, {"for": "news_item", "title": "5Gの実証を開始"}, follow=True)
    draft = Edition.objects.select_related("page").get(title="5Gの実証を開始")
    assert draft.page.url_path == f"{site.bureau.url_path}{day:%Y%m%d}-1/"
    assert draft.issued_on == day.date()
    words = text_in(response.content.decode())
    assert "承認者への伝言" in words
    for later in ("掲載のしかた", "何を変えたか", "このページの扱い"):
        assert later not in words


def test_the_organisation_where_one_wrote_last_is_chosen(site: Site, manager: User) -> None:
    both = officer("両方", {site.root: [Role.WRITER]})
    client = client_of(both)
    places = "//select/option"
    form = document_fromstring(client.get(f"{NEW}?for=news_item").content.decode())
    assert [text.partition("（")[0] for text in texts(form, places)] == [
        "総務省",
        "情報通信国際戦略局",
    ]
    client.post(NEW, {"for": "news_item", "title": "題", "under": site.bureau.pk})
    form = document_fromstring(client.get(f"{NEW}?for=news_item").content.decode())
    assert values(form, "//option[@selected]/@value") == [str(site.bureau.pk)]


def test_a_page_may_be_put_where_the_officer_writes_and_nowhere_else(
    site: Site, writer: User
) -> None:
    client = client_of(writer)
    typed = {"title": "新しい資料", "kind": "page"}
    assert client.post(NEW, typed | {"under": site.root.pk}).status_code == 403
    client.post(NEW, typed | {"under": site.bureau.pk})
    assert Page.objects.get(placements__slug="atarashii-shiryou").kind == Kind.PAGE


def test_neither_ended_pages_nor_templates_are_offered_as_places(site: Site) -> None:
    for slug, answer in (("old-ka", Answer.ARCHIVED), ("gone-ka", Answer.GONE)):
        publish(site.bureau, slug, slug, kind=Kind.ORGANISATION, answer=answer)
    template = place(site.bureau, "template-ka", kind=Kind.ORGANISATION)
    Edition.objects.create(page=template, number=1, title="ひな型：課の紹介")
    both = officer("両方", {site.bureau: [Role.WRITER]})
    form = document_fromstring(client_of(both).get(f"{NEW}?for=page").content.decode())
    assert values(form, "//select[@name='under']/option/@value") == [str(site.bureau.pk)]


def test_who_may_write_nowhere_reads_whom_to_ask(site: Site, approver: User) -> None:
    response = client_of(approver).get(f"{NEW}?for=news_item")
    assert response.status_code == 403
    assert "担当（作成者）の設定を依頼してください" in text_in(response.content.decode())


def test_the_form_costs_the_same_with_many_organisations(site: Site, writer: User) -> None:
    client = client_of(writer)
    few = queries_of(client, f"{NEW}?for=news_item")
    for number in range(9):
        publish(site.bureau, f"ka{number}", f"課{number}", kind=Kind.ORGANISATION)
    assert queries_of(client, f"{NEW}?for=news_item") == few <= 15


def test_after_a_refusal_the_address_that_was_sent_is_the_officers_own(
    site: Site, writer: User
) -> None:
    client = client_of(writer)
    assert "data-own-slug" not in client.get(f"{NEW}?for=news_item").content.decode()
    for slug, is_own in (("own", True), ("", False)):
        sent = {"under": site.bureau.pk, "kind": "news_item", "title": "", "slug": slug}
        content = client.post(f"{NEW}?for=news_item", sent).content.decode()
        assert ("data-own-slug" in content) == is_own
