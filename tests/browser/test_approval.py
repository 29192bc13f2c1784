"""Previewing, comparing and approving in a real browser: frames, keyboard, axe, no scripts."""

import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from typing import Any, NamedTuple

import pytest
from playwright.sync_api import Browser, ConsoleMessage, Page

from tests.browser.conftest import Opened
from tests.browser.login_as import come_in
from tests.browser.test_axe import findings
from tests.browser.test_console import LISTEN
from tests.browser.test_keyboard import FOCUSABLE, FOCUSED
from tests.helpers.paths import ROOT
from tests.helpers.server import Environment

PASSWORD = "ひみつ-梅-2013"
WIDTHS = (1280, 360)
RULES = {"target-size": {"enabled": True}, "frame-tested": {"enabled": False}}
SETTINGS = {"DJANGO_SETTINGS_MODULE": "ministry_site.settings"}


class ReviewSite(NamedTuple):
    page: str
    waiting: str
    own: str
    urgent: str
    spare: str
    token: str

    @property
    def screens(self) -> list[str]:
        edition = "/admin/bureaus/edition/"
        return [
            f"{edition}{self.waiting}/review/",
            f"{edition}{self.own}/review/",
            f"{edition}{self.urgent}/review/",
            f"{edition}{self.waiting}/view/",
            f"/admin/bureaus/page/{self.page}/compare/",
            f"/admin/bureaus/release/?edition={self.waiting}&edition={self.own}&when=now",
            f"/admin/bureaus/release/?edition={self.waiting}&change={self.page}-slug-b&when=now",
        ]


Enter = Callable[..., AbstractContextManager[tuple[Page, list[str]]]]


@pytest.fixture(scope="session")  # planted once: a worker may come back to these stories
def review_site(environment: Environment) -> ReviewSite:
    done = subprocess.run(
        [sys.executable, "-m", "tests.helpers.browser_review"],
        cwd=ROOT,
        env=os.environ | environment | SETTINGS,
        check=True,
        capture_output=True,
        text=True,
    )
    return ReviewSite(*done.stdout.split())


@pytest.fixture
def enter(browser: Browser, port: int, review_site: ReviewSite, opened: Opened) -> Enter:
    """An approver who has logged in, and what the browser complains about."""

    @contextmanager
    def enter(**options: Any) -> Iterator[tuple[Page, list[str]]]:
        base = f"http://localhost:{port}"
        context = browser.new_context(
            base_url=base, locale="ja-JP", reduced_motion="reduce", **options
        )
        messages: list[str] = []

        def keep_message(message: ConsoleMessage) -> None:
            if message.type in {"error", "warning"}:
                messages.append(f"{message.type}: {message.text}")

        for script in (LISTEN, FOCUSABLE):
            context.add_init_script(script)
        page = context.new_page()
        page.on("console", keep_message)
        page.on("pageerror", lambda error: messages.append(f"error: {error}"))
        try:
            come_in(page, base, "/admin/", name="梅", password=PASSWORD)
            yield page, messages
        finally:
            context.close()

    return enter


def unfold(page: Page) -> None:
    """Open what is folded; frames in it are loaded only then."""
    for details in page.locator("details").all():
        details.evaluate("element => { element.open = true; }")
    for frame in page.locator("iframe").all():
        frame.scroll_into_view_if_needed()
    page.wait_for_load_state("networkidle")
    page.evaluate("scrollTo(0, 0)")


def test_the_frames_render_and_nothing_is_refused(enter: Enter, review_site: ReviewSite) -> None:
    with enter() as (page, messages):
        for address in review_site.screens:
            page.goto(address, wait_until="networkidle")
            unfold(page)
            assert len(page.frames) == 1 + page.locator("iframe").count(), address
            for frame in page.frames[1:]:
                assert frame.locator("h1").count() == 1, address
                assert frame.evaluate("window.refusedByPolicy") == []
            assert page.evaluate("window.refusedByPolicy") == []
            assert page.locator("[style], style, script:not([src])").count() == 0
        assert len(page.frames) > 1
    assert messages == []


def all_findings(page: Page) -> list[str]:
    """Of the screen, and of each page in its frames: each is a document with its own landmarks."""
    framed = [finding for frame in page.frames[1:] for finding in findings(frame)]
    return findings(page, iframes=False, rules=RULES) + framed


