"""The officers' tree in a real browser: by mouse, by keyboard, by dragging, and without scripts."""

import re
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from urllib.parse import parse_qs, urlsplit

import pytest
from playwright.sync_api import Browser, ConsoleMessage, Locator, Page, expect

from tests.browser.conftest import Opened
from tests.browser.login_as import come_in
from tests.browser.test_axe import findings
from tests.browser.test_console import LISTEN
from tests.helpers.server import Environment, run_program, running

PASSWORD = "ひみつ-tree-2013"
TREE = "/admin/bureaus/page/"
WIDTHS = (1280, 360)
TALL = 1_600  # both rows are on the screen: a page that scrolls drags what comes to lie there
OpenAdmin = Callable[..., AbstractContextManager[tuple[Page, list[str]]]]


@pytest.fixture(scope="session")  # planted once: a worker may come back to these stories
def site_url(environment: Environment) -> Iterator[str]:
    run_program("tree_site", PASSWORD, environment=environment)
    with running(environment, workers=1) as (_, port):
        yield f"http://localhost:{port}"


@pytest.fixture
def open_admin(browser: Browser, site_url: str, opened: Opened) -> OpenAdmin:
    """A browser in which the manager has logged in, and what it complains about."""

    @contextmanager
    def open_admin(*, height: int = 900, scripts: bool = True) -> Iterator[tuple[Page, list[str]]]:
        context = browser.new_context(
            base_url=site_url,
            locale="ja-JP",
            reduced_motion="reduce",
            viewport={"width": WIDTHS[0], "height": height},
            java_script_enabled=scripts,
        )
        messages: list[str] = []

        def keep_message(message: ConsoleMessage) -> None:
            if message.type in {"error", "warning"} and "status of 4" not in message.text:
                messages.append(f"{message.type}: {message.text}")

        context.add_init_script(LISTEN)
        page = context.new_page()
        page.on("console", keep_message)
        page.on("pageerror", lambda error: messages.append(f"error: {error}"))
        try:
            come_in(page, site_url, TREE, name="木村", password=PASSWORD)
            assert page.url == f"{site_url}{TREE}"
            yield page, messages
        finally:
            context.close()

    return open_admin


def toggle(page: Page, title: str) -> Locator:
    return page.locator(f'a.toggle[aria-label^="「{title}」の下を"]')


def row(page: Page, title: str) -> Locator:
    return page.locator(".row").filter(has=page.locator(f'a.title:text-is("{title}")'))


def query_of(page: Page) -> dict[str, list[str]]:
    return parse_qs(urlsplit(page.url).query)


def judge(page: Page) -> None:
    """
    Hold the page against axe, the policy and the width, at a desk and on a telephone.

    In a window as high as the page: axe tells no contrast where an edge or the bar cuts a row.
    """
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 900})
        height = page.evaluate("document.documentElement.scrollHeight")
        page.set_viewport_size({"width": width, "height": height})
        assert findings(page) == [], (page.url, width)
        assert page.evaluate("document.documentElement.scrollWidth") <= width, page.url
    assert page.evaluate("window.refusedByPolicy") == []
    assert page.locator("[style], style, script:not([src])").count() == 0
    page.set_viewport_size({"width": 1280, "height": 900})


def test_branches_open_in_place_and_the_address_keeps_them_open(open_admin: OpenAdmin) -> None:
    with open_admin() as (page, messages):
        toggle(page, "木の見本").click()
        expect(row(page, "木の枝1")).to_be_visible()
        expect(toggle(page, "木の見本")).to_have_attribute("aria-expanded", "true")
        expect(page.locator("[data-status]")).to_have_text("3ページを表示しました。")
        toggle(page, "木の枝2").click()
        expect(row(page, "木の葉99")).to_be_visible()
        assert row(page, "木の葉100").count() == 0
        page.get_by_role("link", name="「木の枝2」の下の続きを表示").click()
        expect(row(page, "木の葉103")).to_be_visible()
        expect(row(page, "木の葉100").locator("a.title")).to_be_focused()
        assert re.fullmatch(r"\d+,\d+-2", query_of(page)["open"][0])
        page.reload()
        expect(row(page, "木の葉103")).to_be_visible()
        toggle(page, "木の見本").click()
        expect(row(page, "木の枝1")).to_have_count(0)
        expect(toggle(page, "木の見本")).to_have_attribute("aria-label", "「木の見本」の下を開く")
        toggle(page, "木の見本").click()  # and what was open below it is open again
        expect(row(page, "木の葉103")).to_be_visible()
    assert messages == []


