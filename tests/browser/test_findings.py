"""The findings beside the form in a real browser: as one types, from the keyboard, and without."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager

import pytest
from playwright.sync_api import Locator, Page, Route, expect

from tests.browser.conftest import Opened
from tests.browser.drafts import findings
from tests.browser.review_site import OpenScreen, judge, open_screen
from tests.helpers.paths import TEST_DATA
from tests.helpers.server import copy_of_prepared, run_program, running

__all__ = ["open_screen"]
WRITER = "筆"
BODY = (
    "<h3>概要</h3><p>会議の日　時は、2013年5月23日です。詳しくは"
    '<a href="/main_sosiki/">こちら</a>をご覧ください。</p><p>𠮷田さんは、第①回に出ます。</p>'
    "<table><tbody><tr><td>①甲</td></tr></tbody></table>"
)
SEED_TEXT = (TEST_DATA / "seed.txt").read_text("utf-8")
NAMED = (
    "【テスト】",
    "「総務省ICTツイートはこちら」",
    "運用ポリシーはこちらPDF",
    "文字の「PDF」が付いています",
    "2度書かれています",
    "「今年」",
)
PASTE = """text => {
  const { editor } = document.querySelector("[data-editor]");
  editor.commands.selectAll();
  editor.view.pasteText(text);
}"""
BODY_SET = """html => {
  const { editor } = document.querySelector("[data-editor]");
  editor.commands.setContent(html, { emitUpdate: true });
}"""
BODY_TYPED = "() => document.querySelector('#id_body').value"
SELECTED = "words => getSelection().toString() === words"
Form = Callable[..., AbstractContextManager[Page]]


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A site of its own, with drafts in which there is something to find."""
    environment = copy_of_prepared(tmp_path_factory.mktemp("proofs"))
    run_program("drafts_with_findings", WRITER, BODY, environment=environment)
    with running(environment, workers=1) as (_, port):
        yield f"http://localhost:{port}"


@pytest.fixture
def form(open_screen: OpenScreen) -> Form:
    """The form of draft `number`, once its findings are marked."""

    @contextmanager
    def form(number: int, *, scripts: bool = True) -> Iterator[Page]:
        with open_screen(WRITER, "/admin/", scripts=scripts) as (page, messages):
            page.set_viewport_size({"width": 1280, "height": 900})
            page.get_by_role("link", name=f"原稿{number}").first.click()
            if scripts:
                expect(page.locator(".editor .found").first).to_be_visible()
            yield page
            page.goto("about:blank")
        # An officer who goes on typing does not wait for the answer about earlier text.
        assert [each for each in messages if not each.startswith("failed")] == []

    return form


def finding(page: Page, words: str) -> Locator:
    return page.locator("[data-finding]").filter(has_text=f"「{words}」").first


def count(page: Page) -> Locator:
    return page.locator("#findings [data-count]")


def test_the_list_and_the_marks_follow_the_typing(opened: Opened, form: Form) -> None:
    with form(1) as page:
        expect(count(page)).to_have_text("誤り1件、注意6件があります。")
        assert page.locator(".editor .found").all_inner_texts()[:3] == ["日　時", "こちら", "①"]
        page.fill("#id_lead", "総務省の会議です。")
        expect(count(page)).to_have_text("誤り1件、注意5件があります。")
        expect(page.locator("[data-findings-count]")).to_have_text("誤り1件、注意5件があります。")
        page.locator("#body-editor p").last.click()
        page.keyboard.press("Control+End")
        page.locator("#body-editor p").nth(1).click()
        page.keyboard.press("End")
        page.keyboard.type("ＩＣＴも")
        expect(finding(page, "ＩＣＴ")).to_be_visible()
        assert "found" not in page.evaluate(BODY_TYPED)


def test_findings_that_come_before_the_editor_are_marked_when_it_is_there(
    opened: Opened, open_screen: OpenScreen
) -> None:
    held: list[Route] = []

    def hold(library: Route) -> None:
        held.append(library)

    with open_screen(WRITER, "/admin/") as (page, messages):
        page.route("**/django_prose_editor/editor*.js", hold)
        page.get_by_role("link", name="原稿6").first.click()
        expect(page.locator("#findings [data-stored]")).to_contain_text("いまの入力内容")
        assert len(held) == 1
        held[0].continue_()
        expect(page.locator(".editor .found").first).to_have_text("日　時")
        page.goto("about:blank")
    assert [each for each in messages if not each.startswith("failed")] == []


