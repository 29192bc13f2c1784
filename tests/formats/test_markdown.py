"""Pages as Markdown, and the page that lists what programs can read."""

import pytest
from django.test import Client
from markdown_it import MarkdownIt

from bureaus.models import Edition
from tests.helpers.cast import Site
from tests.helpers.reader import read

pytestmark = [pytest.mark.django_db, pytest.mark.one_database]
BUREAU = "/main_sosiki/joho_kokusai"
RENDER = MarkdownIt("commonmark").enable("table").render


def test_a_title_cannot_become_markup(site: Site, citizen: Client) -> None:
    Edition.objects.filter(page=site.bureau).update(title="[題名](//evil.example) *強調*")
    heading = citizen.get(f"{BUREAU}.md").content.decode().splitlines()[0]
    assert "<a" not in RENDER(heading)
    assert "<em" not in RENDER(heading)


def test_another_spelling_leads_to_the_address_of_the_markdown(site: Site, citizen: Client) -> None:
    response = citizen.get(f"{BUREAU}/index.md?at=2013-08-01")
    assert response.status_code == 302
    assert response.headers["Location"] == f"{BUREAU}.md?at=2013-08-01"
    assert citizen.get("/nothing.md").status_code == 404


def test_a_past_page_says_so_and_is_named_by_its_own_address(site: Site, citizen: Client) -> None:
    response = citizen.get(f"{BUREAU}.md?at=2013-08-01")
    assert "- 2013年8月1日の内容" in response.content.decode()
    assert response.headers["Link"] == (
        f'<http://localhost{BUREAU}/?at=2013-08-01>; rel="canonical"'
    )
    assert response.headers["X-Robots-Tag"] == "noindex"


def test_a_page_names_its_markdown(site: Site, citizen: Client) -> None:
    page = read(citizen, f"{BUREAU}/?at=2013-08-01")
    (link,) = page.xpath("//link[@type='text/markdown']")
    assert link.get("href") == f"http://localhost{BUREAU}.md?at=2013-08-01"
    assert read(citizen, "/news/").xpath("//link[@type='text/markdown']") == []


# The list of data


@pytest.mark.parametrize("at", ["", "?at=2013-08-01"])
def test_everything_that_is_listed_answers(site: Site, citizen: Client, at: str) -> None:
    page = read(citizen, f"/data/{at}")
    sources = [link.get("href") for link in page.xpath("//dl[@class='data-sources']//a")]
    assert len(sources) == 11
    assert {citizen.get(address).status_code for address in sources} == {200}
    assert ("/news.csv?at=2013-08-01" in sources) is bool(at)


def test_the_list_has_one_address_and_none_before_the_records(site: Site, citizen: Client) -> None:
    assert citizen.get("/data").headers["Location"] == "/data/"
    assert citizen.get("/data/index.html").status_code == 301
    assert citizen.get("/data/?at=2001-01-01").status_code == 404


def test_language_models_find_the_pages_and_the_data(site: Site, citizen: Client) -> None:
    text = citizen.get("/llms.txt").content.decode()
    assert text.startswith("# 総務省\n\n> 総務省の公式サイトです。")
    assert "- [組織案内](http://localhost/main_sosiki.md)" in text
    for line in text.splitlines():
        if "](http://localhost" in line:
            address = line.split("](http://localhost")[1].split(")")[0]
            assert citizen.get(address).status_code == 200, address
