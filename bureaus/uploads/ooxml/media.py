"""Images inside a package: the name and the content of each must be those of an image."""

import re
import zlib

from bureaus.uploads.file_types import SIGNATURES

BYTES_EXAMINED = 1024  # bytes
BY_CONTENT: dict[str, re.Pattern[bytes]] = {
    name: sign for name, sign in SIGNATURES if name in {"jpeg", "png", "gif", "webp", "tiff", "svg"}
} | {
    "bmp": re.compile(rb"BM"),
    "emf": re.compile(rb"\x01\0\0\0.{36} EMF", re.DOTALL),
    "wmf": re.compile(rb"\xd7\xcd\xc6\x9a|[\x01\x02]\0\x09\0"),
    "wdp": re.compile(rb"II\xbc"),
}
SUFFIXES = {
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


def is_image_type(content_type: str) -> bool:
    return content_type.startswith("image/")


def is_genuine_image(name: str, beginning: bytes) -> bool:
    """Return whether the suffix is that of an image, and the content that of any image."""
    if name.rpartition(".")[2].lower() not in SUFFIXES:
        return False
    if beginning.startswith(PACKED):
        beginning = zlib.decompressobj(31).decompress(beginning, BYTES_EXAMINED)
    # A JPEG named .png is harmless.
    return any(sign.match(beginning) for sign in BY_CONTENT.values())
