"""What the browser itself complains about: nothing. And what it asks for: little, of one host."""

from collections.abc import Iterator
from contextlib import contextmanager
from urllib.parse import urlsplit

from playwright.sync_api import ConsoleMessage, Page

from tests.browser.conftest import Opened
from tests.browser.page_kinds import WIDTHS

REQUEST_LIMIT = 10
LISTEN = """
window.refusedByPolicy = [];
document.addEventListener("securitypolicyviolation", event =>
  window.refusedByPolicy.push(`${event.effectiveDirective} ${event.blockedURI} ${event.sample}`));
"""


@contextmanager
def complaints(page: Page, address: str) -> Iterator[list[str]]:
    """What is said about the page at `address`; that it is a refusal is no complaint."""
    messages: list[str] = []

    def keep_message(message: ConsoleMessage) -> None:
        if message.location["url"] != page.url or "status of 4" not in message.text:
            messages.append(f"{message.type}: {message.text}")

    page.on("console", keep_message)
    page.on("pageerror", lambda error: messages.append(f"error: {error}"))
    page.on("requestfailed", lambda request: messages.append(f"failed: {request.url}"))
    page.add_init_script(LISTEN)
    page.goto(address)
    yield messages
    messages += page.evaluate("window.refusedByPolicy")


def test_the_console_stays_silent_and_few_requests_go_to_this_host_alone(
    opened: Opened, address: str
) -> None:
    """At every width to the end of the page: what is fetched late counts too."""
    requests: list[str] = []
    with opened("about:blank", fresh=True) as page:
        page.on("request", lambda request: requests.append(request.url))
        with complaints(page, address) as messages:
            for width in WIDTHS:
                page.set_viewport_size({"width": width, "height": 900})
                page.evaluate("scrollTo(0, document.documentElement.scrollHeight)")
            page.wait_for_load_state("networkidle")
            host = urlsplit(page.url).netloc
    assert messages == []
    assert {urlsplit(url).netloc for url in requests} == {host}
    assert len(requests) <= REQUEST_LIMIT, requests


def test_what_the_policy_refuses_would_be_heard(opened: Opened) -> None:
    with opened("about:blank", fresh=True) as page, complaints(page, "/") as messages:
        page.evaluate(
            "document.body.append(Object.assign(new Image(), {src: 'https://example.jp/a.png'}))"
        )
        page.wait_for_function("window.refusedByPolicy.length > 0")
    assert any(words.startswith("img-src https://example.jp/a.png") for words in messages)
    assert any("Content Security Policy" in words for words in messages)
