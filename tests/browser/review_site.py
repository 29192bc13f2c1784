"""A site with officers who have something on their desks, and the way into it."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager

import pytest
from playwright.sync_api import Browser, ConsoleMessage, Page, Request

from tests.browser.login_as import come_in
from tests.browser.test_axe import findings
from tests.browser.test_console import LISTEN
from tests.browser.test_keyboard import FOCUSABLE
from tests.helpers.server import copy_of_prepared, run_program, running

WIDTHS = (1280, 360)
OpenScreen = Callable[..., AbstractContextManager[tuple[Page, list[str]]]]


@pytest.fixture(scope="session")  # planted once: a worker may come back to these stories
def office(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A site of its own: what lies on the desks would be in the way of other tests."""
    environment = copy_of_prepared(tmp_path_factory.mktemp("office"))
    run_program("review_site", environment=environment)
    with running(environment, workers=1) as (_, port):
        yield f"http://localhost:{port}"


@pytest.fixture
def open_screen(browser: Browser, office: str) -> OpenScreen:
    """Opens an address as an officer; with what the browser complains about."""

    @contextmanager
    def open_screen(
        who: str, address: str, *, scripts: bool = True
    ) -> Iterator[tuple[Page, list[str]]]:
        context = browser.new_context(
            base_url=office, locale="ja-JP", reduced_motion="reduce", java_script_enabled=scripts
        )
        messages: list[str] = []

        def keep_message(message: ConsoleMessage) -> None:
            if message.type in {"error", "warning"} and "status of 4" not in message.text:
                messages.append(f"{message.type}: {message.text}")

        def miss(request: Request) -> None:
            if request.failure != "net::ERR_ABORTED":  # by a reader who leaves before all is there
                messages.append(f"failed: {request.url}")

        for script in (LISTEN, FOCUSABLE):
            context.add_init_script(script)
        page = context.new_page()
        page.on("console", keep_message)
        page.on("pageerror", lambda error: messages.append(f"error: {error}"))
        page.on("requestfailed", miss)
        try:
            come_in(page, office, address, name=who, password=f"ひみつ-{who}-2013")
            assert page.url == f"{office}{address}"
            yield page, messages
        finally:
            context.close()

    return open_screen


def judge(page: Page) -> None:
    """Hold the page against axe and the policy, at a desk and on a telephone."""
    for width in WIDTHS:
        # As high as the page: axe cannot tell the ground of what the window's edge cuts.
        page.set_viewport_size({"width": width, "height": 800})
        height = page.evaluate("document.documentElement.scrollHeight")
        page.set_viewport_size({"width": width, "height": height})
        found = findings(page)
        assert found == [], f"{width}: {found}"
        assert page.evaluate("document.documentElement.scrollWidth") <= width
    assert page.evaluate("window.refusedByPolicy") == []
    assert page.locator("[style], style, script:not([src])").count() == 0
