"""Writing in a real browser: the editor, its own copies, and what a hostile text does there."""

import json
import re
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, closing, contextmanager
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, ConsoleMessage, Page, Route, expect

from bureaus.richtext import sanitise
from bureaus.tidying import tidy
from tests.attacks import ATTACKS
from tests.browser.conftest import Opened
from tests.browser.doors import come_in, log_in
from tests.browser.test_axe import findings as findings_on
from tests.browser.test_console import LISTEN
from tests.hard_pages import EVERYTHING
from tests.server import ROOT, Environment, run_python
from tests.test_office_html import CASES
from tests.test_office_html import WORD as WORD_PAGE

PASSWORD = "ひみつ-editor-2013"
OFFICERS = ("筆", "硯")
SETTINGS = {"DJANGO_SETTINGS_MODULE": "ministry_site.settings"}
TOP = """
import django; django.setup()
from bureaus.models import *
from bureaus.publishing import *
"""
SEED = f"""{TOP}
from django.contrib.auth.models import User
from tests.cast import officer, place
guide = Page.objects.get(url_path="/main_sosiki/")
for name in {OFFICERS}:
    writer = officer(name, {{guide: [Role.WRITER]}})
    writer.set_password("{PASSWORD}")
    writer.save()
for number in range(1, 25):
    page = place(guide, f"genkou{{number}}")
    draft = start_draft(page=page, actor=None)
    changes = {{"title": f"原稿{{number}}", "lead": "要旨。"}}
    edit(edition=draft, actor=None, changes=changes, revision=1)
"""
STORED = """
SELECT edition.id, edition.body FROM bureaus_edition edition
JOIN bureaus_page page ON page.id = edition.page_id WHERE page.url_path = ?
"""
APPROVE = f"""{TOP}
import sys
edition = Edition.objects.get(page__url_path=sys.argv[1])
submit(edition=edition, actor=None)
approve(editions=[edition], actor=None)
"""
END_LOGINS = (
    f"{TOP}\nfrom django.contrib.sessions.models import Session\nSession.objects.all().delete()"
)
FOCUSED = """() => {
  const one = document.activeElement;
  const bar = document.querySelector(".bar");
  const name = bar.contains(one) ? "in the bar" : one.id || one.textContent.trim();
  const { top, bottom } = one.getBoundingClientRect();
  return [name, Math.min(bottom, top + 44), bar.getBoundingClientRect().top]; // of areas the caret
}"""
DISCARD = (
    f"{TOP}\nimport sys\ndiscard(edition=Edition.objects.get(pk=int(sys.argv[1])), actor=None)"
)
RULES = {"target-size": {"enabled": True}, "frame-tested": {"enabled": False}}
IN_A_HEADING_CELL = """() => {
  const {anchorNode: place} = getSelection();
  const isOurs = document.activeElement.id === "body-editor";
  return isOurs && (place?.closest ? place : place?.parentElement)?.closest("th") != null;
}"""
Desk = Callable[..., AbstractContextManager[tuple[Page, list[str]]]]


def run(environment: Environment, script: str, *words: str) -> None:
    run_python("-c", script, *words, environment=environment | SETTINGS)


@pytest.fixture(scope="session")  # planted once: a worker may come back to these stories
def study(environment: Environment) -> Environment:
    """The site with two writers, and drafts for them to write in."""
    run(environment, SEED)
    return environment


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
def desk(browser: Browser, port: int, study: Environment, opened: Opened) -> Desk:
    """A browser in which an officer is logged in, and what it complains about."""

    @contextmanager
    def desk(name: str = OFFICERS[0], **options: Any) -> Iterator[tuple[Page, list[str]]]:
        base = f"http://localhost:{port}"
        context = browser.new_context(
            base_url=base, locale="ja-JP", reduced_motion="reduce", **options
        )
        said: list[str] = []

        def hear(message: ConsoleMessage) -> None:
            is_refusal = re.search("status of 4|ERR_INTERNET_DISCONNECTED", message.text)
            if message.type in {"error", "warning"} and not is_refusal:
                said.append(f"{message.type}: {message.text}")

        context.add_init_script(LISTEN)
        page = context.new_page()
        page.set_viewport_size({"width": 1280, "height": 900})
        page.on("console", hear)
        page.on("pageerror", lambda error: said.append(f"error: {error}"))
        try:
            come_in(page, base, "/admin/", name=name, password=PASSWORD)
            yield page, said
        finally:
            context.close()

    return desk


