"""A site with two writers and drafts for them to write in, and the way into the form."""

import re
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, closing, contextmanager
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, ConsoleMessage, Page

from tests.browser.conftest import Opened
from tests.browser.login_as import come_in
from tests.browser.test_axe import findings as findings_on
from tests.browser.test_console import LISTEN
from tests.helpers.server import Environment, environment_of, run_program

PASSWORD = "ひみつ-editor-2013"
OFFICERS = ("筆", "硯")
STORED = """
SELECT edition.id, edition.body FROM bureaus_edition edition
JOIN bureaus_page page ON page.id = edition.page_id WHERE page.key = ?
"""
RULES = {"target-size": {"enabled": True}, "frame-tested": {"enabled": False}}
OpenAdmin = Callable[..., AbstractContextManager[tuple[Page, list[str]]]]


@pytest.fixture(scope="session")
def study(environment: Environment) -> Environment:
    """The site with two writers, and drafts for them to write in."""
    plant(environment["DATA_DIR"])
    return environment


@cache  # each module that imports the fixture has one of its own, and the site is the same
def plant(folder: str) -> None:
    run_program("drafts", PASSWORD, *OFFICERS, environment=environment_of(Path(folder)))


@pytest.fixture
def stored(study: Environment) -> Callable[[int], dict[str, Any]]:
    """The one edition of a draft's page, as it lies in the database."""
    file = Path(study["DATA_DIR"]) / "site.sqlite3"

    def stored(number: int) -> dict[str, Any]:
        with closing(sqlite3.connect(file)) as database:
            (found,) = database.execute(STORED, [f"/main_sosiki/genkou{number}/"]).fetchall()
        return dict(zip(("pk", "body"), found, strict=True))

    return stored


@pytest.fixture
def open_admin(browser: Browser, port: int, study: Environment, opened: Opened) -> OpenAdmin:
    """A browser in which an officer is logged in, and what it complains about."""

    @contextmanager
    def open_admin(name: str = OFFICERS[0], **options: Any) -> Iterator[tuple[Page, list[str]]]:
        base = f"http://localhost:{port}"
        context = browser.new_context(
            base_url=base, locale="ja-JP", reduced_motion="reduce", **options
        )
        messages: list[str] = []

        def keep_message(message: ConsoleMessage) -> None:
            is_refusal = re.search("status of 4|ERR_INTERNET_DISCONNECTED", message.text)
            if message.type in {"error", "warning"} and not is_refusal:
                messages.append(f"{message.type}: {message.text}")

        context.add_init_script(LISTEN)
        page = context.new_page()
        page.set_viewport_size({"width": 1280, "height": 900})
        page.on("console", keep_message)
        page.on("pageerror", lambda error: messages.append(f"error: {error}"))
        try:
            come_in(page, base, "/admin/", name=name, password=PASSWORD)
            yield page, messages
        finally:
            context.close()

    return open_admin


def open_form(page: Page, pk: int) -> None:
    page.goto(f"/admin/bureaus/edition/{pk}/change/")
    page.wait_for_selector("#body-editor, textarea#id_body:visible")


def save(page: Page, button: str = "下書きを保存") -> None:
    with page.expect_navigation():
        page.get_by_role("button", name=button, exact=True).first.click()


def findings(page: Page) -> list[str]:
    """What axe finds in the form; the public page in the frame is judged where it stands alone."""
    return findings_on(page, iframes=False, rules=RULES)


def paste(page: Page, html: str) -> None:
    page.locator("#body-editor").click()
    page.evaluate(
        """html => {
          const data = new DataTransfer();
          data.setData("text/html", html);
          const options = {clipboardData: data, bubbles: true, cancelable: true};
          const event = new ClipboardEvent("paste", options);
          document.querySelector("#body-editor").dispatchEvent(event);
        }""",
        html,
    )
