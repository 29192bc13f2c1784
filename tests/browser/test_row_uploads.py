"""Dropping a photograph or a document onto the form of a draft, in a real browser."""

import base64
from typing import Any

import pytest
from playwright.sync_api import Page, Route, expect

from tests.browser.review_site import OpenScreen, office, open_screen
from tests.browser.test_approval import RULES
from tests.browser.test_axe import findings
from tests.helpers.uploads import jpeg, pdf

__all__ = ["office", "open_screen"]
pytestmark = pytest.mark.usefixtures("opened")
SVG = b'<svg xmlns="http://www.w3.org/2000/svg"/>'
DROP = """async ([place, files, kind]) => {
  const data = new DataTransfer();
  for (const [name, type, content] of files) {
    const bytes = Uint8Array.from(atob(content), (sign) => sign.charCodeAt(0));
    data.items.add(new File([bytes], name, { type }));
  }
  const options = { bubbles: true, cancelable: true };
  const event = kind === "paste"
    ? new ClipboardEvent(kind, { ...options, clipboardData: data })
    : new DragEvent(kind, { ...options, dataTransfer: data });
  document.querySelector(place).dispatchEvent(event);
  return event.defaultPrevented;
}"""


def open_draft(page: Page) -> None:
    """The draft that waits on the dashboard."""
    page.locator("a[href*='/edition/'][href$='/change/']").first.click()
    page.wait_for_selector("#body-editor")


def let_fall(page: Page, place: str, *files: tuple[str, str, bytes], kind: str = "drop") -> bool:
    """Whether the page took it: else the browser would go there."""
    sent = [(name, type_, base64.b64encode(content).decode()) for name, type_, content in files]
    return bool(page.evaluate(DROP, [place, sent, kind]))


def save(page: Page) -> None:
    with page.expect_navigation():
        page.get_by_role("button", name="下書きを保存", exact=True).click()


def report(page: Page, words: str) -> Any:
    return page.locator("[data-status]", has_text=words)


def test_a_photograph_and_a_document_fall_onto_the_text_and_become_rows(
    open_screen: OpenScreen,
) -> None:
    with open_screen("高橋", "/admin/") as (page, messages):
        open_draft(page)
        before = page.locator("#id_body").input_value()
        let_fall(
            page,
            "#body-editor",
            ("庁舎.jpg", "image/jpeg", jpeg(640, 480)),
            ("予算案.pdf", "application/pdf", pdf(3, title="平成25年度予算案", tagged=False)),
        )
        expect(report(page, "登録しました")).to_have_count(2)
        figure, link = (
            page.locator(f"#{sort} [data-row]:visible").last for sort in ("figures", "links")
        )
        expect(figure.locator("[name$='-image'] option:checked")).to_have_text("庁舎.jpg")
        expect(figure.locator("[data-picture] img")).to_be_visible()
        expect(link.locator("[name$='-text']")).to_have_value("平成25年度予算案")
        expect(link.locator("select option:checked")).to_contain_text("3ページ）")
        expect(link.locator("[data-status]")).to_contain_text("タグ")  # a warning, with what to do
        assert page.locator("#id_body").input_value() == before
        figure.locator("[name$='-alt']").fill("庁舎の前で、職員が来訪者を迎えている。")
        save(page)
        expect(page.locator(".messagelist")).to_contain_text("下書きを保存しました")
        assert page.locator("#figures img").first.evaluate("image => image.naturalWidth") > 0
    assert messages == []


def test_what_cannot_be_taken_says_why_beside_its_row(open_screen: OpenScreen) -> None:
    with open_screen("高橋", "/admin/") as (page, _):
        page.set_viewport_size({"width": 1280, "height": 2000})  # no list is cut at its own edge
        open_draft(page)
        let_fall(page, "body", ("図.svg", "image/svg+xml", SVG))
        sentence = page.get_by_role("alert").filter(has_text="「図.svg」は、SVG形式の画像です")
        expect(sentence).to_be_visible()
        assert findings(page, iframes=False, rules=RULES) == []


def test_what_is_too_large_is_told_so_before_it_is_sent(open_screen: OpenScreen) -> None:
    with open_screen("高橋", "/admin/") as (page, _):
        open_draft(page)
        page.locator("input[data-bytes]").evaluate_all(
            "all => all.forEach(one => one.dataset.bytes = 1048576)"
        )
        let_fall(page, "body", ("庁舎.jpg", "image/jpeg", b"0" * 1048577))
        sentence = page.get_by_role("alert").filter(has_text="「庁舎.jpg」は、1MBを超えています")
        expect(sentence).to_be_visible()