def open_form(page: Page, pk: int) -> None:
    page.goto(f"/admin/bureaus/edition/{pk}/change/")
    page.wait_for_selector("#body-editor, textarea#id_body:visible")


def save(page: Page, button: str = "下書きを保存") -> None:
    with page.expect_navigation():
        page.get_by_role("button", name=button, exact=True).first.click()


def findings(page: Page) -> list[str]:
    """What axe finds in the form; the public page in the frame is judged where it stands alone."""
    return findings_on(page, iframes=False, rules=RULES)


def bodies() -> list[str]:
    found = []
    for name in ("ministry", "directory", "news"):
        rows = json.loads((ROOT / "fixtures" / f"{name}.json").read_text())
        found += [row["fields"]["body"] for row in rows if row["fields"].get("body")]
    return found


def through(page: Page, body: str) -> str:
    """What the editor makes of `body`, as the server stores it."""
    give = "body => { const {editor} = document.querySelector('[data-editor-place]');"
    html = page.evaluate(
        f"{give} editor.commands.setContent(body); return editor.getHTML(); }}", body
    )
    return tidy(sanitise(html))


def test_every_body_goes_through_the_editor_unchanged(
    desk: Desk, stored: Callable[[int], dict[str, Any]]
) -> None:
    assert len(bodies()) == 20
    with desk() as (page, said):
        open_form(page, stored(1)["pk"])
        for body in bodies():
            assert through(page, body) == body
        assert through(page, EVERYTHING) == tidy(sanitise(EVERYTHING))
        rare = (
            '<table>\n<tbody>\n<tr><th rowspan="2" scope="rowgroup">甲</th><td>一</td></tr>\n'
            "<tr><td>二</td></tr>\n</tbody>\n</table>\n<p><ruby>日<rp>（</rp><rt>に</rt><rp>）</rp>"
            "本<rp>（</rp><rt>ほん</rt><rp>）</rp></ruby>の<br>空</p>"
        )
        assert through(page, rare) == rare
        page.goto("about:blank")
    assert said == []


def test_a_table_and_a_link_are_written_and_stored(
    desk: Desk, stored: Callable[[int], dict[str, Any]]
) -> None:
    with desk() as (page, said):
        open_form(page, stored(2)["pk"])
        page.locator("#body-editor").click()
        page.keyboard.type("次の表です。")
        page.keyboard.press("Enter")
        page.get_by_role("button", name="表", exact=True).click()
        page.fill("#dialog-table-caption", "件数")
        page.fill("#dialog-table-rows", "2")
        page.fill("#dialog-table-columns", "2")
        page.keyboard.press("Enter")
        page.wait_for_function(IN_A_HEADING_CELL)
        for words in ("年", "件", "2013", "7"):
            page.keyboard.type(words)
            page.keyboard.press("Tab")
        assert page.evaluate("document.activeElement.id") != "body-editor", "Tab leads out"
        page.locator("#body-editor").click()
        page.keyboard.press("Control+Home")
        page.wait_for_function(
            "() => document.querySelector('[data-editor-place]').editor.state.selection.from === 1"
        )
        page.keyboard.press("Control+k")
        page.type("#dialog-link-href", "情報通信国際")
        page.wait_for_selector("[role=option]")
        page.keyboard.press("ArrowDown")
        page.keyboard.press("Enter")
        page.keyboard.press("Enter")
        expect(page.locator("#dialog-link")).not_to_be_visible()
        save(page)
        assert page.evaluate("window.refusedByPolicy") == []
        address = "/main_sosiki/joho_kokusai/"
        assert stored(2)["body"] == (
            f'<p><a href="{address}">{address}</a>次の表です。</p>\n'
            "<table>\n<caption>件数</caption>\n<thead>\n"
            '<tr><th scope="col">年</th><th scope="col">件</th></tr>\n</thead>\n'
            "<tbody>\n<tr><td>2013</td><td>7</td></tr>\n</tbody>\n</table>"
        )
    assert said == []


INTO_THE_LINK = """() =>
  document.querySelector("[data-editor-place]").editor.commands.setTextSelection(2)
"""


def caret(page: Page, start: int, end: int) -> None:
    """Wait until the editor has read from the browser what is selected."""
    page.wait_for_function(
        """([start, end]) => {
          const { from, to } = document.querySelector("[data-editor-place]").editor.state.selection;
          return from === start && to === end;
        }""",
        arg=[start, end],
    )


