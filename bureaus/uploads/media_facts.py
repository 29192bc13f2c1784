"""What a file of the library says of itself, for whoever loads one that was taken in elsewhere."""

from typing import Any, BinaryIO

from bureaus.uploads.images import size_of
from bureaus.uploads.ooxml.reader import read_ooxml
from bureaus.uploads.pdf import read_pdf

READERS = {"pdf": read_pdf, "docx": read_ooxml, "xlsx": read_ooxml}


def facts_of_document(stream: BinaryIO, name: str) -> dict[str, Any]:
    """Raises Unfit where it could not have been uploaded, pikepdf.PdfError where it is broken."""
    reader = READERS.get(name.rpartition(".")[2].lower())
    return reader(stream) if reader else {}


__all__ = ["facts_of_document", "size_of"]
