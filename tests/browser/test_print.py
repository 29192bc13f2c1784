"""On paper: what the page says, whole, and nothing that only works on a screen."""

import subprocess
import unicodedata
from pathlib import Path

import pytest
from playwright.sync_api import Page

from tests.browser.conftest import Opened, each
from tests.browser.page_kinds import HARD, KINDS
from tests.helpers.programs import needed
from tests.helpers.reader import BUREAU, NEWS_ITEM

# Every piece of text in the order of the page, without the readings of ruby. What is only a link
# further into the site leads nowhere on paper.
WORDS = """
() => {
  const UNPRINTED = "nav, form, rt, rp, .page-top, .onward, .figures__more";
  const pieces = document.createTreeWalker(document.querySelector("main"), NodeFilter.SHOW_TEXT);
  const words = [];
  while (pieces.nextNode()) {
    const around = pieces.currentNode.parentElement;
    if (around.checkVisibility() && !around.closest(UNPRINTED))
      words.push(pieces.currentNode.textContent);
  }
  return words;
}
"""
CRUMBS = "[...document.querySelectorAll('nav[aria-label=現在位置] li')].map(li => li.textContent)"
SCREEN_ONLY = ["本文へ移動", "ページトップへ戻る", "メニュー", "拡大して見る"]


def folded(text: str) -> str:
    """Without white space, and with the characters that a PDF may swap for their likes."""
    return "".join(unicodedata.normalize("NFKC", text).split())


def sheets(page: Page, folder: Path) -> list[str]:
    """The text of each printed sheet."""
    page.pdf(path=folder / "page.pdf", format="A4", prefer_css_page_size=True)
    command = [needed("pdftotext"), "-raw", "-enc", "UTF-8", str(folder / "page.pdf"), "-"]
    text = subprocess.run(command, capture_output=True, check=True, text=True).stdout
    return text.removesuffix("\f").split("\f")


def is_printed(words: str, text: str) -> bool:
    """True where `text` holds these words, or their beginning and, on the next sheet, the rest."""
    return any(words[:end] in text and words[end:] in text for end in range(len(words), -1, -1))


@pytest.fixture(params=each(KINDS | HARD))
def printable(request: pytest.FixtureRequest) -> str:
    return str(request.param)


def test_the_sheets_hold_all_that_the_page_says(
    opened: Opened, printable: str, tmp_path: Path
) -> None:
    with opened(printable) as page:
        words = [*page.evaluate(WORDS), *page.evaluate(CRUMBS)]
        printed = sheets(page, tmp_path)
    text = folded("".join(printed))
    assert [word for word in words if not is_printed(folded(word), text)] == []
    assert [word for word in SCREEN_ONLY if word in text] == []
    assert [sheet for sheet in printed if len(folded(sheet)) < 20] == [], "an empty sheet"


def test_a_printed_sheet_says_where_it_is_from(opened: Opened, tmp_path: Path) -> None:
    with opened(NEWS_ITEM) as page:
        text = folded("".join(sheets(page, tmp_path)))
    for words in ("総務省", "情報通信国際戦略局", "2013年5月23日", "連絡先", "03-5253-5111"):
        assert words in text


def test_the_bureau_is_printed_on_few_sheets(opened: Opened, tmp_path: Path) -> None:
    with opened(BUREAU) as page:
        assert len(sheets(page, tmp_path)) <= 4


def test_the_address_of_an_outside_link_is_printed(opened: Opened, tmp_path: Path) -> None:
    with opened(HARD["whole-body"]) as page:
        text = folded("".join(sheets(page, tmp_path)))
    assert "https://www.example.go.jp/hakusho/" in text
