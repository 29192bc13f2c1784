"""Hidden content of a PDF."""

import mmap
import time
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pikepdf
import pypdfium2

from bureaus.uploads.hidden.contents import HiddenContent, hidden_content
from bureaus.uploads.hidden.pdf_objects import hidden_in_objects, layers_off
from bureaus.uploads.hidden.pdf_pages import hidden_text
from bureaus.uploads.hidden.pdf_revisions import earlier_text

SECONDS = 6.0  # of processor time to read the text of all pages
Texts = list[str]


def hidden_in_pdf(source: Path) -> Iterator[HiddenContent]:
    """Yield what the PDF holds beside what its pages show. Raises as its two readers do."""
    with (
        pikepdf.open(source, attempt_recovery=False, suppress_warnings=True) as pdf,
        closing(pypdfium2.PdfDocument(source)) as document,
    ):
        yield from hidden_text(document, has_layers=bool(layers_off(pdf)))
        texts = texts_of(document)
        if len(texts) < len(document):
            yield hidden_content("unexamined", "しおりと以前の版", f"全{len(document)}ページ")
            return
        yield from hidden_in_objects(pdf, texts)
        with source.open("rb") as file, mmap.mmap(file.fileno(), 0, prot=mmap.PROT_READ) as content:
            yield from earlier_text(content, pdf, texts)


def texts_of(document: pypdfium2.PdfDocument) -> Texts:
    """Return the text of each page, or of those for which there was time."""
    began = time.process_time()
    texts: Texts = []
    for page in document:
        if time.process_time() - began > SECONDS:
            break
        texts.append(page.get_textpage().get_text_bounded())
        page.close()
    return texts
