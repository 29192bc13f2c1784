"""The bureau's page as a text browser shows it: everything, in the order of the page."""

import subprocess

import pytest

from tests.helpers.programs import needed
from tests.helpers.reader import BUREAU

ORDER = [
    "本文へ移動",
    "総務省",
    "総務省トップ",
    "組織案内",
    "情報通信国際戦略局の紹介",
    "新着情報",
    "ICT成長戦略推進会議（第1回）を開催",
    "ICT政策の総合的な企画・立案・推進",
    "情報通信技術の研究開発・標準化の推進",
    "ICT海外展開及び諸外国・国際機関との政策協調等",
    "連絡先",
    "ページトップへ戻る",
    "千代田区霞が関2-1-2",
]
COMMANDS = {
    "w3m": ["-dump", "-cols", "78", "-I", "UTF-8", "-O", "UTF-8"],
    "lynx": ["-dump", "-width=78", "-display_charset=utf-8", "-nolist"],
}


@pytest.fixture(scope="module", params=COMMANDS)
def page_text(request: pytest.FixtureRequest, port: int) -> str:
    program = request.param
    command = [needed(program), *COMMANDS[program], f"http://localhost:{port}{BUREAU}"]
    return subprocess.run(command, capture_output=True, check=True, text=True).stdout


def test_it_is_read_in_the_order_of_the_page(page_text: str) -> None:
    rest = "".join(page_text.split())
    for words in ORDER:
        _, found, rest = rest.partition(words)
        assert found, words


def test_it_is_all_words(page_text: str) -> None:
    for garbage in ("&amp;", "&lt;", "{%", "{{", "<", "\ufffd", "[INLINE]", "undefined"):
        assert garbage not in page_text
