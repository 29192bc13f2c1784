"""What the shipped fixtures hold: the seed's words, the bureaus, the news, each with its source."""

import hashlib
import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.conf import LazySettings
from django.core.management import call_command
from django.test import Client

from bureaus.models import NewsListing
from bureaus.text.html_tree import plain_text
from tests.helpers.paths import ROOT

pytestmark = pytest.mark.one_database_unless_long

FIXTURES = ROOT / "fixtures"
BUREAU = "/main_sosiki/joho_kokusai/"
SECTIONS = [f"{BUREAU}ict_seisaku/", f"{BUREAU}kenkyu_hyojun/", f"{BUREAU}kaigai_tenkai/"]

# Of the ministry's page of 2013, without its white space, without what the templates say
# (breadcrumb, heading, 新着情報, ページトップへ戻る), without the PDF icon's alternative text, and
# with the caption that the copy prints twice once.
DIGEST_OF_THE_SEED = "a3804c30105954c0803d48648e89cdf89d49c67fbe6466e1e17ac6af4511c12d"
# What the templates say, before and after the news and at the end.
BREADCRUMB = ["総務省トップ", "組織案内", "情報通信国際戦略局", "情報通信国際戦略局の紹介"]
END = "ページトップへ戻る"

# The bureaus about 2011–2013, from secondary sources.
BUREAUS = {
    "大臣官房": "Minister's Secretariat",
    "行政管理局": "Administrative Management Bureau",
    "行政評価局": "Administrative Evaluation Bureau",
    "自治行政局": "Local Administration Bureau",
    "自治財政局": "Local Public Finance Bureau",
    "自治税務局": "Local Tax Bureau",
    "情報流通行政局": "Information and Communications Bureau",
    "総合通信基盤局": "Telecommunications Bureau",
    "統計局": "Statistics Bureau",
}

# Day, words of the title, source. Of 2013-06 no day is known.
SOUMU = "//www.soumu.go.jp/"
NEWS = [
    (
        "2010-07-06",
        "平成22年版情報通信白書",
        f"http:{SOUMU}menu_news/s-news/02tsushin02_02000025.html",
    ),
    ("2011-07-21", "ICTグローバル展開", f"http:{SOUMU}menu_news/s-news/01tsushin01_01000017.html"),
    (
        "2011-08-09",
        "平成23年版情報通信白書",
        f"http:{SOUMU}menu_news/s-news/01tsushin02_01000017.html",
    ),
    (
        "2012-07-17",
        "平成24年版情報通信白書",
        f"http:{SOUMU}menu_news/s-news/01tsushin02_02000042.html",
    ),
    ("2013-03-05", "みんなで考える", f"http:{SOUMU}menu_news/s-news/01tsushin02_02000052.html"),
    (
        "2013-05-23",
        "ICT成長戦略会議（第3回）",
        f"https:{SOUMU}photo_gallery/02koho03_03000377.html",
    ),
    (
        "2013-06-30",
        "ICT成長戦略",
        f"http:{SOUMU}johotsusintokei/whitepaper/ja/h26/html/nc121210.html",
    ),
    ("2013-08-02", "第2回公募", f"https:{SOUMU}soutsu/hokkaido/2013/1025.html"),
    ("2013-09-11", "日・ASEAN", f"http:{SOUMU}menu_news/s-news/01ryutsu03_02000055.html"),
    ("2013-10-25", "採択", f"https:{SOUMU}soutsu/hokkaido/2013/1025.html"),
    ("2013-12-25", "ICT新事業創出推進会議", f"http:{SOUMU}photo_gallery/02koho03_03000569.html"),
    ("2014-01-27", "ICT成長戦略推進会議", f"https:{SOUMU}photo_gallery/02koho03_03000607.html"),
]

Fields = dict[str, Any]


@pytest.fixture
def loaded(db: None, settings: LazySettings, tmp_path: Path) -> None:
    settings.MEDIA_ROOT = tmp_path / "stored"
    call_command("loaddata", "ministry", "directory", "news", verbosity=0)


def records(name: str, model: str) -> list[Fields]:
    items = json.loads((FIXTURES / f"{name}.json").read_text("utf-8"))
    return [item["fields"] for item in items if item["model"] == f"bureaus.{model}"]


def edition_of(address: str) -> Fields:
    (found,) = [fields for fields in records("ministry", "edition") if fields["page"] == [address]]
    return found


def parts_of(name: str, model: str, address: str) -> list[Fields]:
    return [fields for fields in records(name, model) if fields["edition"] == [address, 1]]


def words(html: str) -> str:
    return "".join(plain_text(html).split())


def paragraphs(body: str) -> list[str]:
    return [words(paragraph) for paragraph in re.findall(r"<p>(.*?)</p>", body, re.DOTALL)]


