"""
A page from the first word to the archive, by three people and a visitor, in the real browser.

On SQLite and on PostgreSQL, each with a server and a database of its own.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import Browser, Page, expect

from tests.browser.conftest import Opened
from tests.helpers import postgresql
from tests.helpers.cast import TOKYO
from tests.helpers.fixtures import NAMES
from tests.helpers.server import Environment, copy_of_prepared, prepare, run_python, running
from tests.settings import free_port

PASSWORD = "ひみつ-ものがたり-2013"
BUREAU = "/main_sosiki/joho_kokusai/"
OTHER = "/main_sosiki/toukei/"
OFFICERS = {"鈴木": ("writer", BUREAU), "佐藤": ("approver", BUREAU), "伊藤": ("writer", OTHER)}
NEW_LEAD = "電波と通信の政策を、世界とともに進めます。"
MINUTES = timedelta(minutes=1)
MARGIN = timedelta(seconds=25)  # to fill in the form and send it
PATIENCE = 130_000  # milliseconds: a booked minute, and the time before it


@dataclass(frozen=True)
class Stage:
    browser: Browser
    origin: str

    def enters(self) -> Page:
        """Somebody with a browser of their own."""
        context = self.browser.new_context(
            base_url=self.origin, locale="ja-JP", reduced_motion="reduce"
        )
        page = context.new_page()
        page.set_viewport_size({"width": 1280, "height": 900})
        return page

    def logs_in(self, name: str) -> Page:
        page = self.enters()
        page.goto("/admin/")
        page.get_by_label("ユーザー名").fill(name)
        page.get_by_label("パスワード").fill(PASSWORD)
        page.get_by_role("button", name="ログイン").click()
        return page


@pytest.fixture(params=["sqlite", "postgresql"])
def stage(
    request: pytest.FixtureRequest, browser: Browser, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Stage]:
    folder = tmp_path_factory.mktemp("story")
    cluster = None
    if request.param == "postgresql":
        if postgresql.programs() is None:
            pytest.skip("PostgreSQL がこのマシンにありません。")
        cluster = postgresql.Cluster(str(free_port()))
        cluster.start()
    try:
        if cluster is None:
            environment = copy_of_prepared(folder)
        else:
            address = f"postgres://postgres@127.0.0.1:{cluster.port}/postgres"
            environment = prepare(folder, DATABASE_URL=address)
            run_python("manage.py", "loaddata", *NAMES, environment=environment)
        for name, (role, branch) in OFFICERS.items():
            appoint(name, role, branch, environment)
        with running(environment, workers=2) as (_, port):
            yield Stage(browser, f"http://localhost:{port}")
    finally:
        if cluster is not None:
            cluster.stop()


def appoint(name: str, role: str, branch: str, environment: Environment) -> None:
    words = ("add_officer", name, "--role", role, "--branch", branch)
    run_python("manage.py", *words, environment=environment)
    choose = "from django.contrib.auth.models import User; "
    choose += f"u = User.objects.get(username={name!r}); u.set_password({PASSWORD!r}); u.save()"
    run_python("manage.py", "shell", "--no-imports", "-c", choose, environment=environment)


def test_a_page_from_the_first_word_to_the_archive(stage: Stage, opened: Opened) -> None:
    old = text_now(stage)
    writer = stage.logs_in("鈴木")
    detail = find_in_the_tree(writer)
    write(writer)
    look_at_the_preview(writer)
    writer.get_by_role("button", name="保存して確認を依頼する").click()
    expect(writer.get_by_text("確認を依頼しました")).to_be_visible()

    start = book(stage.logs_in("佐藤"), detail)
    visitor = stage.enters()
    visitor.goto(BUREAU)
    assert timezone.now() < start
    assert text_of(visitor) == old
    wait_for_the_new_text(visitor)
    assert timezone.now() >= start
    expect(visitor.get_by_role("table", name="予算")).to_be_visible()
    expect(visitor.get_by_role("main").get_by_role("link", name="組織の案内")).to_have_attribute(
        "href", "/main_sosiki/"
    )

    before = (start - MINUTES).astimezone(TOKYO).strftime("%Y-%m-%dT%H:%M")
    visitor.goto(f"{BUREAU}?at={before}")
    assert text_of(visitor) == old

    stranger = stage.logs_in("伊藤")
    answer = stranger.goto(detail)
    assert answer is not None
    assert answer.status == 403
    expect(stranger.get_by_text("担当していないので")).to_be_visible()
    for page in (writer, visitor, stranger):
        page.context.close()


def text_now(stage: Stage) -> str:
    visitor = stage.enters()
    visitor.goto(BUREAU)
    text = text_of(visitor)
    visitor.context.close()
    assert NEW_LEAD not in text
    return text


def text_of(visitor: Page) -> str:
    """What the page says of itself: all of it but the way there."""
    return visitor.locator("article").inner_text()


def find_in_the_tree(writer: Page) -> str:
    """Open the page's detail from the tree, and begin a draft; return the address of the detail."""
    writer.get_by_role("navigation", name="管理画面").get_by_role("link", name="ページ").click()
    writer.get_by_role("link", name="情報通信国際戦略局", exact=True).last.click()
    detail = writer.url
    writer.get_by_role("button", name="改訂の下書きを始める").click()
    expect(writer.get_by_role("heading", level=1)).to_contain_text("の編集")
    return detail


