"""Proposing and confirming a seal in a real browser: axe, both widths, and without scripts."""

from urllib.parse import urlsplit

from tests.browser.conftest import Opened
from tests.browser.review_site import OpenScreen, judge, office, open_screen

__all__ = ["office", "open_screen"]  # fixtures
FORM = "/admin/bureaus/edition/5/seal/"


def test_one_proposes_without_scripts_and_another_seals(
    opened: Opened, open_screen: OpenScreen
) -> None:
    with open_screen("佐藤", FORM, scripts=False) as (page, messages):
        page.locator("input[value='change_note']").check()
        page.get_by_label("法令に基づき").check()
        page.get_by_label("理由").fill("申し出")
        page.get_by_role("button", name="消去を提案する").click()
        assert "確認を待っています" in page.content()
        proposal = page.url
        assert messages == []
    with open_screen("佐藤", FORM) as (page, messages):
        judge(page)
        assert messages == []
    with open_screen("高橋", "/admin/") as (page, messages):
        page.get_by_role("link", name="確かめる").click()
        judge(page)
        page.goto(proposal)
        judge(page)
        page.get_by_label("消えるものを確かめました").check()
        page.get_by_role("button", name="消去する").click()
        assert "消去しました" in page.content()
        assert messages == []


def test_another_approver_refuses_by_keyboard(opened: Opened, open_screen: OpenScreen) -> None:
    with open_screen("佐藤", FORM, scripts=False) as (page, _):
        page.locator("input[value='title']").check()
        page.get_by_label("法令に基づき").check()
        page.get_by_label("理由").fill("申し出")
        page.get_by_role("button", name="消去を提案する").click()
        assert page.get_by_role("button", name="提案を取り下げる").is_visible()
        proposal = urlsplit(page.url).path
    with open_screen("高橋", proposal) as (page, messages):
        page.get_by_label("却下する理由").focus()
        page.keyboard.type("同意があります。")
        page.keyboard.press("Tab")
        page.keyboard.press("Enter")
        page.get_by_role("heading", name="却下になりました").wait_for()
        judge(page)
        assert messages == []
