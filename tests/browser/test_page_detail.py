"""The detail page in a real browser: read, copied, gone by keyboard, and without scripts."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.conftest import Opened
from tests.browser.login_as import come_in
from tests.browser.test_axe import findings
from tests.browser.test_console import LISTEN
from tests.browser.test_keyboard import FOCUSABLE, walk
from tests.helpers.reader import BUREAU, GUIDE
from tests.helpers.server import Environment, run_program

WIDTHS = (1280, 360)
OpenAdmin = Callable[..., AbstractContextManager[Page]]


@pytest.fixture(scope="session")  # planted once: a worker may come back to these stories
def people(environment: Environment) -> None:
    run_program("page_detail_site", environment=environment)


@pytest.fixture
def open_admin(browser: Browser, port: int, opened: Opened, people: None) -> OpenAdmin:
    """The detail page of the page at an address, for an officer who has logged in."""

    @contextmanager
    def open_admin(name: str, address: str, *, scripts: bool = True) -> Iterator[Page]:
        origin = f"http://localhost:{port}"
        context = browser.new_context(
            base_url=origin,
            locale="ja-JP",
            reduced_motion="reduce",
            java_script_enabled=scripts,
            viewport={"width": 1280, "height": 900},
        )
        context.grant_permissions(["clipboard-read", "clipboard-write"], origin=origin)
        for script in (LISTEN, FOCUSABLE):
            context.add_init_script(script)
        page = context.new_page()
        password = f"ひみつ-{name}-2013"
        come_in(page, origin, "/admin/bureaus/auditentry/", name=name, password=password)
        page.goto(f"/admin/bureaus/page/{key_of(page, address)}/change/")
        try:
            yield page
        finally:
            context.close()

    return open_admin


def key_of(page: Page, address: str) -> str:
    """The key of the page at `address`, from a record of it or the crumbs of one below it."""
    page.goto(f"/admin/bureaus/auditentry/?q={address}")
    row = page.get_by_role("row").filter(has=page.get_by_text(address, exact=True)).first
    link = row.locator(".field-page_link a")
    return str(link.get_attribute("href")).split("/")[-3]


def judge(page: Page) -> None:
    assert page.locator("[style], style, script:not([src])").count() == 0
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 900})
        assert findings(page) == [], (page.url, width)
        assert page.evaluate("document.documentElement.scrollWidth") <= width, page.url
    assert page.evaluate("window.refusedByPolicy") == []
    page.set_viewport_size({"width": 1280, "height": 900})


@pytest.mark.parametrize("name", ["机の作成者", "机の承認者", "机の管理者"])
@pytest.mark.parametrize("address", [BUREAU, f"{GUIDE}hozon/", f"{GUIDE}tsukue/"])
def test_axe_finds_nothing_on_the_screen(open_admin: OpenAdmin, name: str, address: str) -> None:
    with open_admin(name, address) as page:
        for summary in page.locator("details > summary").all():
            summary.click()
        judge(page)


def test_axe_finds_nothing_on_what_is_asked_and_refused(open_admin: OpenAdmin) -> None:
    with open_admin("机の作成者", f"{GUIDE}tsukue/") as page:
        here = page.url
        page.get_by_role("link", name="下書きを破棄する…").click()
        judge(page)
        page.goto(here)
        page.get_by_role("link", name="この下にページを追加する").click()
        page.get_by_label("表題").fill("題")
        page.get_by_label("一般のページ").check()
        page.get_by_label("アドレスの末尾").fill("だめ")
        page.get_by_role("button", name="追加して、内容を書く").click()
        assert page.get_by_role("alert").inner_text().startswith("まだ追加していません")
        judge(page)
    with open_admin("机の管理者", BUREAU) as page:
        page.get_by_role("link", name="アドレスの末尾を変える").click()
        judge(page)
        page.get_by_label("新しい末尾").fill("kokusai")
        page.get_by_role("button", name="何が変わるかを見る").click()
        expect(page.get_by_role("heading", name="変わること")).to_be_visible()
        judge(page)


def test_the_address_is_copied_and_that_is_said(open_admin: OpenAdmin) -> None:
    with open_admin("机の作成者", BUREAU) as page:
        button = page.get_by_role("button", name="アドレスをコピー")
        button.press("Enter")
        page.get_by_text("コピーしました").wait_for()
        assert page.locator(".copied").get_attribute("role") == "status"
        copied = page.evaluate("navigator.clipboard.readText()")
        assert copied == page.locator(".address a").inner_text()
        assert copied.endswith(BUREAU)


def test_a_refused_copy_is_said_too(open_admin: OpenAdmin) -> None:
    with open_admin("机の作成者", BUREAU) as page:
        page.evaluate(
            "() => { navigator.clipboard.writeText = () => Promise.reject(new Error()); }"
        )
        page.get_by_role("button", name="アドレスをコピー").click()
        page.get_by_text("コピーできませんでした").wait_for()


def test_everything_is_reached_by_keyboard_and_seen(open_admin: OpenAdmin) -> None:
    with open_admin("机の作成者", BUREAU) as page:
        walk(page)


def test_the_whole_address_follows_what_is_typed(open_admin: OpenAdmin) -> None:
    with open_admin("机の作成者", BUREAU) as page:
        page.get_by_role("link", name="この下にページを追加する").click()
        page.get_by_label("アドレスの末尾").fill("shiryo")
        address = page.locator("#slug-address")
        expect(address).to_contain_text(f"{BUREAU}shiryo/")
        page.get_by_label("アドレスの末尾").fill("Shiryo 2")
        expect(address).to_have_text("この末尾にはできません。", use_inner_text=True)
        page.get_by_label("アドレスの末尾").fill("")
        expect(address).to_contain_text("（ここに入ります）")


def test_without_scripts_the_screen_says_and_does_the_same(open_admin: OpenAdmin) -> None:
    with open_admin("机の作成者", f"{GUIDE}hozon/", scripts=False) as page:
        assert page.get_by_role("button", name="アドレスをコピー").count() == 0
        assert f"{GUIDE}hozon/" in page.locator(".address").inner_text()
        page.get_by_role("button", name="確認の依頼を取り下げる").click()
        assert "確認の依頼を取り下げました。" in page.inner_text(".messagelist")
        page.locator("[data-main]", has_text="確認を依頼する").click()
        assert "確認を依頼しました。承認者が確認します。" in page.inner_text(".messagelist")
        page.get_by_role("link", name="下書きを破棄する…").click()
        page.get_by_role("link", name="やめて戻る").click()
        assert page.inner_text("h1") != "下書きを破棄する"


def test_the_screen_is_calm(open_admin: OpenAdmin) -> None:
    """One main button at most, tall enough for every hand."""
    with open_admin("机の作成者", BUREAU) as page:
        main = page.locator("[data-main]")
        assert main.count() == 1
        assert main.inner_text() == "編集を続ける"
        box = main.bounding_box()
        assert box is not None
        assert box["height"] >= 44
