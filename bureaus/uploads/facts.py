"""What a file of the library says of itself, for whoever loads one that was taken in elsewhere."""

from typing import Any, BinaryIO

from bureaus.uploads.office import read_office
from bureaus.uploads.papers import read_pdf
from bureaus.uploads.pictures import size_of

READERS = {"pdf": read_pdf, "docx": read_office, "xlsx": read_office}


def facts_of_document(stream: BinaryIO, name: str) -> dict[str, Any]:
    """Raises Unfit where it could not have been uploaded, pikepdf.PdfError where it is broken."""
    reader = READERS.get(name.rpartition(".")[2].lower())
    return reader(stream) if reader else {}


__all__ = ["facts_of_document", "size_of"]
