"""The way in, in a real browser: by keyboard alone, under the policy, judged by axe."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager

import pytest
from playwright.sync_api import Browser, ConsoleMessage, Page, expect

from tests.browser.conftest import Opened
from tests.browser.test_axe import findings
from tests.browser.test_console import LISTEN
from tests.browser.test_keyboard import FOCUSABLE, walk
from tests.helpers.authenticator import code_of, key_on, wrong
from tests.helpers.server import Environment, run_program, run_python, running

PASSWORD = "ひみつ-browser-2013"
OFFICERS = ("森", "林", "川", "山", "海", "空")
WIDTHS = (1280, 360)
ADMIN = [
    "/admin/",
    "/admin/bureaus/",
    "/admin/bureaus/page/",
    "/admin/bureaus/page/1/change/",
    "/admin/bureaus/edition/",
    "/admin/bureaus/edition/1/change/",
    "/admin/bureaus/formeraddress/",
    "/admin/bureaus/auditentry/",
    "/admin/auth/user/",
    "/admin/auth/user/add/",
    "/admin/auth/user/1/change/",
    "/admin/auth/user/1/password/",
    "/admin/auth/user/1/history/",
    "/admin/auth/user/1/delete/",
    "/admin/auth/group/",
    "/admin/auth/group/add/",
    "/admin/password_change/",
    "/admin/password_change/done/",
    "/admin/second-factor/set-up/",
    "/admin/login/?next=/admin/",
    "/admin/nothing/",
]
OpenAdmin = Callable[[], AbstractContextManager[tuple[Page, list[str]]]]


@pytest.fixture(scope="session")  # planted once: a worker may come back to these stories
def site_url(environment: Environment) -> Iterator[str]:
    """The same site where a second factor is demanded, with officers who have none yet."""
    for name in OFFICERS:
        secret = {"DJANGO_SUPERUSER_PASSWORD": PASSWORD}
        words = ("createsuperuser", "--noinput", "--username", name, "--email", "")
        run_python("manage.py", *words, environment=environment | secret)
    with running(environment | {"SECOND_FACTOR": "on"}, workers=1) as (_, port):
        yield f"http://localhost:{port}"


@pytest.fixture
def open_admin(browser: Browser, site_url: str, opened: Opened) -> OpenAdmin:
    """A browser without cookies, and what it complains about."""

    @contextmanager
    def open_admin() -> Iterator[tuple[Page, list[str]]]:
        context = browser.new_context(base_url=site_url, locale="ja-JP", reduced_motion="reduce")
        messages: list[str] = []

        def keep_message(message: ConsoleMessage) -> None:
            is_refusal = "status of 4" in message.text
            if message.type in {"error", "warning"} and not is_refusal:
                messages.append(f"{message.type}: {message.text}")

        for script in (LISTEN, FOCUSABLE):
            context.add_init_script(script)
        page = context.new_page()
        page.on("console", keep_message)
        page.on("pageerror", lambda error: messages.append(f"error: {error}"))
        page.on("requestfailed", lambda request: messages.append(f"failed: {request.url}"))
        try:
            yield page, messages
        finally:
            context.close()

    return open_admin


def enter(page: Page, *words: str) -> None:
    """Type into the field that has the focus, go on with Tab, and send it with Enter."""
    page.wait_for_function("document.activeElement.matches('input[type=text]')")
    page.keyboard.type(words[0])
    for word in words[1:]:
        page.keyboard.press("Tab")
        page.keyboard.type(word)
    with page.expect_navigation(wait_until="load"):
        page.keyboard.press("Enter")


def again(page: Page, code: str) -> None:
    page.wait_for_function("document.activeElement.matches('#id_code')")
    page.keyboard.press("Control+A")
    enter(page, code)


def judge(page: Page, heading: str) -> None:
    """Hold the page against axe and the policy, at a desk and on a telephone."""
    assert page.inner_text("h1") == heading
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 800})
        assert findings(page) == [], (heading, width)
        assert page.evaluate("document.documentElement.scrollWidth") <= width
    assert page.evaluate("window.refusedByPolicy") == []
    assert page.locator("[style], style, script:not([src])").count() == 0


def walk_from_the_top(page: Page) -> None:
    for first in page.locator("[autofocus]").all():
        expect(first).to_be_focused()  # or it takes the focus while one walks
    page.evaluate("document.activeElement.blur()")
    page.goto(f"{page.url.partition('#')[0]}#top")  # from where the next Tab starts
    walk(page)


def set_up(page: Page, name: str) -> bytes:
    page.goto("/admin/")
    enter(page, name, PASSWORD)
    key = key_on(page.content())
    enter(page, code_of(key))
    return key


def test_the_whole_way_in_is_gone_by_keyboard_and_nothing_is_found_on_it(
    open_admin: OpenAdmin,
) -> None:
    with open_admin() as (page, messages):
        page.goto("/admin/")
        judge(page, "ログイン")
        enter(page, OFFICERS[0], PASSWORD)
        judge(page, "2段階認証の準備")
        key = key_on(page.content())
        enter(page, wrong(code_of(key)))
        judge(page, "2段階認証の準備")
        again(page, code_of(key))
        judge(page, "予備コード")
        with page.expect_navigation():
            page.get_by_role("link", name="先へ進む").press("Enter")
        assert page.inner_text("h1") == "ホーム"
        page.goto("/admin/second-factor/set-up/")
        judge(page, "2段階認証")
    assert messages == []


def test_the_code_is_asked_for_and_a_wrong_one_has_to_wait(
    open_admin: OpenAdmin, environment: Environment
) -> None:
    with open_admin() as (page, messages):
        key = set_up(page, OFFICERS[1])
        page.context.clear_cookies()
        page.goto("/admin/")
        enter(page, OFFICERS[1], PASSWORD)
        judge(page, "コードの入力")
        again(page, wrong(code_of(key)))
        again(page, wrong(code_of(key)))
        judge(page, "コードの入力")
        run_program("end_throttling", environment=environment)
        again(page, code_of(key, later=1))
        assert page.inner_text("h1") == "ホーム"
    assert messages == []


def test_the_refusal_after_five_failures_is_a_page_like_the_others(open_admin: OpenAdmin) -> None:
    with open_admin() as (page, messages):
        page.goto("/admin/")
        for _ in range(4):
            enter(page, "だれでもない", "まちがい")
            page.locator("#id_username").fill("")
            page.locator("#id_username").focus()
        judge(page, "ログイン")
        enter(page, "だれでもない", "まちがい")
        judge(page, "ログインを止めています")
    assert messages == []


def test_the_session_that_was_left_alone_ends_with_a_sentence(
    open_admin: OpenAdmin, environment: Environment
) -> None:
    with open_admin() as (page, messages):
        set_up(page, OFFICERS[2])
        run_program("age_sessions", environment=environment)
        page.goto("/admin/bureaus/page/")
        judge(page, "ログイン")
        assert "しばらく操作がなかったため" in page.inner_text(".messagelist")
    assert messages == []


def test_no_page_of_the_admin_asks_for_what_the_policy_refuses(open_admin: OpenAdmin) -> None:
    with open_admin() as (page, messages):
        set_up(page, OFFICERS[3])
        for address in ADMIN:
            answer = page.goto(address, wait_until="load")
            assert answer is not None
            policy = answer.headers["content-security-policy"]
            assert "default-src 'none'" in policy
            assert "unsafe" not in policy
            assert page.evaluate("window.refusedByPolicy") == [], address
    assert messages == []


def test_every_control_on_the_way_in_is_reached_and_seen(open_admin: OpenAdmin) -> None:
    with open_admin() as (page, _):
        page.set_viewport_size({"width": 360, "height": 640})
        page.goto("/admin/login/")
        walk_from_the_top(page)
        page.locator("#id_username").focus()
        enter(page, OFFICERS[4], PASSWORD)
        walk_from_the_top(page)


@pytest.mark.parametrize(
    ("field", "purpose", "kind"),
    [
        ("#id_username", "username", "text"),
        ("#id_password", "current-password", "password"),
        ("#id_code", "one-time-code", "text"),
    ],
)
def test_a_password_manager_knows_what_each_field_is_for(
    open_admin: OpenAdmin, field: str, purpose: str, kind: str
) -> None:
    with open_admin() as (page, _):
        page.goto("/admin/")
        if field == "#id_code":
            enter(page, OFFICERS[4], PASSWORD)
        box = page.locator(field)
        assert box.get_attribute("autocomplete") == purpose
        assert box.get_attribute("type") == kind
        size = box.bounding_box()
        assert size is not None
        assert size["height"] >= 44
        buttons = [each.bounding_box() for each in page.locator("input[type=submit]:visible").all()]
        assert buttons
        assert all(min(each["height"], each["width"]) >= 44 for each in buttons if each)


@contextmanager
def virtual_authenticator(page: Page) -> Iterator[None]:
    """A passkey of the machine that says yes to everything, as the browser's own tests have it."""
    session = page.context.new_cdp_session(page)
    session.send("WebAuthn.enable")
    options = {
        "protocol": "ctap2",
        "transport": "internal",
        "hasResidentKey": True,
        "hasUserVerification": True,
        "isUserVerified": True,
        "automaticPresenceSimulation": True,
    }
    session.send("WebAuthn.addVirtualAuthenticator", {"options": options})
    yield
    session.detach()


def test_a_passkey_is_registered_and_opens_the_next_login(open_admin: OpenAdmin) -> None:
    with open_admin() as (page, said), virtual_authenticator(page):
        page.goto("/admin/")
        enter(page, OFFICERS[5], PASSWORD)
        judge(page, "2段階認証の準備")
        page.get_by_role("button", name="パスキーを登録する").click()
        page.wait_for_selector("h1:has-text('予備コード')")
        page.goto("/admin/sessions/")
        judge(page, "ログイン中の端末")
        page.context.clear_cookies()
        page.goto("/admin/")
        enter(page, OFFICERS[5], PASSWORD)
        judge(page, "コードの入力")
        page.get_by_role("button", name="パスキーで確かめる").click()
        page.wait_for_selector("h1:has-text('ホーム')")
    assert said == []
