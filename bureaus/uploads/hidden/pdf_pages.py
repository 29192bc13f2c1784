"""
Text of a PDF that its pages do not show: under bars and pictures, in the colour of its ground.

A page is drawn twice, with its text and without: a character around which no point differs is
not seen, whatever the reason. Only pages on which something could hide text are drawn.
"""

import ctypes
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Any, NamedTuple

import pypdfium2
from PIL import Image, ImageChops
from pypdfium2 import raw

from bureaus.uploads.hidden.contents import HiddenContent, hidden_content
from bureaus.uploads.hidden.pdf_drawing import Box, Drawn, objects_of

POINTS = 1_000_000  # of a drawn page
SCALE = 1.5  # points for a unit of the page, at most
SECONDS = 6.0  # of processor time for all pages of a file
VISIBLE = 10  # of 255: a smaller difference nobody sees
SIMILAR = 40  # of 255: two colours that cannot be told apart in small letters
LIGHT = 150  # of 255, the darkest part of a colour
LETTERS = 2  # hidden in a row: fewer are an accident of the layout
CHARACTERS = 20_000  # of one page
TINY = 1.5  # points high
WHOLE = 0.8  # of the page: the picture of a scanned page
UNSEEN_MODES = frozenset({raw.FPDF_TEXTRENDERMODE_INVISIBLE, raw.FPDF_TEXTRENDERMODE_CLIP})


class Sign(NamedTuple):
    character: str
    box: Box
    drawn: Drawn | None


@dataclass
class Page:
    """A page with its objects; `drawings` are the page with its text and without."""

    page: Any
    objects: Sequence[Drawn]
    has_layers: bool

    @property
    def box(self) -> Box:
        return Box(*self.page.get_bbox()) if self.page.get_rotation() == 0 else self.cropped()

    def cropped(self) -> Box:
        return Box(*self.page.get_cropbox())

    def is_suspicious(self) -> bool:
        """Return whether something on the page could hide its text."""
        areas = [each for each in self.objects if each.is_area]
        return self.has_layers or any(
            hides(area, text) for text in self.objects if text.is_text for area in [None, *areas]
        )


def hides(area: Drawn | None, text: Drawn) -> bool:
    """Return whether `area`, or without one the page itself, could make `text` invisible."""
    if area is None:
        is_faint = min(text.colour[:3]) > LIGHT or text.colour[3] < LIGHT
        return is_faint or text.box.top - text.box.bottom < TINY or is_unseen(text)
    if not area.box.meets(text.box):
        return False
    return area.order > text.order or area.is_image or is_similar(area.colour, text.colour)


def strongest(image: Image.Image) -> int:
    """Return the largest value of a grey picture."""
    _, high = image.getextrema()
    return int(high)  # type: ignore[arg-type]


def is_tiny(box: Box) -> bool:
    """Return whether nobody can read such a letter; 一 is low and l is narrow, but not both."""
    return max(box.right - box.left, box.top - box.bottom) < TINY


def is_unseen(text: Drawn) -> bool:
    return raw.FPDFTextObj_GetTextRenderMode(text.handle) in UNSEEN_MODES


def is_similar(one: Sequence[int], other: Sequence[int]) -> bool:
    return max(abs(a - b) for a, b in zip(one[:3], other[:3], strict=True)) < SIMILAR


def hidden_text(document: pypdfium2.PdfDocument, *, has_layers: bool) -> Iterator[HiddenContent]:
    """Yield what the pages hold and do not show, and where they took too long."""
    began = time.process_time()
    for number, page in enumerate(document, 1):
        if time.process_time() - began > SECONDS:
            yield hidden_content("unexamined", f"{number}ページから後", f"全{len(document)}ページ")
            return
        read = Page(page, objects_of(page.raw), has_layers)
        for rule, words in hidden_on(read):
            yield hidden_content(rule, f"{number}ページ", words)
        page.close()


def hidden_on(page: Page) -> Iterator[tuple[str, str]]:
    """Yield the rule and the words of each run of hidden characters."""
    signs = list(signs_of(page))
    box = page.box
    is_outside = [not box.holds(*sign.box.centre) for sign in signs]
    if not any(is_outside) and not page.is_suspicious():
        return
    drawing = Drawing.of(page)
    reasons = [
        "pdf-outside" if outside else drawing.reason(sign)
        for sign, outside in zip(signs, is_outside, strict=True)
    ]
    for rule, run in groupby(zip(reasons, signs, strict=True), key=lambda pair: pair[0]):
        words = "".join(sign.character for _, sign in run)
        if rule and len(words) >= LETTERS:
            yield rule, words


