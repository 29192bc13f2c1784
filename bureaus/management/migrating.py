"""Migrating a database that others use: never wait in front of its readers (docs/adr/0049)."""

import time
from collections.abc import Callable

from django.core.management import call_command
from django.core.management.base import CommandError
from django.db import OperationalError, connection

LOCK_SECONDS = 3
PAUSES = (2, 5, 10, 20)  # seconds after each attempt but the last
LOCK_NOT_AVAILABLE = "55P03"  # SQLSTATE of PostgreSQL
LONGEST = """
    SELECT pid, COALESCE(NULLIF(application_name, ''), '名前のない接続'), usename,
           EXTRACT(EPOCH FROM now() - xact_start)::int
    FROM pg_stat_activity
    WHERE datname = current_database() AND pid <> pg_backend_pid() AND xact_start IS NOT NULL
    ORDER BY xact_start LIMIT 3
"""
IN_THE_WAY = (
    "データベースの形を変えられません。表を{seconds}秒ずつ{attempts}回待ちましたが、ほかの処理が"
    "使っています（{holders}）。控え（pg_dump）などの長い処理が終わってから、もう一度実行して"
    "ください。終わらないものは、SELECT pg_terminate_backend(番号); で止められます。"
    "サイトは動いたままで、済んだところまでは、次に続きから始めます。"
)
UNKNOWN = "もう終わったか、見る権限がありません"


def migrate(report: Callable[[str], object]) -> None:
    """
    Apply the migrations. Raises CommandError where others hold a table for long.

    A statement that waits for an exclusive lock lets nobody read in front of it: on PostgreSQL it
    waits for three seconds, and tries again after a pause in which the site is read.
    """
    if connection.vendor != "postgresql":
        apply_migrations()
        return
    for pause in (*PAUSES, 0):
        set_lock_timeout(f"{LOCK_SECONDS}s")
        try:
            apply_migrations()
        except OperationalError as error:
            if getattr(error.__cause__, "sqlstate", "") != LOCK_NOT_AVAILABLE:
                raise
            holders = in_the_way()
            if not pause:
                raise CommandError(sentence_of(holders)) from error
            report(f"表が空くのを待っています（{holders}）。{pause}秒後に、もう一度試みます。")
            time.sleep(pause)
        else:
            return
        finally:
            set_lock_timeout("DEFAULT")


def apply_migrations() -> None:
    call_command("migrate", verbosity=0, interactive=False)


def set_lock_timeout(value: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(f"SET lock_timeout = {value if value == 'DEFAULT' else repr(value)}")


def in_the_way() -> str:
    """Name the longest transactions of others: what they are, whose, and for how long."""
    with connection.cursor() as cursor:
        cursor.execute(LONGEST)
        rows = cursor.fetchall()
    named = (f"番号{pid}・{name}・利用者{user}・{age}秒前から" for pid, name, user, age in rows)
    return "、".join(named) or UNKNOWN


def sentence_of(holders: str) -> str:
    attempts = len(PAUSES) + 1
    return IN_THE_WAY.format(seconds=LOCK_SECONDS, attempts=attempts, holders=holders)