def test_what_is_typed_after_a_link_follows_it(
    desk: Desk, stored: Callable[[int], dict[str, Any]]
) -> None:
    with desk() as (page, said):
        open_form(page, stored(21)["pk"])
        page.locator("#body-editor").click()
        page.keyboard.type("案内")
        page.keyboard.press("Shift+Home")
        caret(page, 1, 3)
        for button, typed in (("リンクにする", "を読む"), ("リンクを外す", "。")):
            page.keyboard.press("Control+k")
            page.fill("#dialog-link-href", "https://example.go.jp/")
            page.get_by_role("button", name=button).click()
            expect(page.locator("#body-editor")).to_be_focused()
            page.keyboard.type(typed)
            body = page.input_value("#id_body")
            if typed == "を読む":
                assert body == '<p><a href="https://example.go.jp/">案内</a>を読む</p>'
                page.evaluate(INTO_THE_LINK)
                caret(page, 2, 2)
        assert body == "<p>案内。を読む</p>"
    assert said == []


def test_the_preview_says_that_it_is_old(
    desk: Desk, stored: Callable[[int], dict[str, Any]]
) -> None:
    with desk() as (page, said):
        open_form(page, stored(22)["pk"])
        word = page.locator("[data-preview] [data-said]")
        expect(word).to_have_text("")
        page.fill("#id_title", "別の題")
        expect(word).to_have_text("入力した内容は、まだプレビューに反映されていません。")
        page.get_by_role("button", name="プレビューを更新").click()
        expect(word).to_have_text("")
        expect(page.frame_locator("[name=preview]").locator("h1")).to_contain_text("別の題")
        page.get_by_role("button", name="リンクを追加").click()
        page.fill("#id_links-0-text", "行き先のないリンク")
        expect(word).not_to_have_text("")
        save(page)
        assert "保存できないところがあります" in page.inner_text("#content")
        expect(page.frame_locator("[name=preview]").locator("h1")).to_contain_text("別の題")
    assert said == []


def test_the_bar_does_not_cover_what_has_the_focus(
    desk: Desk, stored: Callable[[int], dict[str, Any]]
) -> None:
    with desk() as (page, _):
        open_form(page, stored(23)["pk"])
        page.focus("#id_title")
        reached = ""
        while reached != "id_submit_note":
            page.keyboard.press("Tab")
            reached, bottom, bar = page.evaluate(FOCUSED)
            if reached != "in the bar":
                assert bottom <= bar, reached


def test_ruby_terms_and_numbers_are_written(
    desk: Desk, stored: Callable[[int], dict[str, Any]]
) -> None:
    with desk() as (page, said):
        open_form(page, stored(3)["pk"])
        page.locator("#body-editor").click()
        page.get_by_role("button", name="ふりがな").click()
        page.fill("#dialog-ruby-base", "輻輳")
        page.fill("#dialog-ruby-reading", "ふくそう")
        page.keyboard.press("Enter")
        page.keyboard.press("Enter")
        page.get_by_role("button", name="用語の説明").click()
        page.keyboard.type("ICT")
        page.keyboard.press("Enter")
        page.keyboard.type("情報通信技術")
        page.keyboard.press("Enter")
        page.keyboard.press("Enter")
        page.keyboard.type("AI")
        page.keyboard.press("Enter")
        page.keyboard.type("人工知能")
        save(page)
    assert stored(3)["body"] == (
        "<p><ruby>輻輳<rp>（</rp><rt>ふくそう</rt><rp>）</rp></ruby></p>\n"
        "<dl>\n<dt>ICT</dt>\n<dd>情報通信技術</dd>\n<dt>AI</dt>\n<dd>人工知能</dd>\n</dl>"
    )
    assert said == []


WORD = """<html><head><style>p.MsoNormal {color: red}</style></head><body lang=JA>
<h1 style='margin:0'>報告<o:p></o:p></h1>
<p class=MsoNormal style="font-family:游明朝" onclick="window.hit=1"><span lang=EN-US
style='color:red'>ICT</span><b>戦略</b>の<u>概要</u><!--[if gte mso 9]><xml></xml><![endif]--></p>
<table border=1 style="width:50%"><tr><td width=100><p>甲</p></td><td>乙</td></tr></table>
<img src=x onerror="window.hit=1"><script>window.hit=1</script>
<p><a href="javascript:window.hit=1">押す</a></p></body></html>"""


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


