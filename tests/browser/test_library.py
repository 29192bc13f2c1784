"""The libraries of pictures and documents in a real browser."""

import base64
import re

import pytest
from playwright.sync_api import FilePayload, Page, expect

from tests.browser.conftest import Opened
from tests.browser.review_site import OpenScreen, judge, office, open_screen
from tests.browser.test_keyboard import walk
from tests.helpers import hidden_pdfs, uploads

__all__ = ["office", "open_screen"]
IMAGES, DOCUMENTS = "/admin/bureaus/image/", "/admin/bureaus/document/"
DROP = """([files]) => {
    const transfer = new DataTransfer();
    for (const [name, content] of files) {
        const bytes = Uint8Array.from(atob(content), (sign) => sign.charCodeAt(0));
        transfer.items.add(new File([bytes], name));
    }
    const panel = document.querySelector("[data-upload]");
    for (const type of ["dragenter", "dragover", "drop"]) {
        panel.dispatchEvent(new DragEvent(type, { dataTransfer: transfer, bubbles: true,
            cancelable: true }));
    }
}"""


def file(name: str, content: bytes) -> FilePayload:
    return {"name": name, "mimeType": "application/octet-stream", "buffer": content}


def drop(page: Page, **files: bytes) -> None:
    packed = [(name, base64.b64encode(content).decode()) for name, content in files.items()]
    page.evaluate(DROP, [packed])


def put_in(page: Page, address: str, *files: FilePayload) -> None:
    page.goto(address)
    page.set_input_files("#upload-files", list(files))
    page.get_by_role("button", name="登録する").click()
    page.wait_for_selector("[data-report]:not([hidden])")


def open_first(page: Page) -> None:
    page.locator("[data-outcome=stored] a").first.click()
    page.wait_for_url(re.compile("/change/$"))


def test_several_pictures_are_dropped_and_each_is_told_of(
    opened: Opened, open_screen: OpenScreen
) -> None:
    with open_screen("鈴木", IMAGES) as (page, messages):
        before = page.locator(".picture").count()
        drop(page, **{"甲.jpg": uploads.jpeg(640, 480), "乙.svg": b"<svg>", "丙.png": b"x"})
        page.wait_for_selector("[data-report]:not([hidden])")
        assert page.locator("[data-outcome=stored]").inner_text() == "登録しました：甲.jpg"
        assert page.locator("[data-outcome=refused]").count() == 2
        assert "SVG形式の画像です" in page.inner_text("[data-report]")
        assert "1個を登録しました。2個は" in page.inner_text("[data-progress]")
        assert page.locator(".picture").count() == before + 1
        expect(page.locator("[data-report]")).to_be_focused()
        judge(page)
    assert messages == []


def test_what_is_dropped_while_others_are_on_their_way_goes_after_them(
    opened: Opened, open_screen: OpenScreen
) -> None:
    del opened  # it is what brings the browser
    with open_screen("高橋", IMAGES) as (page, _):
        drop(page, **{"丙.jpg": uploads.jpeg(320, 240)})
        drop(page, **{"丁.jpg": uploads.jpeg(320, 240)})
        page.wait_for_selector("[data-report]:not([hidden])")
        outcomes = page.locator("[data-outcome=stored]").all_inner_texts()
        assert outcomes == ["登録しました：丙.jpg", "登録しました：丁.jpg"]


def test_pictures_are_put_in_without_scripts(opened: Opened, open_screen: OpenScreen) -> None:
    with open_screen("鈴木", IMAGES, scripts=False) as (page, _):
        content = uploads.jpeg(640, 480)
        put_in(page, IMAGES, file("丁.jpg", content), file("戊.jpg", content[:900]))
        assert "登録しました：丁.jpg" in page.inner_text("[data-report]")
        assert "「戊.jpg」は、壊れているか" in page.inner_text("[data-report]")
        open_first(page)
        assert "左から50%、上から50%" in page.inner_text(".focus__words")
        page.fill("#id_focal_x", "20")
        page.get_by_role("button", name="説明を保存する").click()
        page.wait_for_selector(".messagelist")
        assert "左から20%、上から50%" in page.inner_text(".focus__words")


