"""The archive around a package: not too large, and each part of it read within bounds."""

import zlib
from typing import Any
from xml.parsers import expat
from zipfile import BadZipFile, ZipFile, ZipInfo

from lxml import etree

from bureaus.uploads.invalid_upload import BROKEN, InvalidUpload

ENTRIES = 10_000
WHOLE = 500_000_000  # bytes, unpacked
PART = 5_000_000  # of what is read into a tree
UNREADABLE = (
    BadZipFile,
    EOFError,
    KeyError,
    NotImplementedError,
    etree.XMLSyntaxError,
    expat.ExpatError,
    zlib.error,
)
PARSER = {"resolve_entities": False, "no_network": True, "load_dtd": False, "huge_tree": False}


def refuse_bomb(entries: list[ZipInfo]) -> None:
    """By what the archive says of itself; no part gives more than that when it is unpacked."""
    if len(entries) > ENTRIES or sum(entry.file_size for entry in entries) > WHOLE:
        raise InvalidUpload(
            "bomb",
            "は、展開すると大きくなりすぎます。画像を縮めるか、いくつかの文書に分けてください。",
        )
    if any(entry.flag_bits & 1 for entry in entries):
        raise InvalidUpload(
            "locked", "には、パスワードが付いています。外して保存し直してください。"
        )


def part(archive: ZipFile, name: str) -> bytes:
    """A small part of the archive. Raises InvalidUpload where it is larger than any honest one."""
    with archive.open(name) as stream:
        content = stream.read(PART + 1)
    if len(content) > PART:
        raise BROKEN
    return content


def parsed(content: bytes) -> Any:
    """The root of an XML part, in whatever coding. Raises XMLSyntaxError; Unfit of entities."""
    root = etree.fromstring(content, etree.XMLParser(**PARSER))
    if root.getroottree().docinfo.internalDTD is not None:  # which no such part has
        raise BROKEN
    return root
