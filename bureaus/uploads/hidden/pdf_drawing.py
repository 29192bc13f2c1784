"""The objects that a page of a PDF draws, in their order, with their bounds on the page."""

import ctypes
from collections.abc import Iterator
from typing import Any, NamedTuple

from pypdfium2 import raw

OBJECTS = 20_000  # of one page
DEPTH = 4  # of forms within forms
THIN = 3.0  # points: lines and borders cover no text
OPAQUE = 250  # of 255
# Annotations that draw nothing over the page, or nothing opaque.
CLEAR_ANNOTATIONS = frozenset(
    {
        raw.FPDF_ANNOT_LINK,
        raw.FPDF_ANNOT_POPUP,
        raw.FPDF_ANNOT_WIDGET,
        raw.FPDF_ANNOT_HIGHLIGHT,
        raw.FPDF_ANNOT_UNDERLINE,
        raw.FPDF_ANNOT_TEXT,
    }
)
Colour = tuple[int, int, int, int]


class Box(NamedTuple):
    left: float
    bottom: float
    right: float
    top: float

    @property
    def area(self) -> float:
        return max(0.0, self.right - self.left) * max(0.0, self.top - self.bottom)

    @property
    def centre(self) -> tuple[float, float]:
        return (self.left + self.right) / 2, (self.bottom + self.top) / 2

    def holds(self, x: float, y: float) -> bool:
        return self.left <= x <= self.right and self.bottom <= y <= self.top

    def meets(self, other: "Box") -> bool:
        return (
            self.left < other.right
            and other.left < self.right
            and self.bottom < other.top
            and other.bottom < self.top
        )


class Drawn(NamedTuple):
    """An object of a page; `address` is that of PDFium's own object."""

    order: int
    kind: int
    box: Box
    colour: Colour
    address: int
    handle: Any

    @property
    def is_text(self) -> bool:
        return self.kind == raw.FPDF_PAGEOBJ_TEXT

    @property
    def is_image(self) -> bool:
        return self.kind == raw.FPDF_PAGEOBJ_IMAGE

    @property
    def is_area(self) -> bool:
        """Whether it can hide what was drawn before it: a picture, or a filled area."""
        if self.is_image or self.kind == raw.FPDF_PAGEOBJ_SHADING:
            return True
        is_thin = min(self.box.right - self.box.left, self.box.top - self.box.bottom) < THIN
        return self.kind == raw.FPDF_PAGEOBJ_PATH and not is_thin and self.colour[3] >= OPAQUE


Matrix = tuple[float, float, float, float, float, float]
IDENTITY: Matrix = (1.0, 0.0, 0.0, 1.0, 0.0, 0.0)


def objects_of(page: Any) -> list[Drawn]:
    """Return the objects of the page, those inside forms too, in the order of drawing."""
    found: list[Drawn] = []
    count = raw.FPDFPage_CountObjects(page)
    for number in range(min(count, OBJECTS)):
        for handle, matrix in nested(raw.FPDFPage_GetObject(page, number), IDENTITY, DEPTH):
            if len(found) < OBJECTS:
                found.append(drawn(handle, matrix, len(found)))
    return found + annotations_of(page, len(found))


def nested(handle: Any, matrix: Matrix, depth: int) -> Iterator[tuple[Any, Matrix]]:
    """Yield the object, or what the form draws, each with the matrix to the page."""
    if raw.FPDFPageObj_GetType(handle) != raw.FPDF_PAGEOBJ_FORM:
        yield handle, matrix
        return
    inner = combined(matrix_of(handle), matrix)
    for number in range(raw.FPDFFormObj_CountObjects(handle) if depth else 0):
        yield from nested(raw.FPDFFormObj_GetObject(handle, number), inner, depth - 1)


def drawn(handle: Any, matrix: Matrix, order: int) -> Drawn:
    kind = raw.FPDFPageObj_GetType(handle)
    address = ctypes.cast(handle, ctypes.c_void_p).value or 0
    box = transformed(bounds_of(handle), matrix)
    return Drawn(order, kind, box, colour_of(handle, kind), address, handle)


def annotations_of(page: Any, order: int) -> list[Drawn]:
    """Return the annotations that may cover text: people draw black bars with them."""
    found = []
    for number in range(min(raw.FPDFPage_GetAnnotCount(page), 1_000)):
        annotation = raw.FPDFPage_GetAnnot(page, number)
        rect = raw.FS_RECTF()
        if raw.FPDFAnnot_GetSubtype(annotation) not in CLEAR_ANNOTATIONS and raw.FPDFAnnot_GetRect(
            annotation, rect
        ):
            box = Box(rect.left, min(rect.bottom, rect.top), rect.right, max(rect.bottom, rect.top))
            kind = raw.FPDF_PAGEOBJ_PATH
            found.append(Drawn(order + number, kind, box, (0, 0, 0, 255), 0, None))
        raw.FPDFPage_CloseAnnot(annotation)
    return found


def bounds_of(handle: Any) -> Box:
    sides = [ctypes.c_float() for _ in range(4)]
    raw.FPDFPageObj_GetBounds(handle, *sides)
    return Box(*(side.value for side in sides))


def colour_of(handle: Any, kind: int) -> Colour:
    """Return the colour of the filling; transparent where a path is not filled."""
    if kind == raw.FPDF_PAGEOBJ_PATH:
        mode, stroke = ctypes.c_int(), ctypes.c_int()
        raw.FPDFPath_GetDrawMode(handle, mode, stroke)
        if not mode.value:
            return (0, 0, 0, 0)
    parts = [ctypes.c_uint() for _ in range(4)]
    if not raw.FPDFPageObj_GetFillColor(handle, *parts):
        return (0, 0, 0, 255)  # a pattern
    red, green, blue, alpha = (part.value for part in parts)
    return (red, green, blue, alpha)


def matrix_of(handle: Any) -> Matrix:
    found = raw.FS_MATRIX()
    raw.FPDFPageObj_GetMatrix(handle, found)
    return (found.a, found.b, found.c, found.d, found.e, found.f)


def combined(first: Matrix, then: Matrix) -> Matrix:
    a, b, c, d, e, f = first
    g, h, i, j, k, m = then
    return (
        a * g + b * i,
        a * h + b * j,
        c * g + d * i,
        c * h + d * j,
        e * g + f * i + k,
        e * h + f * j + m,
    )


def transformed(box: Box, matrix: Matrix) -> Box:
    if matrix == IDENTITY:
        return box
    a, b, c, d, e, f = matrix
    corners = [(x, y) for x in (box.left, box.right) for y in (box.bottom, box.top)]
    across = [a * x + c * y + e for x, y in corners]
    upwards = [b * x + d * y + f for x, y in corners]
    return Box(min(across), min(upwards), max(across), max(upwards))
