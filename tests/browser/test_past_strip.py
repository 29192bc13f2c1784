"""The strip on a past page: in view while one reads, and never over what has the focus."""

from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Opened
from tests.browser.test_axe import findings
from tests.helpers.reader import BUREAU

PAST = f"{BUREAU}?at=2013-12-31"
STRIP = ".past-strip"
# What the strip covers of the focused element, in pixels.
COVERED = """
() => {
  const strip = document.querySelector(".past-strip").getBoundingClientRect();
  const focused = document.activeElement.getClientRects()[0];
  const {activeElement: element, body} = document;
  const exempt = element === body || element.closest(".past-strip");
  if (exempt || !focused) return 0;
  return Math.min(strip.bottom, focused.bottom) - Math.max(strip.top, focused.top);
}
"""


def top_of(page: Page) -> float:
    box = page.locator(STRIP).bounding_box()
    assert box is not None
    return box["y"]


@pytest.mark.parametrize(("width", "height"), [(360, 640), (1280, 800)])
def test_the_strip_stays_in_view(opened: Opened, width: int, height: int) -> None:
    with opened(PAST, width=width, height=height) as page:
        page.evaluate("scrollTo(0, document.body.scrollHeight)")
        expect(page.locator(STRIP)).to_be_in_viewport()
        assert top_of(page) == 0
        assert page.locator(STRIP).evaluate("e => e.offsetHeight") <= height / 5


def test_the_strip_scrolls_away_where_it_would_leave_little(opened: Opened) -> None:
    with opened(PAST, width=320, height=256) as page:
        page.evaluate("scrollTo(0, document.body.scrollHeight)")
        assert top_of(page) < 0


@pytest.mark.parametrize(("width", "height"), [(360, 640), (1280, 800)])
def test_going_back_with_the_keyboard_nothing_comes_to_rest_below_the_strip(
    opened: Opened, width: int, height: int
) -> None:
    with opened(PAST, width=width, height=height) as page:
        page.evaluate("scrollTo(0, document.body.scrollHeight)")
        page.locator("footer a").last.focus()
        covered: list[Any] = []
        for _ in range(40):
            page.keyboard.press("Shift+Tab")
            covered.append(page.evaluate(COVERED))
        assert max(covered) <= 0


def test_a_heading_that_is_linked_to_comes_to_rest_below_the_strip(opened: Opened) -> None:
    with opened(f"{PAST}#section2", width=360, height=640) as page:
        heading = page.locator("#section2").bounding_box()
        strip = page.locator(STRIP).bounding_box()
        assert heading is not None
        assert strip is not None
        assert heading["y"] >= strip["y"] + strip["height"]


def test_the_field_for_a_day_opens_without_a_script_and_leads_there(opened: Opened) -> None:
    with opened(BUREAU, width=360, java_script_enabled=False) as page:
        page.get_by_text("日を選んで過去の内容を見る").click()
        page.get_by_label("日付").fill("平成25年12月31日")
        page.get_by_role("button", name="この日の内容を見る").click()
        expect(page).to_have_url(f"{page.url.split(BUREAU)[0]}{PAST}")
        expect(page.locator(STRIP)).to_contain_text("2013年12月31日の時点の内容")


def test_axe_finds_nothing_in_the_unfolded_field(opened: Opened) -> None:
    for width in (360, 1280):
        with opened(BUREAU, width=width) as page:
            page.get_by_text("日を選んで過去の内容を見る").click()
            assert findings(page) == []


def test_axe_finds_nothing_in_unfolded_paragraphs(opened: Opened) -> None:
    for width in (360, 1280):
        with opened("/main_sosiki/hozon/history/?older=1&newer=2", width=width) as page:
            for summary in page.locator(".comparison summary").all():
                summary.click()
            assert findings(page) == []
