"""`make run` as an operator does it: started, read, stopped with Ctrl-C, started again."""

import os
import signal
import subprocess
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.error import URLError

import pytest

from tests.settings import free_port

ROOT = Path(__file__).parent.parent
PATIENCE = 300  # tries, each waiting for the connection or the process


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
        wait_for(port, process)
        yield process
    finally:
        if process.poll() is None:
            os.killpg(process.pid, signal.SIGTERM)
            process.communicate(timeout=20)


def wait_for(port: int, process: "subprocess.Popen[str]") -> None:
    for _ in range(PATIENCE):
        try:
            read(port, "/")
        except URLError:
            with pytest.raises(subprocess.TimeoutExpired):
                process.wait(timeout=0.1)
        else:
            return
    raise AssertionError("the site never answered")


def read(port: int, path: str) -> str:
    with urllib.request.urlopen(f"http://127.0.0.1:{port}{path}", timeout=10) as response:
        content: str = response.read().decode()
        return content


def ctrl_c(process: "subprocess.Popen[str]") -> str:
    """What a terminal does: the whole foreground group is told. Return all that was said."""
    os.killpg(process.pid, signal.SIGINT)
    said, _ = process.communicate(timeout=20)  # ends when nobody holds the pipe any more
    return said


def test_the_site_starts_answers_stops_and_starts_again_with_what_it_had(tmp_path: Path) -> None:
    data, port = tmp_path / "データ", free_port()

    with running(data, port) as process:
        bureau = read(port, "/main_sosiki/joho_kokusai/")
        assert "情報通信国際戦略局の紹介" in bureau
        sheet = bureau.partition('rel="stylesheet" href="')[2].partition('"')[0]
        assert "body" in read(port, sheet)
        said = ctrl_c(process)

    assert f"http://127.0.0.1:{port}/" in said
    assert f"make account 'DATA_DIR={data}'" in said
    assert "見本の内容を読み込みます" in said
    assert said.endswith("停止しました。\n")

    key = (data / "secret_key").read_text()
    with running(data, port) as process:
        assert read(port, "/main_sosiki/joho_kokusai/") == bureau
        said = ctrl_c(process)
    assert "読み込みます" not in said
    assert (data / "secret_key").read_text() == key
