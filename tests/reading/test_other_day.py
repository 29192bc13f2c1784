"""The field for a date on every page, and where it leads."""

from urllib.parse import urlencode

import pytest
from django.test import Client
from lxml.html import HtmlElement, document_fromstring

from tests.helpers.cast import Site, approve, tokyo
from tests.helpers.reader import BUREAU, read, texts

pytestmark = pytest.mark.django_db
FORM = "//main//form[@class='other-day']"


def submit(citizen: Client, page: HtmlElement, typed: str) -> HtmlElement:
    """Type into the field and press the button, as a browser without scripts does."""
    [form] = page.xpath(FORM)
    [field] = form.xpath(".//input")
    assert form.xpath("string(.//button)") == "この日の内容を見る"
    assert form.xpath(f"string(.//label[@for='{field.get('id')}'])") == "日付"
    sent = urlencode({field.get("name"): typed})
    response = citizen.get(f"{form.get('action')}?{sent}", follow=True)
    sent_page: HtmlElement = document_fromstring(response.content.decode())
    return sent_page


@pytest.mark.parametrize("typed", ["平成25年7月31日", "2013/7/31", "H25.7", "２０１３年７月"])
def test_a_citizen_types_a_date_and_reads_the_page_of_that_day(
    site: Site, citizen: Client, typed: str
) -> None:
    approve(site.bureau, "国際戦略局", live_from=tokyo(2013, 8, 1), category="bureau")
    page = submit(citizen, read(citizen, BUREAU), typed)
    assert texts(page, "//h1") == ["情報通信国際戦略局の紹介"]
    assert texts(page, "//aside//strong") == ["2013年7月31日の時点の内容を表示しています。"]


def test_every_public_page_has_the_field(site: Site, citizen: Client) -> None:
    for address in (
        "/",
        "/main_sosiki/",
        BUREAU,
        f"{BUREAU}kenkyu/",
        f"{BUREAU}kobo-2/",
        "/news/",
        f"{BUREAU}news/",
        f"{BUREAU}?at=2013-12-31",
    ):
        [form] = read(citizen, address).xpath(FORM)
        assert form.get("action") == address.partition("?")[0]


def test_a_date_that_cannot_be_read_can_be_corrected(site: Site, citizen: Client) -> None:
    page = submit(citizen, read(citizen, BUREAU), "きのう")
    assert texts(page, "//h1") == ["日付を読み取れません"]
    assert page.xpath(f"string({FORM}//input/@value)") == "きのう"
    corrected = submit(citizen, page, "平成25年7月31日")
    assert texts(corrected, "//h1") == ["情報通信国際戦略局の紹介"]


def test_a_past_page_has_its_day_in_the_field(site: Site, citizen: Client) -> None:
    page = read(citizen, f"{BUREAU}?at=2013-12-31T10:00")
    assert page.xpath(f"string({FORM}//input/@value)") == "2013-12-31"
