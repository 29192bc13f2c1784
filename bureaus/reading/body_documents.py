"""
The documents that bodies link to: each link says format, size and pages, as in a list of links.

A note is never stored. It is read with the page: of the file that the document has at the moment.
"""

import re
from collections.abc import Iterable, Mapping
from functools import lru_cache
from html import escape, unescape
from typing import Any

from django.db.models import BigIntegerField, CharField, Exists, OuterRef, Q, QuerySet, Value

from bureaus.models import Document, Link
from bureaus.models.compiled_sql import Compiled
from bureaus.models.seals import of_hidden_document
from bureaus.models.visibility import begun
from bureaus.reading.moments import Moment
from bureaus.reading.rows import PlacedLink
from bureaus.reading.statements import AT, earlier_file_columns, link_columns, parts, text_parameter
from bureaus.text.formatting import TYPED_NOTE, file_note
from bureaus.text.html_tree import plain_text

LINK = re.compile(r'<a href="/(documents/[^"?#]+)[^"]*">(.*?)</a>', re.DOTALL)
NO_TEXT = Value("", CharField())
NOTHING = Value(0, BigIntegerField())


def documents_in(bodies: Iterable[str]) -> list[str]:
    """Return the stored addresses of the documents that links in `bodies` lead to, each once."""
    found = (unescape(link[1]) for body in bodies for link in LINK.finditer(body))
    return list(dict.fromkeys(found))


def with_notes(body: str, notes: Mapping[str, str]) -> str:
    """Write the note of each linked document into its link, where the link does not say it."""
    if not notes:
        return body
    return LINK.sub(lambda link: noted(link, notes.get(unescape(link[1]), "")), body)


def noted(link: re.Match[str], note: str) -> str:
    if not note or TYPED_NOTE.search(plain_text(link[2]).rstrip()):
        return link[0]
    end = link[0].removesuffix("</a>")
    return f'{end}<span class="links__note">{escape(note)}</span></a>'


def note_of(row: PlacedLink) -> str:
    """Return （PDF形式：36KB、1ページ）; nothing of a sealed file, whose size is not told."""
    size, pages = row.link.size_and_pages
    return file_note(row.link.document or "", size, pages) if size else ""


def links_with_documents(
    keys: Mapping[str, int], documents: list[str], moment: Moment
) -> list[PlacedLink]:
    """Return the links of the editions `keys`, and the public ones of `documents`. 1 query."""
    count = rounded(len(documents))
    padded = [*documents, *[documents[0]] * (count - len(documents))]
    addresses = {f"document{number}": address for number, address in enumerate(padded)}
    statement = links_and_documents(len(keys), count)
    return sorted(statement(at=moment.at, **keys, **addresses), key=lambda row: row.place)


def rounded(count: int) -> int:
    """Return the next power of two, so that few statements serve bodies of any length."""
    return 1 << (count - 1).bit_length()


@lru_cache(maxsize=256)
def links_and_documents(editions: int, documents: int) -> Compiled[PlacedLink]:
    """In one statement: a page has no query to spare."""

    def build() -> QuerySet[Any, Any]:
        listed = parts(Link, editions).order_by()
        own = listed.values_list("position", *link_columns(), *earlier_file_columns("document"))
        return own.union(public_documents(documents), all=True)

    return Compiled(PlacedLink.of, build)


def public_documents(count: int) -> QuerySet[Any, Any]:
    """The documents at the addresses that an edition in force at the moment or before links to."""
    addresses = [text_parameter(f"document{number}") for number in range(count)]
    uses = Link.objects.filter(begun(AT, "edition__"), document=OuterRef("pk")).order_by()
    public = Document.objects.filter(Q(Exists(uses)), address__in=addresses)
    return public.exclude(of_hidden_document("")).values_list(
        NOTHING,
        NOTHING,
        NO_TEXT,
        Value(None, CharField()),
        NO_TEXT,
        "address",
        "byte_size",
        "page_count",
        *earlier_file_columns("pk"),
    )
