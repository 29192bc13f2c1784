"""A piece of SQL that finds rows of the index, and its values apart from it."""

from typing import NamedTuple


class SqlCondition(NamedTuple):
    """Conditions on a statement that holds `bureaus_searchrow`."""

    where: tuple[str, ...]
    values: tuple[object, ...]
    newest_first: str  # how to order, with the newest first
    tables: tuple[str, ...] = ()


class Statement(NamedTuple):
    """A statement with one value."""

    sql: str
    value: str
