"""Rows that were written once: what a story begins with costs a copy and not its statements."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db import connection, transaction


@dataclass(frozen=True)
class Table:
    name: str
    columns: str
    content: Any  # of PostgreSQL the bytes of COPY; of SQLite a list of rows


def stored_tables(names: Iterable[str]) -> list[Table]:
    """Return all rows of these tables, in an order in which they can be written again."""
    read = read_on_sqlite if connection.vendor == "sqlite" else read_on_postgresql
    return [read(name, columns_of(name)) for name in names]


def write_again(tables: Iterable[Table]) -> None:
    """Write the rows with the keys that they had: into empty tables."""
    write = write_on_sqlite if connection.vendor == "sqlite" else write_on_postgresql
    with transaction.atomic():
        for table in tables:
            write(table)


def columns_of(name: str) -> list[str]:
    with connection.cursor() as cursor:
        described = connection.introspection.get_table_description(cursor, name)
    names = [connection.ops.quote_name(column.name) for column in described]
    return names if '"id"' in names else ["rowid", *names]


def read_on_sqlite(name: str, columns: list[str]) -> Table:
    # A column with a sign is an expression, which no converter reads: the value as it is stored.
    values = ", ".join(f"+{column}" for column in columns)
    rows = connection.connection.execute(f"SELECT {values} FROM {name}")  # noqa: S608
    return Table(name, ", ".join(columns), list(rows))


def write_on_sqlite(table: Table) -> None:
    values = ", ".join("?" * len(table.columns.split(", ")))
    statement = f"INSERT INTO {table.name} ({table.columns}) VALUES ({values})"  # noqa: S608
    connection.connection.executemany(statement, table.content)


def read_on_postgresql(name: str, columns: list[str]) -> Table:
    listed = ", ".join(columns)
    with connection.cursor() as cursor, cursor.copy(f"COPY {name} ({listed}) TO STDOUT") as copy:
        return Table(name, listed, b"".join(copy))


def write_on_postgresql(table: Table) -> None:
    statement = f"COPY {table.name} ({table.columns}) FROM STDIN"
    with connection.cursor() as cursor:
        with cursor.copy(statement) as copy:
            copy.write(table.content)
        if table.columns.startswith('"id"'):  # a test before may have loaded lower keys
            sequence = f"pg_get_serial_sequence('{table.name}', 'id')"
            cursor.execute(f"SELECT setval({sequence}, max(id)) FROM {table.name}")  # noqa: S608