def test_what_the_server_refuses_is_told_in_its_words(open_screen: OpenScreen) -> None:
    with open_screen("高橋", "/admin/") as (page, _):
        open_draft(page)
        page.route(
            "**/image/upload/",
            lambda route: route.fulfill(status=413, json={"error": "大きすぎます。"}),
        )
        let_fall(page, "body", ("庁舎.jpg", "image/jpeg", jpeg(320, 240)))
        expect(page.get_by_role("alert").filter(has_text="大きすぎます。")).to_be_visible()


def test_what_falls_beside_an_open_dialog_does_not_take_the_form_away(
    open_screen: OpenScreen,
) -> None:
    with open_screen("高橋", "/admin/") as (page, _):
        open_draft(page)
        page.locator("#figures [data-find]").first.click()
        assert let_fall(page, "#dialog-media", ("庁舎.jpg", "image/jpeg", jpeg(320, 240)))
        expect(report(page, "登録")).to_have_count(0)


def test_the_words_of_another_picture_are_pointed_at(open_screen: OpenScreen) -> None:
    with open_screen("高橋", "/admin/") as (page, _):
        open_draft(page)
        row = page.locator("#figures [data-row]:visible").first
        row.locator("[name$='-alt']").fill("局長が壇上で話している。")
        row.locator("[name$='-image']").select_option(label="kaidan.png")
        expect(row.locator("[data-status]")).to_contain_text("前の画像のものかもしれません")


def test_a_picture_that_is_pasted_becomes_a_row(open_screen: OpenScreen) -> None:
    with open_screen("高橋", "/admin/") as (page, _):
        open_draft(page)
        picture = ("image.png", "image/png", jpeg(320, 240))
        let_fall(page, "#body-editor", picture, kind="paste")
        expect(report(page, "登録しました")).to_have_count(1)
        row = page.locator("#figures [data-row]:visible").last
        number = row.locator("legend").text_content() or ""
        title = page.locator("#id_title").input_value()
        name = row.get_by_label("この画像の名前")
        expect(name).to_have_value(f"{title} {number}.jpg")
        name.fill("手続きの流れ.png")
        name.press("Enter")
        expect(report(page, "名前を「手続きの流れ.jpg」に変えました")).to_have_count(1)
        expect(row.locator("[name$='-image'] option:checked")).to_have_text("手続きの流れ.jpg")
        row.get_by_label("大きさ").select_option("large")
        row.get_by_role("button", name="本文に置く").click()
        expect(page.locator("#body-editor")).to_contain_text(f"〔{number}〕")


def test_an_older_picture_is_found_and_chosen_by_keyboard(open_screen: OpenScreen) -> None:
    with open_screen("高橋", "/admin/") as (page, _):
        open_draft(page)
        page.get_by_role("button", name="図を追加").click()
        row = page.locator("#figures [data-row]:visible").last
        row.get_by_role("button", name="画像を探す").focus()
        page.keyboard.press("Enter")
        dialog = page.get_by_role("dialog", name="画像を探す")
        expect(dialog.get_by_role("searchbox")).to_be_focused()
        page.keyboard.type("kaidan")
        expect(dialog.locator("[data-results] button")).to_have_text(["kaidan.png"])
        page.keyboard.press("Tab")
        page.keyboard.press("Enter")
        expect(dialog).to_be_hidden()
        expect(row.locator("[name$='-image'] option:checked")).to_have_text("kaidan.png")
        expect(row.get_by_role("button", name="画像を探す")).to_be_focused()


def test_nobody_saves_while_a_file_is_on_its_way(open_screen: OpenScreen) -> None:
    with open_screen("高橋", "/admin/") as (page, _):
        open_draft(page)
        held: list[Route] = []

        def hold(route: Route) -> None:
            held.append(route)

        page.route("**/image/upload/", hold)
        let_fall(page, "body", ("庁舎.jpg", "image/jpeg", jpeg(320, 240)))
        expect(report(page, "登録しています")).to_have_count(1)
        page.get_by_role("button", name="下書きを保存", exact=True).click()
        expect(page.locator("#autosave-status")).to_contain_text("ファイルを登録しています")
        held[0].continue_()
        expect(report(page, "登録しました")).to_have_count(1)
        save(page)


def test_without_scripts_the_file_goes_with_the_form(open_screen: OpenScreen) -> None:
    with open_screen("高橋", "/admin/", scripts=False) as (page, _):
        page.locator("a[href*='/edition/'][href$='/change/']").first.click()
        row = page.locator("#figures [data-row]").last
        picture: Any = {"name": "式典.jpg", "mimeType": "image/jpeg", "buffer": jpeg(320, 240)}
        row.locator("input[type=file]").set_input_files(picture)
        row.locator("[name$='-alt']").fill("式典で、新旧の局長が握手をしている。")
        save(page)
        expect(page.locator("#figures select option:checked", has_text="式典.jpg")).to_have_count(1)
