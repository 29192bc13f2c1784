"""The statements for what a list of results shows beside its pages, compiled once."""

from collections.abc import Collection
from functools import lru_cache
from typing import Any, NamedTuple

from bureaus.models import Edition, Link
from bureaus.models.compiled_sql import Compiled
from bureaus.reading.hidden import document_text, shown
from bureaus.reading.moments import Moment
from bureaus.reading.parts import edition_parameters
from bureaus.reading.rows import LinkColumns
from bureaus.reading.statements import (
    AT,
    earlier_file_columns,
    link_columns,
    parts,
    text_parameter,
)

# A statement has places for so many editions: few statements serve lists of any length. Not so
# for paths: PostgreSQL takes each place for a row, and for many reads the whole table.
EDITIONS = 20
NO_EDITION = 0


class DocumentRow(NamedTuple):
    """A link, and the text of the document that it leads to."""

    link: LinkColumns
    text: str | None


def document_row(*columns: Any) -> DocumentRow:
    return DocumentRow(LinkColumns._make(columns[:-1]), columns[-1])


class PlacedTitle(NamedTuple):
    path: str
    kind: str
    url_path: str
    title: str


@lru_cache(maxsize=16)
def documents_of(count: int) -> Compiled[DocumentRow]:
    return Compiled(
        document_row,
        lambda: (
            parts(Link, count)
            .filter(document__isnull=False)
            .order_by("edition", "position")
            .values_list(*link_columns(), *earlier_file_columns("document"), document_text())
        ),
    )


@lru_cache(maxsize=256)
def titles_at(count: int) -> Compiled[PlacedTitle]:
    paths = [text_parameter(f"path{number}") for number in range(count)]
    return Compiled(
        PlacedTitle,
        lambda: (
            Edition.objects.in_force(AT)
            .placed(AT)
            .filter(placement__path__in=paths)
            .order_by("placement__path")
            .values_list(
                "placement__path", "placement__kind", "placement__url_path", shown("title")
            )
        ),
    )


def document_rows(editions: Collection[int], moment: Moment) -> list[DocumentRow]:
    """Return the links of these editions to documents, with the file of the moment. 1 query."""
    count = max(1, -(-len(editions) // EDITIONS)) * EDITIONS
    keys = edition_parameters([*editions, *[NO_EDITION] * (count - len(editions))])
    return documents_of(count)(at=moment.at, **keys)


def title_rows(paths: Collection[str], moment: Moment) -> list[PlacedTitle]:
    """Return the pages at these paths of the tree, in its order. 1 query."""
    values = {f"path{number}": path for number, path in enumerate(paths)}
    return titles_at(len(paths))(at=moment.at, **values) if paths else []
