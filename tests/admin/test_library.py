"""The lists of images and documents, and their query budgets."""

from urllib.parse import quote

import pytest
from django.contrib.auth.models import User
from django.test import Client

from bureaus.models import Edition
from bureaus.publishing import start_draft
from tests.helpers.cast import Site, client_of, officer
from tests.helpers.growth import SLACK, cpu_seconds
from tests.helpers.libraries import DOCUMENTS, IMAGES, document, link_in, many, picture, show_in
from tests.helpers.page_details import queries_of, text_in
from tests.helpers.storms import size

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.one_database_unless_long,
    pytest.mark.usefixtures("media"),
]
LISTS = (IMAGES, DOCUMENTS)


def words(client: Client, address: str) -> str:
    response = client.get(address)
    assert response.status_code == 200
    return text_in(response.content.decode())


def in_force(site: Site) -> Edition:
    return Edition.objects.get(page=site.bureau, live_from__isnull=False)


# What is told of a file


def test_a_picture_is_listed_with_all_that_one_chooses_it_by(site: Site, writer: User) -> None:
    image = picture(renditions="640.webp 320.webp", uploader=writer)
    show_in(in_force(site), image)
    answer = client_of(writer).get(IMAGES).content.decode()
    for text in ("会談.jpg", "1200×800画素", "鈴木", "使用中 1", "説明の案なし"):
        assert text in text_in(answer)
    assert '/admin/files/images/a.jpg.320.webp" width="320" height="213"' in answer
    assert 'loading="lazy"' in answer


def test_a_document_is_listed_with_its_label_and_its_address(site: Site, writer: User) -> None:
    linked = document(page_count=4, is_tagged=False, has_text=True, uploader=writer)
    link_in(in_force(site), linked)
    answer = client_of(writer).get(DOCUMENTS).content.decode()
    for text in (
        "予算案（PDF形式：9KB、4ページ）",
        "/documents/a.pdf",
        "使用中 1",
        "タグなし",
        "鈴木",
    ):
        assert text in text_in(answer)
    assert 'data-copy="http://localhost/documents/a.pdf"' in answer


def test_a_scan_is_marked_for_having_no_text(site: Site, writer: User) -> None:
    document(is_tagged=False, has_text=False)
    list_text = words(client_of(writer), DOCUMENTS)
    assert "文字なし" in list_text
    assert "タグなし" not in list_text


@pytest.mark.parametrize("address", LISTS)
def test_what_only_a_foreign_draft_uses_is_not_listed(
    site: Site, writer: User, outsider: User, address: str
) -> None:
    draft = start_draft(page=site.bureau, actor=writer)
    show_in(draft, picture())
    link_in(draft, document())
    own, foreign = (words(client_of(who), address) for who in (writer, outsider))
    assert "使用中 1" in own
    assert "まだありません" in foreign


@pytest.mark.parametrize("address", LISTS)
def test_an_officer_without_a_role_reads_whom_to_ask(site: Site, address: str) -> None:
    response = client_of(officer("新人", {})).get(address)
    assert response.status_code == 403
    assert "管理者に依頼してください" in text_in(response.content.decode())


@pytest.mark.parametrize("address", LISTS)
def test_an_officer_who_does_not_write_reads_why_nothing_can_be_uploaded(
    approver: User, address: str
) -> None:
    list_text = words(client_of(approver), address)
    assert "作成者の役割が要ります" in list_text


@pytest.mark.parametrize("model", ["image", "document", "earlierfile"])
@pytest.mark.parametrize("rest", ["add/", "1/history/", "1/", "../earlierfile/"])
def test_djangos_own_pages_of_files_are_nowhere(
    operator_client: Client, model: str, rest: str
) -> None:
    picture()
    document()
    assert operator_client.get(f"/admin/bureaus/{model}/{rest}").status_code == 404


