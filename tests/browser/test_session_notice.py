"""The notice that a login is about to end, while somebody writes, and what comes after the end."""

from playwright.sync_api import Page, expect

from tests.browser.drafts import (
    OFFICERS,
    PASSWORD,
    OpenAdmin,
    findings,
    open_admin,
    study,
)
from tests.browser.login_as import log_in
from tests.helpers.server import Environment, run_program

__all__ = ["open_admin", "study"]
NOTICE = "#session-notice"
PLACE = "/admin/bureaus/page/new/?for=page"


def with_a_clock(page: Page, address: str) -> Page:
    page.clock.install()
    page.goto(address)
    return page


def test_a_notice_comes_before_the_end_and_one_click_prolongs_the_login_in_every_tab(
    open_admin: OpenAdmin, study: Environment
) -> None:
    with open_admin() as (page, messages):
        with_a_clock(page, PLACE)
        other = with_a_clock(page.context.new_page(), PLACE)
        page.bring_to_front()
        page.get_by_label("表題").fill("書きかけの題")
        expect(page.locator(NOTICE)).to_be_empty()
        run_program("age_sessions", str(56 * 60), environment=study)
        for each in (page, other):
            each.clock.fast_forward("56:00")
            expect(each.locator(NOTICE)).to_contain_text("にログインが終わります。")
        assert page.evaluate("document.activeElement.id") == "title"
        assert findings(page) == []
        page.get_by_role("button", name="続ける").focus()
        page.keyboard.press("Enter")
        for each in (page, other):
            expect(each.locator(NOTICE)).to_be_empty()
        assert page.get_by_label("表題").input_value() == "書きかけの題"
    assert messages == []


def test_what_is_sent_after_the_end_stays_on_the_screen_until_the_next_login(
    open_admin: OpenAdmin, study: Environment
) -> None:
    with open_admin() as (page, messages):
        with_a_clock(page, PLACE)
        page.get_by_label("表題").fill("消えない題")
        run_program("age_sessions", environment=study)
        page.clock.pause_at(page.evaluate("Date.now() + 3_700_000"))
        page.get_by_role("button", name="追加して、内容を書く").click()
        expect(page.locator(NOTICE)).to_contain_text("書いたものは、この画面に残っています。")
        assert page.get_by_label("表題").input_value() == "消えない題"
        with page.context.expect_page() as opening:
            page.get_by_role("link", name="新しいタブでログイン").click()
        log_in(opening.value, OFFICERS[0], PASSWORD)
        page.bring_to_front()
        page.get_by_role("button", name="追加して、内容を書く").click()
        page.wait_for_url("**/change/")
        assert page.input_value("#id_title") == "消えない題"
    assert messages == []