def test_the_keyboard_goes_through_the_tree(open_admin: OpenAdmin) -> None:
    with open_admin() as (page, messages):
        page.locator("a.title").first.focus()
        for _ in range(page.locator("a.title").count()):
            page.keyboard.press("ArrowDown")
        expect(row(page, "木の見本").locator("a.title")).to_be_focused()
        page.keyboard.press("ArrowRight")
        expect(row(page, "木の枝0")).to_be_visible()
        page.keyboard.press("ArrowDown")
        expect(row(page, "木の枝0").locator("a.title")).to_be_focused()
        page.keyboard.press("ArrowUp")
        page.keyboard.press("ArrowLeft")
        expect(row(page, "木の枝0")).to_have_count(0)
        toggle(page, "木の見本").focus()
        page.keyboard.press("Space")
        expect(row(page, "木の枝0")).to_be_visible()
        page.keyboard.press("Enter")
        expect(row(page, "木の枝0")).to_have_count(0)
    assert messages == []


def test_a_drag_leads_to_the_summary_and_moves_nothing(open_admin: OpenAdmin) -> None:
    with open_admin(height=TALL) as (page, messages):
        toggle(page, "木の見本").click()
        row(page, "木の枝0").drag_to(row(page, "木の枝1"))
        page.wait_for_url("**/move/**")
        assert "この1ページのアドレスが変わります" in page.inner_text("main")
        assert "/ki/eda1/eda0/" in page.inner_text("main")
        judge(page)
        page.get_by_role("link", name="移動しないで戻る").click()
        expect(row(page, "木の枝0")).to_be_visible()  # the tree is open as it was
    assert messages == []


def test_a_page_is_not_dropped_into_itself(open_admin: OpenAdmin) -> None:
    with open_admin(height=TALL) as (page, _):
        toggle(page, "木の見本").click()
        expect(row(page, "木の枝1")).to_be_visible()
        row(page, "木の見本").drag_to(row(page, "木の枝1"))
        expect(page.locator("[data-over]")).to_have_count(0)
        assert urlsplit(page.url).path == TREE


def test_a_page_is_moved_by_keyboard_and_the_tree_shows_where_it_went(
    open_admin: OpenAdmin,
) -> None:
    with open_admin() as (page, messages):
        toggle(page, "引越の見本").click()
        row(page, "引越の枝1").get_by_role("link", name="「引越の枝1」を移動").press("Enter")
        page.wait_for_url("**/move/**")
        judge(page)
        page.locator("#move-q").fill("引越の枝2")
        page.locator("#move-q").press("Enter")
        judge(page)
        page.get_by_role("link", name="「引越の枝2」の下へ移動").press("Enter")
        page.get_by_role("button", name="移動する").press("Enter")
        page.wait_for_url(f"**{TREE}?**")
        assert "「引越の枝1」を「引越の枝2」の下へ移動しました。" in page.inner_text(".messagelist")
        expect(row(page, "引越の枝1")).to_have_attribute("data-marked", "")
        expect(row(page, "引越の枝1")).to_be_in_viewport()
        expect(toggle(page, "引越の枝2")).to_have_attribute("aria-expanded", "true")
        judge(page)
        row(page, "引越の枝1").get_by_role("link", name="「引越の枝1」を移動").click()
        page.locator("#move-address").fill("/hikkoshi/")
        page.locator("#move-address").press("Enter")
        page.get_by_role("button", name="移動する").click()
        page.wait_for_url(f"**{TREE}?**")
    assert messages == []


def test_nothing_is_found_on_the_tree_the_list_and_what_is_done_together(
    open_admin: OpenAdmin,
) -> None:
    with open_admin() as (page, messages):
        toggle(page, "木の見本").click()
        expect(row(page, "木の枝0")).to_be_visible()
        judge(page)
        for title in ("木の見本", "木の枝0", "木の枝2"):
            row(page, title).get_by_role("checkbox").check()
        expect(page.locator("[data-count]")).to_have_text("（3ページ）")
        page.get_by_role("button", name="日時を指定して予約する").click()
        judge(page)
        page.get_by_role("link", name="何もしないで戻る").click()
        expect(row(page, "木の枝0")).to_be_visible()
        page.goto(f"{TREE}?q=木の葉")
        expect(page.get_by_text("50件を表示しています。続きがあります。")).to_be_visible()
        judge(page)
        page.goto(f"{TREE}?q=ありえない言葉")
        judge(page)
        page.get_by_label("題・アドレス・本文").fill("木の枝0")
        page.get_by_role("button", name="さがす").click()
        page.get_by_role("link", name="「木の枝0」の一覧での場所を見る").click()
        expect(row(page, "木の枝0")).to_be_in_viewport()
    assert messages == []


