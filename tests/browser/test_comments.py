"""Commenting on words that are selected, with the keyboard and the mouse."""

from collections.abc import Callable
from typing import Any

from playwright.sync_api import expect

from tests.browser.drafts import OpenAdmin, findings, open_admin, stored, study

__all__ = ["open_admin", "stored", "study"]
SELECT = """() => {
  const text = document.querySelector("[data-place]").firstChild;
  getSelection().setBaseAndExtent(text, 0, text, 2);
}"""


def test_words_that_are_selected_go_into_the_form(
    open_admin: OpenAdmin, stored: Callable[[int], dict[str, Any]]
) -> None:
    pk = stored(6)["pk"]
    with open_admin() as (page, messages):
        page.goto(f"/admin/bureaus/edition/{pk}/comments/")
        page.evaluate(SELECT)
        expect(page.locator("#quote")).to_have_value("原稿")
        page.get_by_label("コメント", exact=True).fill("題は、これでよいですか。")
        page.get_by_role("button", name="コメントする", exact=True).press("Enter")
        expect(page.locator(".thread blockquote")).to_have_text("原稿")
        assert findings(page) == []
        page.goto(f"/admin/bureaus/edition/{pk}/change/")
        expect(page.locator(".form-comments")).to_contain_text("解決していないものが1件")
        page.goto(f"/admin/bureaus/edition/{pk}/review/")
        expect(page.locator(".open-comments")).to_contain_text("題は、これでよいですか。")
        assert findings(page) == []
    assert messages == []
