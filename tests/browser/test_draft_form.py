"""The form of a draft in a real browser: two officers, no scripts, axe, and hostile text."""

from collections.abc import Callable
from typing import Any

from playwright.sync_api import Page, expect

from tests.browser.drafts import (
    OFFICERS,
    OpenAdmin,
    findings,
    open_admin,
    open_form,
    paste,
    save,
    stored,
    study,
)
from tests.helpers.attacks import ATTACKS
from tests.helpers.server import Environment, run_program

__all__ = ["open_admin", "stored", "study"]


def test_who_else_has_it_open_is_said(
    open_admin: OpenAdmin, stored: Callable[[int], dict[str, Any]]
) -> None:
    pk = stored(10)["pk"]
    with open_admin(OFFICERS[0]) as (first, _), open_admin(OFFICERS[1]) as (second, _):
        with first.expect_response(lambda answer: "working-copy" in answer.url):
            open_form(first, pk)
        open_form(second, pk)
        expect(second.locator("#others")).to_contain_text(f"{OFFICERS[0]}さんが")
        first.reload()
        expect(first.locator("#others")).to_contain_text(f"{OFFICERS[1]}さんが")


def test_without_a_script_everything_but_the_editor_works(
    open_admin: OpenAdmin, stored: Callable[[int], dict[str, Any]]
) -> None:
    with open_admin(java_script_enabled=False) as (page, _):
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
    assert stored(11)["body"] == "<p>手で書いた<strong>HTML</strong></p>"


def test_axe_finds_nothing_in_the_form(
    open_admin: OpenAdmin, stored: Callable[[int], dict[str, Any]]
) -> None:
    with open_admin() as (page, messages):
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
    assert messages == []


def test_axe_finds_nothing_where_two_texts_collide(
    open_admin: OpenAdmin, stored: Callable[[int], dict[str, Any]]
) -> None:
    pk = stored(13)["pk"]
    with open_admin(OFFICERS[0]) as (first, messages), open_admin(OFFICERS[1]) as (second, _):
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
    assert messages == []


def test_nothing_hostile_runs_in_the_form_the_preview_or_the_public_page(
    open_admin: OpenAdmin, study: Environment, stored: Callable[[int], dict[str, Any]]
) -> None:
    pk = stored(14)["pk"]
    attack = "".join(ATTACKS)
    with open_admin() as (page, messages):

        def answer(dialog: Any) -> None:
            messages.extend([dialog.message] if dialog.type != "beforeunload" else [])
            dialog.accept()

        page.on("dialog", answer)
        open_form(page, pk)
        names = ["title", "title_reading", "title_english", "lead"]  # a first edition has no change
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
        run_program("approve_draft", "/main_sosiki/genkou14/", environment=study)
        page.goto("/main_sosiki/genkou14/")
        untouched(page)
        assert (
            page.locator("main script, main img, main svg, main [onclick], main [style]").count()
            == 0
        )
    assert messages == []


def untouched(page: Page) -> None:
    page.wait_for_load_state("networkidle")  # a preview that is still written has no window yet
    for frame in page.frames:
        assert frame.evaluate("window.hit") is None
        assert frame.evaluate("window.refusedByPolicy") == []