def words_of_the_bureau() -> Iterator[str]:
    yield from paragraphs(edition_of(BUREAU)["body"])
    yield from (link["text"] for link in parts_of("ministry", "link", BUREAU))


def words_of_the_sections() -> Iterator[str]:
    for address in SECTIONS:
        edition = edition_of(address)
        yield edition["title"]
        yield from paragraphs(edition["body"])
        figures = parts_of("ministry", "figure", address)
        yield from ("".join(figure["caption"].split()) for figure in figures)


@pytest.mark.parametrize("name", ["ministry", "directory", "news"])
def test_a_fixture_is_readable_in_a_diff(name: str) -> None:
    content = (FIXTURES / f"{name}.json").read_bytes()
    assert b"\\u" not in content
    again = json.dumps(json.loads(content), ensure_ascii=False, indent=2) + "\n"
    assert again.encode() == content


def test_the_ministry_holds_the_guide_and_that_holds_the_bureau() -> None:
    kinds = {page["url_path"]: page["kind"] for page in records("ministry", "page")}
    assert [(address, kinds[address]) for address in ("/", "/main_sosiki/", BUREAU)] == [
        ("/", "organisation"),
        ("/main_sosiki/", "page"),
        (BUREAU, "organisation"),
    ]
    titles = [edition_of(address)["title"] for address in ("/", "/main_sosiki/", BUREAU)]
    assert titles == ["総務省", "組織案内", "情報通信国際戦略局"]


def test_the_bureau_has_three_links_three_sections_and_two_figures() -> None:
    assert len(parts_of("ministry", "link", BUREAU)) == 3
    below = [
        page["url_path"]
        for page in records("ministry", "page")
        if page["kind"] == "policy_section" and page["url_path"].startswith(BUREAU)
    ]
    assert below == SECTIONS
    figures = [len(parts_of("ministry", "figure", address)) for address in SECTIONS]
    assert figures == [0, 1, 1]


def test_every_figure_says_in_words_what_it_shows() -> None:
    figures = records("ministry", "figure")
    assert len(figures) == 2
    assert all(len(figure["alt"]) > 20 and figure["alt"] != figure["caption"] for figure in figures)


def test_every_word_of_the_seed_is_there_and_no_other() -> None:
    given = "".join([*words_of_the_bureau(), *words_of_the_sections()])
    assert hashlib.sha256(given.encode()).hexdigest() == DIGEST_OF_THE_SEED


def test_the_page_of_the_bureau_says_every_word_of_the_seed_in_order(
    loaded: None, citizen: Client
) -> None:
    visible = words(citizen.get(BUREAU).content.decode())
    position = 0
    for text in (*BREADCRUMB, *words_of_the_bureau(), "新着情報", *words_of_the_sections(), END):
        position = visible.find(text, position)
        assert position >= 0, f"not on the page, or not in its place: {text}"
        position += len(text)


@pytest.mark.parametrize("address", SECTIONS)
def test_each_section_is_a_page_of_its_own(loaded: None, citizen: Client, address: str) -> None:
    visible = words(citizen.get(address).content.decode())
    edition = edition_of(address)
    for text in (edition["title"], *paragraphs(edition["body"])):
        assert text in visible


def test_the_nine_other_bureaus_are_its_siblings_with_english_names() -> None:
    named = {fields["title"]: fields["title_english"] for fields in records("directory", "edition")}
    assert named == BUREAUS


def test_the_organisations_are_in_the_order_of_their_foundation() -> None:
    slugs = [page["slug"] for page in records("ministry", "page") if page["kind"] == "organisation"]
    assert (
        slugs[1:]
        == (
            "kanbo gyokan hyouka jichi_gyousei jichi_zaisei jichi_zeisei joho_kokusai joho_ryutsu"
            " tsushin_kiban toukei"
        ).split()
    )


@pytest.mark.parametrize(("day", "title", "source"), NEWS)
def test_each_news_item_has_its_day_and_its_source(day: str, title: str, source: str) -> None:
    (item,) = [fields for fields in records("news", "edition") if fields["issued_on"] == day]
    assert title in item["title"]
    (link,) = parts_of("news", "link", item["page"][0])
    assert link["url"] == source
    assert "出典" in link["text"]


def test_there_is_no_other_news_and_all_of_it_is_the_bureaus(loaded: None) -> None:
    listed = NewsListing.objects.filter(organisation__key=BUREAU).order_by("issued_on")
    assert [str(item.issued_on) for item in listed] == [day for day, _, _ in NEWS]


def test_a_day_that_no_source_gives_is_not_claimed() -> None:
    (item,) = [
        fields for fields in records("news", "edition") if fields["issued_on"] == "2013-06-30"
    ]
    assert "2013年（平成25年）6月、" in item["body"]
    assert "日が示されていないため" in item["body"]