def test_a_finding_leads_to_its_words(opened: Opened, form: Form) -> None:
    with form(2) as page:
        finding(page, "日　時").locator("[data-go]").press("Enter")
        page.wait_for_function(SELECTED, arg="日　時")
        assert page.evaluate("document.activeElement.id") == "body-editor"
        page.locator("[data-finding]").filter(has_text="本文「①」").first.locator(
            "[data-go]"
        ).press("Enter")
        page.wait_for_function(SELECTED, arg="①")
        finding(page, "㈱").locator("[data-go]").press("Enter")
        assert page.evaluate("document.activeElement.id") == "id_lead"
        page.wait_for_function(SELECTED, arg="㈱")


def test_what_can_be_mended_is_mended_with_one_key_and_taken_back(
    opened: Opened, form: Form
) -> None:
    with form(3) as page:
        back = page.locator("[data-undo-button]")
        finding(page, "日　時").locator("[data-autofix]").press("Enter")
        assert "会議の日時は" in page.evaluate(BODY_TYPED)
        expect(page.locator("[data-autofix-status]")).to_have_text(
            "「日　時」を「日時」に直しました。"
        )
        expect(count(page)).to_have_text("誤り1件、注意5件があります。")
        assert page.evaluate("document.activeElement.closest('#findings') !== null")
        finding(page, "㈱").locator("[data-autofix]").press("Enter")
        expect(page.locator("#id_lead")).to_have_value("（株）総務の会議です。")
        back.press("Enter")
        expect(page.locator("#id_lead")).to_have_value("㈱総務の会議です。")
        page.locator("#body-editor h3").click()
        page.keyboard.press("End")
        page.keyboard.type("と背景")
        back.press("Enter")
        assert "会議の日　時は" in page.evaluate(BODY_TYPED)
        assert "概要と背景" in page.evaluate(BODY_TYPED)
        expect(back).to_be_hidden()


def test_only_the_words_that_were_found_are_mended(opened: Opened, form: Form) -> None:
    """Not their likes before them, though what is typed is not yet what was read."""
    with form(3) as page:
        page.fill("#id_title", "日　時の案内")
        page.fill("#id_lead", "\n\nICT ABC 戦略局 の紹介")
        place = "要旨"
        space = page.locator("[data-finding]").filter(has_text="「の紹介」の前に空白")
        space.filter(has_text=place).locator("[data-autofix]").press("Enter")
        expect(page.locator("#id_lead")).to_have_value("\n\nICT ABC 戦略局の紹介")
        page.locator("[data-undo-button]").press("Enter")
        expect(page.locator("#id_lead")).to_have_value("\n\nICT ABC 戦略局 の紹介")
        page.locator("[data-finding]").filter(has_text="表題「日 時」").locator(
            "[data-autofix]"
        ).press("Enter")
        expect(page.locator("#id_title")).to_have_value("日時の案内")
        page.locator("[data-undo-button]").press("Enter")
        expect(page.locator("#id_title")).to_have_value("日　時の案内")
        page.evaluate(BODY_SET, "<p>ICT ABC 戦略局 の紹介</p>")
        expect(space.filter(has_text="本文")).to_be_visible()
        page.route("**/proof/", lambda _: None)  # what was found is old from now on
        page.locator("#body-editor p").first.click()
        page.keyboard.press("Home")
        page.keyboard.type("新")
        space.filter(has_text="本文").locator("[data-autofix]").press("Enter")
        assert "新ICT ABC 戦略局の紹介" in page.evaluate(BODY_TYPED)


