"""On a public page an officer's browser shows the way to its editing; a citizen's asks nothing."""

from playwright.sync_api import expect

from tests.browser.conftest import Opened
from tests.browser.review_site import OpenScreen, office, open_screen
from tests.browser.test_axe import findings

__all__ = ["office", "open_screen"]
BUREAU = "/main_sosiki/joho_kokusai/"


def test_an_officer_gets_to_the_editing_of_a_page_and_of_its_sections(
    opened: Opened, open_screen: OpenScreen
) -> None:
    with open_screen("高橋", "/admin/") as (page, messages):
        page.goto(BUREAU)
        expect(page.get_by_role("link", name="このページを編集")).to_be_visible()
        sections = page.locator("main section > h2 > a").count()
        expect(page.locator("[data-edit-link]")).to_have_count(sections + 1)
        assert findings(page) == []
        page.get_by_role("link", name="このページを編集").click()
        expect(page.get_by_role("heading", level=1)).to_contain_text("情報通信国際戦略局")
    assert messages == []


def test_a_citizens_browser_asks_for_nothing_more(opened: Opened) -> None:
    asked: list[str] = []
    with opened("about:blank", fresh=True) as page:
        page.on("request", lambda request: asked.append(request.url))
        page.goto(BUREAU)
        page.wait_for_load_state("networkidle")
        expect(page.locator("[data-edit-link]")).to_have_count(0)
    assert not any("edit_links" in url or "/admin/" in url for url in asked)


def test_where_the_login_has_ended_the_page_of_the_login_is_not_requested(
    opened: Opened, open_screen: OpenScreen
) -> None:
    requested: list[str] = []
    with open_screen("高橋", "/admin/") as (page, _):
        page.context.clear_cookies(name="sessionid")
        page.on("request", lambda request: requested.append(request.url))
        page.goto(BUREAU)
        page.wait_for_load_state("networkidle")
    assert any("/page/editable/" in url for url in requested)
    assert not any("/admin/login/" in url for url in requested)
