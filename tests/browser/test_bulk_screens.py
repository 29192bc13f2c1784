"""Steps of approval, tags, and several pages at once, in a real browser and without scripts."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Opened
from tests.browser.review_site import OpenScreen, judge, office, open_screen

__all__ = ["office", "open_screen"]
STEPS = "/admin/bureaus/approval-steps/"
IMAGES = "/admin/bureaus/image/"
SECTIONS = "/admin/bureaus/page/?kind=policy_section"


def type_step(page: Page) -> None:
    page.select_option("#id_branch", index=1)
    page.fill("#id_name", "課の確認")
    page.fill("#id_people", "田中")


def test_a_step_is_added_and_taken_away_by_keyboard_and_without_scripts(
    opened: Opened, open_screen: OpenScreen
) -> None:
    with open_screen("田中", STEPS, scripts=False) as (page, _):
        page.locator("#id_branch").focus()
        for key in ("ArrowDown", "Tab", "課の確認", "Tab", "Tab", "田中", "Tab", "Tab", "Enter"):
            if key.isascii():
                page.keyboard.press(key)
            else:
                page.keyboard.type(key)
        expect(page.locator("body")).to_contain_text("「課の確認」の段階を保存しました。")
        page.locator("summary", has_text="課の確認").focus()
        for key in ("Enter", "Tab", "Enter"):
            page.keyboard.press(key)
        expect(page.locator("body")).to_contain_text("「課の確認」の段階をなくしました。")


def test_nothing_is_found_on_the_screen_of_steps_or_on_a_refusal(
    opened: Opened, open_screen: OpenScreen
) -> None:
    with open_screen("田中", STEPS) as (page, messages):
        judge(page)
        type_step(page)
        page.fill("#id_people", "見知らぬ人")
        page.get_by_role("button", name="保存する").click()
        expect(page.locator("[role=alert]")).to_be_focused()
        assert page.input_value("#id_people") == "見知らぬ人"
        judge(page)
    assert messages == []


@pytest.mark.parametrize(
    ("button", "title"),
    [("移動する…", "選んだページの移動"), ("掲載を終える…", "選んだページの掲載を終える")],
)
def test_nothing_is_found_on_the_screens_for_all_that_match(
    opened: Opened, open_screen: OpenScreen, button: str, title: str
) -> None:
    with open_screen("田中", SECTIONS) as (page, messages):
        page.get_by_label(re.compile("条件に合うページを、すべて選ぶ")).check()
        page.get_by_role("button", name=button).click()
        expect(page.get_by_role("heading", level=1)).to_have_text(title)
        judge(page)
        if button == "移動する…":
            page.locator("button[name=to]").first.click()
            judge(page)
    assert messages == []


def test_pictures_are_tagged_without_scripts_and_the_list_is_clean(
    opened: Opened, open_screen: OpenScreen
) -> None:
    with open_screen("田中", IMAGES, scripts=False) as (page, _):
        page.locator("input[name=file]").first.check()
        page.fill("#tagging-tags", "写真")
        page.get_by_role("button", name="タグを付ける").click()
        expect(page.locator("body")).to_contain_text("1件に、タグ「写真」を付けました。")
    with open_screen("田中", f"{IMAGES}?tag=%E5%86%99%E7%9C%9F") as (page, messages):
        judge(page)
    assert messages == []
