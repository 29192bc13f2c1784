"""The import of a table of pages, and what the site is afterwards."""

from datetime import date
from pathlib import Path

import pytest
from django.core.management.base import CommandError
from django.test import Client

from bureaus.integrity import problems
from bureaus.models import (
    Action,
    Answer,
    AuditEntry,
    Edition,
    FormerAddress,
    NewsListing,
    Page,
    Placement,
    State,
)
from bureaus.publishing import move
from tests.helpers.cast import BUREAU, Site, publish, tokyo
from tests.helpers.paths import ROOT
from tests.helpers.processes import killed_at
from tests.helpers.storms import size
from tests.importing.sources import report, run, table, written

OLD = "/main_sosiki/joho_kokusai/old/"
ROWS = (
    (
        OLD,
        "むかしの資料",
        "平成20年4月1日",
        "",
        "<h2>目次</h2><p>資料です。</p>",
        "/old/index.html",
    ),
    (
        f"{OLD}kiji/",
        "記事の題",
        "2009/5/6",
        "一般のページ",
        '<p><font color="red">記事</font>の<a href="../02.html">続き</a>。</p>',
        "http://www.example.go.jp/old/a/01.html",
    ),
    (
        f"{OLD}tuzuki/",
        "続きの題",
        "2010-07-08",
        "page",
        "# 見出し\n\n本文の**続き**。",
        "/old/02.html",
    ),
    (f"{BUREAU}houdou-1/", "報道の題", "H23.1.2", "新着情報", "<p>報道の本文。</p>", ""),
)


@pytest.fixture
def pages(tmp_path: Path) -> Path:
    return written(tmp_path / "pages.csv", table(*ROWS))


def test_imported_pages_are_public_since_their_date(
    site: Site, citizen: Client, pages: Path
) -> None:
    assert "4件を取り込みました" in run(pages)
    page = citizen.get(f"{OLD}kiji/?at=2009-05-06")
    assert page.status_code == 200
    assert f'<a href="{OLD}tuzuki/' in page.text
    assert citizen.get(f"{OLD}kiji/?at=2009-05-05").status_code == 404
    assert "<strong>続き</strong>" in citizen.get(f"{OLD}tuzuki/").text
    assert NewsListing.objects.get(issued_on=date(2011, 1, 2)).organisation == site.bureau
    assert "報道の題" in citizen.get("/search/?q=「報道の本文」").text
    assert citizen.get("/old/a/01.html").headers["Location"] == f"{OLD}kiji/"
    assert problems() == []


def test_the_audit_log_says_import_and_operator_and_no_approval(site: Site, pages: Path) -> None:
    run(pages)
    entries = AuditEntry.objects.filter(address__startswith=OLD)
    assert {(entry.action, entry.actor) for entry in entries} == {(Action.IMPORT, None)}
    assert entries.get(address=OLD).details["origin"] == "/old/index.html"


def test_a_second_run_changes_nothing_and_names_what_differs(site: Site, pages: Path) -> None:
    run(pages)
    before = [list(model.objects.values()) for model in (Page, Placement, Edition, FormerAddress)]
    pages.write_bytes(table((OLD, "むかしの資料", "2008-04-01", "", "別の本文", ""), *ROWS[1:]))
    assert "0件を取り込みました。取り込み済み4件" in run(pages)
    after = [list(model.objects.values()) for model in (Page, Placement, Edition, FormerAddress)]
    assert before == after
    [changed] = [
        row for row in report(pages.with_name("pages.report.csv")) if row["結果"] == "注意"
    ]
    assert changed["アドレス"] == OLD
    assert "内容が違います" in changed["理由"]


def test_a_dry_run_says_the_same_and_writes_nothing(site: Site, pages: Path) -> None:
    before = Page.objects.count(), AuditEntry.objects.count()
    output = run(pages, "--dry-run")
    assert "4件を取り込めます" in output
    assert (Page.objects.count(), AuditEntry.objects.count()) == before
    assert [file.name for file in pages.parent.iterdir()] == ["pages.csv"]