def test_everything_works_without_scripts(open_admin: OpenAdmin) -> None:
    with open_admin(scripts=False) as (page, _):
        toggle(page, "引越の見本").click()
        expect(toggle(page, "引越の見本")).to_have_attribute("aria-expanded", "true")
        toggle(page, "引越の枝2").click()
        page.get_by_role("link", name="「引越の枝2」の下の続きを表示").click()
        expect(row(page, "引越の葉103")).to_be_visible()
        row(page, "引越の葉103").get_by_role("link", name="「引越の葉103」を移動").click()
        page.get_by_label("移動先のアドレスを入れる").fill("/hikkoshi/eda0/")
        page.get_by_role("button", name="次へ").click()
        page.get_by_role("button", name="移動する").click()
        expect(row(page, "引越の葉103")).to_have_attribute("data-marked", "")
        expect(row(page, "引越の葉50")).to_be_visible()  # what was open is open still
        row(page, "引越の枝2").get_by_role("checkbox").check()
        page.get_by_role("button", name="差し戻す").click()
        expect(page.locator("main")).to_contain_text("できない1ページ")


def test_what_was_approved_together_is_reported_on_the_tree(open_admin: OpenAdmin) -> None:
    with open_admin() as (page, messages):
        toggle(page, "承認の見本").click()
        for title in ("承認の見本", "承認の枝0", "承認の枝1"):
            row(page, title).get_by_role("checkbox").check()
        page.get_by_role("button", name="承認する（いま）").click()
        page.get_by_role("checkbox", name="見え方と違いを確かめました").check()
        page.get_by_role("button", name="2ページを承認して公開する").click()
        report = page.inner_text(".messagelist")
        assert "2ページを承認しました。" in report
        assert "1ページはできませんでした：" in report
        assert "確認待ちの版がありません" in report
        expect(row(page, "承認の枝0").get_by_text("公開中", exact=True)).to_be_visible()
        judge(page)
    assert messages == []


def in_order(page: Page) -> list[str]:
    titles: list[str] = page.locator(".order > li").evaluate_all(
        "rows => rows.map(row => row.dataset.title)"
    )
    return titles


def test_pages_are_reordered_by_button_key_number_and_dragging(open_admin: OpenAdmin) -> None:
    with open_admin(height=TALL) as (page, messages):
        page.get_by_role("link", name="「承認の見本」の下を並べ替え").press("Enter")
        expect(page.locator(".order > li")).to_have_count(3)
        judge(page)
        first, second, third = in_order(page)
        page.get_by_role("button", name=f"「{second}」を上へ").press("Enter")
        assert in_order(page) == [second, first, third]
        expect(page.get_by_role("button", name=f"「{second}」を下へ")).to_be_focused()
        expect(page.locator("[data-status]")).to_have_text(
            f"「{second}」を1番目にしました。まだ保存していません。"
        )
        page.keyboard.press("Alt+ArrowDown")
        assert in_order(page) == [first, second, third]
        page.get_by_label(f"「{first}」の順番").fill("3")
        page.keyboard.press("Tab")
        assert in_order(page) == [second, third, first]
        grips, rows = page.locator(".order .grip"), page.locator(".order > li")
        grips.nth(2).drag_to(rows.nth(0), target_position={"x": 60, "y": 4})
        assert in_order(page) == [first, second, third]
        grips.nth(0).drag_to(rows.nth(2), target_position={"x": 60, "y": 40})
        assert in_order(page) == [second, third, first]
        page.get_by_role("button", name="この順番にする").press("Enter")
        page.wait_for_url(f"**{TREE}?**")
        assert "3ページを並べ替えました。" in page.inner_text(".messagelist")
        below = page.get_by_role("list", name="「承認の見本」の下").locator("a.title")
        assert below.all_inner_texts() == [second, third, first]
        judge(page)
    assert messages == []


