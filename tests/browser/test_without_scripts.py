"""With JavaScript off everything is there and works: scripts are a comfort."""

from playwright.sync_api import expect

from tests.browser.conftest import Opened

# Officers without scripts read when their login ends; others are told in time.
READ = """
() => ({
  words: document.body.innerText
    .replace(document.querySelector(".session-limit")?.innerText ?? "", "").replace(/\\s+/g, " "),
  links: [...document.querySelectorAll("a[href]")].filter(a => a.checkVisibility())
    .map(a => `${a.textContent.trim()} ${a.href}`),
  controls: [...document.querySelectorAll("input, select, button, summary")]
    .filter(control => control.checkVisibility()).map(control => control.outerHTML),
})
"""


def test_a_page_says_the_same_without_scripts(opened: Opened, address: str) -> None:
    with opened(address) as page:
        scripted = page.evaluate(READ)
    with opened(address, java_script_enabled=False) as page:
        plain = page.evaluate(READ)
    assert scripted["links"]
    assert plain == scripted


def test_search_works_without_scripts(opened: Opened) -> None:
    with opened("/", java_script_enabled=False) as page:
        field = page.get_by_role("searchbox").first
        field.fill("白書")
        field.press("Enter")
        assert page.url.endswith("/search/?q=%E7%99%BD%E6%9B%B8")
        expect(page.get_by_role("link", name="情報通信白書").first).to_be_visible()


def test_filtering_news_works_without_scripts(opened: Opened) -> None:
    with opened("/news/", java_script_enabled=False) as page:
        page.get_by_text("絞り込み", exact=True).click()
        page.get_by_role("link", name="2013年").first.click()
        assert "year=2013" in page.url
        expect(page.locator("main")).to_contain_text("ICT成長戦略会議（第3回）を開催")