# Looking for it


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("会談", {"会談.jpg"}),
        ("会談 写真家", {"会談.jpg"}),
        ("会談 庁舎", set()),
        ("握手", {"会談.jpg"}),
        ("ＩＣＴ", {"ICT.png"}),
        ("ict", {"ICT.png"}),
        ("%", set()),
        ("", {"会談.jpg", "ICT.png"}),
    ],
)
def test_pictures_are_found_by_name_description_and_credit(
    site: Site, writer: User, query: str, found: set[str]
) -> None:
    picture(default_alt="握手する二人", credit="写真家")
    picture("images/b.png", name="ICT.png")
    list_text = words(client_of(writer), f"{IMAGES}?q={quote(query)}")
    assert {name for name in ("会談.jpg", "ICT.png") if name in list_text} == found


@pytest.mark.parametrize(
    ("only", "found"),
    [
        ("mine", {"自分.jpg"}),
        ("unused", {"自分.jpg", "説明なし.jpg"}),
        ("undescribed", {"説明なし.jpg"}),
        ("x", {"自分.jpg", "使用.jpg", "説明なし.jpg"}),
    ],
)
def test_pictures_are_narrowed(site: Site, writer: User, only: str, found: set[str]) -> None:
    picture(name="自分.jpg", uploader=writer, default_alt="握手")
    show_in(in_force(site), picture("images/b.jpg", name="使用.jpg", default_alt="握手"))
    picture("images/c.jpg", name="説明なし.jpg")
    list_text = words(client_of(writer), f"{IMAGES}?only={only}")
    assert {name for name in ("自分.jpg", "使用.jpg", "説明なし.jpg") if name in list_text} == found


@pytest.mark.parametrize(
    ("only", "found"),
    [("unfit", {"画像のPDF", "タグのないPDF"}), ("unused", {"画像のPDF", "よい"})],
)
def test_documents_are_narrowed(site: Site, writer: User, only: str, found: set[str]) -> None:
    document(title="画像のPDF", has_text=False)
    link_in(in_force(site), document("documents/b.pdf", title="タグのないPDF", is_tagged=False))
    document("documents/c.pdf", title="よい", is_tagged=True, has_text=True)
    list_text = words(client_of(writer), f"{DOCUMENTS}?only={only}")
    assert {
        name for name in ("画像のPDF", "タグのないPDF", "よい") if f"{name}（" in list_text
    } == found


@pytest.mark.parametrize("address", LISTS)
@pytest.mark.parametrize(
    "query",
    [
        f"page={10**18}",
        f"page={'9' * 5000}",
        "page=-1",
        "page=x",
        "page=２",
        "q=%ED%A0%80",
        f"q={'あ' * 3000}",
        "q=%5C&only=mine",
        "only=%27",
    ],
)
def test_nothing_in_the_address_can_break_the_list(
    site: Site, writer: User, address: str, query: str
) -> None:
    picture()
    document()
    assert client_of(writer).get(f"{address}?{query}").status_code == 200


@pytest.mark.parametrize("address", LISTS)
def test_a_nul_is_refused(site: Site, writer: User, address: str) -> None:
    assert client_of(writer).get(f"{address}?q=%00").status_code == 400


# Page by page


def test_the_list_continues_page_by_page_and_keeps_the_filters(site: Site, writer: User) -> None:
    many(30)
    client = client_of(writer)
    first = client.get(f"{IMAGES}?q=枚目").content.decode()
    assert first.count('class="picture"') == 24
    assert "1〜24番目" in first
    assert "page=2" in first
    second = client.get(f"{IMAGES}?q=枚目&page=2").content.decode()
    assert second.count('class="picture"') == 6
    assert "25〜30番目" in second
    assert "次（古いほう）" not in second
    assert "ここには画像がありません" in client.get(f"{IMAGES}?page=9").content.decode()


QUERIES = 8
ASKED = ("", "?q=1", "?only=unused", "?only=mine", "?page=2")


@pytest.mark.parametrize("address", LISTS)
def test_a_list_costs_the_same_at_any_size(site: Site, writer: User, address: str) -> None:
    many(30, in_force(site))
    client = client_of(writer)
    few = [queries_of(client, address + query) for query in ASKED]
    short = cpu_seconds(lambda: client.get(address))
    many(size(970, full=9_970), in_force(site), start=30)
    for query, before in zip(ASKED, few, strict=True):
        assert queries_of(client, address + query) == before <= QUERIES
    assert cpu_seconds(lambda: client.get(address)) < 4 * short + SLACK