@pytest.mark.one_database
def test_drafts_are_for_the_officers_to_publish(site: Site, citizen: Client, pages: Path) -> None:
    run(pages, "--drafts")
    assert citizen.get(OLD).status_code == 404
    states = Edition.objects.filter(page__key__startswith=OLD).values_list("state", flat=True)
    assert list(states) == [State.DRAFT] * 3
    assert problems() == []


def test_below_a_page_that_has_moved_every_moment_has_its_place(site: Site, pages: Path) -> None:
    move(page=site.bureau, to=site.root, actor=None)
    pages.write_bytes(table(("/joho_kokusai/old/", "題", "2009-01-01", "", "本文", "")))
    run(pages)
    assert Placement.objects.filter(page__key="/joho_kokusai/old/").count() == 2
    assert problems() == []


FAULTS = {
    ("/main_sosiki/a/", "題", "去年の夏", "", "x", ""): ("去年の夏", "日付として読めません"),
    ("/main_sosiki/a/", "題", "0001-01-01", "", "x", ""): ("0001-01-01", "1868年から2999年まで"),
    ("/main_sosiki/a/", "題", "", "冊子", "x", ""): ("冊子", "種類はありません"),
    ("/main_sosiki/a/", "", "", "", "x", ""): ("", "表題がありません"),
    (f"{BUREAU}a/", "題", "", "news", "x", ""): ("", "発表日"),
    ("/main_sosiki/A/", "題", "", "", "x", ""): ("", "アドレスに使えません"),
    ("/main_sosiki/search/", "題", "", "", "x", ""): ("", "別の名前にしてください"),
    ("", "題", "", "", "x", ""): ("", "アドレスがありません"),
    (BUREAU, "題", "", "", "x", ""): ("", "すでにページがある"),
    ("/nowhere/a/", "題", "", "", "x", ""): ("", "親のページ「/nowhere/」がありません"),
    (f"{BUREAU}kaigi-3/a/", "題", "", "", "x", ""): ("", "置けません"),
    ("/main_sosiki/gone/a/", "題", "", "", "x", ""): ("", "公開されていません"),
    ("/main_sosiki/a/", "題", "", "", "あ" * 70_000, ""): ("", "分けてください"),
}


@pytest.mark.one_database
def test_a_faulty_row_is_named_with_value_reason_and_remedy(site: Site, tmp_path: Path) -> None:
    publish(site.guide, "gone", "消えた", answer=Answer.GONE)
    pages = tmp_path / "pages.csv"
    for row, (value, reason) in FAULTS.items():
        pages.write_bytes(table(("/main_sosiki/b/", "題", "", "", "x", ""), row))
        assert "pages.csv 3行目" in run(pages, code=1)
        [fault] = [
            each for each in report(tmp_path / "pages.report.csv") if each["結果"] == "取り込めない"
        ]
        assert fault["場所"] == "pages.csv 3行目"
        assert fault["値"] == value
        assert reason in fault["理由"]
        assert fault["直し方"] or fault["理由"].endswith(("ください。", "です。", "（--drafts）。"))
    assert problems() == []


@pytest.mark.one_database
@pytest.mark.parametrize(
    "content",
    [
        table(("/main_sosiki/a/", "①題", "", "", "x", ""), codec="cp932"),
        table(("a", "/main_sosiki/", "①題", "x"), heads=("Address", "Parent", "TITLE", "body")),
        table(("/main_sosiki/a/", "①題"), heads=("アドレス", "表題"), codec="utf-8") + b"\r\n,\r\n",
    ],
    ids=["cp932", "English", "empty rows"],
)
def test_tables_of_other_programs_are_read(site: Site, tmp_path: Path, content: bytes) -> None:
    run(written(tmp_path / "a.csv", content))
    assert Edition.objects.get(page__key="/main_sosiki/a/").title == "①題"