def test_what_is_pasted_is_reduced_to_what_a_body_may_hold(
    desk: Desk, stored: Callable[[int], dict[str, Any]]
) -> None:
    with desk() as (page, said):
        open_form(page, stored(4)["pk"])
        paste(page, WORD)
        html = page.input_value("#id_body")
        assert "style" not in html
        assert tidy(sanitise(html)) == (
            "<h3>報告</h3>\n<p>ICT<strong>戦略</strong>の概要</p>\n"
            "<table>\n<tbody>\n<tr><td>甲</td><td>乙</td></tr>\n</tbody>\n</table>\n<p>押す</p>"
        )
        assert page.evaluate("window.hit") is None
        assert page.evaluate("window.refusedByPolicy") == []
        save(page)
    assert said == []


ODD_QUOTE = next(case for case in CASES if case["name"] == "a quote in the middle of a tag")
THROUGH_THE_CLEANER = """async cases => {
  const field = document.querySelector("#id_body");
  const { cleanerBy } = await import(field.dataset.officeHtml);
  const clean = cleanerBy(JSON.parse(field.dataset.officeRules));
  const { editor } = document.querySelector("[data-editor-place]");
  return cases.map(({ html }) => {
    const cleaned = clean(html);
    editor.commands.setContent(cleaned.html);
    return [editor.getHTML(), cleaned.sentence];
  });
}"""


def test_what_was_not_meant_to_be_published_is_not_pasted_and_that_is_said(
    desk: Desk, stored: Callable[[int], dict[str, Any]]
) -> None:
    with desk() as (page, said):
        open_form(page, stored(24)["pk"])
        told = page.locator("[data-dropped]")
        expect(told).to_have_role("status")
        paste(page, WORD_PAGE["html"])
        assert tidy(sanitise(page.input_value("#id_body"))) == WORD_PAGE["body"]
        expect(told).to_have_text(WORD_PAGE["sentence"])
        paste(page, "<p>続き</p>")
        expect(told).to_have_text("")
        paste(page, ODD_QUOTE["html"])
        expect(told).to_have_text(ODD_QUOTE["sentence"])
        assert page.evaluate("window.refusedByPolicy") == []
        done = page.evaluate(THROUGH_THE_CLEANER, CASES)
        for case, (html, sentence) in zip(CASES, done, strict=True):
            assert tidy(sanitise(html)) == case["body"], case["name"]
            assert sentence == case["sentence"], case["name"]
        assert page.evaluate("window.hit") is None
        assert page.evaluate("window.refusedByPolicy") == []
        page.evaluate(
            "document.querySelector('#edition-form').dispatchEvent(new Event('form-leaves'))"
        )
    assert said == []


def test_an_input_method_composes_undisturbed(
    desk: Desk, stored: Callable[[int], dict[str, Any]]
) -> None:
    with desk() as (page, said):
        open_form(page, stored(5)["pk"])
        page.locator("#body-editor").click()
        method = page.context.new_cdp_session(page)
        for words in ("せ", "せい", "せいさ", "せいさく", "政策"):
            length = len(words)
            method.send(
                "Input.imeSetComposition",
                {"text": words, "selectionStart": length, "selectionEnd": length},
            )
        method.send("Input.insertText", {"text": "政策"})
        page.keyboard.type("1. ")  # makes no list of it
        assert page.input_value("#id_body") == "<p>政策1. </p>"
        save(page)
    assert said == []


def test_the_toolbar_is_one_stop_with_arrows_inside(
    desk: Desk, stored: Callable[[int], dict[str, Any]]
) -> None:
    with desk() as (page, _):
        open_form(page, stored(6)["pk"])
        page.locator("#body-editor").focus()
        page.keyboard.press("Alt+F10")
        names = []
        for _ in range(4):
            names.append(page.evaluate("document.activeElement.textContent"))
            page.keyboard.press("ArrowRight")
        assert names == ["元に戻す", "やり直す", "段落", "大見出し"]
        page.keyboard.press("ArrowLeft")
        page.keyboard.press("Enter")
        page.keyboard.type("見出し")
        expect(page.get_by_role("button", name="大見出し")).to_have_attribute(
            "aria-pressed", "true"
        )
        assert page.input_value("#id_body") == "<h3>見出し</h3>"


