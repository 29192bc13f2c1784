"""The ZIP archive of a package: limits on its size, and the reading of its parts."""

from typing import Any
from xml.parsers import expat
from zipfile import ZipFile, ZipInfo

from lxml import etree

from bureaus.uploads.invalid_upload import BROKEN, InvalidUpload
from bureaus.uploads.zip_errors import DAMAGED_ZIP

ENTRIES = 10_000
WHOLE = 500_000_000  # bytes, unpacked
PART = 5_000_000  # of what is read into a tree
UNREADABLE = (*DAMAGED_ZIP, KeyError, etree.XMLSyntaxError, expat.ExpatError)
PARSER = {"resolve_entities": False, "no_network": True, "load_dtd": False, "huge_tree": False}


def refuse_bomb(entries: list[ZipInfo]) -> None:
    """Raise InvalidUpload for a ZIP bomb; zipfile unpacks no more than the directory states."""
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
    """Return a small part of the archive. Raises InvalidUpload where it is too large."""
    with archive.open(name) as stream:
        content = stream.read(PART + 1)
    if len(content) > PART:
        raise BROKEN
    return content


def parse_xml(content: bytes) -> Any:
    """Return the root of an XML part. Raises XMLSyntaxError, and InvalidUpload for a DTD."""
    root = etree.fromstring(content, etree.XMLParser(**PARSER))
    if root.getroottree().docinfo.internalDTD is not None:  # which no such part has
        raise BROKEN
    return root
