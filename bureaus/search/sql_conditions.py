"""What a backend says for the database to find: a piece of SQL, and its values apart from it."""

from typing import NamedTuple


class SqlCondition(NamedTuple):
    """Conditions on a statement that holds `bureaus_searchrow`."""

    where: tuple[str, ...]
    values: tuple[object, ...]
    newest_first: str  # how to order, with the newest first
    tables: tuple[str, ...] = ()