def test_leaving_with_something_unsaved_is_asked_about(
    desk: Desk, stored: Callable[[int], dict[str, Any]]
) -> None:
    pk = stored(7)["pk"]
    with desk() as (page, _):
        asked: list[str] = []

        def answer(dialog: Any) -> None:
            asked.append(dialog.type)
            dialog.accept()

        page.on("dialog", answer)

        def leave() -> list[str]:
            asked.clear()
            page.goto("/admin/")
            return list(asked)

        open_form(page, pk)
        page.mouse.click(5, 5)
        assert leave() == []
        open_form(page, pk)
        page.locator("#body-editor").click()
        page.keyboard.type("書きかけ")
        assert leave() == ["beforeunload"]
        open_form(page, pk)
        page.get_by_role("button", name="連絡先を追加").click()
        page.keyboard.type("一課")
        page.get_by_role("button", name="連絡先を追加").click()
        page.keyboard.type("二課")
        save(page)
        assert asked == ["beforeunload"], "saving is not asked about"
        page.get_by_role("button", name="連絡先2を上へ").click()
        assert leave() == ["beforeunload"]
        open_form(page, pk)
        assert page.input_value("#id_contacts-0-name") == "一課"
        page.check("#id_contacts-0-DELETE")
        assert leave() == ["beforeunload"]


def test_what_was_typed_is_offered_back_after_the_login_has_ended(
    desk: Desk, study: Environment, stored: Callable[[int], dict[str, Any]]
) -> None:
    pk = stored(8)["pk"]
    with desk() as (page, _):
        page.on("dialog", lambda dialog: dialog.accept())
        open_form(page, pk)
        page.locator("#body-editor").click()
        page.keyboard.type("消えない文章")
        expect(page.locator("#autosave-status")).to_contain_text("自動保存しました")
        run(study, END_LOGINS)
        page.keyboard.type("。")
        page.get_by_role("button", name="下書きを保存").click()
        expect(page.locator("#autosave-status")).to_contain_text("ログインが終わりました")
        assert page.input_value("#id_body") == "<p>消えない文章。</p>"

        with page.context.expect_page() as opening:
            page.get_by_role("link", name="新しいタブでログイン").click()
        log_in(opening.value, OFFICERS[0], PASSWORD)
        assert "保存していない内容があります" in opening.value.content()
        save(page)
        assert "下書きを保存しました" in page.inner_text(".messagelist")
    assert stored(8)["body"] == "<p>消えない文章。</p>"


def test_a_crash_loses_nothing_that_was_copied(
    desk: Desk, stored: Callable[[int], dict[str, Any]]
) -> None:
    pk = stored(9)["pk"]
    with desk() as (page, _):
        open_form(page, pk)
        page.locator("#body-editor").click()
        page.keyboard.type("停電の前の文章")
        expect(page.locator("#autosave-status")).to_contain_text("自動保存しました")
    with desk() as (page, _):
        open_form(page, pk)
        page.get_by_role("link", name="それを使う").click()
        page.wait_for_selector("#body-editor")
        expect(page.locator("#body-editor")).to_have_text("停電の前の文章")
        save(page)
        assert "保存していない内容" not in page.content()
    assert stored(9)["body"] == "<p>停電の前の文章</p>"


def autosaved(page: Page) -> None:
    expect(page.locator("#autosave-status")).to_contain_text("自動保存しました")


def test_typing_in_the_new_form_does_not_touch_what_is_offered(
    desk: Desk, stored: Callable[[int], dict[str, Any]]
) -> None:
    pk = stored(16)["pk"]
    with desk() as (page, _):
        open_form(page, pk)
        page.fill("#id_lead", "一時間の文章")
        autosaved(page)
    with desk() as (page, _):
        page.on("dialog", lambda dialog: dialog.accept())
        open_form(page, pk)
        page.fill("#id_title", "ほんの少し")
        autosaved(page)
        page.get_by_role("link", name="それを使う").click()
        page.wait_for_selector("#body-editor")
        assert page.input_value("#id_lead") == "一時間の文章"
        autosaved(page)  # it has moved into this form, and there is nothing left of it
        assert findings(page) == []
        save(page)
        page.get_by_role("link", name="それを使う").click()
        page.wait_for_selector("#body-editor")
        assert page.input_value("#id_title") == "ほんの少し"


def is_guarded(page: Page) -> bool:
    ask = "() => !dispatchEvent(new Event('beforeunload', {cancelable: true}))"
    return bool(page.evaluate(ask))


