"""What a page costs its reader: few bytes. Its requests are counted in test_console.py."""

import re
from urllib.parse import urljoin

import pytest

from tests.browser.page_kinds import HARD, KINDS, PAGES, REFUSALS
from tests.helpers.server import ask

PAGE_LIMIT = 60_000  # bytes over the wire, without pictures
STYLE_LIMIT = 20_000
# What a page needs besides itself and its pictures.
NEEDED = re.compile(rb'<(?:link|script)[^>]+(?:href|src)="(/static/[^"]+)"')


def transferred(port: int, address: str) -> int:
    """The bytes of this address over the wire, headers too, to a reader who takes gzip."""
    answer = ask(port, address, headers={"Accept-Encoding": "gzip"})
    assert answer.status != 500
    return len(answer.body) + len(str(answer.headers).encode())


def belongings(port: int, address: str) -> set[str]:
    found = NEEDED.findall(ask(port, address).body)
    return {urljoin(address, path.decode()) for path in found}


def test_every_page_answers_as_its_name_says(port: int) -> None:
    statuses = {name: ask(port, address).status for name, address in PAGES.items()}
    expected = dict.fromkeys(KINDS | HARD, 200)
    assert statuses == expected | {name: int(name[:3]) for name in REFUSALS}


@pytest.mark.parametrize("name", PAGES)
def test_a_page_without_its_pictures_is_light(port: int, name: str) -> None:
    address = PAGES[name]
    parts = [part for part in belongings(port, address) if not part.endswith((".png", ".webp"))]
    assert any(part.endswith(".css") for part in parts)
    assert sum(transferred(port, part) for part in [address, *parts]) <= PAGE_LIMIT


def test_the_styles_are_light(port: int) -> None:
    sheets = {part for part in belongings(port, "/") if part.endswith(".css")}
    assert 0 < sum(transferred(port, sheet) for sheet in sheets) <= STYLE_LIMIT


def test_pages_and_styles_are_sent_compressed(port: int) -> None:
    for address in ["/", KINDS["bureau"], *belongings(port, "/")]:
        if not address.endswith(".png"):
            answer = ask(port, address, headers={"Accept-Encoding": "gzip"})
            assert answer.headers["Content-Encoding"] == "gzip", address
