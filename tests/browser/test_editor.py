"""Writing in a real browser: what the editor makes of keys, pastes and bodies."""

import json
from collections.abc import Callable
from typing import Any

from playwright.sync_api import Page, expect

from bureaus.text.html_normalizer import normalize_html
from bureaus.text.rich_text import sanitise
from tests.browser.drafts import OpenAdmin, open_admin, open_form, paste, save, stored, study
from tests.helpers.hard_pages import EVERYTHING
from tests.helpers.paths import ROOT
from tests.text.test_office_html import CASES
from tests.text.test_office_html import WORD as WORD_PAGE

__all__ = ["open_admin", "stored", "study"]

FOCUSED = """() => {
  const one = document.activeElement;
  const bar = document.querySelector(".bar");
  const name = bar.contains(one) ? "in the bar" : one.id || one.textContent.trim();
  const { top, bottom } = one.getBoundingClientRect();
  return [name, Math.min(bottom, top + 44), bar.getBoundingClientRect().top]; // of areas the caret
}"""
IN_A_HEADING_CELL = """() => {
  const {anchorNode: place} = getSelection();
  const isOurs = document.activeElement.id === "body-editor";
  return isOurs && (place?.closest ? place : place?.parentElement)?.closest("th") != null;
}"""


def bodies() -> list[str]:
    found = []
    for name in ("ministry", "directory", "news"):
        rows = json.loads((ROOT / "fixtures" / f"{name}.json").read_text())
        found += [row["fields"]["body"] for row in rows if row["fields"].get("body")]
    return found


def through(page: Page, body: str) -> str:
    """What the editor makes of `body`, as the server stores it."""
    give = "body => { const {editor} = document.querySelector('[data-editor]');"
    html = page.evaluate(
        f"{give} editor.commands.setContent(body); return editor.getHTML(); }}", body
    )
    return normalize_html(sanitise(html))


def test_every_body_goes_through_the_editor_unchanged(
    open_admin: OpenAdmin, stored: Callable[[int], dict[str, Any]]
) -> None:
    assert len(bodies()) == 20
    with open_admin() as (page, messages):
        open_form(page, stored(1)["pk"])
        for body in bodies():
            assert through(page, body) == body
        assert through(page, EVERYTHING) == normalize_html(sanitise(EVERYTHING))
        rare = (
            '<table>\n<tbody>\n<tr><th rowspan="2" scope="rowgroup">甲</th><td>一</td></tr>\n'
            "<tr><td>二</td></tr>\n</tbody>\n</table>\n<p><ruby>日<rp>（</rp><rt>に</rt><rp>）</rp>"
            "本<rp>（</rp><rt>ほん</rt><rp>）</rp></ruby>の<br>空</p>"
        )
        assert through(page, rare) == rare
        page.goto("about:blank")
    assert messages == []


def test_a_table_and_a_link_are_written_and_stored(
    open_admin: OpenAdmin, stored: Callable[[int], dict[str, Any]]
) -> None:
    with open_admin() as (page, messages):
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
            "() => document.querySelector('[data-editor]').editor.state.selection.from === 1"
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
            f'<p><a href="{address}">情報通信国際戦略局</a>次の表です。</p>\n'
            "<table>\n<caption>件数</caption>\n<thead>\n"
            '<tr><th scope="col">年</th><th scope="col">件</th></tr>\n</thead>\n'
            "<tbody>\n<tr><td>2013</td><td>7</td></tr>\n</tbody>\n</table>"
        )
    assert messages == []


INTO_THE_LINK = """() =>
  document.querySelector("[data-editor]").editor.commands.setTextSelection(2)
"""


def caret(page: Page, start: int, end: int) -> None:
    """Wait until the editor has read from the browser what is selected."""
    page.wait_for_function(
        """([start, end]) => {
          const { from, to } = document.querySelector("[data-editor]").editor.state.selection;
          return from === start && to === end;
        }""",
        arg=[start, end],
    )


def test_what_is_typed_after_a_link_follows_it(
    open_admin: OpenAdmin, stored: Callable[[int], dict[str, Any]]
) -> None:
    with open_admin() as (page, messages):
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
    assert messages == []


def test_the_preview_says_that_it_is_old(
    open_admin: OpenAdmin, stored: Callable[[int], dict[str, Any]]
) -> None:
    with open_admin() as (page, messages):
        open_form(page, stored(22)["pk"])
        word = page.locator("[data-preview] [data-stale]")
        announced = page.locator("[data-preview] [role=status]")
        expect(word).to_have_text("")
        page.fill("#id_title", "別の題")
        expect(word).to_have_text("入力した内容は、まだプレビューに反映されていません。")
        expect(announced).to_have_text("")
        page.get_by_role("button", name="プレビューを更新").click()
        expect(word).to_have_text("")
        expect(page.frame_locator("[name=preview]").locator("h1")).to_contain_text("別の題")
        page.route("**/preview/**", lambda route: route.abort())
        page.fill("#id_title", "さらに別の題")
        expect(announced).to_contain_text("プレビューを表示できませんでした。")
        page.unroute("**/preview/**")
        page.fill("#id_title", "別の題")
        expect(announced).to_have_text("")
        page.get_by_role("button", name="リンクを追加").click()
        page.fill("#id_links-0-text", "行き先のないリンク")
        expect(word).not_to_have_text("")
        save(page)
        assert "保存できないところがあります" in page.inner_text("#content")
        expect(page.frame_locator("[name=preview]").locator("h1")).to_contain_text("別の題")
    assert messages == []