def test_a_save_that_did_not_leave_is_as_if_it_had_not_been_pressed(
    desk: Desk, stored: Callable[[int], dict[str, Any]]
) -> None:
    pk = stored(17)["pk"]

    def fail(route: Route) -> None:
        if route.request.method == "POST":
            route.abort("aborted")
        else:
            route.continue_()

    with desk() as (page, _):
        open_form(page, pk)
        page.fill("#id_lead", "一")
        page.route("**/change/", fail)
        with page.expect_event("requestfailed"):
            page.get_by_role("button", name="下書きを保存").click()
        page.unroute("**/change/")
        page.fill("#id_lead", "一のあとに書いた長い文章")
        assert is_guarded(page)
        autosaved(page)
        save(page)
        assert page.input_value("#id_lead") == "一のあとに書いた長い文章"


def test_copies_are_sent_one_after_the_other(
    desk: Desk, stored: Callable[[int], dict[str, Any]]
) -> None:
    pk = stored(18)["pk"]
    held: list[Route] = []
    overtaking: list[str | None] = []

    def hold(route: Route) -> None:
        if held:
            overtaking.append(route.request.post_data)
        if held or '"content"' not in (route.request.post_data or ""):
            route.continue_()
        else:
            held.append(route)

    with desk() as (page, _):
        open_form(page, pk)
        page.route("**/working-copy/", hold)
        with page.expect_request(
            lambda request: "working-copy" in request.url and "古い" in (request.post_data or "")
        ):
            page.fill("#id_lead", "古い")
        page.fill("#id_lead", "新しい長い文章")
        page.get_by_role("button", name="下書きを保存").click(no_wait_after=True)
        page.evaluate("() => new Promise(done => setTimeout(done))")
        assert overtaking == [], "saving waits for its turn too"
        with page.expect_navigation():
            held[0].continue_()
        assert page.input_value("#id_lead") == "新しい長い文章"
        assert "保存していない内容" not in page.content()


def test_save_pressed_twice_saves_once(desk: Desk, stored: Callable[[int], dict[str, Any]]) -> None:
    pk = stored(19)["pk"]
    with desk() as (page, _):
        open_form(page, pk)
        posts: list[str] = []
        page.on("request", lambda request: posts.append(f"{request.method} {request.url}"))
        page.fill("#id_lead", "二度押した要旨。")
        page.get_by_role("button", name="下書きを保存").dblclick()
        page.locator(".messagelist").wait_for()
        assert len([post for post in posts if post.startswith("POST") and "/change/" in post]) == 1
        assert "ほかの人が" not in page.content()


def test_a_draft_that_has_gone_is_no_login_that_has_ended(
    desk: Desk, study: Environment, stored: Callable[[int], dict[str, Any]]
) -> None:
    pk = stored(20)["pk"]
    with desk() as (page, _):
        page.on("dialog", lambda dialog: dialog.accept())
        open_form(page, pk)
        page.fill("#id_lead", "まだここにある")
        run(study, DISCARD, str(pk))
        page.get_by_role("button", name="下書きを保存").click()
        expect(page.locator("#autosave-status")).to_contain_text("この下書きは、もうありません")
        assert "ログイン" not in page.inner_text("#autosave-status")
        assert page.input_value("#id_lead") == "まだここにある"


def test_who_else_has_it_open_is_said(desk: Desk, stored: Callable[[int], dict[str, Any]]) -> None:
    pk = stored(10)["pk"]
    with desk(OFFICERS[0]) as (first, _), desk(OFFICERS[1]) as (second, _):
        with first.expect_response(lambda answer: "working-copy" in answer.url):
            open_form(first, pk)
        open_form(second, pk)
        expect(second.locator("#others")).to_contain_text(f"{OFFICERS[0]}さんが")
        first.reload()
        expect(first.locator("#others")).to_contain_text(f"{OFFICERS[1]}さんが")


def test_without_a_script_everything_but_the_editor_works(
    desk: Desk, stored: Callable[[int], dict[str, Any]]
) -> None:
    with desk(java_script_enabled=False) as (page, _):
        open_form(page, stored(11)["pk"])
        page.fill("#id_body", "<p>手で書いた<b>HTML</b></p>")
        page.fill("#id_contacts-0-name", "二課")
        page.fill("#id_contacts-1-name", "一課")
        page.fill("#id_contacts-0-ORDER", "2")
        page.fill("#id_contacts-1-ORDER", "1")
        page.get_by_role("button", name="プレビューを更新").click()
        frame = page.frame(name="preview")
        assert frame is not None
        expect(frame.locator("main")).to_contain_text("手で書いた")
        save(page)
        assert page.input_value("#id_contacts-0-name") == "一課"
    assert stored(11)["body"] == "<p>手で書いたHTML</p>"


