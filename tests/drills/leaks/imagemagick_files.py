"""ImageMagick: pictures with metadata, and with colours behind transparent points."""

import io
import struct
import subprocess
from collections.abc import Iterator
from pathlib import Path
from shutil import which

from PIL import Image as Picture

from tests.drills.leaks.cases import (
    HONEST,
    REMOVED,
    SECRET_NAME,
    HiddenFile,
    HonestFile,
    Producer,
)
from tests.helpers.uploads import encoded, jpeg

# By its own name: another program may be installed as `convert`.
PROGRAMS = ("magick", "convert-im6.q16", "convert-im7.q16")
XMP = (
    '<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF'
    ' xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"><rdf:Description'
    ' xmlns:dc="http://purl.org/dc/elements/1.1/"><dc:creator><rdf:Seq><rdf:li>'
    f"{SECRET_NAME}</rdf:li></rdf:Seq></dc:creator></rdf:Description></rdf:RDF></x:xmpmeta>"
)
TRANSPARENT = ("-alpha", "set", "-channel", "A", "-evaluate", "set", "0")


def program() -> str:
    return next(filter(None, map(which, PROGRAMS)), "")


def converted(folder: Path, content: bytes, suffix: str, *options: str) -> bytes:
    source, made = folder / "picture", folder / f"made.{suffix}"
    source.write_bytes(content)
    subprocess.run([program(), str(source), *options, str(made)], check=True)
    return made.read_bytes()


def position() -> bytes:
    exif = Picture.Exif()
    exif[0x013B] = "himitsu"  # the artist
    exif.get_ifd(0x8825)[2] = (35.0, 40.0, 30.0)
    return exif.tobytes()


def thumbnail() -> bytes:
    """EXIF with a thumbnail of another picture: a table for the picture, one for the thumbnail."""
    small = encoded(Picture.new("RGB", (160, 120), "red"), "JPEG", comment=SECRET_NAME.encode())
    start = 8 + 2 + 4 + 2 + 3 * 12 + 4
    rows = ((0x0103, 6), (0x0201, start), (0x0202, len(small)))
    table = b"".join(struct.pack("<HHII", tag, 4, 1, value) for tag, value in rows)
    head = struct.pack("<2sHIHI", b"II", 42, 8, 0, 14)
    return b"Exif\0\0" + head + struct.pack("<H", 3) + table + struct.pack("<I", 0) + small


def iptc() -> bytes:
    said = SECRET_NAME.encode()
    record = b"\x1c\x02\x78" + struct.pack(">H", len(said)) + said
    return b"8BIM\x04\x04\0\0" + struct.pack(">I", len(record)) + record + b"\0" * (len(record) % 2)


def hidden(folder: Path) -> Iterator[HiddenFile]:
    for name, content in (("iptc", iptc()), ("xmp", XMP.encode())):
        (folder / f"profile.{name}").write_bytes(content)
    caption = ("-profile", f"iptc:{folder}/profile.iptc")
    creator = ("-profile", f"xmp:{folder}/profile.xmp")
    comment = ("-set", "comment", SECRET_NAME)
    ways: dict[str, tuple[str, bytes, tuple[str, ...]]] = {
        "position": ("jpg", position(), ()),
        "thumbnail": ("jpg", thumbnail(), ()),
        "caption": ("jpg", b"", caption),
        "creator": ("jpg", b"", creator),
        "comment": ("jpg", b"", comment),
        "text": ("png", b"", ("-set", "Author", SECRET_NAME)),
        "position-png": ("png", position(), ()),
        "creator-webp": ("webp", b"", creator),
        "position-webp": ("webp", position(), ()),
        "comment-gif": ("gif", b"", comment),
        "transparent": ("png", b"", TRANSPARENT),
        "comment-png": ("png", b"", comment),
    }
    for way, (suffix, exif, options) in ways.items():
        made = converted(folder, jpeg(300, 200, exif=exif), suffix, *options)
        if not (is_seen(made) or has_exif(made)):
            raise RuntimeError(f"ImageMagick has hidden nothing: {way}")
        yield HiddenFile(way, suffix, made, REMOVED, "")


def has_exif(content: bytes) -> bool:
    with Picture.open(io.BytesIO(content)) as picture:
        return bool(picture.getexif())


def honest(folder: Path) -> Iterator[HonestFile]:
    """Pictures in four forms; Debian's policy does not let the program write a PDF."""
    for number in range(HONEST):
        suffix = ("jpg", "png", "webp", "gif")[number % 4]
        yield HonestFile(suffix, converted(folder, jpeg(300 + 10 * number, 200), suffix))


def is_seen(content: bytes) -> bool:
    """Return whether a served picture holds what was hidden: words, EXIF, or colours."""
    words = (SECRET_NAME.encode(), b"himitsu", b"Exif\0\0", b"xmpmeta", b"8BIM")
    if any(word in content for word in words):
        return True
    with Picture.open(io.BytesIO(content)) as opened:
        picture = opened.convert("RGBA") if "transparency" in opened.info else opened
        if picture.mode != "RGBA" or picture.getchannel("A").getextrema() != (0, 0):
            return False
        return len(picture.convert("RGB").getcolors(1) or ()) != 1


IMAGEMAGICK = Producer("ImageMagick", "" if program() else "imagemagick", hidden, honest)
