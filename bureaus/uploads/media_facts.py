"""Facts about files of the library, for loading files that were accepted elsewhere."""

from typing import Any, BinaryIO

from bureaus.uploads.images import image_size
from bureaus.uploads.ooxml.reader import read_ooxml
from bureaus.uploads.pdf import read_pdf

READERS = {"pdf": read_pdf, "docx": read_ooxml, "xlsx": read_ooxml, "pptx": read_ooxml}


def facts_of_document(stream: BinaryIO, name: str) -> dict[str, Any]:
    """Return the facts. Raises InvalidUpload, and pikepdf.PdfError where it is broken."""
    reader = READERS.get(name.rpartition(".")[2].lower())
    return reader(stream) if reader else {}


__all__ = ["facts_of_document", "image_size"]