def write(writer: Page) -> None:
    """A new lead, a table and a link, with the keyboard as far as it goes."""
    writer.get_by_role("textbox", name="要旨").fill(NEW_LEAD)
    body = writer.locator("[contenteditable=true]")
    body.click()
    writer.keyboard.press("Control+A")
    writer.keyboard.press("Delete")
    writer.keyboard.type("組織の案内")
    writer.keyboard.press("Control+A")
    writer.get_by_role("button", name="リンク", exact=True).click()
    link = writer.get_by_role("dialog", name="リンク")
    link.get_by_label("リンク先").fill("/main_sosiki/")
    link.get_by_role("button", name="リンクにする").click()
    body.press("Control+End")
    body.press("Enter")
    writer.get_by_role("button", name="表", exact=True).click()
    table = writer.get_by_role("dialog", name="表")
    table.get_by_label("表題").fill("予算")
    table.get_by_role("button", name="決める").click()
    writer.keyboard.type("年度")
    writer.get_by_role("textbox", name="変更の内容").fill("要旨を書き直し、予算の表を加えました。")
    writer.get_by_role("button", name="下書きを保存").click()
    expect(writer.get_by_text("下書きを保存しました")).to_be_visible()


def look_at_the_preview(writer: Page) -> None:
    writer.get_by_role("button", name="プレビューを更新").click()
    framed = writer.frame_locator("iframe[name=preview]")
    expect(framed.locator(".lead")).to_have_text(NEW_LEAD)
    expect(framed.get_by_role("table", name="予算")).to_be_visible()


def book(approver: Page, detail: str) -> datetime:
    """Compare, and book the next whole minute; return when it is."""
    approver.goto(detail)
    approver.get_by_role("link", name="確認して承認する").click()
    frames = approver.frame_locator("iframe >> nth=1")
    expect(frames.locator(".lead")).to_have_text(NEW_LEAD)
    expect(approver.locator("ins", has_text="世界").first).to_be_visible()
    start = (timezone.now() + MARGIN + MINUTES).replace(second=0, microsecond=0)
    local = start.astimezone(TOKYO)
    booking = approver.locator("form", has=approver.get_by_role("button", name="公開を予約する"))
    booking.locator("input[type=date]").fill(local.strftime("%Y-%m-%d"))
    booking.locator("input[type=time]").fill(local.strftime("%H:%M"))
    booking.get_by_role("button", name="公開を予約する").click()
    expect(approver.get_by_role("heading", level=1)).to_contain_text("情報通信国際戦略局")
    expect(approver.get_by_text("公開予約").first).to_be_visible()
    approver.context.close()
    return start


ASK_UNTIL_IT_SAYS = """
async ([address, text, patience]) => {
  for (const end = Date.now() + patience; Date.now() < end; ) {
    const page = await (await fetch(address)).text();
    if (page.includes(text)) return true;
    await new Promise((resolve) => setTimeout(resolve, 500));
  }
  return false;
}
"""


def wait_for_the_new_text(visitor: Page) -> None:
    """Nobody does anything: the visitor asks for the page again and again."""
    assert visitor.evaluate(ASK_UNTIL_IT_SAYS, [BUREAU, NEW_LEAD, PATIENCE])
    visitor.reload()
    expect(visitor.locator(".lead")).to_have_text(NEW_LEAD)
