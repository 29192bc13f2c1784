"""The dashboard in a real browser: axe, the keyboard alone, and no scripts."""

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import Opened
from tests.browser.review_site import OpenScreen, judge, office, open_screen
from tests.browser.test_keyboard import walk
from tests.browser.test_without_scripts import READ

__all__ = ["office", "open_screen"]


@pytest.mark.parametrize("who", ["高橋", "鈴木", "佐藤", "渡辺", "新人", "田中"])
def test_nothing_is_found_on_anybodys_screen(
    opened: Opened, open_screen: OpenScreen, who: str
) -> None:
    with open_screen(who, "/admin/") as (page, messages):
        assert page.inner_text("h1") == "ホーム"
        judge(page)
    assert messages == []


@pytest.mark.parametrize("rest", ["unrevised/", "guide/"])
def test_nothing_is_found_beside_it(opened: Opened, open_screen: OpenScreen, rest: str) -> None:
    with open_screen("高橋", f"/admin/bureaus/{rest}") as (page, messages):
        judge(page)
    assert messages == []


@pytest.mark.parametrize("width", [1280, 360])
def test_the_screen_is_gone_through_by_keyboard(
    opened: Opened, open_screen: OpenScreen, width: int
) -> None:
    with open_screen("高橋", "/admin/") as (page, _):
        page.set_viewport_size({"width": width, "height": 700})
        page.goto("/admin/#top")
        walk(page)


def test_the_current_screen_can_be_read(opened: Opened, open_screen: OpenScreen) -> None:
    look = "link => [getComputedStyle(link).color, getComputedStyle(link).backgroundColor]"
    with open_screen("高橋", "/admin/") as (page, _):
        words, ground = page.locator(".site-nav a[aria-current]").evaluate(look)
    assert words != ground


def test_the_screen_says_the_same_without_scripts(opened: Opened, open_screen: OpenScreen) -> None:
    with open_screen("高橋", "/admin/") as (page, _):
        scripted = page.evaluate(READ)
    with open_screen("高橋", "/admin/", scripts=False) as (page, _):
        assert page.evaluate(READ) == scripted
        page.locator(".months a").last.click()
        assert "?month=" in page.url
        expect(page.locator("table.month caption")).to_have_count(1)


def test_on_a_telephone_the_month_is_a_list_of_the_days_that_matter(
    opened: Opened, open_screen: OpenScreen
) -> None:
    with open_screen("高橋", "/admin/") as (page, _):
        page.set_viewport_size({"width": 360, "height": 800})
        days = page.locator(".month td:visible").all_inner_texts()
        if page.locator("td[data-booked]").count() == 0:  # tomorrow is of the next month
            assert len(days) == 1
            return
        assert len(days) == 2
        assert days[0].endswith("今日")
        assert "一括公開" in days[1]
