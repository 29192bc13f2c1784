"""Writing in a real browser: what is copied meanwhile, offered back, and never lost."""

from collections.abc import Callable
from typing import Any

from playwright.sync_api import Page, Route, expect

from tests.browser.drafts import (
    OFFICERS,
    PASSWORD,
    OpenAdmin,
    findings,
    open_admin,
    open_form,
    save,
    stored,
    study,
)
from tests.browser.login_as import log_in
from tests.helpers.server import Environment, run_program

__all__ = ["open_admin", "stored", "study"]


def test_leaving_with_something_unsaved_is_asked_about(
    open_admin: OpenAdmin, stored: Callable[[int], dict[str, Any]]
) -> None:
    pk = stored(7)["pk"]
    with open_admin() as (page, _):
        requests: list[str] = []

        def answer(dialog: Any) -> None:
            requests.append(dialog.type)
            dialog.accept()

        page.on("dialog", answer)

        def leave() -> list[str]:
            requests.clear()
            page.goto("/admin/")
            return list(requests)

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
        assert requests == ["beforeunload"], "saving is not asked about"
        page.get_by_role("button", name="連絡先2を上へ").click()
        assert leave() == ["beforeunload"]
        open_form(page, pk)
        assert page.input_value("#id_contacts-0-name") == "一課"
        page.check("#id_contacts-0-DELETE")
        assert leave() == ["beforeunload"]


def test_what_was_typed_is_offered_back_after_the_login_has_ended(
    open_admin: OpenAdmin, study: Environment, stored: Callable[[int], dict[str, Any]]
) -> None:
    pk = stored(8)["pk"]
    with open_admin() as (page, _):
        page.on("dialog", lambda dialog: dialog.accept())
        open_form(page, pk)
        page.locator("#body-editor").click()
        page.keyboard.type("消えない文章")
        expect(page.locator("#autosave-status")).to_contain_text("自動保存しました")
        run_program("end_logins", environment=study)
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
    open_admin: OpenAdmin, stored: Callable[[int], dict[str, Any]]
) -> None:
    pk = stored(9)["pk"]
    with open_admin() as (page, _):
        open_form(page, pk)
        page.locator("#body-editor").click()
        page.keyboard.type("停電の前の文章")
        expect(page.locator("#autosave-status")).to_contain_text("自動保存しました")
    with open_admin() as (page, _):
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
    open_admin: OpenAdmin, stored: Callable[[int], dict[str, Any]]
) -> None:
    pk = stored(16)["pk"]
    with open_admin() as (page, _):
        open_form(page, pk)
        page.fill("#id_lead", "一時間の文章")
        autosaved(page)
    with open_admin() as (page, _):
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
    open_admin: OpenAdmin, stored: Callable[[int], dict[str, Any]]
) -> None:
    pk = stored(17)["pk"]

    def fail(route: Route) -> None:
        if route.request.method == "POST":
            route.abort("aborted")
        else:
            route.continue_()

    with open_admin() as (page, _):
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
    open_admin: OpenAdmin, stored: Callable[[int], dict[str, Any]]
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

    with open_admin() as (page, _):
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


def test_save_pressed_twice_saves_once(
    open_admin: OpenAdmin, stored: Callable[[int], dict[str, Any]]
) -> None:
    pk = stored(19)["pk"]
    with open_admin() as (page, _):
        open_form(page, pk)
        posts: list[str] = []
        page.on("request", lambda request: posts.append(f"{request.method} {request.url}"))
        page.fill("#id_lead", "二度押した要旨。")
        page.get_by_role("button", name="下書きを保存").dblclick()
        page.locator(".messagelist").wait_for()
        assert len([post for post in posts if post.startswith("POST") and "/change/" in post]) == 1
        assert "ほかの人が" not in page.content()


def test_a_draft_that_has_gone_is_no_login_that_has_ended(
    open_admin: OpenAdmin, study: Environment, stored: Callable[[int], dict[str, Any]]
) -> None:
    pk = stored(20)["pk"]
    with open_admin() as (page, _):
        page.on("dialog", lambda dialog: dialog.accept())
        open_form(page, pk)
        page.fill("#id_lead", "まだここにある")
        run_program("discard_draft", str(pk), environment=study)
        page.get_by_role("button", name="下書きを保存").click()
        expect(page.locator("#autosave-status")).to_contain_text("この下書きは、もうありません")
        assert "ログイン" not in page.inner_text("#autosave-status")
        assert page.input_value("#id_lead") == "まだここにある"
