"""Opaque shapes and pictures in front of the text of Word and Excel files."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple
from zipfile import ZipFile

from bureaus.uploads.hidden.workbook import Sheet
from bureaus.uploads.hidden.xml_stream import whole_elements
from bureaus.uploads.ooxml.targets import relations_of

FILLS = ("noFill", "gradFill", "blipFill", "pattFill", "grpFill")
OPAQUE_JPEG = b"\xff\xd8"
PNG_COLOUR, PNG_WITHOUT_ALPHA = 25, frozenset({0, 2})  # byte of IHDR; grey and RGB
# English metric units: 36,000 are a millimetre.
NARROW = 600_000  # a mark beside the text, a rule above it
LOW, HIGH = 80_000, 1_500_000
NEAR = range(-150_000, 600_000)  # the top of a shape below the top of its paragraph
EDGE = 60_000  # a cell of which less than this is free counts as covered
TEXT_FRAMES = frozenset({"paragraph", "line"})


def is_opaque(shape: Any) -> bool:
    """Return whether the shape has one colour of its own, through which nothing is seen."""
    fill = shape.find("{*}spPr/{*}solidFill")
    return fill is not None and next(fill.iter("{*}alpha"), None) is None


def is_filled(shape: Any) -> bool:
    """Return the same, or whether its style fills it, as that of a newly drawn shape does."""
    properties = shape.find("{*}spPr")
    has_own = properties is not None and any(
        properties.find(f"{{*}}{name}") is not None for name in (*FILLS, "solidFill")
    )
    style = shape.find("{*}style/{*}fillRef")
    return is_opaque(shape) or (
        not has_own and style is not None and style.get("idx", "0") not in {"0", "1000"}
    )


class CellArea(NamedTuple):
    """The cells behind a shape; rows and columns count from 1."""

    first_row: int
    last_row: int
    first_column: int
    last_column: int

    def holds(self, row: int, column: int) -> bool:
        return self.has_row(row) and self.first_column <= column <= self.last_column

    def has_row(self, row: int) -> bool:
        return self.first_row <= row <= self.last_row


def covered_areas(archive: ZipFile, sheet: Sheet) -> list[CellArea]:
    """
    Return the cells that opaque shapes without text, and pictures, cover whole.

    Only of shapes that are anchored at two cells, as Excel and LibreOffice write them: the size of
    others is in lengths, and would need the width and height of each column and row.
    """
    held = set(archive.namelist())
    return [
        area
        for kind, target in relations_of(archive, sheet.part).values()
        if kind == "drawing" and target in held
        for anchor in whole_elements(archive, target, "twoCellAnchor")
        if covers(archive, target, anchor) and (area := area_of(anchor))
    ]


def covers(archive: ZipFile, drawing: str, anchor: Any) -> bool:
    shape, picture = anchor.find("{*}sp"), anchor.find("{*}pic")
    if shape is not None:
        words = "".join(shape.itertext("{*}t")).strip()
        return not words and is_filled(shape)
    return picture is not None and is_opaque_picture(archive, drawing, picture)


def is_opaque_picture(archive: ZipFile, drawing: str, picture: Any) -> bool:
    """Return whether the file of the picture has no transparency: a seal is often on a name."""
    blip = picture.find("{*}blipFill/{*}blip")
    names = {} if blip is None else blip.attrib
    key = next((value for name, value in names.items() if name.endswith("}embed")), "")
    _, target = relations_of(archive, drawing).get(key, ("", ""))
    if target not in archive.namelist():
        return False
    with archive.open(target) as stream:
        start = stream.read(PNG_COLOUR + 1)
    is_png = start[1:4] == b"PNG" and len(start) > PNG_COLOUR
    return start[:2] == OPAQUE_JPEG or (is_png and start[PNG_COLOUR] in PNG_WITHOUT_ALPHA)


def area_of(anchor: Any) -> CellArea | None:
    """Return the cells between the two corners, those left out of which a part is seen."""
    first_row, first_column = corner(anchor, "from", is_end=False)
    last_row, last_column = corner(anchor, "to", is_end=True)
    is_empty = first_row > last_row or first_column > last_column
    return None if is_empty else CellArea(first_row, last_row, first_column, last_column)


def corner(anchor: Any, name: str, *, is_end: bool) -> tuple[int, int]:
    """Return the row and column of the first or last cell that is covered at this corner."""
    numbers = [
        int(anchor.findtext(f"{{*}}{name}/{{*}}{key}") or 0)
        for key in ("row", "rowOff", "col", "colOff")
    ]
    (row, row_offset), (column, column_offset) = numbers[:2], numbers[2:]
    if is_end:
        return row + (row_offset > 2 * EDGE), column + (column_offset > NARROW // 2)
    return row + 1 + (row_offset > EDGE), column + 1 + (column_offset > EDGE)


@dataclass(slots=True)
class FloatingShape:
    """A shape of a Word file that is being read: whether it covers the text of its paragraph."""

    is_in_front: bool
    is_shape: bool = False
    is_opaque: bool = False
    is_free: bool = False  # the text does not flow around it
    is_near: bool = False
    is_large: bool = False
    has_words: bool = False
    frame: str = ""
    outline: int = 0  # the elements around that draw its edge

    @property
    def is_covering(self) -> bool:
        looks = self.is_shape and self.is_opaque and not self.has_words
        return looks and self.is_in_front and self.is_free and self.is_near and self.is_large

    def start(self, name: str, attributes: Mapping[str, str]) -> None:
        if name == "wsp":
            self.is_shape = True
        elif name == "wrapNone":
            self.is_free = True
        elif name == "positionV":
            self.frame = attributes.get("relativeFrom", "")
        elif name == "positionH":
            self.frame = ""
        elif name == "extent":
            width, height = number(attributes, "cx"), number(attributes, "cy")
            self.is_large = width >= NARROW and LOW <= height <= HIGH
        elif name == "ln":
            self.outline += 1
        elif name == "solidFill" and not self.outline:
            self.is_opaque = True
        elif name == "alpha" and not self.outline:
            self.is_opaque = False

    def end(self, name: str, text: str) -> None:
        if name == "ln":
            self.outline -= 1
        elif name == "posOffset" and self.frame in TEXT_FRAMES and text.strip("- ").isdigit():
            self.is_near = int(text) in NEAR
        elif name == "t" and text.strip():
            self.has_words = True


def number(attributes: Mapping[str, str], key: str) -> int:
    value = attributes.get(key, "")
    return int(value) if value.isdigit() else 0
