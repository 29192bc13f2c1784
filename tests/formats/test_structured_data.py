"""The metadata in the head of a page: Open Graph, JSON-LD, icons, alternate forms."""

import io
import json
from datetime import date
from typing import Any

import pytest
from django.contrib.staticfiles import finders
from django.test import Client
from lxml.html import HtmlElement
from PIL import Image as Picture
from pytest_django import Settings

from bureaus.models import Edition, Figure, Image, Kind
from bureaus.text.formatting import EXCERPT, excerpt
from tests.helpers.cast import Site, approve, news_item, place, publish, tokyo
from tests.helpers.reader import REFUSED, read, texts, values

BUREAU = "/main_sosiki/joho_kokusai/"
SITE = "http://localhost"
EVERY_KIND = ["/", "/main_sosiki/", BUREAU, f"{BUREAU}kenkyu/", f"{BUREAU}kobo-2/"]
LISTS = ["/news/", f"{BUREAU}news/?year=2013"]

pytestmark = [pytest.mark.django_db, pytest.mark.one_database_unless_long]


def meta(page: HtmlElement) -> dict[str, str]:
    found = page.xpath("//meta[@property or @name]")
    return {tag.get("property") or tag.get("name"): tag.get("content") for tag in found}


def graph(page: HtmlElement) -> dict[str, Any]:
    """Return the nodes in the JSON-LD of a page by their types."""
    (data,) = page.xpath("//script[@type='application/ld+json']/text()")
    metadata = json.loads(data)
    assert metadata["@context"] == "https://schema.org"
    return {node["@type"]: node for node in metadata["@graph"]}


# Open Graph


@pytest.mark.parametrize("address", [*EVERY_KIND, *LISTS])
def test_a_link_preview_has_title_description_and_picture(
    site: Site, citizen: Client, address: str
) -> None:
    page = read(citizen, address)
    metadata = meta(page)
    assert metadata["og:title"] in texts(page, "//h1")
    assert metadata["og:url"] == f"{SITE}{address}"
    assert (metadata["og:site_name"], metadata["og:locale"]) == ("総務省", "ja_JP")
    assert metadata["og:image"] == f"{SITE}/static/img/og.png"
    assert (metadata["og:image:width"], metadata["og:image:height"]) == ("1200", "630")
    assert metadata["twitter:card"] == "summary_large_image"
    assert values(page, "//link[@rel='canonical']/@href") == [f"{SITE}{address}"]


def test_only_news_is_an_article(site: Site, citizen: Client) -> None:
    types = {address: meta(read(citizen, address))["og:type"] for address in EVERY_KIND}
    assert [address for address, kind in types.items() if kind == "article"] == [EVERY_KIND[4]]


def test_the_link_preview_of_a_page_with_a_picture_has_that_picture(
    site: Site, citizen: Client
) -> None:
    image = Image.objects.create(file="images/a.png", width=800, height=533, byte_size=1)
    edition = approve(site.sections[0], "ICT政策", live_from=tokyo(2014))
    Figure.objects.bulk_create([Figure(edition=edition, image=image, alt="装置の図")])
    for address in (f"{BUREAU}ict_seisaku/", BUREAU):  # the bureau shows its section whole
        metadata = meta(read(citizen, address))
        assert metadata["og:image"] == f"{SITE}/media/images/a.png"
        assert metadata["og:image:alt"] == "装置の図"
        assert (metadata["og:image:width"], metadata["og:image:height"]) == ("800", "533")


def test_the_picture_of_the_site_has_the_size_in_its_metadata() -> None:
    found = finders.find("img/og.png")
    assert found
    with Picture.open(str(found)) as picture:
        assert picture.size == (1200, 630)


@pytest.mark.parametrize(
    ("content", "metadata"),
    [
        ({"lead": "要旨です。", "body": "<p>本文</p>"}, "要旨です。"),
        ({"body": "<p>はじめの<strong>段落</strong></p>\n<p>A&amp;B</p>"}, "はじめの段落 A&B"),
        ({"body": "<p>" + "あ" * 200 + "</p>"}, "あ" * (EXCERPT - 1) + "…"),
        ({}, None),
    ],
)
def test_the_description_is_the_lead_or_the_beginning_of_the_body(
    site: Site, citizen: Client, content: dict[str, Any], metadata: str | None
) -> None:
    publish(site.root, "page", "頁", **content)
    found = meta(read(citizen, "/page/"))
    assert found.get("description") == found.get("og:description") == metadata


