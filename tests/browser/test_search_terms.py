"""The screen of search terms in a real browser."""

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Opened
from tests.browser.review_site import OpenScreen, judge, office, open_screen
from tests.browser.test_keyboard import walk

__all__ = ["office", "open_screen"]
WORDS = "/admin/bureaus/words/"
IN_VAIN = "ＩＣＴ政策ムーミン"


def look_for_in_vain(page: Page) -> None:
    for _ in range(3):
        page.goto(f"/search/?q={IN_VAIN}")


@pytest.mark.parametrize("who", ["鈴木", "田中"])
def test_nothing_is_found_in_the_screen_and_on_the_screen(
    opened: Opened, open_screen: OpenScreen, who: str
) -> None:
    with open_screen(who, WORDS) as (page, messages):
        look_for_in_vain(page)
        for address in (WORDS, "/admin/"):
            page.goto(address)
            assert IN_VAIN in page.inner_text("main")
            judge(page)
    assert messages == []


def test_nothing_is_found_on_a_refusal(opened: Opened, open_screen: OpenScreen) -> None:
    with open_screen("田中", WORDS) as (page, messages):
        page.fill("#words", "ワンセグ")
        page.get_by_role("button", name="保存する").click()
        assert "2語以上書いてください" in page.inner_text("[role=alert]")
        expect(page.locator("[role=alert]")).to_be_focused()
        assert page.input_value("#words") == "ワンセグ"
        judge(page)
    assert messages == []


@pytest.mark.parametrize("width", [1280, 360])
def test_the_screen_is_gone_through_by_keyboard(
    opened: Opened, open_screen: OpenScreen, width: int
) -> None:
    with open_screen("田中", WORDS) as (page, _):
        page.set_viewport_size({"width": width, "height": 700})
        page.goto(f"{WORDS}#top")
        walk(page)


def test_a_group_is_written_and_taken_away_by_keyboard_and_without_scripts(
    opened: Opened, open_screen: OpenScreen
) -> None:
    with open_screen("田中", WORDS, scripts=False) as (page, _):
        page.locator("#words").focus()
        for key in ("ワンセグ", "Enter", "携帯向け放送", "Tab", "Enter"):
            if key in {"Enter", "Tab"}:
                page.keyboard.press(key)
            else:
                page.keyboard.type(key)
        written = "「ワンセグ＝携帯向け放送」を同じ意味の語にしました。"
        expect(page.locator("body")).to_contain_text(written)
        page.locator("summary", has_text="ワンセグ").focus()
        for key in ("Enter", "Tab", "Enter"):
            page.keyboard.press(key)
        expect(page.locator("body")).to_contain_text("同義語の組を1つ削除しました。")
