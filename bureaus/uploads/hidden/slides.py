"""Hidden content of presentations: slides that are not shown, notes, comments, covered shapes."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from zipfile import ZipFile

from bureaus.uploads.hidden.contents import HiddenContent, folded, hidden_content
from bureaus.uploads.hidden.covering import is_opaque
from bureaus.uploads.hidden.slide_colours import ground_of, has_grounds, text_in
from bureaus.uploads.hidden.xml_stream import elements
from bureaus.uploads.ooxml.archives import parse_xml, part
from bureaus.uploads.ooxml.targets import relations_of

PRESENTATION = "ppt/presentation.xml"
OFF = frozenset({"0", "false"})
ON = frozenset({"1", "true"})
# Placeholders of a page of notes that repeat what is printed on every page.
REPEATED = frozenset({"sldNum", "dt", "hdr", "ftr", "sldImg"})
COMMENTS = frozenset({"comments"})
OVERLAP = 0.9  # of the text's rectangle


@dataclass(frozen=True, slots=True)
class Shape:
    left: int
    top: int
    width: int
    height: int
    text: str
    covers: bool  # a picture, or a shape with one opaque colour and without text
    is_hidden: bool

    def shared_with(self, other: "Shape") -> float:
        """Return the share of this shape that `other` covers."""
        across = min(self.left + self.width, other.left + other.width) - max(self.left, other.left)
        down = min(self.top + self.height, other.top + other.height) - max(self.top, other.top)
        area = self.width * self.height
        return max(0, across) * max(0, down) / area if area else 0.0


def hidden_in_slides(archive: ZipFile) -> Iterator[HiddenContent]:
    """Yield what the presentation holds beside what its slides show."""
    root = parse_xml(part(archive, PRESENTATION))
    size = root.find("{*}sldSz")
    width, height = (int(size.get(side, 0)) if size is not None else 0 for side in ("cx", "cy"))
    relations = relations_of(archive, PRESENTATION)
    keys = (
        value
        for each in root.iter("{*}sldId")
        for name, value in each.attrib.items()
        if name.endswith("}id")
    )
    for number, key in enumerate(keys, 1):
        _, name = relations.get(key, ("", ""))
        if name in archive.namelist():
            yield from hidden_in_slide(archive, name, f"スライド{number}", (width, height))


def hidden_in_slide(
    archive: ZipFile, name: str, place: str, size: tuple[int, int]
) -> Iterator[HiddenContent]:
    root = parse_xml(part(archive, name))
    shapes = list(shapes_of(root))
    if root.get("show") in OFF:
        yield hidden_content("hidden-slide", place, " ".join(each.text for each in shapes))
    else:
        yield from hidden_shapes(shapes, place, size)
        yield from faint_text(archive, name, root, place)
    for kind, target in relations_of(archive, name).values():
        if target not in archive.namelist():
            continue
        if kind == "notesSlide":
            yield from notes(parse_xml(part(archive, target)), place)
        elif kind in COMMENTS:
            for _, _, text in elements(archive, target, "cm"):
                yield hidden_content("comment", place, text)


def notes(root: Any, place: str) -> Iterator[HiddenContent]:
    words = " ".join(
        text_of(shape) for shape in root.iter("{*}sp") if placeholder_of(shape) not in REPEATED
    )
    if folded(words):
        yield hidden_content("speaker-notes", place, words)


def placeholder_of(shape: Any) -> str:
    found = shape.find("{*}nvSpPr/{*}nvPr/{*}ph")
    return found.get("type", "body") if found is not None else ""


def text_of(shape: Any) -> str:
    return "".join(each.text or "" for each in shape.iter("{*}t")).strip()


def shapes_of(root: Any) -> Iterator[Shape]:
    """Yield the shapes and pictures of a slide in the order of drawing; groups as their parts."""
    for each in root.iter("{*}sp", "{*}pic"):
        offset, extent = each.find("{*}spPr/{*}xfrm/{*}off"), each.find("{*}spPr/{*}xfrm/{*}ext")
        places = [
            int(found.get(key, 0)) if found is not None else 0
            for found, key in ((offset, "x"), (offset, "y"), (extent, "cx"), (extent, "cy"))
        ]
        properties = next(each.iter("{*}cNvPr"), None)
        text = text_of(each)
        yield Shape(
            left=places[0],
            top=places[1],
            width=places[2],
            height=places[3],
            text=text,
            covers=not text and (each.tag.endswith("}pic") or is_opaque(each)),
            is_hidden=properties is not None and properties.get("hidden") in ON,
        )


def hidden_shapes(
    shapes: list[Shape], place: str, size: tuple[int, int]
) -> Iterator[HiddenContent]:
    for number, each in enumerate(shapes):
        if not folded(each.text):
            continue
        if each.is_hidden:
            yield hidden_content("hidden-text", place, each.text)
        elif is_outside(each, size):
            yield hidden_content("outside", place, each.text)
        elif any(each.shared_with(over) >= OVERLAP for over in shapes[number + 1 :] if over.covers):
            yield hidden_content("covered", place, each.text)


def faint_text(archive: ZipFile, name: str, root: Any, place: str) -> Iterator[HiddenContent]:
    """Yield the text in the colour of its shape, and of the slide where nothing lies between."""
    ground = "" if has_grounds(root) else ground_of(archive, name)
    for shape in root.iter("{*}sp"):
        words = text_in(shape, ground)
        if folded(words):
            yield hidden_content("faint-text", place, words)


def is_outside(shape: Shape, size: tuple[int, int]) -> bool:
    if not shape.width or not size[0]:
        return False  # where its layout puts it
    is_beside = shape.left >= size[0] or shape.left + shape.width <= 0
    return is_beside or shape.top >= size[1] or shape.top + shape.height <= 0
