"""What a citizen sees first: the header in one row, the first result, and a dark page."""

import pytest

from tests.browser.conftest import Opened
from tests.browser.page_kinds import KINDS
from tests.browser.test_axe import findings
from tests.helpers.reader import BUREAU

PHONE = {"width": 360, "height": 740}
SEEN_IN_THE_DARK = ("home", "bureau", "news-of-the-site", "search", "guide", "bureau-in-the-past")


def test_the_header_is_one_row_on_a_phone_and_opens_without_a_script(opened: Opened) -> None:
    with opened(BUREAU, **PHONE, java_script_enabled=False) as page:
        bar = page.locator(".header__bar").bounding_box()
        assert bar is not None
        assert bar["height"] <= 64
        assert not page.locator("#search").is_visible()
        page.get_by_text("検索", exact=True).first.click()
        page.fill("#search", "ICT")
        page.keyboard.press("Enter")
        page.wait_for_url("**/search/?q=ICT")


def test_search_and_menu_are_open_where_there_is_room(opened: Opened) -> None:
    with opened(BUREAU) as page:
        assert page.locator("#search").is_visible()
        assert page.get_by_role("link", name="組織案内").first.is_visible()
        assert not page.get_by_text("メニュー", exact=True).is_visible()


def test_the_first_result_is_on_the_first_screen_of_a_phone(opened: Opened) -> None:
    with opened(KINDS["search"], **PHONE) as page:
        first = page.locator(".results > li > a").first.bounding_box()
        assert first is not None
        assert first["y"] <= 400


@pytest.mark.parametrize("kind", SEEN_IN_THE_DARK)
def test_axe_finds_nothing_in_the_dark(opened: Opened, kind: str) -> None:
    with opened(KINDS[kind], color_scheme="dark") as page:
        ground = page.evaluate("getComputedStyle(document.body).backgroundColor")
        assert ground == "rgb(26, 26, 26)"
        assert findings(page) == []
