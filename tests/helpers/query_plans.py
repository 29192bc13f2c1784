"""The statements that a request executes, and what the database does for each of them."""

import re
from collections.abc import Callable, Iterator, Sequence
from itertools import count
from typing import Any, NamedTuple

import psycopg
from django.db import connection
from django.test import Client

ON_SQLITE = connection.vendor == "sqlite"
FEW = 100  # rows that may be sorted without an index
# What one statement may do on a site of 5,000 pages: to look at every page is more. The sitemap
# reads a few hundred pages, and the last page of a list passes over all others.
DISCARDED = 600  # rows on PostgreSQL, that were read and are no part of the answer
BLOCKS = 800
STEPS = 12_000  # of the virtual machine of SQLite
# What an inner query has found, the few words that mean the same, and what SQLite calls the
# look-up of words.
NO_SCAN = re.compile(
    r"SCAN (CONSTANT ROW|found$|bureaus_synonyms$"
    r"|bureaus_search(_titles)? VIRTUAL TABLE INDEX \d+:M)"
)


class Statement(NamedTuple):
    """What was executed, as the database got it. `is_prepared`: it is one of reading.compiled."""

    sql: str
    values: Sequence[Any]
    is_prepared: bool


def statements(client: Client, address: str) -> list[Statement]:
    recorded: list[Statement] = []

    def record(execute: Callable[..., Any], *call: Any) -> Any:
        sql, values, _, context = call
        is_prepared = not ON_SQLITE and type(context["cursor"].cursor) is psycopg.Cursor
        recorded.append(Statement(sql, values or (), is_prepared))
        return execute(*call)

    with connection.execute_wrapper(record):
        client.get(address)
    return [statement for statement in recorded if statement.sql.startswith("SELECT")]


def rows_of(sql: str, values: Sequence[Any] = ()) -> list[Any]:
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        rows: list[Any] = cursor.fetchall()
        return rows


def faults_of(statement: Statement) -> list[str]:
    """The steps that read a whole table or sort more than a few rows, and too much work."""
    return faults_on_sqlite(statement) if ON_SQLITE else faults_on_postgresql(statement)


def plan_of(statement: Statement) -> list[str]:
    """What SQLite does, a step a line."""
    rows = rows_of(f"EXPLAIN QUERY PLAN {statement.sql}", statement.values)
    inner = {key for key, _, _, step in rows if step.startswith("LIST SUBQUERY")}
    return [f"{'INNER ' if parent in inner else ''}{step}" for _, parent, _, step in rows]


def faults_on_sqlite(statement: Statement) -> list[str]:
    plan = plan_of(statement)
    faults = [
        step
        for step in plan
        if step.removeprefix("INNER ").startswith("SCAN") and not NO_SCAN.match(step)
    ]
    sorts = [step for step in plan if "TEMP B-TREE" in step]
    faults += [step for step in sorts if step.startswith("INNER") or sorted_rows(statement) > FEW]
    steps = 0 if "bureaus_search" in statement.sql else steps_of(statement)
    return faults + ([f"{steps} steps"] if steps > STEPS else [])


def sorted_rows(statement: Statement) -> int:
    return len(rows_of(re.sub(r" LIMIT \d+( OFFSET \d+)?$", "", statement.sql), statement.values))


def steps_of(statement: Statement) -> int:
    """How many instructions of its virtual machine SQLite executes, in thousands rounded down."""
    ticks: list[int] = []
    connection.connection.set_progress_handler(lambda: ticks.append(1), 1_000)
    try:
        rows_of(statement.sql, statement.values)
    finally:
        connection.connection.set_progress_handler(None, 1_000)
    return len(ticks) * 1_000


def faults_on_postgresql(statement: Statement) -> list[str]:
    """The same of the plan for these values; of a prepared one also of that for any values."""
    plans = [explained(statement.sql, statement.values)]
    if statement.is_prepared:
        plans.append(generic_plan(statement))
    return [fault for plan in plans for fault in faults_in(plan)]


def explained(sql: str, values: Sequence[Any] = ()) -> dict[str, Any]:
    [[found]] = rows_of(f"EXPLAIN (ANALYZE, BUFFERS, FORMAT JSON) {sql}", values)
    plan: dict[str, Any] = found[0]["Plan"]
    return plan


def generic_plan(statement: Statement) -> dict[str, Any]:
    """What the server may do once it has prepared the statement and knows no values."""
    numbers = count(1)
    numbered = re.sub("%s", lambda _: f"${next(numbers)}", statement.sql).replace("%%", "%")
    places = ", ".join(["%s"] * len(statement.values))
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL plan_cache_mode = force_generic_plan")
        cursor.execute(f"PREPARE asked AS {numbered}")
        try:
            return explained(
                f"EXECUTE asked({places})" if places else "EXECUTE asked", statement.values
            )
        finally:
            cursor.execute("DEALLOCATE asked")
            cursor.execute("SET LOCAL plan_cache_mode = auto")


def faults_in(plan: dict[str, Any]) -> list[str]:
    nodes = [*nodes_of(plan)]
    faults = [
        f"{node['Node Type']} on {node['Relation Name']}"
        for node in nodes
        if node["Node Type"] == "Seq Scan"
        and node["Relation Name"] in {"bureaus_page", "bureaus_placement", "bureaus_edition"}
    ]
    discarded = sum(node.get("Rows Removed by Filter", 0) * node["Actual Loops"] for node in nodes)
    blocks = plan["Shared Hit Blocks"] + plan["Shared Read Blocks"]
    faults += [f"{discarded} rows discarded"] if discarded > DISCARDED else []
    return faults + ([f"{blocks} blocks"] if blocks > BLOCKS else [])


def work_of(statement: Statement) -> int:
    """Return the rows that PostgreSQL visits for it, discarded ones too, or the steps of SQLite."""
    if ON_SQLITE:
        return steps_of(statement)
    nodes = nodes_of(explained(statement.sql, statement.values))
    return sum(
        (node["Actual Rows"] + node.get("Rows Removed by Filter", 0)) * node["Actual Loops"]
        for node in nodes
        if "Scan" in node["Node Type"]
    )


def nodes_of(plan: dict[str, Any]) -> Iterator[dict[str, Any]]:
    yield plan
    for inner in plan.get("Plans", []):
        yield from nodes_of(inner)
