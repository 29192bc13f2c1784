"""python-docx, with the markup that Word writes for what it hides."""

import io
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import Any

import docx
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls
from docx.shared import Pt, RGBColor
from PIL import Image as Picture

from tests.drills.leaks.cases import (
    HONEST,
    PATH,
    SECRET_NAME,
    HiddenFile,
    HonestFile,
    Producer,
    sentences,
)
from tests.helpers.uploads import encoded, jpeg

BODY = "本文の2番目の段落"
AUTHOR = 'w:id="7" w:author="係長" w:date="2026-01-01T00:00:00Z"'
W = nsdecls("w")


def document(hide: Callable[[Any], object]) -> bytes:
    made = docx.Document()
    made.core_properties.author = "総務省"
    made.add_paragraph("総務省の報道資料です。")
    hide(made)
    written = io.BytesIO()
    made.save(written)
    return written.getvalue()


def inserted(made: Any, markup: str) -> None:
    made.add_paragraph()._p.append(parse_xml(markup))


def deletion(made: Any) -> None:
    run = f"<w:r><w:delText>{SECRET_NAME}</w:delText></w:r>"
    inserted(made, f"<w:del {W} {AUTHOR}>{run}</w:del>")


def insertion(made: Any) -> None:
    inserted(made, f"<w:ins {W} {AUTHOR}><w:r><w:t>{SECRET_NAME}</w:t></w:r></w:ins>")


def move(made: Any) -> None:
    inserted(made, f"<w:moveFrom {W} {AUTHOR}><w:r><w:t>{SECRET_NAME}</w:t></w:r></w:moveFrom>")


def header(made: Any) -> None:
    paragraph = made.sections[0].header.paragraphs[0]
    run = f"<w:r><w:delText>{SECRET_NAME}</w:delText></w:r>"
    paragraph._p.append(parse_xml(f"<w:del {W} {AUTHOR}>{run}</w:del>"))


def comment(made: Any) -> None:
    made.add_comment(made.paragraphs[0].runs, text=SECRET_NAME, author="係長")


def vanishing(made: Any) -> None:
    made.add_paragraph().add_run(SECRET_NAME).font.hidden = True


def styled(made: Any) -> None:
    made.styles.add_style("Kept", 1).font.hidden = True
    made.add_paragraph(SECRET_NAME, style="Kept")


def white(made: Any) -> None:
    made.add_paragraph().add_run(SECRET_NAME).font.color.rgb = RGBColor(255, 255, 255)


def tiny(made: Any) -> None:
    made.add_paragraph().add_run(SECRET_NAME).font.size = Pt(1)


def cropped(made: Any) -> None:
    made.add_picture(io.BytesIO(jpeg(200, 120)))
    fill = next(made.element.body.iter("{*}blipFill"))
    part = '<a:srcRect xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main" l="30000"/>'
    fill.insert(1, parse_xml(part))


def position(made: Any) -> None:
    exif = Picture.Exif()
    exif.get_ifd(0x8825)[2] = (35.0, 40.0, 30.0)
    content = encoded(Picture.new("RGB", (64, 48), "green"), "JPEG", exif=exif)
    made.add_picture(io.BytesIO(content))


def person(made: Any) -> None:
    made.core_properties.last_modified_by = SECRET_NAME


def path(made: Any) -> None:
    made.core_properties.subject = PATH


WAYS: tuple[tuple[Callable[[Any], object], str, str], ...] = (
    (deletion, "tracked-change", BODY),
    (insertion, "tracked-change", BODY),
    (header, "tracked-change", "ヘッダーの1番目の段落"),
    (comment, "comment", "コメント0"),
    (vanishing, "hidden-text", BODY),
    (styled, "hidden-text", BODY),
    (white, "faint-text", BODY),
    (tiny, "faint-text", BODY),
    (cropped, "cropped-picture", "画像「Picture 1」"),
    (position, "photograph-place", "文書の中の「image1.jpg」"),
    (person, "person", "文書のプロパティーの「最後に保存した人」"),
    (path, "path", "文書のプロパティーの「subject」"),
)


def hidden(_folder: Path) -> Iterator[HiddenFile]:
    for way, rule, place in WAYS:
        yield HiddenFile(way.__name__, "docx", document(way), rule, place)


def honest(_folder: Path) -> Iterator[HonestFile]:
    """Reports with headings, tables of three styles, white letters on dark cells, and pictures."""
    for number in range(HONEST):
        yield HonestFile("docx", document(partial(report, number=number)))


def report(made: Any, number: int) -> None:
    for chapter in range(1 + number % 4):
        made.add_heading(f"第{chapter + 1}章 {sentences(number + chapter, 1)[0]}", 1)
        for sentence in sentences(number * 7 + chapter, 8):
            made.add_paragraph(sentence)
        styles = ("Table Grid", "Medium Shading 1 Accent 1", "Light List Accent 1")
        table = made.add_table(3, 3, style=styles[number % 3])
        for cell in table.rows[0].cells:
            ground = f'<w:shd {W} w:val="clear" w:fill="1F3864"/>'
            cell._tc.get_or_add_tcPr().append(parse_xml(ground))
            run = cell.paragraphs[0].add_run("見出し")
            run.font.color.rgb = RGBColor(255, 255, 255)
        made.add_picture(io.BytesIO(jpeg(160, 100)))


WORD = Producer("python-docx", "", hidden, honest)
