"""python-pptx: presentations."""

import io
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import Any

from PIL import Image as Picture
from pptx import Presentation
from pptx.dml.color import RGBColor
from pptx.enum.shapes import MSO_SHAPE
from pptx.util import Cm

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

SLIDE = "スライド2"


def presentation(hide: Callable[[Any, Any], object]) -> bytes:
    """Two slides; `hide` works on the second one."""
    made = Presentation()
    made.core_properties.author = "総務省"
    made.core_properties.last_modified_by = ""
    for title in ("総務省の報道資料", "二枚目の題"):
        slide = made.slides.add_slide(made.slide_layouts[5])
        slide.shapes.title.text = title
    hide(made, slide)
    written = io.BytesIO()
    made.save(written)
    return written.getvalue()


def box(slide: Any, left: float = 3) -> Any:
    shape = slide.shapes.add_textbox(Cm(left), Cm(8), Cm(8), Cm(2))
    shape.text_frame.text = SECRET_NAME
    return shape


def hidden_slide(_made: Any, slide: Any) -> None:
    box(slide)
    slide._element.set("show", "0")


def notes(_made: Any, slide: Any) -> None:
    slide.notes_slide.notes_text_frame.text = SECRET_NAME


def right_of_slide(_made: Any, slide: Any) -> None:
    box(slide, 30)


def left_of_slide(_made: Any, slide: Any) -> None:
    box(slide, -10)


def hidden_shape(_made: Any, slide: Any) -> None:
    box(slide)._element.nvSpPr.cNvPr.set("hidden", "1")


def bar(_made: Any, slide: Any) -> None:
    box(slide)
    over = slide.shapes.add_shape(MSO_SHAPE.RECTANGLE, Cm(2.8), Cm(7.8), Cm(8.4), Cm(2.4))
    over.fill.solid()
    over.fill.fore_color.rgb = RGBColor(0, 0, 0)


def picture(_made: Any, slide: Any) -> None:
    box(slide)
    slide.shapes.add_picture(io.BytesIO(jpeg(200, 60)), Cm(2.8), Cm(7.8), Cm(8.4), Cm(2.4))


def cropped(_made: Any, slide: Any) -> None:
    shown = slide.shapes.add_picture(io.BytesIO(jpeg(200, 120)), Cm(3), Cm(5))
    shown.crop_left = 0.3


def position(_made: Any, slide: Any) -> None:
    exif = Picture.Exif()
    exif.get_ifd(0x8825)[2] = (35.0, 40.0, 30.0)
    content = encoded(Picture.new("RGB", (64, 48), "green"), "JPEG", exif=exif)
    slide.shapes.add_picture(io.BytesIO(content), Cm(3), Cm(5))


def author(made: Any, _slide: Any) -> None:
    made.core_properties.author = SECRET_NAME


def last_person(made: Any, _slide: Any) -> None:
    made.core_properties.last_modified_by = SECRET_NAME


def path(made: Any, _slide: Any) -> None:
    made.core_properties.keywords = PATH


WAYS: tuple[tuple[Callable[[Any, Any], object], str, str], ...] = (
    (hidden_slide, "hidden-slide", SLIDE),
    (notes, "speaker-notes", SLIDE),
    (right_of_slide, "outside", SLIDE),
    (left_of_slide, "outside", SLIDE),
    (hidden_shape, "hidden-text", SLIDE),
    (bar, "covered", SLIDE),
    (picture, "covered", SLIDE),
    (cropped, "cropped-picture", "画像「Picture 2」"),
    (position, "photograph-place", "文書の中の「image1.jpg」"),
    (author, "person", "文書のプロパティーの「作成者」"),
    (last_person, "person", "文書のプロパティーの「最後に保存した人」"),
    (path, "path", "文書のプロパティーの「keywords」"),
)


def hidden(_folder: Path) -> Iterator[HiddenFile]:
    for way, rule, place in WAYS:
        yield HiddenFile(way.__name__, "pptx", presentation(way), rule, place)


def honest(_folder: Path) -> Iterator[HonestFile]:
    """Slides with text on coloured shapes, tables and pictures beside the text."""
    for number in range(HONEST):
        yield HonestFile("pptx", presentation(partial(report, number=number)))


def report(made: Any, _slide: Any, number: int) -> None:
    for page in range(1 + number % 3):
        slide = made.slides.add_slide(made.slide_layouts[1])
        slide.shapes.title.text = sentences(number + page, 1)[0]
        slide.placeholders[1].text = "\n".join(sentences(number * 3 + page, 4))
        behind = slide.shapes.add_shape(MSO_SHAPE.RECTANGLE, Cm(1), Cm(14), Cm(10), Cm(2))
        behind.fill.solid()
        behind.text_frame.text = "まとめ"
        slide.shapes.add_picture(io.BytesIO(jpeg(160, 100)), Cm(14), Cm(13), Cm(6), Cm(4))


SLIDES = Producer("python-pptx", "", hidden, honest)
