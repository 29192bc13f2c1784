"""A start that lacks space, rights or a bucket ends with a sentence, before the site answers."""

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from tests.helpers.paths import ROOT
from tests.settings import free_port


def prepare(folder: Path, **variables: str) -> str:
    """Return what a refused start prints to the operator."""
    stored = {name: os.environ[name] for name in ("PATH", "LANG") if name in os.environ}
    ended = subprocess.run(
        [sys.executable, "manage.py", "prepare", "--port", str(free_port())],
        cwd=ROOT,
        env={**stored, "PYTHONUTF8": "1", "DATA_DIR": str(folder), **variables},
        capture_output=True,
        text=True,
        check=False,
    )
    assert ended.returncode == 1, ended.stdout
    assert "Traceback" not in ended.stderr, ended.stderr
    return ended.stderr


@pytest.fixture(params=["16k", "4m"])
def full_disk(tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[Path]:
    size = f"size={request.param}"
    mount = ["mount", "-t", "tmpfs", "-o", size, "tmpfs", str(tmp_path)]
    if subprocess.run(mount, check=False, capture_output=True).returncode:
        pytest.skip("only root may mount a small disk")
    yield tmp_path
    subprocess.run(["umount", str(tmp_path)], check=True)


def test_a_full_disk_is_named_wherever_it_fills(full_disk: Path) -> None:
    output = prepare(full_disk)
    [sentence] = [line for line in output.splitlines() if line.startswith("CommandError: ")]
    assert sentence.startswith("CommandError: ディスクの空きが足りません")
    assert str(full_disk) in sentence
    assert "空きのある場所を DATA_DIR か DATABASE_URL に指定して" in sentence


@pytest.mark.parametrize("full_disk", ["8k"], indirect=True)
def test_a_disk_without_any_space_is_named(full_disk: Path) -> None:
    filler = full_disk / "filler"
    with pytest.raises(OSError, match="No space left"):
        filler.write_bytes(bytes(80_000))
    assert f"DATA_DIR の「{full_disk}」があるディスクに空きがありません。" in prepare(full_disk)


@pytest.mark.both_databases
@pytest.mark.skipif("TEST_POSTGRESQL_PORT" not in os.environ, reason="on PostgreSQL only")
def test_a_user_who_may_not_create_tables_is_told_which_right_is_missing(tmp_path: Path) -> None:
    server = f"127.0.0.1:{os.environ['TEST_POSTGRESQL_PORT']}"
    name = f"guest_{os.getpid()}"
    with psycopg.connect(f"postgres://postgres@{server}/postgres", autocommit=True) as connection:
        connection.execute(f"CREATE ROLE {name} LOGIN")
        connection.execute(f"CREATE DATABASE {name} LOCALE 'C.UTF-8' TEMPLATE template0")
        sentence = prepare(tmp_path, DATABASE_URL=f"postgres://{name}@{server}/{name}")
        connection.execute(f"DROP DATABASE {name}")
        connection.execute(f"DROP ROLE {name}")
    assert "CommandError: データベースに表を作る権限がありません" in sentence
    assert "GRANT CREATE, USAGE ON SCHEMA public" in sentence
