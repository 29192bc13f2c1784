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

from tests.helpers.every_page import sent_pages
from tests.helpers.programs import html_checker, needed
from tests.helpers.reader import BUREAU, NEWS_ITEM

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("ministry"), pytest.mark.one_database]
# What the checker says about correct pages, and why it stands.
EXPLAINED: dict[str, str] = {}
# Compiling for a long run costs more than it saves in a short one, and with a small stack the
# checker starts a second Java.
AT_ONCE = ("-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", "-Xss8m")
BAD = "a page with two faults"
BAD_PAGE = "<!DOCTYPE html><html lang=ja><title>x</title><p id=a><div id=a></p></html>"


@pytest.fixture(scope="module")
def pages(ministry: None, django_db_blocker: DjangoDbBlocker) -> dict[str, str]:
    with django_db_blocker.unblock():
        read = sent_pages()
    return read["public"] | read["past"] | read["refusals"]


@pytest.fixture(scope="module")
def messages(
    pages: dict[str, str], tmp_path_factory: pytest.TempPathFactory
) -> dict[str, list[str]]:
    """What the checker says about each page, warnings too: one start of it for all."""
    return check(pages | {BAD: BAD_PAGE}, tmp_path_factory.mktemp("pages"))


def check(pages: dict[str, str], folder: Path) -> dict[str, list[str]]:
    names = {f"{number}.html": address for number, address in enumerate(pages)}
    for name, address in names.items():
        (folder / name).write_text(pages[address])
    command = [
        needed("java"),
        *AT_ONCE,
        "-jar",
        html_checker(),
        "--format",
        "json",
        "--stdout",
        str(folder),
    ]
    report = subprocess.run(command, capture_output=True, check=False, text=True).stdout
    found: dict[str, list[str]] = {}
    for message in json.loads(report)["messages"]:
        if not any(words in message["message"] for words in EXPLAINED):
            words = f"{message['message']} {message.get('extract', '')}"
            found.setdefault(names[Path(message["url"]).name], []).append(words)
    return found


def test_every_page_is_valid_html(pages: dict[str, str], messages: dict[str, list[str]]) -> None:
    assert len(pages) > 100
    assert messages.keys() - {BAD} == set(), messages


def test_invalid_html_is_detected(messages: dict[str, list[str]]) -> None:
    assert len(messages[BAD]) >= 2


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