@pytest.mark.one_database
@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"", "「表題」の列がありません"),
        (table(heads=("名前", "値")), "「表題」の列がありません"),
        (table(heads=("表題", "title")), "2つあります"),
        (b"\x00\x01\xff\xfe\x81", "文字コードを読めません"),
    ],
    ids=["empty", "other columns", "a column twice", "no text"],
)
def test_what_is_no_table_is_refused_with_a_sentence(
    site: Site, tmp_path: Path, content: bytes, reason: str
) -> None:
    with pytest.raises(CommandError, match=reason):
        run(written(tmp_path / "a.csv", content))


@pytest.mark.django_db(transaction=True)
def test_a_killed_import_goes_on_without_doubles(committed_site: Site, tmp_path: Path) -> None:
    """Killed, really, before statements all through it."""
    pages = written(tmp_path / "pages.csv", table(*ROWS))
    statement, step = 1, size(25, full=5)
    while killed_at(statement, lambda: run(pages)):
        assert problems() == []
        statement += step
    run(pages)
    assert Page.objects.filter(key__startswith=OLD).count() == 3
    assert Edition.objects.filter(page__key__startswith=OLD).count() == 3
    assert AuditEntry.objects.filter(action=Action.IMPORT).count() == 4
    assert problems() == []


@pytest.mark.one_database
def test_the_commands_of_the_manual_run(
    site: Site, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    manual = (ROOT / "docs" / "operations.md").read_text()
    section = manual.partition("## ほかのサイトから移す\n")[2].partition("\n## ")[0]
    commands = [line.split()[3:] for line in section.splitlines() if "manage.py import" in line]
    (tmp_path / "移す").mkdir()
    written(tmp_path / "移す/pages.csv", table(*ROWS))
    heads = ("旧アドレス", "ページのアドレス")
    written(tmp_path / "移す/redirects.csv", table(("/x.html", OLD), heads=heads))
    monkeypatch.chdir(tmp_path)
    assert [run(*arguments).splitlines()[-1] for arguments in commands] == [
        "試しただけで、サイトには何も書いていません。",
        f"報告は「{tmp_path}/移す/pages.report.csv」にあります。",
        f"報告は「{tmp_path}/移す/redirects.report.csv」にあります。",
    ]


HEADS = ("アドレス", "表題", "日付", "種類", "区分", "開始", "終了", "会場")
MEETING = ("2014-03-01 10:00", "令和8年3月1日 12時", "省議室")


@pytest.mark.one_database
def test_the_period_of_an_event_is_imported(site: Site, tmp_path: Path) -> None:
    row = (f"{BUREAU}k/", "題", "2014-01-01", "news", "意見募集", "2014-03-01", "2014年3月28日", "")
    run(written(tmp_path / "a.csv", table(row, heads=HEADS)))
    edition = Edition.objects.get(page__key=f"{BUREAU}k/")
    assert (edition.event_start, edition.event_end) == (tokyo(2014, 3, 1), tokyo(2014, 3, 29))
    assert NewsListing.objects.get(page=edition.page).event_end == edition.event_end
    assert problems() == []


@pytest.mark.one_database
@pytest.mark.parametrize(
    ("category", "event", "reason"),
    [
        ("会議・研究会", ("2014-03-01", "", ""), "両方"),
        ("会議・研究会", ("春", "2014-03-01", ""), "「春」を日時として読み取れません"),
        ("会議・研究会", ("2014-03-02", "2014-03-01", ""), "より後に"),
        ("会議・研究会", (*MEETING[:2], "長" * 301), "301文字"),
        ("報道資料", MEETING, "期間や会場を入れられません"),
    ],
)
def test_a_period_that_cannot_be_stored_is_named(
    site: Site, tmp_path: Path, category: str, event: tuple[str, ...], reason: str
) -> None:
    row = (f"{BUREAU}k/", "題", "2014-01-01", "news", category, *event)
    run(written(tmp_path / "a.csv", table(row, heads=HEADS)), code=1)
    [fault] = [each for each in report(tmp_path / "a.report.csv") if each["結果"] == "取り込めない"]
    assert reason in fault["理由"]
