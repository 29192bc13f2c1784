"""Every page is valid for the W3C's HTML checker, and the machine-readable forms parse."""

import csv
import io
import json
import subprocess
from pathlib import Path

import pytest
from django.test import Client
from lxml import etree
from pytest_django import DjangoDbBlocker

from tests.helpers.every_page import past_pages, public_pages, refusals
from tests.helpers.programs import html_checker, needed
from tests.helpers.reader import BUREAU, NEWS_ITEM

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("ministry"), pytest.mark.one_database]
# What the checker says about correct pages, and why it stands.
EXPLAINED: dict[str, str] = {}


@pytest.fixture(scope="module")
def pages(ministry: None, django_db_blocker: DjangoDbBlocker) -> dict[str, str]:
    with django_db_blocker.unblock():
        return public_pages() | past_pages() | refusals()


def check(pages: dict[str, str], folder: Path) -> list[str]:
    """Return the messages of the checker about these pages, warnings too."""
    names = {f"{number}.html": address for number, address in enumerate(pages)}
    for name, address in names.items():
        (folder / name).write_text(pages[address])
    command = [needed("java"), "-jar", html_checker(), "--format", "json", "--stdout", str(folder)]
    report = subprocess.run(command, capture_output=True, check=False, text=True).stdout
    return [
        f"{names[Path(message['url']).name]}: {message['message']} {message.get('extract', '')}"
        for message in json.loads(report)["messages"]
        if not any(words in message["message"] for words in EXPLAINED)
    ]


def test_every_page_is_valid_html(pages: dict[str, str], tmp_path: Path) -> None:
    assert len(pages) > 100
    assert check(pages, tmp_path) == []


def test_invalid_html_is_detected(tmp_path: Path) -> None:
    bad = "<!DOCTYPE html><html lang=ja><title>x</title><p id=a><div id=a></p></html>"
    assert len(check({"/": bad}, tmp_path)) >= 2


@pytest.mark.parametrize("address", ["/index.json", f"{BUREAU[:-1]}.json", "/news.json"])
def test_json_parses(citizen: Client, address: str) -> None:
    answer = citizen.get(address)
    assert answer.headers["Content-Type"].startswith("application/json")
    assert json.loads(answer.content)


@pytest.mark.parametrize("address", ["/news.csv", f"{BUREAU}news.csv", "/organisations.csv"])
def test_csv_parses_into_rows_of_one_length(citizen: Client, address: str) -> None:
    head, *rows = csv.reader(io.StringIO(citizen.get(address).content.decode("utf-8-sig")))
    assert all(head)
    assert rows
    assert {len(row) for row in rows} == {len(head)}


@pytest.mark.parametrize("address", ["/feed.xml", f"{BUREAU}feed.xml", "/sitemap.xml"])
def test_xml_parses(citizen: Client, address: str) -> None:
    assert len(etree.fromstring(citizen.get(address).content)) > 1


@pytest.mark.parametrize("address", ["/", BUREAU, NEWS_ITEM])
def test_structured_data_parses(citizen: Client, address: str) -> None:
    page = etree.HTML(citizen.get(address).content)
    found = [json.loads(text) for text in page.xpath("//script[@type]/text()")]
    assert found
    assert all("@context" in data for data in found)
