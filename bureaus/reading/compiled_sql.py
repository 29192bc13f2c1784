"""
Querysets whose SQL is built once and then only executed (docs/adr/0005, docs/adr/0025).

Building one ORM query costs twenty times what executing its SQL does, and a page needs seven.
The rule stays where it is said, in the querysets; what is kept is their SQL.
"""

from collections.abc import Callable, Sequence
from datetime import date, datetime
from functools import lru_cache
from typing import Any

from django.db import DEFAULT_DB_ALIAS, connections
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.backends.utils import CursorWrapper
from django.db.models import Expression, Field, QuerySet
from django.db.models.sql.compiler import SQLCompiler

Row = list[Any]
Sql = tuple[str, Any]
PLACE = "%s"


class Parameter(Expression):
    """A place in a queryset that is filled at each execution with the value of `name`."""

    def __init__(self, name: str, field: "Field[Any, Any]") -> None:
        super().__init__(output_field=field)
        self.name = name

    def as_sql(self, compiler: SQLCompiler, connection: BaseDatabaseWrapper) -> Sql:
        del compiler, connection
        return PLACE, [self]


class Compiled:
    """
    `build()` returns a `values_list` queryset with `Parameter`s; calling this executes it.

    One query a call. Compiled once a database vendor; safe to share between threads.

    `is_prepared`: the server may plan it once for all values. Not where the best plan hangs on
    them, as of a range between two: the server would take every such range for a short one.
    """

    def __init__(
        self, build: Callable[[], QuerySet[Any, Any]], *, is_prepared: bool = True
    ) -> None:
        self.plan_for = lru_cache(maxsize=4)(lambda vendor: Plan(build(), vendor))
        self.cursor_of = prepared_cursor if is_prepared else BaseDatabaseWrapper.cursor

    def __call__(self, **values: str | int | date | datetime) -> list[Row]:
        connection = connections[DEFAULT_DB_ALIAS]
        with self.cursor_of(connection) as cursor:
            return self.plan_for(connection.vendor).execute(cursor, values)


class Plan:
    def __init__(self, queryset: QuerySet[Any, Any], vendor: str) -> None:
        del vendor  # the key under which this plan is kept
        compiler = queryset.query.get_compiler(DEFAULT_DB_ALIAS)
        self.sql, self.parameters = with_literals(*compiler.as_sql())
        # (which column, its converters, its expression): most columns need none
        self.converters = compiler.get_converters([column[0] for column in compiler.select])

    def execute(self, cursor: CursorWrapper, values: dict[str, Any]) -> list[Row]:
        connection = cursor.db
        parameters = [
            parameter.output_field.get_db_prep_value(values[parameter.name], connection)
            if isinstance(parameter, Parameter)
            else parameter
            for parameter in self.parameters
        ]
        cursor.execute(self.sql, parameters)
        rows = [list(row) for row in cursor.fetchall()]
        for row in rows:
            for position, (converters, expression) in self.converters.items():
                for converter in converters:
                    row[position] = converter(row[position], expression, connection)
        return rows


def with_literals(sql: str, parameters: Sequence[Any]) -> tuple[str, list[Any]]:
    """
    `sql` with the words and numbers that are the same at every execution written into it.

    A plan that is made before the values are known uses a partial index only where the statement
    itself says what the index is for, and knows only then how much of a table that will be.
    """
    first, *rest = sql.split(PLACE)
    pieces, left = [first], []
    for parameter, piece in zip(parameters, rest, strict=True):
        written = literal(parameter)
        pieces += [written or PLACE, piece]
        left += [] if written else [parameter]
    return "".join(pieces), left


def literal(value: object) -> str:
    """`value` as both databases write it; empty where it is neither a word nor a number."""
    if isinstance(value, str):
        doubled = value.replace("'", "''").replace("%", "%%")
        return f"'{doubled}'"
    return str(value) if isinstance(value, int) and not isinstance(value, bool) else ""


def prepared_cursor(connection: BaseDatabaseWrapper) -> CursorWrapper:
    """
    A cursor for statements that are executed again and again.

    On PostgreSQL Django's own puts the values into the text, so that the server parses and plans
    each anew. With this one psycopg prepares a statement after OPTIONS["prepare_threshold"]
    executions on the connection.
    """
    if connection.vendor != "postgresql":
        return connection.cursor()
    from psycopg import Cursor

    connection.ensure_connection()
    with connection.wrap_database_errors:
        cursor: Any = Cursor(connection.connection)
    wrap = connection.make_debug_cursor if connection.queries_logged else connection.make_cursor
    return wrap(cursor)
