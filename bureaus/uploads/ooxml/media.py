"""Pictures inside a package: what each says it is, it must be, by its name and by its content."""

import re
import zlib

from bureaus.uploads.file_types import SIGNATURES

LOOKED_AT = 1024  # bytes
BY_CONTENT: dict[str, re.Pattern[bytes]] = {
    name: sign for name, sign in SIGNATURES if name in {"jpeg", "png", "gif", "webp", "tiff", "svg"}
} | {
    "bmp": re.compile(rb"BM"),
    "emf": re.compile(rb"\x01\0\0\0.{36} EMF", re.DOTALL),
    "wmf": re.compile(rb"\xd7\xcd\xc6\x9a|[\x01\x02]\0\x09\0"),
    "wdp": re.compile(rb"II\xbc"),
}
ENDINGS = {
    "bmp": "bmp",
    "dib": "bmp",
    "emf": "emf",
    "emz": "emf",
    "gif": "gif",
    "jfif": "jpeg",
    "jpe": "jpeg",
    "jpeg": "jpeg",
    "jpg": "jpeg",
    "png": "png",
    "svg": "svg",
    "tif": "tiff",
    "tiff": "tiff",
    "wdp": "wdp",
    "webp": "webp",
    "wmf": "wmf",
    "wmz": "wmf",
}
PACKED = b"\x1f\x8b"  # gzip: .emz and .wmz
SVG = "image/svg+xml"


def is_picture(content_type: str) -> bool:
    return content_type.startswith("image/")


def is_honest_picture(name: str, beginning: bytes) -> bool:
    """Whether the ending is that of a picture, and the content one of any such kind."""
    if name.rpartition(".")[2].lower() not in ENDINGS:
        return False
    if beginning.startswith(PACKED):
        beginning = zlib.decompressobj(31).decompress(beginning, LOOKED_AT)
    # A program that writes .png for a JPEG is careless, and its file starts nothing.
    return any(sign.match(beginning) for sign in BY_CONTENT.values())
