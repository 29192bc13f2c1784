"""Earlier revisions of a PDF: a program that appends its changes leaves the file as it was."""

import io
import re
from collections.abc import Iterator, Sequence
from contextlib import closing
from mmap import mmap
from typing import Any

import pikepdf
import pypdfium2
from pypdfium2 import PdfiumError

from bureaus.uploads.hidden.contents import HiddenContent, folded, hidden_content

END = re.compile(rb"%%EOF[\r\n ]*")
REVISIONS = 6  # the latest of one file
PAGES = 300  # of one revision
LETTERS = 4  # in a row that a later revision does not have
ORPHANS = 200
LINE = re.compile(r"[\r\n]+")


def earlier_text(content: mmap, pdf: pikepdf.Pdf, texts: Sequence[str]) -> Iterator[HiddenContent]:
    """Yield the lines of earlier revisions and of removed pages that the pages do not have."""
    said = folded("".join(texts))
    ends = [found.end() for found in END.finditer(content)][:-1]
    for number, end in enumerate(ends[-REVISIONS:], max(0, len(ends) - REVISIONS) + 1):
        for page, text in enumerate(page_texts(content[:end]), 1):
            if words := lines_lacking(text, said):
                yield hidden_content("pdf-revision", f"{number}番目の版の{page}ページ", words)
    for text in removed_pages(pdf):
        if words := lines_lacking(text, said):
            yield hidden_content("pdf-revision", "取り除いたページ", words)


def page_texts(content: bytes) -> list[str]:
    """Return the text of each page; empty where it cannot be opened, as of a linearized file."""
    try:
        with closing(pypdfium2.PdfDocument(content)) as document:
            return [
                document[number].get_textpage().get_text_bounded()
                for number in range(min(PAGES, len(document)))
            ]
    except PdfiumError:
        return []


def lines_lacking(text: str, said: str) -> str:
    """Return the lines of `text` that are not in `said`, compared by letters and digits."""
    lines = (line.strip() for line in LINE.split(text))
    return " ".join(
        line for line in lines if len(folded(line)) >= LETTERS and folded(line) not in said
    )


def removed_pages(pdf: pikepdf.Pdf) -> Iterator[str]:
    """Yield the text of pages that are in the file and not among its pages."""
    kept = {page.obj.objgen for page in pdf.pages}
    found = 0
    for each in pdf.objects:
        if not isinstance(each, pikepdf.Dictionary) or each.get("/Type") != "/Page":
            continue
        if each.objgen not in kept and found < ORPHANS and "/Contents" in each:
            found += 1
            yield from text_of_removed(each)


def text_of_removed(page: Any) -> list[str]:
    written = io.BytesIO()
    with pikepdf.new() as alone:
        alone.pages.append(pikepdf.Page(page))
        alone.save(written)
    return page_texts(written.getvalue())