def test_the_bar_does_not_cover_what_has_the_focus(
    open_admin: OpenAdmin, stored: Callable[[int], dict[str, Any]]
) -> None:
    with open_admin() as (page, _):
        open_form(page, stored(23)["pk"])
        page.focus("#id_title")
        reached = ""
        while reached != "id_submit_note":
            page.keyboard.press("Tab")
            reached, bottom, bar = page.evaluate(FOCUSED)
            if reached != "in the bar":
                assert bottom <= bar, reached


def test_ruby_terms_and_numbers_are_written(
    open_admin: OpenAdmin, stored: Callable[[int], dict[str, Any]]
) -> None:
    with open_admin() as (page, messages):
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
    assert messages == []


WORD = """<html><head><style>p.MsoNormal {color: red}</style></head><body lang=JA>
<h1 style='margin:0'>報告<o:p></o:p></h1>
<p class=MsoNormal style="font-family:游明朝" onclick="window.hit=1"><span lang=EN-US
style='color:red'>ICT</span><b>戦略</b>の<u>概要</u><!--[if gte mso 9]><xml></xml><![endif]--></p>
<table border=1 style="width:50%"><tr><td width=100><p>甲</p></td><td>乙</td></tr></table>
<img src=x onerror="window.hit=1"><script>window.hit=1</script>
<p><a href="javascript:window.hit=1">押す</a></p></body></html>"""


def test_what_is_pasted_is_reduced_to_what_a_body_may_hold(
    open_admin: OpenAdmin, stored: Callable[[int], dict[str, Any]]
) -> None:
    with open_admin() as (page, messages):
        open_form(page, stored(4)["pk"])
        paste(page, WORD)
        html = page.input_value("#id_body")
        assert "style" not in html
        assert normalize_html(sanitise(html)) == (
            "<h3>報告</h3>\n<p>ICT<strong>戦略</strong>の概要</p>\n"
            "<table>\n<tbody>\n<tr><td>甲</td><td>乙</td></tr>\n</tbody>\n</table>\n<p>押す</p>"
        )
        assert page.evaluate("window.hit") is None
        assert page.evaluate("window.refusedByPolicy") == []
        save(page)
    assert messages == []


ODD_QUOTE = next(case for case in CASES if case["name"] == "a quote in the middle of a tag")
THROUGH_THE_CLEANER = """async cases => {
  const field = document.querySelector("#id_body");
  const { cleanerBy } = await import(field.dataset.officeHtml);
  const clean = cleanerBy(JSON.parse(field.dataset.officeRules));
  const { editor } = document.querySelector("[data-editor]");
  return cases.map(({ html }) => {
    const cleaned = clean(html);
    editor.commands.setContent(cleaned.html);
    return [editor.getHTML(), cleaned.sentence];
  });
}"""


def test_what_was_not_meant_to_be_published_is_not_pasted_and_that_is_said(
    open_admin: OpenAdmin, stored: Callable[[int], dict[str, Any]]
) -> None:
    with open_admin() as (page, messages):
        open_form(page, stored(24)["pk"])
        removed_note = page.locator("[data-removed-note]")
        expect(removed_note).to_have_role("status")
        paste(page, WORD_PAGE["html"])
        assert normalize_html(sanitise(page.input_value("#id_body"))) == WORD_PAGE["body"]
        expect(removed_note).to_have_text(WORD_PAGE["sentence"])
        page.get_by_text("取り除いたもの、変えたもの（5件）を見る").click()
        expect(page.get_by_text("コメント：[佐藤1]課長に要確認")).to_be_visible()
        paste(page, "<p>続き</p>")
        expect(removed_note).to_have_text("")
        paste(page, '<p>前<img alt="壊れた図" src="data:image/png;base64,a%b">後</p>')
        expect(removed_note).to_contain_text("画像「壊れた図」は、本文には入りません。")
        assert "前後" in page.input_value("#id_body")
        paste(page, ODD_QUOTE["html"])
        expect(removed_note).to_have_text(ODD_QUOTE["sentence"])
        assert page.evaluate("window.refusedByPolicy") == []
        done = page.evaluate(THROUGH_THE_CLEANER, CASES)
        for case, (html, sentence) in zip(CASES, done, strict=True):
            assert normalize_html(sanitise(html)) == case["body"], case["name"]
            assert sentence == case["sentence"], case["name"]
        assert page.evaluate("window.hit") is None
        assert page.evaluate("window.refusedByPolicy") == []
        page.evaluate(
            "document.querySelector('#edition-form').dispatchEvent(new Event('form-submitting'))"
        )
    assert messages == []


def test_an_input_method_composes_undisturbed(
    open_admin: OpenAdmin, stored: Callable[[int], dict[str, Any]]
) -> None:
    with open_admin() as (page, messages):
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
    assert messages == []


def test_the_toolbar_is_one_stop_with_arrows_inside(
    open_admin: OpenAdmin, stored: Callable[[int], dict[str, Any]]
) -> None:
    with open_admin() as (page, _):
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
