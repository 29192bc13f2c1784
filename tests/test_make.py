"""`make run` as an operator does it: started, read, stopped with Ctrl-C, started again."""

import os
import signal
import subprocess
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.error import URLError

import pytest

from tests.server import PATIENCE
from tests.settings import free_port

ROOT = Path(__file__).parent.parent
ONE_ROUND = """pytest=sh -c 'echo round on $${TEST_DATABASE:-sqlite}; exit 1'"""


@contextmanager
def running(data: Path, port: int) -> Iterator["subprocess.Popen[str]"]:
    environment = {name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ}
    process = subprocess.Popen(
        ["make", "run", f"PORT={port}", f"DATA_DIR={data}"],
        cwd=ROOT,
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


def test_the_site_starts_answers_stops_and_starts_again_with_what_it_had(tmp_path: Path) -> None:
    data, port = tmp_path / "データ", free_port()

    with running(data, port) as process:
        bureau = read(port, "/main_sosiki/joho_kokusai/")
        assert "情報通信国際戦略局の紹介" in bureau
        sheet = bureau.partition('rel="stylesheet" href="')[2].partition('"')[0]
        assert "body" in read(port, sheet)
        said = end(process, signal.SIGINT)

    assert f"http://127.0.0.1:{port}/" in said
    assert f"make account 'DATA_DIR={data}'" in said
    assert "見本の内容を読み込みます" in said
    assert said.endswith("停止しました。\n")

    key = (data / "secret_key").read_text()
    with running(data, port) as process:
        assert read(port, "/main_sosiki/joho_kokusai/") == bureau
        said = end(process, signal.SIGINT)
    assert "読み込みます" not in said
    assert (data / "secret_key").read_text() == key


def test_both_rounds_of_tests_run_where_the_first_fails() -> None:
    command = ["make", "test", "-o", ".venv/dev", "-o", "programs", ONE_ROUND]
    ended = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    rounds = [line for line in ended.stdout.splitlines() if line.startswith("round")]
    assert rounds == ["round on sqlite", "round on postgresql"]
    assert ended.returncode != 0