def test_the_focal_point_is_chosen_by_keyboard_and_by_a_click(
    opened: Opened, open_screen: OpenScreen
) -> None:
    with open_screen("鈴木", IMAGES) as (page, messages):
        put_in(page, IMAGES, file("集合.jpg", uploads.jpeg(1600, 1200)))
        open_first(page)
        area = page.locator("[data-area]")
        area.focus()
        for key in ("ArrowLeft", "ArrowLeft", "Shift+ArrowDown", "ArrowUp"):
            page.keyboard.press(key)
        assert (page.input_value("#id_focal_x"), page.input_value("#id_focal_y")) == ("48", "59")
        assert page.inner_text("[data-focus-status]") == "左から48%、上から59%"
        assert area.get_attribute("aria-label") == "中心の位置を選ぶ：左から48%、上から59%"
        box = area.bounding_box()
        assert box is not None
        area.click(position={"x": box["width"] * 0.25, "y": box["height"] * 0.75})
        assert (page.input_value("#id_focal_x"), page.input_value("#id_focal_y")) == ("25", "75")
        page.get_by_role("button", name="説明を保存する").click()
        page.wait_for_selector(".messagelist")
        assert page.input_value("#id_focal_x") == "25"
        assert "card-1200x630-25-75.jpg" in str(page.locator("img.card").get_attribute("src"))
        judge(page)
    assert messages == []


@pytest.mark.parametrize("who", ["鈴木", "佐藤"])
@pytest.mark.parametrize(
    "address", [IMAGES, DOCUMENTS, f"{IMAGES}1/change/", f"{DOCUMENTS}1/change/"]
)
def test_nothing_is_found_on_the_screens(
    opened: Opened, open_screen: OpenScreen, address: str, who: str
) -> None:
    with open_screen(who, address) as (page, messages):
        judge(page)
    assert messages == []


def test_nothing_is_found_on_the_question_and_on_a_refusal(
    opened: Opened, open_screen: OpenScreen
) -> None:
    with open_screen("鈴木", DOCUMENTS) as (page, messages):
        put_in(page, DOCUMENTS, file("方針.pdf", uploads.pdf(tagged=False)))
        assert "見出しや表の構造（タグ）がありません" in page.inner_text("[data-report]")
        judge(page)
        open_first(page)
        page.set_viewport_size({"width": 1280, "height": 800})
        page.set_input_files("#id_file", [file("写真.pdf", uploads.jpeg(400, 300))])
        page.get_by_role("button", name="ファイルを差し替える").click()
        page.wait_for_selector("[role=alert]")
        assert "画像として登録してください" in page.inner_text("[role=alert]")
        judge(page)
        page.get_by_role("link", name="削除する…").click()
        judge(page)
        page.get_by_role("button", name="文書を削除する").click()
        page.wait_for_selector(".messagelist")
        assert "を削除しました。" in page.inner_text(".messagelist")
    assert messages == []


def test_nothing_is_found_on_the_form_that_accepts_a_finding(
    opened: Opened, open_screen: OpenScreen
) -> None:
    with open_screen("鈴木", DOCUMENTS) as (page, messages):
        put_in(page, DOCUMENTS, file("名簿.pdf", hidden_pdfs.bar()[0]))
        open_first(page)
        page.get_by_role("link", name="公開してよいと了承する").first.click()
        judge(page)
    assert messages == []


@pytest.mark.parametrize("width", [1280, 360])
@pytest.mark.parametrize("address", [IMAGES, f"{IMAGES}1/change/", f"{DOCUMENTS}1/change/"])
def test_the_screens_are_gone_through_by_keyboard(
    opened: Opened, open_screen: OpenScreen, address: str, width: int
) -> None:
    with open_screen("鈴木", address) as (page, _):
        page.set_viewport_size({"width": width, "height": 700})
        page.goto(f"{address}#top")
        walk(page)
