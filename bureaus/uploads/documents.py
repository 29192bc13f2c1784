"""Documents: the kind by the content, the facts and the accessibility warnings."""

from pathlib import Path
from typing import Any

from bureaus.uploads.file_types import BYTES_EXAMINED, file_type, refuse_non_document
from bureaus.uploads.hidden.examination import with_hidden_content


def read_document(source: Path, folder: Path) -> dict[str, Any]:
    """
    Return the facts about a document, its warnings and its hidden content.

    `file` is where it was written again.

    Raises InvalidUpload, and the exceptions of a reader for a broken file.
    """
    with source.open("rb") as stream:
        kind = file_type(stream.read(BYTES_EXAMINED))
    refuse_non_document(kind)
    # Each imports a library of its own.
    if kind == "pdf":
        from bureaus.uploads.pdf import read_pdf

        return with_hidden_content(read_pdf(source), source)
    if kind == "zip":
        from bureaus.uploads.machine_readability.intake import with_judgement
        from bureaus.uploads.ooxml.reader import read_ooxml

        return with_judgement(with_hidden_content(read_ooxml(source), source), source)
    from bureaus.uploads.csv_files import read_csv
    from bureaus.uploads.machine_readability.intake import with_judgement

    return with_judgement(read_csv(source, folder), source)
