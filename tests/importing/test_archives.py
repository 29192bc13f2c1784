"""Crawls and archives: their files in the library, and the hostile ones refused."""

import zipfile
from pathlib import Path

import pytest
from django.core.management.base import CommandError
from django.test import Client

from bureaus.importing.archives import Archive, read_file
from bureaus.importing.remarks import UnreadableSource
from bureaus.importing.sources import crawl_addresses
from bureaus.integrity import problems
from bureaus.models import Document, Edition, FormerAddress, Image, Page
from tests.helpers.cast import BUREAU, Site
from tests.helpers.libraries import paper, photograph
from tests.importing.sources import archive, report, run, table, written

NEWS = (
    '<html><head><title>会議の記録 - 局</title><meta charset="Shift_JIS">'
    '<meta name="date" content="2012-03-04"></head><body><div id="header">局</div>'
    '<div id="contents"><h1>会議の記録</h1><p>記録です。<a href="../index.html">目次</a>、'
    '<a href="shiryo.pdf">会議の資料</a>、<a href="page2.HTML">次</a></p>'
    '<img src="写真.jpg" alt="会議の様子"></div></body></html>'
)


@pytest.fixture
def crawl(tmp_path: Path) -> Path:
    return archive(
        tmp_path / "crawl.zip",
        {
            "www.example.go.jp/index.html": "<title>局</title><main><p>目次の文</p>"
            '<a href="/News/shiryo.pdf">資料</a></main>',
            "www.example.go.jp/News/index.html": "<title>報道</title><p>報道の文</p>",
            "www.example.go.jp/News/01_0100.html": NEWS.encode("cp932"),
            "www.example.go.jp/News/page2.HTML": "<title>二枚目</title><p>文</p>".encode("euc_jp"),
            "www.example.go.jp/News/list.php?id=5": '<h1>五</h1><a href="list.php?id=5">五</a>',
            "www.example.go.jp/News/shiryo.pdf": paper().read(),
            "www.example.go.jp/News/写真.jpg": photograph().read(),
        },
    )


@pytest.mark.usefixtures("media")
def test_a_crawl_becomes_pages_with_their_links_pictures_and_documents(
    site: Site, citizen: Client, crawl: Path
) -> None:
    run(crawl, "--under", f"{BUREAU}old/")
    edition = Edition.objects.get(title="会議の記録")
    assert edition.page.key == f"{BUREAU}old/news-page/01_0100/"
    assert f'<a href="{BUREAU}old/">目次</a>' in edition.body
    assert f'<a href="{BUREAU}old/news-page/page2/">次</a>' in edition.body
    document = Document.objects.get()
    assert f'<a href="/{document.address}">会議の資料</a>' in edition.body
    assert citizen.get(f"/{document.address}").getvalue().startswith(b"%PDF-")
    assert f"/{document.address}" in Edition.objects.get(page__key=f"{BUREAU}old/").body
    assert edition.figures.get().alt == "会議の様子"
    assert citizen.get("/News/01_0100.html").headers["Location"] == edition.page.url_path
    assert str(edition.live_from).startswith("2012-03-03 15:00")
    assert problems() == []


def test_every_file_of_a_crawl_has_an_address_below_a_page() -> None:
    names = ["A/B/c.html", "A/index.html", "A/x.htm", "A/x.php", "search.html", "総務/局.html"]
    assert list(crawl_addresses(names, "/old/")) == [
        "/old/a/b-c/",
        "/old/a/",
        "/old/a/x/",
        "/old/a/x-2/",
        "/old/search-page/",
        "/old/page/",
    ]


@pytest.mark.one_database
@pytest.mark.usefixtures("media")
def test_a_second_run_takes_no_file_twice(site: Site, crawl: Path) -> None:
    """Not even for a page that was not stored before it was killed."""
    run(crawl, "--under", f"{BUREAU}old/")
    run(crawl, "--under", f"{BUREAU}other/")
    assert (Image.objects.count(), Document.objects.count()) == (1, 1)
    assert Page.objects.filter(key__startswith=f"{BUREAU}other/").count() == 5


@pytest.mark.one_database
def test_a_dry_run_checks_files_and_stores_none(site: Site, crawl: Path, media: Path) -> None:
    assert "5件を取り込めます" in run(crawl, "--under", f"{BUREAU}old/", "--dry-run")
    assert not media.exists()


