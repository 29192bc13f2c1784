"""The first news item of somebody new: how often they have to click or type, and how long."""

import time
from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import Opened
from tests.browser.review_site import OpenScreen, judge, office, open_screen

__all__ = ["office", "open_screen"]
MOST, SECONDS = 12, 60


def test_a_first_news_item_takes_twelve_interactions_and_no_refusal(
    opened: Opened, open_screen: OpenScreen
) -> None:
    with open_screen("鈴木", "/admin/") as (page, messages):
        begin = time.monotonic()
        steps: list[Callable[[], None]] = [
            page.get_by_role("link", name="新着情報を書く").click,
            lambda: page.get_by_label("表題", exact=True).fill("5Gの実証実験を開始"),
            page.get_by_role("button", name="追加して、内容を書く").click,
            lambda: page.locator("#id_lead").fill("総務省は、5Gの実証実験を始めます。"),
            lambda: page.locator("#body-editor").fill("実験は、3か所で行います。"),
            page.get_by_role("button", name="保存して確認を依頼する").click,
        ]
        assert len(steps) <= MOST
        for number, step in enumerate(steps, 1):
            step()
            if number == 5:
                frame = page.frame_locator("[name=preview]")
                expect(frame.locator("body")).to_contain_text("実験は、3か所で行います。")
        expect(page.get_by_text("確認を依頼しました")).to_be_visible()
        assert time.monotonic() - begin < SECONDS
    assert messages == []


@pytest.mark.parametrize("query", ["?for=news_item", ""])
def test_nothing_is_found_on_the_form(opened: Opened, open_screen: OpenScreen, query: str) -> None:
    with open_screen("鈴木", f"/admin/bureaus/page/new/{query}") as (page, messages):
        page.get_by_label("表題", exact=True).fill("統計局のご案内")
        slug = page.get_by_label("アドレスの末尾")
        expect(slug).to_have_value("toukei-kyoku-go-annai") if not query else None
        judge(page)
    assert messages == []


def test_after_a_refusal_the_address_that_was_written_stays(
    opened: Opened, open_screen: OpenScreen
) -> None:
    with open_screen("鈴木", "/admin/bureaus/page/new/") as (page, _):
        page.get_by_label("アドレスの末尾").fill("own-words")
        page.get_by_label("表題", exact=True).fill("長" * 201)
        page.get_by_role("button", name="追加").last.click()
        with page.expect_response("**/proposed-slug/**"):
            page.get_by_label("表題", exact=True).fill("統計局のご案内")
        expect(page.get_by_label("アドレスの末尾")).to_have_value("own-words")