def test_a_move_and_an_order_are_booked_and_cancelled_without_scripts(
    open_admin: OpenAdmin,
) -> None:
    with open_admin(scripts=False) as (page, _):
        toggle(page, "承認の見本").click()
        page.get_by_role("link", name="「承認の枝2」を移動").click()
        page.get_by_label("移動先のアドレスを入れる").fill("/ki/eda0/")
        page.get_by_role("button", name="次へ").click()
        page.get_by_label("日時を決めて予約").check()
        page.get_by_label("日付").fill("2099-04-01")
        page.get_by_label("時刻").fill("09:00")
        page.get_by_role("button", name="変わることを見る").click()
        page.get_by_role("button", name="2099年4月1日9時00分に移動する予約をする").click()
        expect(page.get_by_role("heading", name="場所の予約")).to_be_visible()
        page.get_by_role("link", name="予約を取り消す").click()
        page.get_by_role("button", name="予約を取り消す").click()
        expect(page.get_by_role("heading", name="場所の予約")).to_have_count(0)
        page.goto(TREE)
        page.get_by_role("link", name="「承認の見本」の下を並べ替え").click()
        first, second, third = in_order(page)
        with page.expect_navigation():
            page.get_by_role("button", name=f"「{third}」を上へ").click()
        assert in_order(page) == [first, third, second]
        again = page.get_by_role("button", name=f"「{third}」を上へ")
        expect(again).to_have_attribute("autofocus", "")
        page.get_by_label(f"「{first}」の順番").fill("3")
        with page.expect_navigation():
            page.keyboard.press("Enter")
        assert in_order(page) == [third, second, first]


def test_nothing_is_found_on_the_screens_of_bookings(open_admin: OpenAdmin) -> None:
    with open_admin() as (page, messages):
        toggle(page, "承認の見本").click()
        page.get_by_role("link", name="「承認の枝2」を移動").click()
        page.locator("#move-address").fill("/ki/eda0/")
        page.locator("#move-address").press("Enter")
        judge(page)
        page.get_by_label("日時を決めて予約").check()
        page.get_by_role("button", name="変わることを見る").click()
        expect(page.get_by_text("日付を選んでください。")).to_be_visible()
        judge(page)
        page.get_by_label("日付").fill("2099-05-01")
        page.get_by_label("時刻").fill("09:00")
        page.get_by_role("button", name="変わることを見る").click()
        judge(page)
        page.get_by_role("button", name="2099年5月1日9時00分に移動する予約をする").click()
        for width in WIDTHS:  # axe itself styles the boxes of this screen: no `judge`
            page.set_viewport_size({"width": width, "height": 900})
            assert findings(page) == [], width
        page.set_viewport_size({"width": 1280, "height": 900})
        page.goto(f"{TREE}?state=place")
        expect(row(page, "承認の枝2")).to_contain_text("場所の予約")
        judge(page)
        row(page, "承認の枝2").locator("a.title").click()
        page.get_by_role("link", name="予約を取り消す").click()
        judge(page)
        page.get_by_role("button", name="予約を取り消す").click()
        expect(page.locator(".messagelist")).to_contain_text("予約を取り消しました。")
    assert messages == []


def test_nothing_is_found_on_the_screens_of_a_release(open_admin: OpenAdmin) -> None:
    with open_admin() as (page, messages):
        page.goto("/admin/bureaus/release/")
        page.get_by_text("場所の変更を加える（移動・アドレスの変更）").click()
        page.get_by_label("変えるページの、いまのアドレス").fill("/hikkoshi/")
        page.get_by_label("アドレスの新しい末尾").fill("hikkoshi-saki")
        page.get_by_label("日時を指定").check()
        page.get_by_label("日付").fill("2099-06-01")
        page.get_by_label("時刻").fill("09:00")
        page.get_by_role("button", name="この組み合わせで確かめる").click()
        expect(page.get_by_text("/hikkoshi-saki/").first).to_be_visible()
        judge(page)
        page.get_by_role("button", name="できるかどうかを確かめる").click()
        expect(page.get_by_text("全部を一緒に始められます。")).to_be_visible()
        judge(page)
        page.get_by_label("確かめました").check()
        page.get_by_role("button", name="全部を、2099年6月1日9時00分に始める").click()
        expect(page.get_by_role("heading", name="変わる場所")).to_be_visible()
        judge(page)
        page.get_by_role("button", name="一括公開を取り消す").click()
        expect(page.locator(".messagelist")).to_be_visible()
    assert messages == []