@pytest.mark.one_database
@pytest.mark.usefixtures("media")
def test_a_refused_file_is_left_out_and_named(site: Site, tmp_path: Path) -> None:
    folder = tmp_path / "folder"
    folder.mkdir()
    written(
        folder / "pages.csv",
        table(("/main_sosiki/a/", "題", "a.html"), heads=("アドレス", "表題", "ファイル")),
    )
    written(
        folder / "a.html",
        '<p>文と<a href="a.doc">古い文書</a><img src="a.png" alt="庁舎">'.encode(),
    )
    written(folder / "a.doc", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600))
    written(folder / "a.png", b"<svg/>")
    run(folder)
    dropped = [
        row for row in report(tmp_path / "folder.report.csv") if row["結果"] == "落としたもの"
    ]
    assert {row["値"] for row in dropped} == {"a.doc", "a.png"}
    assert Edition.objects.get(title="題").body == "<p>文と古い文書</p>"


@pytest.mark.parametrize(
    "name", ["../x.html", "/etc/x.html", "a/../../x.html", "C:/x.html", "a\\x.html"]
)
def test_a_name_outside_the_archive_is_refused(tmp_path: Path, name: str) -> None:
    with zipfile.ZipFile(tmp_path / "a.zip", "w") as target:
        target.writestr(zipfile.ZipInfo("a/x.html"), "x")
        target.infolist()[0].filename = name
    with pytest.raises(UnreadableSource, match="外を指す名前"):
        Archive(tmp_path / "a.zip").names  # noqa: B018 - reading the names checks them


def test_a_bomb_and_what_is_no_archive_are_refused(tmp_path: Path) -> None:
    bomb = archive(tmp_path / "bomb.zip", {"a.html": bytes(40_000_000)})
    with pytest.raises(UnreadableSource, match="倍より大きく"):
        Archive(bomb)
    with pytest.raises(UnreadableSource, match="ZIPとして読めません"):
        Archive(written(tmp_path / "b.zip", b"PK\x03\x04 and no more"))


def test_a_damaged_name_and_damaged_lzma_are_refused_with_a_sentence(tmp_path: Path) -> None:
    content = archive(tmp_path / "a.zip", {"あ.html": "x"}).read_bytes()
    damaged = content.replace("あ".encode(), b"\xff\xfe\xfd")
    with pytest.raises(UnreadableSource, match="ZIPとして読めません"):
        Archive(written(tmp_path / "b.zip", damaged))
    with zipfile.ZipFile(tmp_path / "c.zip", "w", zipfile.ZIP_LZMA) as target:
        target.writestr("a.html", "文" * 100)
    content = (tmp_path / "c.zip").read_bytes()
    start = content.index(b"a.html") + len("a.html") + 4  # behind the version and the size
    damaged = content[:start] + b"\xff" * 5 + content[start + 5 :]
    with pytest.raises(UnreadableSource, match=r"「a\.html」を読めません"):
        read_file(Archive(written(tmp_path / "d.zip", damaged)), "a.html", 1_000)


def test_names_of_windows_are_read(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "a.zip", "w") as target:
        target.writestr("資料/写真.jpg", b"x")
    content = (tmp_path / "a.zip").read_bytes()
    name = "資料/写真.jpg"
    short = name.encode("cp932").ljust(len(name.encode()), b"_")
    content = content.replace(name.encode(), short).replace(
        b"\x14\x00\x00\x08", b"\x14\x00\x00\x00"
    )
    written(tmp_path / "b.zip", content)
    assert Archive(tmp_path / "b.zip").names == [short.decode("cp932")]


REDIRECTS = {
    ("/menu_news/s-news/01_0100.html", BUREAU): "",
    ("http://www.example.go.jp/Old/", f"http://localhost{BUREAU}"): "",
    ("/about.php?id=5", BUREAU): "代理サーバー",
    ("/documents/x.pdf", BUREAU): "ほかの機能が答えます",
    ("/x.html", "/nowhere/"): "というページはありません",
    ("/main_sosiki/", BUREAU): "いまページがあります",
    ("/Old/", "/main_sosiki/"): "と同じ旧アドレスの行",
}


def test_a_table_of_redirects_answers_old_addresses(
    site: Site, citizen: Client, tmp_path: Path
) -> None:
    heads = ("old address", "page address")
    redirects = written(tmp_path / "r.csv", table(*REDIRECTS, heads=heads))
    run("--redirects", redirects, "--dry-run", code=1)
    assert not FormerAddress.objects.exists()
    run("--redirects", redirects, code=1)
    run("--redirects", redirects, code=1)
    assert FormerAddress.objects.count() == 2
    assert citizen.get("/menu_news/s-news/01_0100.html").headers["Location"] == BUREAU
    rows = {row["場所"]: row for row in report(tmp_path / "r.report.csv")}
    for line, reason in enumerate(REDIRECTS.values(), 2):
        assert reason in rows[f"r.csv {line}行目"]["理由"] + rows[f"r.csv {line}行目"]["直し方"]
    assert problems() == []


@pytest.mark.one_database
def test_a_missing_file_is_named(site: Site, tmp_path: Path) -> None:
    with pytest.raises(CommandError, match="がありません"):
        run(tmp_path / "no.csv")
