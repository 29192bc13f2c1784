"""Officers find pages as the public does, and besides what only they may know: drafts, bookings."""

import re
from urllib.parse import quote

import pytest
from django.contrib.auth.models import User
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from bureaus.models import Answer, Edition, Kind, Page, Role, Synonyms
from bureaus.publishing import approve, rename
from tests.helpers.cast import Site, officer, place, publish, publish_below, tokyo
from tests.helpers.cast import approve as approved
from tests.helpers.editing import drafted, submitted
from tests.helpers.generator import grow
from tests.helpers.libraries import document, link_in

pytestmark = pytest.mark.django_db
SECRET = "まだ言えない計画"


@pytest.fixture(params=[2_000, 0], ids=["a few", "many"], autouse=True)
def is_listed(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each story twice: as where the found pages are listed, and as where they are too many."""
    monkeypatch.setattr("bureaus.admin.core.title_search.MOST", request.param)


def found(who: User, words: str, more: str = "") -> list[str]:
    client = Client(HTTP_HOST="localhost")
    client.force_login(who)
    html = client.get(f"/admin/bureaus/page/?q={quote(words)}{more}").content.decode()
    return re.findall(r'<a class="title" href="[^"]*">([^<]+)<', html)


def chosen(who: User, words: str) -> list[str]:
    client = Client(HTTP_HOST="localhost")
    client.force_login(who)
    answer = client.get(f"/admin/bureaus/page/search/?q={quote(words)}").json()
    return [page["title"] for page in answer["pages"]]


@pytest.mark.parametrize(
    "typed", ["ict政策", "ＩＣＴ　政策", "「政策の企画」", "企画 -研究", "政 策"]
)
def test_however_a_title_is_typed_it_is_found(site: Site, writer: User, typed: str) -> None:
    assert found(writer, typed) == chosen(writer, typed) == ["ICT政策の企画"]


@pytest.mark.parametrize("typed", ["予算", "/documents/a.pdf", "a.pdf"])
def test_the_link_dialog_finds_documents_too(site: Site, writer: User, typed: str) -> None:
    public, _ = document(page_count=2), document("documents/b.pdf", title="別紙")
    link_in(Edition.objects.get(page=site.bureau), public)
    client = Client(HTTP_HOST="localhost")
    client.force_login(writer)
    answer = client.get("/admin/bureaus/page/search/", {"q": typed, "documents": "1"}).json()
    (found,) = answer["documents"]
    assert (found["address"], found["is_public"]) == ("/documents/a.pdf", True)
    assert found["name"] == "予算案（PDF形式：9KB、2ページ）"
    assert "documents" not in client.get("/admin/bureaus/page/search/", {"q": typed}).json()


def test_synonyms_and_readings_are_found(site: Site, writer: User) -> None:
    Synonyms(words="ICT\n情報通信技術").save()
    assert found(writer, "情報通信技術") == ["ICT政策の企画"]
    approved(site.bureau, "戦略局", live_from=tokyo(2014), title_reading="せんりゃくきょく")
    assert found(writer, "センリャクキョク") == ["戦略局"]


def test_the_tree_finds_texts_and_the_choice_of_a_link_titles(site: Site, writer: User) -> None:
    publish(site.bureau, "a", "資料", body="<p>宇宙の話</p>")
    assert found(writer, "宇宙") == ["資料"]
    assert chosen(writer, "宇宙") == []


def test_drafts_are_found_by_those_who_keep_the_branch(
    site: Site, writer: User, outsider: User, operator: User
) -> None:
    drafted(site.sections[0], writer, title=f"{SECRET}ﾃﾞｰﾀ")
    for who in (writer, operator):
        assert found(who, f"{SECRET}データ") == ["ICT政策の企画"]
        assert chosen(who, f"{SECRET}データ") == [f"{SECRET}ﾃﾞｰﾀ"]
        assert found(who, f"{SECRET} -データ") == []
    assert found(outsider, SECRET) == chosen(outsider, SECRET) == []


def test_bookings_are_found_by_those_who_keep_the_branch(
    site: Site, writer: User, approver: User, outsider: User
) -> None:
    booked = submitted(site.sections[0], writer, title=SECRET)
    approve(editions=[booked], actor=approver, at=tokyo(2099))
    assert found(writer, SECRET) == ["ICT政策の企画"]
    assert found(outsider, SECRET) == chosen(outsider, SECRET) == []


def test_what_a_page_was_called_once_does_not_find_it(site: Site, writer: User) -> None:
    approved(site.bureau, "国際戦略局", live_from=tokyo(2014), category="bureau")
    assert found(writer, "情報通信国際") == []
    assert found(writer, "国際戦略局") == ["国際戦略局"]


def test_a_page_that_has_gone_is_still_found_in_the_tree_but_not_chosen_by_others(
    site: Site, writer: User, outsider: User
) -> None:
    page = publish(site.bureau, "owari", "終わった事業")
    approved(page, "終わった事業", live_from=tokyo(2014), answer=Answer.GONE)
    assert found(writer, "終わった") == found(outsider, "終わった") == ["終わった事業"]
    assert chosen(outsider, "終わった") == []


def test_an_address_is_found_and_one_that_was_never_public_by_its_keepers_only(
    site: Site, writer: User, outsider: User
) -> None:
    hidden = place(site.bureau, "naisho-keikaku")
    Edition.objects.create(page=hidden, number=1, title=SECRET, category="general")
    assert found(writer, "NAISHO keikaku") == chosen(writer, "naisho-keikaku") == [SECRET]
    assert found(outsider, "naisho") == chosen(outsider, "naisho") == []
    assert found(outsider, "joho_kokusai/kenkyu") == ["研究開発の推進"]


def test_a_sign_of_a_pattern_is_only_a_sign(site: Site, writer: User) -> None:
    assert found(writer, "joho%kokusai") == found(writer, "____") == found(writer, "%") == []


def test_a_renamed_page_is_found_at_its_new_address(site: Site, writer: User) -> None:
    rename(page=site.sections[1], slug="kaihatsu", actor=None)
    assert found(writer, "kaihatsu") == ["研究開発の推進"]
    assert found(writer, "kenkyu") == []


def test_words_kind_and_branch_narrow_it_down_together(site: Site, writer: User) -> None:
    other = publish(site.guide, "toukei", "統計局", kind=Kind.ORGANISATION, category="bureau")
    publish(other, "a", "研究の資料")
    assert found(writer, "研究") == ["研究開発の推進", "研究の資料"]
    assert found(writer, "研究", "&kind=policy_section") == ["研究開発の推進"]
    assert found(writer, "研究", f"&under={other.pk}") == ["研究の資料"]


def test_the_list_goes_on_where_it_stopped(site: Site, writer: User) -> None:
    publish_below(site.guide, {f"n{number}": f"別表{number}" for number in range(60)})
    first = found(writer, "別表")
    last = Page.objects.get(key="/main_sosiki/n49/")
    assert first == [f"別表{number}" for number in range(50)]
    assert found(writer, "別表", f"&after={last.pk}") == [f"別表{n}" for n in range(50, 60)]


@pytest.mark.parametrize("words", ["-ict", "「", "-", "\ud800", "あ" * 60_000, "a " * 999])
def test_no_words_are_too_strange(site: Site, writer: User, words: str) -> None:
    client = Client(HTTP_HOST="localhost")
    client.force_login(writer)
    query = f"q={quote(words, errors='surrogatepass')}"
    for address in ("/admin/bureaus/page/", "/admin/bureaus/page/search/"):
        assert client.get(address, QUERY_STRING=query).status_code == 200


@pytest.mark.parametrize("words", ["お知らせ", "存在しない", "section1"])
def test_it_asks_so_often_and_no_more(words: str) -> None:
    grow(200)
    client = Client(HTTP_HOST="localhost")
    client.force_login(officer("鈴木", {Page.objects.get(key="/terms/"): [Role.WRITER]}))
    for address, most in (("", 12), ("search/", 10)):
        client.get(f"/admin/bureaus/page/{address}?q={words}")
        with CaptureQueriesContext(connection) as queries:
            client.get(f"/admin/bureaus/page/{address}?q={words}")
        assert len(queries) <= most
