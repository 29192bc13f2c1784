"""
Compile querysets to SQL once, and then only execute it (docs/adr/0005, docs/adr/0025).

Building one ORM query costs twenty times what executing its SQL does, and a page needs seven.
The rules stay in the querysets; only their SQL is kept.
"""

from collections.abc import Callable, Sequence
from datetime import date, datetime
from functools import lru_cache, partial
from itertools import starmap
from typing import Any, Generic, NamedTuple, TypeVar

from django.db import DEFAULT_DB_ALIAS, connections
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.backends.utils import CursorWrapper
from django.db.models import Expression, Field, QuerySet
from django.db.models.sql.compiler import SQLCompiler

Sql = tuple[str, Any]
PLACEHOLDER = "%s"

RowT = TypeVar("RowT")


class Parameter(Expression):
    """A placeholder in a queryset, filled at each execution with the value of `name`."""

    def __init__(self, name: str, field: "Field[Any, Any]") -> None:
        super().__init__(output_field=field)
        self.name = name

    def as_sql(self, compiler: SQLCompiler, connection: BaseDatabaseWrapper) -> Sql:
        del compiler, connection
        return PLACEHOLDER, [self]


class Selection(NamedTuple):
    """SQL to be a part of another statement: the `Parameter`s among its values stay open."""

    sql: str
    values: Sequence[Any]

    def filled(self, **values: str | int | date | datetime) -> "Selection":
        """Return it with the values of its parameters, as the database stores them."""
        connection = connections[DEFAULT_DB_ALIAS]
        fields = {each.name: each.output_field for each in self.values if is_open(each)}
        stored = {
            name: field.get_db_prep_value(values[name], connection)
            for name, field in fields.items()
        }
        return Selection(
            self.sql, [stored[each.name] if is_open(each) else each for each in self.values]
        )


def is_open(value: object) -> bool:
    return isinstance(value, Parameter)


class Compiled(Generic[RowT]):
    """
    A statement that each call executes once, with the values of its `Parameter`s.

    `build()` returns its `values_list` queryset; `row` is the NamedTuple of the columns. Compiled
    once a database vendor; safe to share between threads.

    `is_prepared`: the server may plan it once for all values. Not where the best plan depends on
    them, as of a range between two: the server would take every such range for a short one. Nor
    for what officers do, where only the building of the statement is worth saving.
    """

    def __init__(
        self,
        row: Callable[..., RowT],
        build: Callable[[], QuerySet[Any, Any]],
        *,
        is_prepared: bool = True,
    ) -> None:
        self.row = row
        self.plan_for = lru_cache(maxsize=4)(lambda vendor: Plan(build(), vendor))
        self.is_prepared = is_prepared

    def __call__(self, **values: str | int | date | datetime) -> list[RowT]:
        connection = connections[DEFAULT_DB_ALIAS]
        plan = self.plan_for(connection.vendor)
        cursor, sql = connection.cursor, plan.sql
        if connection.vendor == "sqlite" and not connection.queries_logged:
            cursor, sql = partial(sqlite_cursor, connection), plan.sqlite_sql
        elif connection.vendor == "postgresql" and self.is_prepared:
            cursor = partial(prepared_cursor, connection)
        with cursor() as opened:
            return list(starmap(self.row, plan.execute(opened, sql, values)))


class Plan:
    """The SQL of a queryset for one database vendor, and the converters of its columns."""

    def __init__(self, queryset: QuerySet[Any, Any], vendor: str) -> None:
        del vendor  # the key under which this plan is kept
        compiler = queryset.query.get_compiler(DEFAULT_DB_ALIAS)
        self.sql, self.parameters = with_literals(*compiler.as_sql())
        self.sqlite_sql = self.sql.replace(PLACEHOLDER, "?").replace("%%", "%")
        # By name: most statements have the moment several times, and convert it once.
        self.fields = {
            parameter.name: parameter.output_field
            for parameter in self.parameters
            if isinstance(parameter, Parameter)
        }
        # By column: its converters and its expression. Most columns need none.
        self.converters = compiler.get_converters([column[0] for column in compiler.select])

    def execute(
        self, cursor: CursorWrapper, sql: str, values: dict[str, Any]
    ) -> Sequence[Sequence[Any]]:
        """Return the rows of `sql`, which is this statement in the style of the cursor."""
        connection = cursor.db
        prepared = {
            name: field.get_db_prep_value(values[name], connection)
            for name, field in self.fields.items()
        }
        parameters = [
            prepared[parameter.name] if isinstance(parameter, Parameter) else parameter
            for parameter in self.parameters
        ]
        cursor.execute(sql, parameters)
        fetched: list[tuple[Any, ...]] = cursor.fetchall()
        if not self.converters:
            return fetched
        rows = [list(row) for row in fetched]
        for row in rows:
            for position, (converters, expression) in self.converters.items():
                for converter in converters:
                    row[position] = converter(row[position], expression, connection)
        return rows


def with_literals(sql: str, parameters: Sequence[Any]) -> tuple[str, list[Any]]:
    """
    Write the strings and numbers that are the same at every execution into `sql`.

    A plan that is made before the values are known uses a partial index only where the statement
    itself says what the index is for, and knows only then how much of a table that will be.
    """
    first, *rest = sql.split(PLACEHOLDER)
    pieces, left = [first], []
    for parameter, piece in zip(parameters, rest, strict=True):
        written = literal(parameter)
        pieces += [written or PLACEHOLDER, piece]
        left += [] if written else [parameter]
    return "".join(pieces), left


def literal(value: object) -> str:
    """Return `value` as both databases write it; empty if neither a string nor an integer."""
    if isinstance(value, str):
        doubled = value.replace("'", "''").replace("%", "%%")
        return f"'{doubled}'"
    return str(value) if isinstance(value, int) and not isinstance(value, bool) else ""


def sqlite_cursor(connection: BaseDatabaseWrapper) -> CursorWrapper:
    """
    Return a cursor that takes statements with the placeholders of SQLite.

    Django's own translates the text of a statement at each execution.
    """
    connection.ensure_connection()
    with connection.wrap_database_errors:
        cursor: Any = connection.connection.cursor()
    return connection.make_cursor(cursor)


def prepared_cursor(connection: BaseDatabaseWrapper) -> CursorWrapper:
    """
    Return a cursor of PostgreSQL for statements that are executed repeatedly.

    Django's own puts the values into the text, so that the server parses and plans each anew. With
    this one psycopg prepares a statement after OPTIONS["prepare_threshold"] executions on the
    connection.
    """
    from psycopg import Cursor

    connection.ensure_connection()
    with connection.wrap_database_errors:
        cursor: Any = Cursor(connection.connection)
    wrap = connection.make_debug_cursor if connection.queries_logged else connection.make_cursor
    return wrap(cursor)
