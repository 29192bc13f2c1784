"""Photographs inside documents: where they were taken, and the thumbnail of another picture."""

import io
from collections.abc import Iterator

from PIL import Image, ImageChops, ImageStat

from bureaus.uploads.hidden.contents import HiddenContent, hidden_content

EXIF = b"Exif\0\0"
BEGINNING = 70_000  # bytes: EXIF stands in the first segments
GPS, LATITUDE, LONGITUDE = 0x8825, 2, 4
THUMBNAIL, THUMBNAIL_BYTES = 0x0201, 0x0202
SIDE = 32  # points, to compare two pictures
DIFFERENT = 24  # of 255, on average
PIXELS = 60_000_000
UNREADABLE = (
    OSError,
    SyntaxError,
    ValueError,
    TypeError,
    KeyError,
    Image.DecompressionBombError,
)


def hidden_in_photograph(content: bytes, place: str) -> Iterator[HiddenContent]:
    """Yield where a JPEG was taken, and that its thumbnail shows something else."""
    if EXIF not in content[:BEGINNING]:
        return
    try:
        with Image.open(io.BytesIO(content), formats=("JPEG",)) as photograph:
            exif = photograph.getexif()
            where = exif.get_ifd(GPS)
            if LATITUDE in where or LONGITUDE in where:
                yield hidden_content("photograph-place", place, position(where))
            if shows_other(photograph, thumbnail_of(content, exif)):
                yield hidden_content("photograph-thumbnail", place, "縮小画像が、写真と違います")
    except UNREADABLE:
        return  # the site does not serve it as a picture


def position(where: dict[int, object]) -> str:
    parts = [where.get(key) for key in (LATITUDE, LONGITUDE)]
    words = ["°".join(str(number) for number in part) for part in parts if isinstance(part, tuple)]
    return "位置情報 " + "、".join(words)


def thumbnail_of(content: bytes, exif: Image.Exif) -> bytes:
    table = exif.get_ifd(1)
    start, length = table.get(THUMBNAIL), table.get(THUMBNAIL_BYTES)
    if not isinstance(start, int) or not isinstance(length, int):
        return b""
    first = content.find(EXIF) + len(EXIF) + start
    return content[first : first + length]


def shows_other(photograph: Image.Image, thumbnail: bytes) -> bool:
    """Return whether the thumbnail is not a small copy: the picture was cut or blackened later."""
    if not thumbnail or photograph.width * photograph.height > PIXELS:
        return False
    with Image.open(io.BytesIO(thumbnail), formats=("JPEG",)) as small:
        photograph.draft("L", (SIDE * 4, SIDE * 4))
        pair = [each.convert("L").resize((SIDE, SIDE)) for each in (photograph, small)]
    return ImageStat.Stat(ImageChops.difference(*pair)).mean[0] > DIFFERENT
