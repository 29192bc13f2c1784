"""
Debian's chromium in front of the real server: one browser and one site for each worker.

What uses the browser runs in a thread of its own: Playwright keeps an event loop going in the
thread that started it, and in such a thread Django refuses its database to the other tests.
"""

import shutil
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager, contextmanager
from functools import cache
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect, sync_playwright

from tests.browser.page_kinds import PAGES
from tests.helpers.programs import needed
from tests.helpers.server import Environment, copy_of_prepared, plant_hard_pages, running

ARGUMENTS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]
stage = ThreadPoolExecutor(max_workers=1, thread_name_prefix="browser")
Opened = Callable[..., AbstractContextManager[Page]]
expect.set_options(timeout=60_000)  # a machine under load is no fault


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """What waits longest for the clock begins first, and the others fill the time."""
    items.sort(key=lambda item: item.path.name != "test_story.py")


@pytest.hookimpl(tryfirst=True)
def pytest_pyfunc_call(pyfuncitem: pytest.Function) -> bool | None:
    if "opened" not in pyfuncitem.fixturenames:
        return None
    arguments = {name: pyfuncitem.funcargs[name] for name in pyfuncitem._fixtureinfo.argnames}
    stage.submit(pyfuncitem.obj, **arguments).result()
    return True


@pytest.fixture(scope="session")
def environment(tmp_path_factory: pytest.TempPathFactory) -> Environment:
    """The folder of a site that holds the three fixtures and the hard pages."""
    environment = copy_of_prepared(tmp_path_factory.mktemp("site"))
    plant_hard_pages(environment)
    return environment


@pytest.fixture(scope="session")
def port(environment: Environment) -> Iterator[int]:
    with running(environment, workers=1) as (_, port):
        yield port


@pytest.fixture(scope="session")
def official(environment: Environment) -> Iterator[str]:
    """The home page of the same site as a ministry runs it, which is no sample and says so."""
    settings = {"SAMPLE": "off", "PUBLISHER_NAME": "総務省"}
    with running(environment | settings, workers=1) as (_, port):
        yield f"http://localhost:{port}/"


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    chromium = shutil.which("chromium-headless-shell") or needed("chromium")
    playwright = stage.submit(sync_playwright().start).result()
    launch = playwright.chromium.launch
    browser = stage.submit(launch, executable_path=chromium, args=ARGUMENTS).result()
    yield browser
    stage.submit(browser.close).result()
    stage.submit(playwright.stop).result()


@pytest.fixture(scope="session")
def opened(browser: Browser, port: int) -> Opened:
    """
    What opens a page: by its address, in a window of this size, until its block ends.

    A tab for each set of options is kept for all tests: a new one costs more than a test. Going
    to an address leaves nothing of the last one behind; who listens to a tab asks for a `fresh`.
    """

    @cache
    def context(script: str, **options: Any) -> BrowserContext:
        base = f"http://localhost:{port}"
        made = browser.new_context(
            base_url=base, locale="ja-JP", reduced_motion="reduce", **options
        )
        made.add_init_script(script)
        made.new_page()
        return made

    @contextmanager
    def opened(
        address: str,
        *,
        width: int = 1440,
        height: int = 900,
        script: str = "",
        fresh: bool = False,
        **options: Any,
    ) -> Iterator[Page]:
        tabs = context(script, **options)
        page = tabs.new_page() if fresh else tabs.pages[0]
        try:
            page.set_viewport_size({"width": width, "height": height})
            page.goto(address)
            yield page
        finally:
            if fresh:
                page.close()

    return opened


def each(pages: dict[str, str]) -> Any:
    """A fixture's parameters: each of these addresses in turn, under its name."""
    return [pytest.param(address, id=name) for name, address in pages.items()]


@pytest.fixture(params=each(PAGES))
def address(request: pytest.FixtureRequest) -> str:
    return str(request.param)
