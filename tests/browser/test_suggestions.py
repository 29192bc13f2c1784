"""Titles below the search field while one types: by keyboard, by pointer, and never in the way."""

import gzip
import re

from axe_playwright_python.base import AXE_SCRIPT
from playwright.sync_api import Page, Request, expect

from tests.browser.conftest import Opened
from tests.browser.test_axe import findings
from tests.helpers.paths import ROOT

LIMIT = 5_000  # bytes, packed
TITLE = "ICT政策の総合的な企画・立案・推進"
ADDRESS = "/main_sosiki/joho_kokusai/ict_seisaku/"


def type_in(page: Page, words: str) -> None:
    page.get_by_role("searchbox").first.focus()
    page.keyboard.insert_text(words)
    page.locator("#suggestions [role=option]").first.wait_for()


def test_titles_are_offered_and_taken_with_the_keyboard(opened: Opened) -> None:
    with opened("/") as page:
        type_in(page, "ict政策の")
        field = page.get_by_role("combobox")
        expect(field).to_have_attribute("aria-expanded", "true")
        page.keyboard.press("ArrowDown")
        option = page.get_by_role("option", selected=True)
        assert option.inner_text() == TITLE
        expect(field).to_have_attribute("aria-activedescendant", "suggestion-0")
        expect(page.locator("#suggestion-count")).to_contain_text("候補が1件あります")
        page.keyboard.press("Enter")
        page.wait_for_url(f"**{ADDRESS}")
        assert page.locator("h1").inner_text() == TITLE


def test_a_title_is_taken_with_the_pointer(opened: Opened) -> None:
    with opened("/terms/") as page:
        type_in(page, "ict政策の")
        page.get_by_role("option").first.click()
        page.wait_for_url(f"**{ADDRESS}")
        assert page.locator("h1").inner_text() == TITLE


def test_escape_closes_the_list_and_keeps_the_words(opened: Opened) -> None:
    with opened("/") as page:
        type_in(page, "ict")
        page.keyboard.press("Escape")
        expect(page.locator("#suggestions")).to_be_hidden()
        assert page.get_by_role("combobox").input_value() == "ict"


def test_enter_without_a_choice_searches_for_what_is_typed(opened: Opened) -> None:
    with opened("/") as page:
        type_in(page, "ict")
        page.keyboard.press("Enter")
        page.wait_for_url("**/search/?q=ict")


def test_the_list_is_gone_when_the_field_is_left(opened: Opened) -> None:
    with opened("/") as page:
        type_in(page, "ict")
        page.keyboard.press("Tab")
        expect(page.locator("#suggestions")).to_be_hidden()


def test_axe_finds_nothing_in_an_open_list(opened: Opened) -> None:
    with opened("/", script=AXE_SCRIPT) as page:
        type_in(page, "ict")
        page.keyboard.press("ArrowDown")
        # What the list lies over has colours of its own, which it is judged by when it is closed.
        over = ("overlapped by another element", "partially overlaps other elements")
        found = [each for each in findings(page) if not any(words in each for words in over)]
        assert found == []


def test_a_site_that_does_not_answer_leaves_a_plain_field(opened: Opened) -> None:
    with opened("/", fresh=True) as page:
        page.route("**/suggestions.json*", lambda route: route.abort())
        requests: list[Request] = []
        page.on("requestfailed", lambda request: requests.append(request))  # noqa: PLW0108 - not a method
        page.get_by_role("searchbox").focus()
        with page.expect_event("requestfailed"):
            page.keyboard.insert_text("ict")
        expect(page.locator("#suggestions")).to_be_hidden()
        page.keyboard.press("Enter")
        page.wait_for_url("**/search/?q=ict")


def test_the_scripts_of_public_pages_are_light_together() -> None:
    linked = re.findall(r"static 'js/([^']+)'", (ROOT / "templates" / "base.html").read_text())
    assert linked == ["suggestions.js"]
    packed = sum(
        len(gzip.compress((ROOT / "static" / "js" / name).read_bytes())) for name in linked
    )
    assert 0 < packed <= LIMIT


def test_of_a_past_day_nothing_is_suggested(opened: Opened) -> None:
    with opened("/?at=2013-09-01") as page:
        page.get_by_role("searchbox").focus()
        assert page.locator("#search").get_attribute("aria-autocomplete") is None
