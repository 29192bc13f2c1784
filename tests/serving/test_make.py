"""`make run` as an operator does it, in a moved folder: started, read, stopped, started again."""

import os
import signal
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from urllib.error import URLError

import pytest

from tests.helpers.paths import ROOT
from tests.helpers.server import PATIENCE
from tests.settings import free_port

ONE_ROUND = """pytest=sh -c 'echo round on $${TEST_DATABASE:-sqlite} $$2; exit 1' round"""


@pytest.fixture
def moved(tmp_path: Path) -> Path:
    """The folder of the site elsewhere: the scripts of its .venv name a Python that has gone."""
    folder = tmp_path / "移した フォルダー"
    (folder / ".venv" / "bin").mkdir(parents=True)
    for entry in ROOT.iterdir():
        if entry.name != ".venv":
            (folder / entry.name).symlink_to(entry)
    old = Path(sys.executable).parent.parent
    for name in ("pyvenv.cfg", "lib"):
        (folder / ".venv" / name).symlink_to(old / name)
    (folder / ".venv" / "bin" / "python").symlink_to(sys.executable)
    (folder / ".venv" / "run").touch()
    return folder


@contextmanager
def running(folder: Path, data: Path, port: int) -> Iterator["subprocess.Popen[str]"]:
    environment = {name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ}
    # Where the tests run in the background, SIGINT is ignored, and a child inherits that.
    signal.signal(signal.SIGINT, signal.default_int_handler)
    process = subprocess.Popen(
        ["make", "run", f"PORT={port}", f"DATA_DIR={data}"],
        cwd=folder,
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        start_new_session=True,
    )
    try:
        wait_until_it_answers(port, process)
        yield process
    finally:
        if process.poll() is None:
            end(process, signal.SIGTERM)


def wait_until_it_answers(port: int, process: "subprocess.Popen[str]") -> None:
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline:
        try:
            read(port, "/")
        except URLError:
            try:
                process.wait(timeout=0.1)
            except subprocess.TimeoutExpired:
                continue
            pytest.fail(f"`make run` ended before it answered:\n{process.communicate()[0]}")
        else:
            return
    pytest.fail(f"`make run` did not answer within {PATIENCE} s:\n{end(process, signal.SIGKILL)}")


def read(port: int, path: str) -> str:
    with urllib.request.urlopen(f"http://127.0.0.1:{port}{path}", timeout=PATIENCE) as response:
        content: str = response.read().decode()
        return content


def end(process: "subprocess.Popen[str]", number: signal.Signals) -> str:
    """Signal the whole foreground group, as a terminal does; return the output when it is over."""
    os.killpg(process.pid, number)
    try:  # ends when no process holds the pipe any more
        return process.communicate(timeout=PATIENCE)[0]
    except subprocess.TimeoutExpired as error:
        os.killpg(process.pid, signal.SIGKILL)
        output = (error.stdout or b"").decode()
        pytest.fail(f"`make run` did not stop within {PATIENCE} s of {number.name}:\n{output}")


def processes_of(data: Path) -> dict[int, int]:
    """The servers and workers on this folder of data, each with its parent."""
    found = {}
    for folder in Path("/proc").glob("[0-9]*"):
        with suppress(OSError):
            is_here = f"DATA_DIR={data}\0".encode() in (folder / "environ").read_bytes()
            if is_here and b"\0-m\0granian\0" in (folder / "cmdline").read_bytes():
                status = (folder / "stat").read_text().rpartition(")")[2].split()
                found[int(folder.name)] = int(status[1])
    return found


def test_the_site_starts_answers_stops_and_starts_again_with_what_it_had(
    moved: Path, tmp_path: Path
) -> None:
    data, port = tmp_path / "データ", free_port()

    with running(moved, data, port) as process:
        bureau = read(port, "/main_sosiki/joho_kokusai/")
        assert "情報通信国際戦略局の紹介" in bureau
        sheet = bureau.partition('rel="stylesheet" href="')[2].partition('"')[0]
        assert "body" in read(port, sheet)
        output = end(process, signal.SIGINT)

    assert f"http://127.0.0.1:{port}/" in output
    assert f"make account 'DATA_DIR={data}'" in output
    assert "見本の内容を読み込みます" in output
    assert output.endswith("停止しました。\n")

    key = (data / "secret_key").read_text()
    with running(moved, data, port) as process:
        assert read(port, "/main_sosiki/joho_kokusai/") == bureau
        output = end(process, signal.SIGINT)
    assert "読み込みます" not in output
    assert (data / "secret_key").read_text() == key

    with running(moved, data, port) as process:
        servers = processes_of(data)
        (main,) = set(servers) - {pid for pid, parent in servers.items() if parent in servers}
        assert len(servers) == 3
        os.kill(main, signal.SIGKILL)
        output, _ = process.communicate(timeout=PATIENCE)
    assert process.returncode != 0
    assert "サーバーが途中で終わりました（終了コード137）。" in output
    assert processes_of(data) == {}


def test_every_round_of_tests_runs_where_the_others_fail() -> None:
    command = ["make", "test", "-o", ".venv/dev", "-o", "programs", ONE_ROUND]
    ended = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    rounds = [line.strip() for line in ended.stdout.splitlines() if line.startswith("round")]
    assert rounds == [
        "round on sqlite --ignore=tests/browser",
        "round on postgresql",
        "round on sqlite tests/browser",
    ]
    assert ended.returncode != 0