def signs_of(page: Page) -> Iterator[Sign]:
    """Yield the letters and digits of the page, with the objects that draw them."""
    by_address = {each.address: each for each in page.objects if each.is_text}
    text = page.page.get_textpage()
    for index in range(min(text.count_chars(), CHARACTERS)):
        character = chr(raw.FPDFText_GetUnicode(text.raw, index))
        if not character.isalnum():
            continue
        found = raw.FPDFText_GetTextObject(text.raw, index)
        address = ctypes.cast(found, ctypes.c_void_p).value or 0
        left, right, bottom, top = (ctypes.c_double() for _ in range(4))
        raw.FPDFText_GetCharBox(text.raw, index, left, right, bottom, top)
        box = Box(left.value, bottom.value, right.value, top.value)
        yield Sign(character, box, by_address.get(address))
    text.close()


@dataclass
class Drawing:
    page: Page
    scale: float
    whole: Image.Image
    difference: Image.Image

    @classmethod
    def of(cls, page: Page) -> "Drawing":
        width, height = page.page.get_size()
        scale = min(SCALE, (POINTS / max(1.0, width * height)) ** 0.5)
        whole = page.page.render(scale=scale).to_pil().convert("RGB")
        for each in page.objects:
            if each.is_text:
                raw.FPDFPageObj_SetIsActive(each.handle, False)
        bare = page.page.render(scale=scale).to_pil().convert("RGB")
        red, green, blue = ImageChops.difference(whole, bare).split()
        difference = ImageChops.lighter(ImageChops.lighter(red, green), blue)
        return cls(page, scale, whole, difference)

    def reason(self, sign: Sign) -> str:
        """Return the rule by which the character is hidden; empty where it is seen."""
        left, top, right, bottom = self.pixels(sign.box)
        around = self.difference.crop((left, top, right, bottom))
        if not is_tiny(sign.box) and strongest(around) > VISIBLE:
            return ""
        return self.cause(sign, ((left + right) // 2, (top + bottom) // 2))

    def pixels(self, box: Box) -> tuple[int, int, int, int]:
        """Return the points that the box takes, a little narrower: its neighbours may be seen."""
        x, y = ctypes.c_int(), ctypes.c_int()
        corners = []
        size = self.whole.size
        for across, upwards in ((box.left, box.bottom), (box.right, box.top)):
            raw.FPDF_PageToDevice(self.page.page.raw, 0, 0, *size, 0, across, upwards, x, y)
            corners.append((x.value, y.value))
        (left, top), (right, bottom) = (
            (min(a, b) for a, b in zip(*corners, strict=True)),
            (max(a, b) for a, b in zip(*corners, strict=True)),
        )
        trim = 1 if right - left > 4 else 0  # noqa: PLR2004 - points
        return left + trim, top, max(right - trim, left + trim + 1), max(bottom, top + 1)

    def cause(self, sign: Sign, point: tuple[int, int]) -> str:
        """Return the rule that says why the character is not seen; empty of a scan's own text."""
        text = sign.drawn
        order = text.order if text else -1
        above = [each for each in self.page.objects if each.is_area and holds(each, sign)]
        later = [each for each in above if each.order > order]
        is_scan = text is not None and is_unseen(text)
        if is_scan and any(each.is_image for each in above):
            later = [each for each in later if not each.is_image]
            return "pdf-covered" if later else ""
        if later:
            is_page = later[0].is_image and later[0].box.area > WHOLE * self.page.box.area
            return "pdf-under-scan" if is_page and len(later) == 1 else "pdf-covered"
        if self.page.has_layers and text is not None and in_layer(text):
            return "pdf-layer"
        return self.faintness(sign, point)

    def faintness(self, sign: Sign, point: tuple[int, int]) -> str:
        text = sign.drawn
        if text is None or is_unseen(text) or is_tiny(sign.box):
            return "pdf-invisible"
        x, y = (max(0, min(at, side - 1)) for at, side in zip(point, self.whole.size, strict=True))
        ground = self.whole.getpixel((x, y))
        is_faint = is_similar(ground, text.colour) or text.colour[3] < VISIBLE  # type: ignore[arg-type]
        if is_faint:
            return "pdf-invisible"
        return "pdf-clipped" if is_embedded(text) else ""


def is_embedded(text: Drawn) -> bool:
    """Return whether the file brings the font; another may be missing here, and draws nothing."""
    return bool(raw.FPDFFont_GetIsEmbedded(raw.FPDFTextObj_GetFont(text.handle)) == 1)


def holds(area: Drawn, sign: Sign) -> bool:
    return area.box.holds(*sign.box.centre)


def in_layer(text: Drawn) -> bool:
    """Return whether the text is marked as content of a layer."""
    for number in range(max(0, raw.FPDFPageObj_CountMarks(text.handle))):
        mark = raw.FPDFPageObj_GetMark(text.handle, number)
        buffer, needed = (raw.FPDF_WCHAR * 16)(), ctypes.c_ulong()
        raw.FPDFPageObjMark_GetName(mark, buffer, 32, needed)
        if bytes(buffer).decode("utf-16-le", "replace").startswith("OC\0"):
            return True
    return False
