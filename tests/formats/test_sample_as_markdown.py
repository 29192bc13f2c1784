"""The pages of the sample as Markdown, read by a parser of CommonMark."""

import pytest
from django.test import Client
from lxml.html import document_fromstring
from markdown_it import MarkdownIt

from bureaus.models import Page

pytestmark = [pytest.mark.django_db, pytest.mark.one_database, pytest.mark.usefixtures("ministry")]
BUREAU = "/main_sosiki/joho_kokusai"
RENDER = MarkdownIt("commonmark").enable("table").render
SAID = "//h1 | //*[@class='lead'] | //*[contains(@class, 'text')]//p | //main//table//td"


def words(html: str) -> str:
    return "".join(document_fromstring(html).text_content().split())


def test_every_page_has_its_words_as_markdown(citizen: Client) -> None:
    for key in Page.objects.values_list("key", flat=True):
        address = "/index.md" if key == "/" else f"{key[:-1]}.md"
        page, data = citizen.get(key), citizen.get(address)
        if page.status_code != 200:
            assert data.status_code == page.status_code, address
            continue
        assert data.headers["Content-Type"] == "text/markdown; charset=utf-8"
        rendered = words(RENDER(data.content.decode()))
        for paragraph in document_fromstring(page.content).xpath(SAID):
            assert "".join(paragraph.text_content().split()) in rendered, (key, paragraph.text)


def test_tables_and_links_are_those_of_markdown(citizen: Client) -> None:
    text = citizen.get(f"{BUREAU}.md").content.decode()
    assert text.startswith("# 情報通信国際戦略局")
    assert f"](http://localhost{BUREAU}/ict_seisaku/)" in text
    assert "## 連絡先" in text or "## 新着情報" in text
    assert "](/" not in text
