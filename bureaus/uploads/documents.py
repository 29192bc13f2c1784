"""A document, told by its content: what it is, what is in it, what a citizen would miss."""

from pathlib import Path
from typing import Any

from bureaus.uploads.file_types import LOOKED_AT, file_type, refuse_no_document


def read_document(source: Path, folder: Path) -> dict[str, Any]:
    """
    The facts about a document and the sentences that warn; `file` where it was written anew.

    Raises Unfit, and whatever a reader raises of a file that is broken.
    """
    with source.open("rb") as stream:
        kind = file_type(stream.read(LOOKED_AT))
    refuse_no_document(kind)
    # Each brings its own library, of which the others have no need.
    if kind == "pdf":
        from bureaus.uploads.pdf import read_pdf

        return read_pdf(source)
    if kind == "zip":
        from bureaus.uploads.ooxml.reader import read_ooxml

        return read_ooxml(source)
    from bureaus.uploads.csv_files import read_csv

    return read_csv(source, folder)
