"""Organisations and news as CSV, as Excel in Japan opens it."""

import csv
import io
from datetime import date

import pytest
from django.test import Client

from bureaus.formats.csv_text import NEWS_HEADINGS, ORGANISATION_HEADINGS
from bureaus.models import Answer, Kind
from bureaus.publishing import rename
from bureaus.reading import listings
from bureaus.uploads.csv_files import decode_with_encoding
from bureaus.uploads.machine_readability.judge import judge_csv
from tests.helpers.cast import Site, approve, news_item, publish, tokyo

BUREAU = "/main_sosiki/joho_kokusai/"

pytestmark = pytest.mark.django_db


def rows(client: Client, address: str) -> list[list[str]]:
    response = client.get(address)
    assert response.status_code == 200
    headings, *found = csv.reader(io.StringIO(response.content.decode("utf-8-sig"), newline=""))
    assert tuple(headings) in {NEWS_HEADINGS, ORGANISATION_HEADINGS}
    return found


def test_the_news_are_listed_with_the_newest_first(site: Site, citizen: Client) -> None:
    news_item(site.root, "n", "本省のお知らせ", date(2014, 1, 1), lead="要旨")
    assert rows(citizen, "/news.csv") == [
        [
            "2014-01-01",
            "本省のお知らせ",
            "報道資料",
            "総務省",
            "http://localhost/n/",
            "要旨",
            "2014-01-01",
            *[""] * 4,
        ],
        *rows(citizen, f"{BUREAU}news.csv"),
    ]
    assert [row[1] for row in rows(citizen, f"{BUREAU}news.csv")] == [
        "第2回公募を開始",
        "会議（第3回）を開催",
    ]


def test_the_organisations_are_listed_in_the_order_of_the_tree(site: Site, citizen: Client) -> None:
    page = publish(
        site.bureau,
        "seisaku",
        "政策課",
        kind=Kind.ORGANISATION,
        title_reading="せいさくか",
        title_english="Policy Division",
    )
    publish(site.guide, "other", "別の局", kind=Kind.ORGANISATION, category="bureau")
    address = f"http://localhost{page.url_path}"
    assert [row[0] for row in rows(citizen, "/organisations.csv")] == [
        "総務省",
        "情報通信国際戦略局",
        "政策課",
        "別の局",
    ]
    assert rows(citizen, "/organisations.csv")[2] == [
        "政策課",
        "せいさくか",
        "Policy Division",
        "課",
        "情報通信国際戦略局",
        address,
        "2013-04-01",
    ]
    assert [row[4] for row in rows(citizen, "/organisations.csv")][::3] == ["", "総務省"]


@pytest.mark.parametrize("address", ["/news.csv", "/organisations.csv"])
def test_excel_in_japan_can_open_it(site: Site, citizen: Client, address: str) -> None:
    response = citizen.get(address)
    assert response.content.startswith(b"\xef\xbb\xbf")
    assert response.content.count(b"\r\n") == response.content.count(b"\n")
    assert response.headers["Content-Type"] == "text/csv; charset=utf-8"
    assert response.headers["Content-Disposition"] == f'attachment; filename="{address[1:]}"'
    assert response.headers["Access-Control-Allow-Origin"] == "*"


@pytest.mark.parametrize("sign", ["=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠"])
def test_no_cell_becomes_a_formula(site: Site, citizen: Client, sign: str) -> None:
    news_item(site.root, "n", f"{sign}HYPERLINK(1)", date(2014, 1, 1), lead='=1+1,"\n2')
    row = rows(citizen, "/news.csv")[0]
    shown = " " if sign in "\r\n" else sign  # a record is one line
    assert row[1] == f"'{shown}HYPERLINK(1)"
    assert row[5] == "'=1+1,\" 2"


def test_the_news_can_be_filtered_as_on_the_page(site: Site, citizen: Client) -> None:
    news_item(site.bureau, "n", "白書", date(2014, 1, 1), category="whitepaper")
    assert [row[1] for row in rows(citizen, f"{BUREAU}news.csv?year=2014")] == ["白書"]
    assert [row[1] for row in rows(citizen, "/news.csv?category=whitepaper")] == ["白書"]
    assert rows(citizen, "/news.csv?year=2015") == []
    for wrong in ("year=zz", "category=zz", "year=%00"):
        assert citizen.get(f"/news.csv?{wrong}").status_code == 404


def test_a_past_moment_can_be_requested(site: Site, citizen: Client) -> None:
    found = rows(citizen, f"{BUREAU}news.csv?at=2013-07-31")
    assert [row[4] for row in found] == [f"http://localhost{BUREAU}kaigi-3/?at=2013-07-31"]
    response = citizen.get("/organisations.csv?at=2013-07-31")
    assert response.headers["X-Robots-Tag"] == "noindex"
    assert citizen.get("/organisations.csv?at=zz").status_code == 400


def test_pages_that_are_not_current_are_left_out(site: Site, citizen: Client) -> None:
    approve(site.bureau, "旧局", live_from=tokyo(2014), answer=Answer.ARCHIVED, category="bureau")
    news_item(site.bureau, "booked", "予約", date(2014, 1, 1), live_from=tokyo(2999))
    assert [row[0] for row in rows(citizen, "/organisations.csv")] == ["総務省"]
    # Its news are there still, and name it.
    assert {row[3] for row in rows(citizen, "/news.csv")} == {"旧局"}
    assert len(rows(citizen, "/news.csv")) == 2


def test_beyond_the_limit_of_a_table_the_oldest_are_left_out(
    site: Site, citizen: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(listings, "CSV_LENGTH", 1)
    assert [row[1] for row in rows(citizen, "/news.csv")] == ["第2回公募を開始"]


def test_only_an_organisation_has_news(site: Site, citizen: Client) -> None:
    for address in ("/main_sosiki/", f"{BUREAU}kenkyu/", "/nothing/"):
        assert citizen.get(f"{address}news.csv").status_code == 404


def test_the_news_of_an_organisation_that_has_moved_are_found(site: Site, citizen: Client) -> None:
    rename(page=site.bureau, slug="kokusai", actor=None)
    response = citizen.get(f"{BUREAU}news.csv?year=2013")
    assert response.headers["Location"] == "/main_sosiki/kokusai/news.csv?year=2013"


@pytest.mark.parametrize("address", ["/news.csv", "/organisations.csv"])
def test_our_tables_break_no_rule_on_machine_readable_data(
    site: Site, citizen: Client, address: str
) -> None:
    """Levels 1 and 2, also where a field is empty, long, or holds commas and line breaks."""
    for number in range(12):
        news_item(site.bureau, f"n{number}", f"第{number}回の公募", date(2014, 1, number + 1))
        publish(site.guide, f"o{number}", f"第{number}課", kind=Kind.ORGANISATION)
    lead = "総務省、経済産業省及び文部科学省は、\n「ICT,IoT」の公募を始めます。"
    news_item(site.root, "long", "お知らせ、公募・入札", date(2014, 2, 1), lead=lead)
    judged = judge_csv(*decode_with_encoding(citizen.get(address).content))
    assert judged is not None
    assert [each for each in judged["findings"] if each["rule"][0] in "12"] == []
