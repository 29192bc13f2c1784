"""reportlab: a canvas with Japanese text."""

import io
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from reportlab.lib.utils import ImageReader
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.cidfonts import UnicodeCIDFont
from reportlab.pdfgen.canvas import Canvas

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

FONT = "HeiseiKakuGo-W5"
BLACK, WHITE, BLUE = (0, 0, 0), (1, 1, 1), (0, 0, 0.5)
PAGE = "2ページ"


def new_canvas() -> tuple[Any, io.BytesIO]:
    if FONT not in pdfmetrics.getRegisteredFontNames():
        pdfmetrics.registerFont(UnicodeCIDFont(FONT))
    written = io.BytesIO()
    canvas = Canvas(written)
    canvas.setFont(FONT, 12)
    return canvas, written


def document(hide: Callable[[Any], None]) -> bytes:
    """Two pages; `hide` draws on the second one."""
    canvas, written = new_canvas()
    canvas.drawString(72, 760, "総務省の報道資料です。")
    canvas.showPage()
    canvas.setFont(FONT, 12)
    canvas.drawString(72, 760, "二枚目の文章です。")
    hide(canvas)
    canvas.save()
    return written.getvalue()


def drawn(canvas: Any, colour: tuple[float, ...] = BLACK, at: tuple[int, int] = (72, 700)) -> None:
    canvas.setFillColorRGB(*colour)
    canvas.drawString(*at, SECRET_NAME)


def filled(canvas: Any, colour: tuple[float, ...] = BLACK) -> None:
    canvas.setFillColorRGB(*colour)
    canvas.rect(66, 692, 120, 28, stroke=0, fill=1)


def bar(canvas: Any) -> None:
    drawn(canvas)
    filled(canvas)


def picture(canvas: Any) -> None:
    drawn(canvas)
    canvas.drawImage(ImageReader(io.BytesIO(jpeg(120, 28))), 66, 692, 120, 28)


def white(canvas: Any) -> None:
    drawn(canvas, WHITE)


def ground(canvas: Any) -> None:
    filled(canvas, BLUE)
    drawn(canvas, BLUE)


def outside(canvas: Any) -> None:
    drawn(canvas, at=(-200, 700))


def tiny(canvas: Any) -> None:
    canvas.setFont(FONT, 0.4)
    drawn(canvas)


def unseen(canvas: Any) -> None:
    text = canvas.beginText(72, 700)
    text.setTextRenderMode(3)
    text.textOut(SECRET_NAME)
    canvas.drawText(text)


def annotation(canvas: Any) -> None:
    canvas.textAnnotation(SECRET_NAME, Rect=[400, 700, 420, 720])


def bookmark(canvas: Any) -> None:
    canvas.bookmarkPage("p2")
    canvas.addOutlineEntry(f"対象者 {SECRET_NAME}", "p2")


def highlight(canvas: Any) -> None:
    canvas.highlightAnnotation(SECRET_NAME, Rect=[72, 755, 180, 775])


def author(canvas: Any) -> None:
    canvas.setAuthor(SECRET_NAME)


def path(canvas: Any) -> None:
    canvas.setSubject(PATH)


WAYS: tuple[tuple[Callable[[Any], None], str, str], ...] = (
    (bar, "pdf-covered", PAGE),
    (picture, "pdf-covered", PAGE),
    (white, "pdf-invisible", PAGE),
    (ground, "pdf-invisible", PAGE),
    (outside, "pdf-outside", PAGE),
    (tiny, "pdf-invisible", PAGE),
    (unseen, "pdf-invisible", PAGE),
    (annotation, "pdf-annotation", PAGE),
    (bookmark, "pdf-bookmark", "しおりの1番目"),
    (highlight, "pdf-annotation", PAGE),
    (author, "person", "文書のプロパティーの「作成者」"),
    (path, "path", "文書のプロパティーの「件名」"),
)


def hidden(_folder: Path) -> Iterator[HiddenFile]:
    for way, rule, place in WAYS:
        yield HiddenFile(way.__name__, "pdf", document(way), rule, place)


def honest(_folder: Path) -> Iterator[HonestFile]:
    """Reports with a title on a dark ground, a picture with a caption, and bookmarks."""
    for number in range(HONEST):
        canvas, written = new_canvas()
        for page in range(1 + number % 3):
            canvas.setFont(FONT, 14)
            canvas.setFillColorRGB(*BLUE)
            canvas.rect(60, 780, 475, 30, stroke=0, fill=1)
            canvas.setFillColorRGB(*WHITE)
            canvas.drawString(72, 790, f"第{page + 1}章 {sentences(number + page, 1)[0]}")
            canvas.setFillColorRGB(*BLACK)
            canvas.setFont(FONT, 10)
            for at, sentence in enumerate(sentences(number * 10 + page, 12)):
                canvas.drawString(72, 740 - 18 * at, sentence)
            canvas.drawImage(ImageReader(io.BytesIO(jpeg(160, 100))), 72, 300, 160, 100)
            canvas.drawString(72, 284, f"図{page + 1} 会議の様子")
            canvas.bookmarkPage(f"p{page}")
            canvas.addOutlineEntry(f"第{page + 1}章", f"p{page}")
            canvas.showPage()
        canvas.setAuthor("総務省")
        canvas.save()
        yield HonestFile("pdf", written.getvalue())


REPORTLAB = Producer("reportlab", "", hidden, honest)