def test_axe_finds_nothing_on_any_screen(enter: Enter, review_site: ReviewSite) -> None:
    with enter() as (page, _):
        for address in review_site.screens:
            for width in WIDTHS:
                page.set_viewport_size({"width": width, "height": 900})
                page.goto(address, wait_until="networkidle")
                unfold(page)
                assert all_findings(page) == [], (address, width)
                wide = page.evaluate("document.documentElement.scrollWidth")
                assert wide <= width, (address, wide)


def test_the_widths_are_chosen_without_a_script(enter: Enter, review_site: ReviewSite) -> None:
    with enter(java_script_enabled=False) as (page, _):
        page.goto(review_site.screens[0])
        for value, expected in (("phone", 375), ("desk", 1280)):
            page.check(f"input[name=width][value={value}]")
            for frame in page.locator("iframe").all():
                content = frame.element_handle().content_frame()
                assert content is not None
                box = content.locator("html").bounding_box()
                assert box is not None
                # What a box is in the window is what it is in its frame, made smaller.
                frame_box = frame.bounding_box()
                assert frame_box is not None
                scale = min(1, frame_box["width"] / expected)
                assert box["width"] == pytest.approx(expected * scale, abs=20)


def test_links_in_a_frame_open_beside_it(enter: Enter, review_site: ReviewSite) -> None:
    with enter() as (page, _):
        page.goto(review_site.screens[3], wait_until="networkidle")
        frame = page.frames[1]
        with page.context.expect_page() as opened_page:
            frame.locator(".breadcrumb a").first.click()
        assert opened_page.value.url.endswith("/")
        assert page.url.endswith("/view/")


def test_every_control_of_the_screen_is_reached_by_keyboard(
    enter: Enter, review_site: ReviewSite
) -> None:
    with enter() as (page, _):
        page.goto(review_site.screens[4], wait_until="networkidle")
        page.evaluate("unfocused()")
        seen = set()
        for _ in range(60):
            page.keyboard.press("Tab")
            focused = page.evaluate(FOCUSED)
            if focused["number"] < 0:
                break
            assert focused["look"]["outlineStyle"] == "solid", focused["name"]
            seen.add(focused["number"])
        assert len(seen) == page.evaluate("focusable().length")


def test_a_booking_is_made_by_keyboard_and_without_a_script(
    enter: Enter, review_site: ReviewSite
) -> None:
    with enter(java_script_enabled=False) as (page, _):
        page.goto(f"/admin/bureaus/edition/{review_site.spare}/review/")
        page.fill("#id_date", "2013-05-23")
        page.fill("#id_time", "10:05")
        page.get_by_role("button", name="公開を予約する").press("Enter")
        page.wait_for_load_state()
        assert "は過去です" in page.inner_text("#decide ~ div")
        assert page.input_value("#id_time") == "10:05"
        page.fill("#id_date", "2031-07-01")
        page.get_by_role("button", name="公開を予約する").press("Enter")
        page.wait_for_url("**/change/")
        page.goto(f"/admin/bureaus/edition/{review_site.spare}/review/")
        assert "2031年7月1日10時05分に公開されます" in page.inner_text("main")


def test_the_link_is_copied_from_its_field(enter: Enter, review_site: ReviewSite) -> None:
    with enter(permissions=["clipboard-read", "clipboard-write"]) as (page, messages):
        page.goto(review_site.screens[3])
        page.get_by_role("button", name="確認用リンクを作る").click()
        page.wait_for_selector("#shared-link")
        assert all_findings(page) == []
        page.get_by_role("button", name="コピー").click()
        page.get_by_text("コピーしました").wait_for()
        copied = page.evaluate("navigator.clipboard.readText()")
        assert copied == page.input_value("#shared-link")
        assert "/preview/" in copied
    assert messages == []


def test_the_shared_page_is_as_sound_as_a_public_one(
    opened: Opened, review_site: ReviewSite
) -> None:
    for token in (review_site.token, "forged"):
        with opened(f"/preview/{token}/") as page:
            for width in WIDTHS:
                page.set_viewport_size({"width": width, "height": 900})
                assert findings(page) == [], width
