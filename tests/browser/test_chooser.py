"""The list of pages below a field for an address never stays in the way."""

from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Locator, Page, Request, expect

from tests.browser.review_site import OpenScreen, office, open_screen
from tests.browser.test_row_uploads import let_fall, open_draft, report
from tests.helpers.uploads import pdf

__all__ = ["office", "open_screen"]
pytestmark = pytest.mark.usefixtures("opened")

SEARCHES = "**/*q=*"
PAUSE = 1000  # milliseconds, longer than the field waits after the last key
# In one task of the browser: the search that the key would start is still to begin.
TYPE_AND_CHOOSE = """(option) => {
  document.activeElement.dispatchEvent(new Event("input", { bubbles: true }));
  option.click();
}"""


def open_link_dialog(page: Page) -> tuple[Locator, Locator, Locator]:
    """Open the dialog; return its field, the list of choices and the status below the field."""
    open_draft(page)
    page.get_by_role("button", name="リンク", exact=True).click()
    dialog = page.get_by_role("dialog", name="リンク")
    field = dialog.get_by_label("リンク先")
    field.focus()
    return field, dialog.locator(".chooser__list"), dialog.locator("[data-chosen]")


def test_a_complete_address_opens_no_list_over_the_button(open_screen: OpenScreen) -> None:
    with open_screen("高橋", "/admin/") as (page, messages):
        field, choices, status = open_link_dialog(page)
        field.fill("/main_sosiki/")
        expect(status).to_have_text("いまの表題：組織案内")
        expect(choices).to_be_hidden()
        page.get_by_role("button", name="リンクにする").click()
        expect(page.get_by_role("dialog", name="リンク")).to_be_hidden()
    assert messages == []


def test_the_list_closes_when_the_field_is_left(open_screen: OpenScreen) -> None:
    with open_screen("高橋", "/admin/") as (page, messages):
        field, choices, _ = open_link_dialog(page)
        field.fill("情報")
        expect(choices).to_be_visible()
        field.press("Tab")
        expect(choices).to_be_hidden()
    assert messages == []


def test_a_choice_is_not_followed_by_another_search(open_screen: OpenScreen) -> None:
    with open_screen("高橋", "/admin/") as (page, messages):
        page.clock.install()
        field, choices, _ = open_link_dialog(page)
        with page.expect_request(SEARCHES):
            field.fill("国際戦略")
            page.clock.run_for(PAUSE)
        option = choices.get_by_role("option").first
        expect(option).to_be_visible()
        searches: list[Request] = []
        page.on("request", lambda request: searches.append(request))  # noqa: PLW0108 - Playwright wraps it
        option.evaluate(TYPE_AND_CHOOSE)
        page.clock.run_for(2 * PAUSE)
        page.evaluate("fetch('/healthz')")
        assert [urlsplit(request.url).path for request in searches] == ["/healthz"]
        expect(choices).to_be_hidden()
    assert messages == []


def test_a_sentence_links_a_new_document_which_a_row_publishes(open_screen: OpenScreen) -> None:
    with open_screen("高橋", "/admin/") as (page, messages):
        open_draft(page)
        paper = ("配布資料.pdf", "application/pdf", pdf())
        let_fall(page, "#links", paper)
        expect(report(page, "登録しました")).to_be_visible()
        page.reload()  # the document is in the library, and no row has it
        page.wait_for_selector("#body-editor")
        page.get_by_role("button", name="リンク", exact=True).click()
        field = page.get_by_role("dialog", name="リンク").get_by_label("リンク先")
        field.fill("配布資料")
        option = page.get_by_role("option", name="運用ポリシー").first  # as the file says
        expect(option).to_contain_text("PDF形式")
        field.press("ArrowDown")
        field.press("Enter")
        page.get_by_role("button", name="リンクにする").click()
        expect(page.locator("#body-editor a", has_text="運用ポリシー")).to_be_visible()
        expect(page.locator("[data-removed-note]")).to_contain_text("まだ公開されていないので")
        row = page.locator("#links [data-row]:visible").last
        expect(row.locator("select option:checked")).to_contain_text("運用ポリシー")
        expect(row.get_by_label("リンクの文字")).to_have_value("運用ポリシー")
    assert messages == []
