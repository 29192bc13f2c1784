"""Which index the database in use has."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Protocol

from django.db import connection

from bureaus.search import postgresql, sqlite
from bureaus.search.parsed_query import ParsedQuery
from bureaus.search.sources import Entry
from bureaus.search.sql_conditions import SqlCondition


class Backend(Protocol):
    """
    What a module has to have that keeps the index in a database.

    `write` gives an entry the key that `keys` has for its edition, or else the next one.

    `TITLE` is SQL for the folded title of a row whose key is `%(expressions)s`, and `as_kept` what
    a folded part is in it.
    """

    TITLE: str

    def write(self, entries: Sequence[Entry], keys: Mapping[int, int]) -> None: ...

    def optimise(self) -> None: ...

    def analyse(self) -> None: ...

    def lacking(self) -> set[int]: ...

    def byte_size(self) -> int: ...

    def found(self, wanted: ParsedQuery, *, in_titles: bool) -> SqlCondition: ...

    def as_kept(self, part: str) -> str: ...

    def near(self, pairs: Iterable[str]) -> SqlCondition: ...


BACKENDS: dict[str, Backend] = {"sqlite": sqlite, "postgresql": postgresql}


def backend() -> Backend:
    return BACKENDS[connection.vendor]
