"""Facts about files of the library, for loading files that were accepted elsewhere."""

from typing import Any, BinaryIO

from bureaus.uploads.images import image_size
from bureaus.uploads.machine_readability.intake import with_judgement
from bureaus.uploads.machine_readability.rules import TABLES
from bureaus.uploads.ooxml.reader import read_ooxml
from bureaus.uploads.pdf import read_pdf

READERS = {"pdf": read_pdf, "docx": read_ooxml, "xlsx": read_ooxml, "pptx": read_ooxml}


def facts_of_document(stream: BinaryIO, name: str) -> dict[str, Any]:
    """Return the facts. Raises InvalidUpload, and pikepdf.PdfError where it is broken."""
    suffix = name.rpartition(".")[2].lower()
    reader = READERS.get(suffix)
    facts = reader(stream) if reader else {}
    return with_judgement({"kind": suffix, **facts}, stream) if suffix in TABLES else facts


__all__ = ["facts_of_document", "image_size"]
