"""The judgement of a table by the rules on machine-readable data, as the actions store it."""

from bureaus.models import Document, ReadabilityReport
from bureaus.models.readability_reports import store_report
from bureaus.uploads.intake import AcceptedDocument
from bureaus.uploads.machine_readability.comparison import with_changes

FOUND = (
    "機械で読むためのルールの指摘が{count}件あります。データとして使う表なら、この文書の画面で"
    "場所と直し方をご覧ください。"
)


def replace_report(document: Document, found: AcceptedDocument) -> None:
    """Store the judgement of a file that takes the place of another, compared with that one's."""
    store_report(document, with_changes(found.readability, names_before(document)))


def names_before(document: Document) -> list[str]:
    """Return the names of the columns that the document had; none where it was not judged."""
    reports = ReadabilityReport.of_any_file.filter(document=document)
    found = reports.values_list("names", flat=True)
    return next(iter(found), [])


def readability_warnings(found: AcceptedDocument) -> tuple[str, ...]:
    """Return the sentence for the officer who has sent a table with findings."""
    count = len(found.readability["findings"]) if found.readability else 0
    return (FOUND.format(count=count),) if count else ()
