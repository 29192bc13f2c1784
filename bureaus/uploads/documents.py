"""A document, told by its content: what it is, what is in it, what a citizen would miss."""

from pathlib import Path
from typing import Any

from bureaus.uploads.kinds import LOOKED_AT, kind_of, refuse_no_document


def read(source: Path, folder: Path) -> dict[str, Any]:
    """
    The facts about a document and the sentences that warn; `file` where it was written anew.

    Raises Unfit, and whatever a reader raises of a file that is broken.
    """
    with source.open("rb") as stream:
        kind = kind_of(stream.read(LOOKED_AT))
    refuse_no_document(kind)
    # Each brings its own library, of which the others have no need.
    if kind == "pdf":
        from bureaus.uploads.papers import read_pdf

        return read_pdf(source)
    if kind == "zip":
        from bureaus.uploads.office import read_office

        return read_office(source)
    from bureaus.uploads.tables import read_table

    return read_table(source, folder)