def test_the_description_of_an_organisation_may_come_from_its_first_section(
    site: Site, citizen: Client
) -> None:
    approve(site.sections[0], "政策", live_from=tokyo(2014), body="<p>政策の本文</p>")
    assert meta(read(citizen, BUREAU))["description"] == "政策の本文"


@pytest.mark.parametrize(
    ("html", "words"),
    [
        ("", ""),
        ("<ruby>総務<rp>(</rp><rt>そうむ</rt><rp>)</rp></ruby>省", "総務省"),
        ("<p>前</p><ul><li>後</li></ul>", "前 後"),
        ("<p>1 &lt; 2</p>", "1 < 2"),
        ("<p>" + "あ" * 50 + '</p><a href="' + "x" * 900, "あ" * 50 + "…"),
        ("<p>" + "あ" * 5 + "&amp;" * 300 + "</p>", "あ" * 5 + "&" * 114 + "…"),
        (" " * 595 + "&amp;" * 5, "&…"),
    ],
)
def test_an_excerpt_never_shows_markup(html: str, words: str) -> None:
    assert excerpt(html) == words


# JSON-LD


def test_the_ministry_is_described_as_an_organisation(
    site: Site, citizen: Client, settings: Settings
) -> None:
    approve(
        site.root,
        "総務省",
        live_from=tokyo(2014),
        title_english="Ministry of Internal Affairs and Communications",
        category="ministry",
    )
    ministry = graph(read(citizen, "/"))["GovernmentOrganization"]
    us = settings.PUBLISHER
    assert ministry["name"] == "総務省"
    assert ministry["alternateName"] == "Ministry of Internal Affairs and Communications"
    assert ministry["url"] == f"{SITE}/"
    assert ministry["telephone"] == us.telephone == "03-5253-5111"
    assert ministry["address"]["postalCode"] == "100-8926"
    assert ministry["identifier"] == {
        "@type": "PropertyValue",
        "propertyID": "法人番号",
        "value": "2000012020001",
    }
    assert "parentOrganization" not in ministry


def test_an_organisation_belongs_to_another_up_to_the_ministry(site: Site, citizen: Client) -> None:
    publish(site.bureau, "seisaku", "政策課", kind=Kind.ORGANISATION, title_english="Division")
    division = graph(read(citizen, f"{BUREAU}seisaku/"))["GovernmentOrganization"]
    bureau = division["parentOrganization"]
    ministry = bureau["parentOrganization"]
    assert [part["name"] for part in (division, bureau, ministry)] == [
        "政策課",
        "情報通信国際戦略局",
        "総務省",
    ]
    assert division["alternateName"] == "Division"
    assert bureau["url"] == f"{SITE}{BUREAU}"
    assert ministry["identifier"]["value"] == "2000012020001"
    assert "identifier" not in bureau


def test_the_breadcrumb_is_the_one_on_the_page(site: Site, citizen: Client) -> None:
    for address in (*EVERY_KIND[1:], *LISTS):
        page = read(citizen, address)
        crumbs = texts(page, "//nav[@aria-label='現在位置']//li")
        items = graph(page)["BreadcrumbList"]["itemListElement"]
        assert [item["name"] for item in items] == crumbs, address
        assert [item["position"] for item in items] == list(range(1, len(crumbs) + 1))
        assert all(item["item"].startswith(SITE) for item in items[:-1])
        assert "item" not in items[-1]


def test_news_is_an_article_of_its_organisation(site: Site, citizen: Client) -> None:
    approve(site.news[1], "公募", live_from=tokyo(2014), issued_on=date(2013, 8, 2))
    article = graph(read(citizen, f"{BUREAU}kobo-2/"))["NewsArticle"]
    assert article["headline"] == "公募"
    assert article["datePublished"] == "2013-08-02T00:00:00+09:00"
    assert article["dateModified"] == "2014-01-01T00:00:00+09:00"
    assert article["publisher"]["name"] == "情報通信国際戦略局"
    assert article["inLanguage"] == "ja"
    assert article["mainEntityOfPage"] == f"{SITE}{BUREAU}kobo-2/"
    assert article["image"] == f"{SITE}/static/img/og.png"


