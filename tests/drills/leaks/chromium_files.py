"""Chromium: pages of HTML, printed as PDF."""

import base64
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from shutil import which
from typing import Any

from playwright.sync_api import sync_playwright

from tests.drills.leaks.cases import (
    HONEST,
    PATH,
    SECRET_NAME,
    HiddenFile,
    HonestFile,
    Producer,
    sentences,
)
from tests.helpers.uploads import jpeg

PROGRAMS = ("chromium-headless-shell", "chromium")
PAGE = "1ページ"
STYLE = (
    "<style>body{font:14px 'Noto Sans CJK JP',sans-serif}"
    " .s{position:relative;display:inline-block} .o{position:absolute;inset:-2px;display:block}"
    " table{border-collapse:collapse}"
    " th{background:#008;color:#fff} td,th{border:1px solid #000;padding:4px}"
    " h1{background:#036;color:#fff;padding:8px}</style>"
)
PICTURE = "data:image/jpeg;base64," + base64.b64encode(jpeg(200, 120)).decode()
COVER = f"<span class=s>{SECRET_NAME}<span class=o style='%s'></span></span>"
VECTOR = (
    f"<span class=s>{SECRET_NAME}<svg class=o width=90 height=30><rect width=90 height=30 /></svg>"
    "</span>"
)
BEHIND = (
    f"<p style='position:relative;z-index:-1;margin:0'>{SECRET_NAME}</p>"
    "<div style='background:#ddd;height:40px;margin-top:-30px'></div>"
)
# What stands in the body, the rule and the place.
WAYS = {
    "bar": (COVER % "background:#000", "pdf-covered", PAGE),
    "picture": (
        f"<span class=s>{SECRET_NAME}<img class=o src='{PICTURE}' width=90 height=30></span>",
        "pdf-covered",
        PAGE,
    ),
    "vector": (VECTOR, "pdf-covered", PAGE),
    "gradient": (COVER % "background:linear-gradient(#111,#555)", "pdf-covered", PAGE),
    "border": (COVER % "border-top:30px solid #333", "pdf-covered", PAGE),
    "frosted": (COVER % "background:#fff", "pdf-covered", PAGE),
    "white": (f"<p style='color:#fff'>{SECRET_NAME}</p>", "pdf-invisible", PAGE),
    "nearly-white": (f"<p style='color:#fdfdfd'>{SECRET_NAME}</p>", "pdf-invisible", PAGE),
    "ground": (
        f"<p style='color:#036;background:#036'>{SECRET_NAME}</p>",
        "pdf-invisible",
        PAGE,
    ),
    "black-on-black": (
        f"<p style='background:#000'>{SECRET_NAME}</p>",
        "pdf-invisible",
        PAGE,
    ),
    "behind": (
        BEHIND,
        "pdf-covered",
        PAGE,
    ),
    "path": (f"<title>{PATH}</title>", "path", "文書のプロパティーの「表題」"),
}


@contextmanager
def printer() -> Iterator[Any]:
    """Yield a function that prints HTML."""
    program = next(filter(None, map(which, PROGRAMS)))
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=["--no-sandbox"])
        page = browser.new_page()

        def printed(body: str, **options: Any) -> bytes:
            page.set_content(f"<!doctype html><html lang=ja>{STYLE}{body}")
            made: bytes = page.pdf(format="A4", print_background=True, tagged=True, **options)
            return made

        yield printed
        browser.close()


def hidden(_folder: Path) -> Iterator[HiddenFile]:
    with printer() as printed:
        for way, (body, rule, place) in WAYS.items():
            content = printed(f"<title>報道資料</title><p>総務省の報道資料です。</p>{body}")
            if way == "path":
                content = printed(f"{body}<p>総務省の報道資料です。</p>")
            yield HiddenFile(way, "pdf", content, rule, place)


def honest(_folder: Path) -> Iterator[HonestFile]:
    """Reports with headings on a dark ground, tables, pictures, links and bookmarks."""
    with printer() as printed:
        for number in range(HONEST):
            said = sentences(number, 24)
            rows = "".join(f"<tr><td>{each}</td><td>{at}</td></tr>" for at, each in enumerate(said))
            body = (
                f"<title>報告書{number}</title><h1>第{number}章 {said[0]}</h1>"
                f"<p>{''.join(said)}</p><h2 id=はじめに>{said[1]}</h2>"
                f"<table><tr><th>事項</th><th>番号</th></tr>{rows}</table>"
                f"<img src='{PICTURE}' width=200><p><a href='https://www.soumu.go.jp/'>総務省</a>"
                f" <a href='#はじめに'>{said[1]}</a></p>"
            )
            yield HonestFile("pdf", printed(body, outline=number % 2 == 0))


CHROMIUM = Producer(
    "Chromium", "" if any(map(which, PROGRAMS)) else "chromium-headless-shell", hidden, honest
)
