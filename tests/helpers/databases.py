"""One migrated database a run: each process of the tests works on its own copy of it."""

import fcntl
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import connection

ROOT = Path(os.environ["TEST_ROOT"])


def use_copy(name: str) -> None:
    """Connect this process to a copy named `name`. The first process of a run migrates."""
    copy = copy_on_sqlite if connection.vendor == "sqlite" else copy_on_postgresql
    with only_process():
        copy(migrated(), name)
    connection.close()


@contextmanager
def only_process(work: str = "database") -> Iterator[None]:
    """Run the block in one process of the run at a time."""
    with (ROOT / f"{work}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def migrated() -> str:
    """Return the name of the database that nobody works on; migrate it where it is missing."""
    is_file = connection.vendor == "sqlite"
    model = str(ROOT / "model.sqlite3") if is_file else "test_model"
    done = ROOT / "migrated"
    if not done.exists():
        connection.settings_dict["TEST"]["NAME"] = model
        connection.creation.create_test_db(verbosity=0, autoclobber=True, serialize=False)
        connection.close()
        done.touch()
    return model


def copy_on_sqlite(model: str, name: str) -> None:
    file = settings.DATA_DIR / f"{name}.sqlite3"
    shutil.copy(model, file)
    work_on(str(file))


def copy_on_postgresql(model: str, name: str) -> None:
    quote = connection.ops.quote_name
    creation: Any = connection.creation
    with creation._nodb_cursor() as cursor:
        cursor.execute(f"DROP DATABASE IF EXISTS {quote(name)}")
        cursor.execute(f"CREATE DATABASE {quote(name)} TEMPLATE {quote(model)}")
    work_on(name)


def work_on(name: str) -> None:
    settings.DATABASES["default"]["NAME"] = name
    connection.settings_dict["NAME"] = name