def test_axe_finds_nothing_in_the_form(desk: Desk, stored: Callable[[int], dict[str, Any]]) -> None:
    with desk() as (page, said):
        open_form(page, stored(12)["pk"])
        page.get_by_role("button", name="リンクを追加").click()
        page.fill("#id_links-0-text", "行き先のないリンク")
        page.get_by_role("button", name="連絡先を追加").click()
        paste(page, "<table><tr><td>甲</td></tr></table>")
        for width in (1280, 360):
            page.set_viewport_size({"width": width, "height": 800})
            assert findings(page) == [], width
            assert page.evaluate("document.documentElement.scrollWidth") <= width
        page.set_viewport_size({"width": 1280, "height": 900})
        page.get_by_role("button", name="リンク", exact=True).click()
        assert findings(page) == [], "dialog"
        page.keyboard.press("Escape")
        save(page)
        assert "リンク先がありません" in page.content()
        assert findings(page) == [], "with mistakes"
        assert page.evaluate("window.refusedByPolicy") == []
        assert page.locator("[style]:not(.ProseMirror *), style, script:not([src])").count() == 0
    assert said == []


def test_axe_finds_nothing_where_two_texts_collide(
    desk: Desk, stored: Callable[[int], dict[str, Any]]
) -> None:
    pk = stored(13)["pk"]
    with desk(OFFICERS[0]) as (first, said), desk(OFFICERS[1]) as (second, _):
        open_form(first, pk)
        open_form(second, pk)
        first.fill("#id_lead", "先の要旨。")
        second.fill("#id_lead", "後の要旨。")
        save(second)
        save(first)
        assert "ほかの人がこの下書きを保存しました" in first.content()
        for width in (1280, 360):
            first.set_viewport_size({"width": width, "height": 800})
            assert findings(first) == [], width
        assert first.input_value("#id_lead") == "先の要旨。"
        save(first, "自分の内容で保存する")
        assert "下書きを保存しました" in first.inner_text(".messagelist")
    assert said == []


def test_nothing_hostile_runs_in_the_form_the_preview_or_the_public_page(
    desk: Desk, study: Environment, stored: Callable[[int], dict[str, Any]]
) -> None:
    pk = stored(14)["pk"]
    attack = "".join(ATTACKS)
    with desk() as (page, said):

        def answer(dialog: Any) -> None:
            said.extend([dialog.message] if dialog.type != "beforeunload" else [])
            dialog.accept()

        page.on("dialog", answer)
        open_form(page, pk)
        names = ["title", "title_reading", "title_english", "lead", "change_note"]
        for name in names:
            page.fill(f"#id_{name}", attack[:180])
        page.evaluate(
            """html => { const field = document.querySelector("#id_body"); field.value = html;
            field.dispatchEvent(new Event("input", {bubbles: true})); }""",
            attack,
        )
        for name in ("text", "url"):
            page.evaluate(
                "([name, value]) => document.querySelector(`[name$='-${name}']`).value = value",
                [name, attack[:180]],
            )
        expect(page.locator("#autosave-status")).to_contain_text("自動保存しました")
        page.get_by_role("button", name="プレビューを更新").click()
        page.frame_locator("iframe").locator("h1").wait_for()
        untouched(page)
        page.goto(f"/admin/bureaus/edition/{pk}/change/?copy=1")
        page.wait_for_selector("#body-editor")
        untouched(page)
        for name in ("text", "url"):
            page.evaluate("name => document.querySelector(`[name$='-${name}']`).value = ''", name)
        save(page)
        untouched(page)
        run(study, APPROVE, "/main_sosiki/genkou14/")
        page.goto("/main_sosiki/genkou14/")
        untouched(page)
        assert (
            page.locator("main script, main img, main svg, main [onclick], main [style]").count()
            == 0
        )
    assert said == []


def untouched(page: Page) -> None:
    for frame in page.frames:
        assert frame.evaluate("window.hit") is None
        assert frame.evaluate("window.refusedByPolicy") == []
