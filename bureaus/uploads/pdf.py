"""PDF: metadata, text, and the check for dangerous contents."""

import re
import unicodedata
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any, BinaryIO

import pikepdf
import pypdfium2
from pypdfium2 import PdfiumError

from bureaus.uploads.advice import NO_LANGUAGE, NO_TEXT, NO_TITLE, NOT_TAGGED
from bureaus.uploads.file_names import one_line
from bureaus.uploads.invalid_upload import InvalidUpload
from bureaus.uploads.pdf_actions import Danger, Number, dangers_in, refuse

PAGES = 5_000
TEXT_LENGTH = 300_000  # characters: more the search does not keep of a page
TITLE_LENGTH = 200
# What Office says where nobody has given a title, before the name of the file.
OFFICE_TITLE = re.compile(r"Microsoft (?:Word|Excel|PowerPoint) - (.+?)(?:\.\w{3,4})?")
LOCKED = InvalidUpload(
    "locked",
    "には、パスワードか、印刷やコピーの制限が付いています。読み上げソフトで読めないことがあるので、"
    "制限を外して保存し直してください。",
)
BROKEN_PDF = InvalidUpload(
    "broken",
    "は、PDFとして壊れているか途中で切れています。元の文書から、もう一度PDFに書き出してください。",
)


def read_pdf(source: Path | BinaryIO) -> dict[str, Any]:
    """Return the facts. Raises InvalidUpload, and pikepdf.PdfError where a page is broken."""
    try:
        pdf = pikepdf.open(source, attempt_recovery=False, suppress_warnings=True)
    except pikepdf.PasswordError as error:
        raise LOCKED from error
    except pikepdf.PdfError as error:
        raise BROKEN_PDF from error
    with pdf:
        if pdf.is_encrypted:
            raise LOCKED
        has_text = refuse_dangers(pdf)
        pages = len(pdf.pages)
        if not 0 < pages <= PAGES:
            raise InvalidUpload(
                "pages", f"は、{pages:,}ページあります。1〜{PAGES:,}ページの文書に分けてください。"
            )
        facts = facts_of(pdf) | {"page_count": pages, "has_text": has_text}
    text = text_of(source) if has_text else ""
    return facts | {"kind": "pdf", "text": text, "warnings": warnings_about(facts)}


def refuse_dangers(pdf: pikepdf.Pdf) -> bool:
    """Check all objects; return whether there is a font. Raises InvalidUpload."""
    dangers: list[Danger] = []
    has_text = False
    for number, dictionary in dictionaries(pdf):
        dangers += dangers_in(dictionary, number)
        has_text = has_text or dictionary.get("/Type") == "/Font"
    if dangers:
        refuse(pdf, dangers)
    return has_text


def dictionaries(pdf: pikepdf.Pdf) -> Iterator[tuple[Number, Any]]:
    """Yield every dictionary of the file, also nested ones, with the number of its object."""
    pending: list[tuple[Number, Any]] = [((0, 0), pdf.trailer)]
    pending += [(each.objgen, each) for each in pdf.objects if isinstance(each, pikepdf.Object)]
    while pending:
        number, found = pending.pop()
        if isinstance(found, pikepdf.Array):
            inner = list(found)
        elif isinstance(found, pikepdf.Dictionary | pikepdf.Stream):
            yield number, found
            inner = [value for _, value in found.items()]
        else:
            continue
        # Indirect objects are among pdf.objects already.
        pending += [
            (number, value)
            for value in inner
            if isinstance(value, pikepdf.Object) and not value.is_indirect
        ]


def text_of(source: Path | BinaryIO) -> str:
    """
    Return its text, a line for each page, as printed lines break within words.

    Empty where it cannot be read: such a document is accepted all the same.
    """
    if not isinstance(source, Path):
        source.seek(0)
    pages: list[str] = []
    try:
        with closing(pypdfium2.PdfDocument(source)) as document:
            for page in document:
                pages.append(readable(page.get_textpage().get_text_bounded()))
                page.close()
                if sum(map(len, pages)) > TEXT_LENGTH:
                    break
    except PdfiumError:
        return ""
    return "\n".join(filter(None, pages))[:TEXT_LENGTH]


def readable(text: str) -> str:
    """Return `text` without control characters and surrogates, white space collapsed."""
    return " ".join(
        "".join(sign if unicodedata.category(sign)[0] != "C" else " " for sign in text).split()
    )


def facts_of(pdf: pikepdf.Pdf) -> dict[str, Any]:
    root = pdf.Root
    marks = root.get("/MarkInfo")
    is_marked = isinstance(marks, pikepdf.Dictionary) and bool(marks.get("/Marked", False))
    return {
        "title": title_of(pdf)[:TITLE_LENGTH],
        "language": string_of(root.get("/Lang"))[:35],
        "is_tagged": is_marked and "/StructTreeRoot" in root,
    }


def title_of(pdf: pikepdf.Pdf) -> str:
    info = pdf.trailer.get("/Info")
    title = string_of(info.get("/Title")) if isinstance(info, pikepdf.Dictionary) else ""
    if title or "/Metadata" not in pdf.Root:
        printed = OFFICE_TITLE.fullmatch(title)
        return printed[1] if printed else title
    with pdf.open_metadata() as metadata:
        return one_line(str(metadata.get("dc:title") or ""))


def string_of(value: object) -> str:
    return one_line(str(value)) if isinstance(value, pikepdf.String) else ""


def warnings_about(facts: dict[str, Any]) -> list[str]:
    if not facts["has_text"]:
        return [NO_TEXT]
    missing = {"is_tagged": NOT_TAGGED, "title": NO_TITLE, "language": NO_LANGUAGE}
    return [sentence for fact, sentence in missing.items() if not facts[fact]]
