"""Word, Excel and PowerPoint: a ZIP of XML, checked against allow lists, and its metadata."""

import re
from pathlib import Path
from typing import Any, BinaryIO
from zipfile import ZipFile

from bureaus.uploads.advice import NEEDS_A_PROGRAM
from bureaus.uploads.file_names import one_line
from bureaus.uploads.invalid_upload import BROKEN
from bureaus.uploads.ooxml.archives import UNREADABLE, parse_xml, part
from bureaus.uploads.ooxml.parts import refuse_package
from bureaus.uploads.ooxml.text import package_text

TITLE_LENGTH = 200
TITLE = "{http://purl.org/dc/elements/1.1/}title"
LANGUAGE = "{http://purl.org/dc/elements/1.1/}language"
CREATOR = "{http://purl.org/dc/elements/1.1/}creator"
NUMBER = re.compile(r"[1-9][0-9]{0,4}", re.ASCII)
PAGES = "{http://schemas.openxmlformats.org/officeDocument/2006/extended-properties}Pages"


def read_ooxml(source: Path | BinaryIO) -> dict[str, Any]:
    """Return the facts about an Office file. Raises InvalidUpload."""
    try:
        with ZipFile(source) as archive:
            kind = refuse_package(archive)
            core = properties(archive, "docProps/core.xml")
            extended = properties(archive, "docProps/app.xml")
            text = package_text(archive, kind)
    except UNREADABLE as error:
        raise BROKEN from error
    pages = extended.get(PAGES, "")
    author = core.get(CREATOR, "")
    return {
        "kind": kind,
        "text": text,
        "title": core.get(TITLE, "")[:TITLE_LENGTH],
        "language": core.get(LANGUAGE, "")[:35],
        "page_count": int(pages) if kind == "docx" and NUMBER.fullmatch(pages) else None,
        "warnings": [NEEDS_A_PROGRAM, *([author_warning(author)] if author else [])],
    }


def author_warning(author: str) -> str:
    return (
        f"作成者の名前（{author[:40]}）が入っています。個人の名前なら、文書のプロパティーから"
        "消して保存し直してください。"
    )


def properties(archive: ZipFile, name: str) -> dict[str, str]:
    """Return the text of the elements of a small XML part, by name."""
    if name not in archive.namelist():
        return {}
    tree = parse_xml(part(archive, name))
    return {str(element.tag): one_line(element.text or "") for element in tree}
