"""
Querysets whose SQL is built once and then only executed (docs/adr/0005).

Building one ORM query costs twenty times what executing its SQL does, and a page needs seven.
The rule stays where it is said, in the querysets; what is kept is their SQL.
"""

from collections.abc import Callable
from datetime import date, datetime
from functools import lru_cache
from typing import Any

from django.db import DEFAULT_DB_ALIAS, connections
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models import Expression, Field, QuerySet
from django.db.models.sql.compiler import SQLCompiler

Row = list[Any]
Sql = tuple[str, Any]


class Parameter(Expression):
    """A place in a queryset that is filled at each execution with the value of `name`."""

    def __init__(self, name: str, field: "Field[Any, Any]") -> None:
        super().__init__(output_field=field)
        self.name = name

    def as_sql(self, compiler: SQLCompiler, connection: BaseDatabaseWrapper) -> Sql:
        del compiler, connection
        return "%s", [self]


class Compiled:
    """
    `build()` returns a `values_list` queryset with `Parameter`s; calling this executes it.

    One query a call. Compiled once a database vendor; safe to share between threads.
    """

    def __init__(self, build: Callable[[], QuerySet[Any, Any]]) -> None:
        self.prepare = lru_cache(maxsize=4)(lambda vendor: Plan(build(), vendor))

    def __call__(self, **values: str | int | date | datetime) -> list[Row]:
        connection = connections[DEFAULT_DB_ALIAS]
        return self.prepare(connection.vendor).execute(connection, values)


class Plan:
    def __init__(self, queryset: QuerySet[Any, Any], vendor: str) -> None:
        del vendor  # the key under which this plan is kept
        compiler = queryset.query.get_compiler(DEFAULT_DB_ALIAS)
        self.sql, self.parameters = compiler.as_sql()
        # (which column, its converters, its expression): most columns need none
        self.converters = compiler.get_converters([column[0] for column in compiler.select])

    def execute(self, connection: BaseDatabaseWrapper, values: dict[str, Any]) -> list[Row]:
        parameters = [
            parameter.output_field.get_db_prep_value(values[parameter.name], connection)
            if isinstance(parameter, Parameter)
            else parameter
            for parameter in self.parameters
        ]
        with connection.cursor() as cursor:
            cursor.execute(self.sql, parameters)
            rows = [list(row) for row in cursor.fetchall()]
        for row in rows:
            for position, (converters, expression) in self.converters.items():
                for converter in converters:
                    row[position] = converter(row[position], expression, connection)
        return rows