def test_no_title_ends_the_script_element(site: Site, citizen: Client) -> None:
    title = "</script><script>alert(1)</script>&\u2028<!--"
    publish(site.root, "odd", title)
    page = read(citizen, "/odd/")
    assert graph(page)["WebPage"]["name"] == title
    assert not page.xpath("//script[not(@src or @type='application/ld+json')]")
    (data,) = page.xpath("//script/text()")
    assert not set("<>&\u2028") & set(data)


# Other forms, icons


@pytest.mark.parametrize(
    ("address", "feed", "data"),
    [
        ("/", "/feed.xml", "/index.json"),
        ("/main_sosiki/", "/feed.xml", "/main_sosiki.json"),
        (BUREAU, f"{BUREAU}feed.xml", f"{BUREAU[:-1]}.json"),
        (f"{BUREAU}kenkyu/", f"{BUREAU}feed.xml", f"{BUREAU}kenkyu.json"),
        ("/news/", "/feed.xml", "/news.json"),
        (f"{BUREAU}news/?year=2013", f"{BUREAU}feed.xml", f"{BUREAU}news.json?year=2013"),
        (
            f"{BUREAU}?at=2013-08-01",
            f"{BUREAU}feed.xml",
            f"{BUREAU[:-1]}.json?at=2013-08-01",
        ),
    ],
)
def test_a_page_links_its_alternate_forms_and_they_exist(
    site: Site, citizen: Client, address: str, feed: str, data: str
) -> None:
    path = "//link[@rel='alternate'][@type='application/{}']/@href"
    page = read(citizen, address)
    assert values(page, path.format("atom+xml")) == [f"{SITE}{feed}"]
    assert values(page, path.format("json")) == [f"{SITE}{data}"]
    assert {citizen.get(feed).status_code, citizen.get(data).status_code} == {200}


@pytest.mark.parametrize(("address", "status"), REFUSED.items())
def test_an_error_page_has_icons_and_no_other_metadata(
    site: Site, citizen: Client, address: str, status: int
) -> None:
    page = read(citizen, address, status)
    assert values(page, "//link[contains(@rel, 'icon')]/@href") == [
        "/favicon.ico",
        "/static/img/favicon.svg",
        "/apple-touch-icon.png",
    ]
    assert not page.xpath("//link[@rel='canonical' or @rel='alternate'] | //meta[@property]")
    assert not page.xpath("//script[not(@src)]")


@pytest.mark.parametrize(
    ("address", "kind", "sizes"),
    [
        ("/favicon.ico", "image/x-icon", {(16, 16), (32, 32), (48, 48)}),
        ("/apple-touch-icon.png", "image/png", {(180, 180)}),
    ],
)
def test_the_icons_are_where_browsers_ask_for_them(
    citizen: Client, address: str, kind: str, sizes: set[tuple[int, int]]
) -> None:
    response = citizen.get(address)
    body = b"".join(response)
    assert (response.status_code, response.headers["Content-Type"]) == (200, kind)
    with Picture.open(io.BytesIO(body)) as picture:
        assert set(picture.info.get("sizes", {picture.size})) == sizes


def test_an_unpublished_page_is_in_no_metadata(site: Site, citizen: Client) -> None:
    secret = "まだ見えてはいけない題名"
    booked = place(site.guide, "booked")
    approve(booked, secret, live_from=tokyo(2999), body=f"<p>{secret}</p>")
    approve(site.bureau, secret, live_from=tokyo(2999), category="bureau")
    news_item(site.bureau, "later", secret, date(2013, 9, 1), live_from=tokyo(2999))
    Edition(page=site.guide, number=2, title=secret, lead=secret, category="general").save()
    for address in (
        *("/feed.xml", f"{BUREAU}feed.xml", "/sitemap.xml", "/news.csv", "/organisations.csv"),
        *("/index.json", "/main_sosiki.json", f"{BUREAU[:-1]}.json", f"{BUREAU}news.json"),
        *EVERY_KIND,
    ):
        response = citizen.get(address)
        assert response.status_code == 200
        assert secret not in response.content.decode(), address
        assert "booked" not in response.content.decode(), address
