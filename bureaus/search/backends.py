"""The search index of the database in use."""

from collections.abc import Mapping, Sequence
from typing import Protocol

from django.db import connection

from bureaus.search import postgresql, sqlite
from bureaus.search.parsed_query import ParsedQuery
from bureaus.search.sources import Entry
from bureaus.search.sql_conditions import SqlCondition, Statement


class Backend(Protocol):
    """
    The functions of a module that stores the index in a database.

    `write` gives an entry the key that `keys` has for its edition, or else the next one.

    `TITLE` is SQL for the folded title of the row whose key is `%(expressions)s`, and
    `stored_form` returns a folded part as it is stored there, `read_form` the reverse. `TEXTS` is
    SQL for the key, title and text of each row in that form, `STORED_WIDTH` how long a character
    is in it, and `JSON_OBJECT` the aggregate that makes a JSON object.
    """

    TITLE: str
    TEXTS: str
    JSON_OBJECT: str
    STORED_WIDTH: int

    def write(self, entries: Sequence[Entry], keys: Mapping[int, int]) -> None: ...

    def optimise(self) -> None: ...

    def analyse(self) -> None: ...

    def editions_without_text(self) -> set[int]: ...

    def byte_size(self) -> int: ...

    def matching(self, query: ParsedQuery, *, in_titles: bool) -> SqlCondition: ...

    def stored_form(self, part: str) -> str: ...

    def read_form(self, stored: str) -> str: ...

    def holding(self, number: int, term: str, most: int) -> list[Statement]: ...

    def similar(self, pairs: Sequence[str], held: int, most: int) -> SqlCondition: ...


BACKENDS: dict[str, Backend] = {"sqlite": sqlite, "postgresql": postgresql}


def backend() -> Backend:
    return BACKENDS[connection.vendor]
