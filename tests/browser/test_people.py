"""The screen of role holders in a real browser."""

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import Opened
from tests.browser.review_site import OpenScreen, judge, office, open_screen
from tests.browser.test_keyboard import walk

__all__ = ["office", "open_screen"]
PEOPLE = "/admin/bureaus/people/"


@pytest.mark.parametrize("who", ["渡辺", "田中"])
def test_nothing_is_found_in_the_screen(opened: Opened, open_screen: OpenScreen, who: str) -> None:
    with open_screen(who, PEOPLE) as (page, messages):
        assert page.inner_text("h1") == "担当者"
        judge(page)
        page.locator("summary").first.click()
        judge(page)
    assert messages == []


def test_nothing_is_found_on_a_refusal(opened: Opened, open_screen: OpenScreen) -> None:
    with open_screen("渡辺", PEOPLE) as (page, messages):
        page.fill("#id_name", "木 村")
        page.get_by_role("button", name="担当者にする").click()
        expect(page.locator("form ul.errorlist").last).to_contain_text(
            "担当する場所を選んでください。"
        )
        assert "担当する場所を選んでください。" in page.inner_text("[role=alert]")
        expect(page.locator("[role=alert]")).to_be_focused()
        assert page.input_value("#id_name") == "木 村"
        judge(page)
    assert messages == []


@pytest.mark.parametrize("width", [1280, 360])
def test_the_screen_is_gone_through_by_keyboard(
    opened: Opened, open_screen: OpenScreen, width: int
) -> None:
    with open_screen("渡辺", PEOPLE) as (page, _):
        page.set_viewport_size({"width": width, "height": 700})
        page.goto(f"{PEOPLE}#top")
        walk(page)


def test_somebody_is_appointed_and_dismissed_by_keyboard_and_without_scripts(
    opened: Opened, open_screen: OpenScreen
) -> None:
    with open_screen("渡辺", PEOPLE, scripts=False) as (page, _):
        page.locator("#id_name").focus()
        for key in (
            "木村",
            None,
            "ArrowDown",
            None,
            "ArrowDown",
            None,
        ):
            if key is None:
                page.keyboard.press("Tab")
            elif key == "ArrowDown":
                page.keyboard.press(key)
            else:
                page.keyboard.insert_text(key)
        page.keyboard.press("Enter")
        page.wait_for_selector(".messagelist")
        assert "とその下の承認者にしました。" in page.inner_text(".messagelist")
        row = page.get_by_role("row", name="木村")
        row.locator("summary").press("Enter")
        row.get_by_role("button", name="承認者から外す").press("Enter")
        page.wait_for_selector("text=承認者ではなくなりました。")
        assert page.get_by_role("row", name="木村").count() == 0