def test_what_was_found_before_is_not_called_the_latest(opened: Opened, form: Form) -> None:
    with form(3) as page:
        stored = page.locator("#findings [data-stored]")
        page.route("**/proof/", lambda route: route.fulfill(status=403, body="閉じています"))
        page.locator("#id_lead").press_sequentially("今年")
        expect(stored).to_have_text("前に調べた結果です。")
        expect(page.locator("[data-autofix-status]")).to_contain_text("受け取れません")
        assert page.evaluate("document.activeElement.id") == "id_lead"
        page.unroute("**/proof/")
        page.keyboard.type("は")
        expect(stored).to_have_text("いまの入力内容を調べた結果です。")
        expect(page.locator("[data-autofix-status]")).to_have_text("")


def test_a_warning_is_let_stand_with_a_reason_without_leaving_the_form(
    opened: Opened, form: Form
) -> None:
    with form(4) as page:
        page.fill("#id_title", "原稿4の途中")
        finding(page, "㈱").locator("[data-accept]").press("Enter")
        dialog = page.locator("#dialog-accept")
        dialog.locator("button[value=done]").press("Enter")
        expect(dialog.locator("[data-error]")).to_contain_text("理由を書いてください")
        page.keyboard.type("登記のとおり。")
        page.keyboard.press("Enter")
        expect(dialog).to_be_hidden()
        expect(count(page)).to_have_text("誤り1件、注意5件があります。")
        page.locator("[data-accepted] summary").press("Enter")
        expect(page.locator("[data-accepted]")).to_contain_text(f"{WRITER}：登記のとおり。")
        assert page.input_value("#id_title") == "原稿4の途中"


def test_the_raw_page_of_2013_is_pasted_and_refused(opened: Opened, form: Form) -> None:
    with form(9) as page:
        page.evaluate(PASTE, SEED_TEXT)
        expect(finding(page, "【テスト】")).to_be_visible()
        finding(page, "今年").locator("[data-go]").press("Enter")
        page.wait_for_function(SELECTED, arg="今年")
        page.get_by_role("button", name="保存して確認を依頼する").click()
        refused = page.locator("[aria-labelledby=unready]")
        expect(refused).to_be_visible()
        reasons = refused.inner_text()
        assert [words for words in NAMED if words not in reasons] == []


def test_an_error_cannot_be_let_stand(opened: Opened, form: Form) -> None:
    with form(5) as page:
        assert finding(page, "こちら").locator("[data-accept]").count() == 0


@pytest.mark.parametrize("width", [1280, 360])
def test_nothing_is_found_in_the_form_with_its_findings(
    opened: Opened, form: Form, width: int
) -> None:
    with form(6) as page:
        page.set_viewport_size({"width": width, "height": 900})
        height = page.evaluate("document.documentElement.scrollHeight")
        page.set_viewport_size({"width": width, "height": height})
        # Of a mark on ① axe cannot tell whether it can be read: it holds it for an ornament.
        assert [each for each in findings(page) if "only non-text" not in each] == []
        assert page.evaluate("document.documentElement.scrollWidth") <= width
        assert page.evaluate("window.refusedByPolicy") == []


def test_without_scripts_it_is_mended_and_taken_back_by_the_server(
    opened: Opened, form: Form
) -> None:
    with form(7, scripts=False) as page:
        page.fill("#id_title", "原稿7の途中")
        finding(page, "㈱").locator("[data-autofix]").click()
        assert page.input_value("#id_lead") == "（株）総務の会議です。"
        assert page.input_value("#id_title") == "原稿7の途中"
        assert "「㈱」を「（株）」に直しました" in page.inner_text("#findings")
        page.locator("[data-undo-button]").click()
        assert page.input_value("#id_lead") == "㈱総務の会議です。"
        assert page.input_value("#id_title") == "原稿7の途中"


def test_without_scripts_a_warning_is_let_stand_on_a_screen_of_its_own(
    opened: Opened, form: Form, open_screen: OpenScreen
) -> None:
    with form(8, scripts=False) as page:
        finding(page, "㈱").locator("[data-accept]").click()
        address = page.url.partition("/admin/")[2]
        page.fill("#id_reason", "登記のとおり。")
        page.get_by_role("button", name="このままにする").click()
        expect(page.locator("[data-accepted]")).to_have_count(1)
    with open_screen(WRITER, "/admin/") as (page, messages):
        page.goto(f"/admin/{address}")
        judge(page)
    assert messages == []
