"""The real server, started as `make run` starts it, on a folder of data of its own."""

import fcntl
import http.client
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, nullcontext, suppress
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.helpers.paths import ROOT
from tests.settings import free_port

PATIENCE = 120  # seconds until a test gives up: a machine under load is no fault
Environment = dict[str, str]


# What stands in the way of a story that is not about it: tests of their own turn it on.
RATES = dict.fromkeys(("SEARCH_RATE", "SUGGESTION_RATE", "PREVIEW_RATE", "FORM_RATE"), "0")
OPEN_DOORS = {"SECOND_FACTOR": "off", **RATES}


def environment_of(data: Path) -> Environment:
    kept = {name: os.environ[name] for name in ("PATH", "HOME", "LANG") if name in os.environ}
    return kept | OPEN_DOORS | {"DATA_DIR": str(data)}


def prepare(data: Path, **settings: str) -> Environment:
    """Prepare this folder as `make run` does; return the environment that names it."""
    environment = environment_of(data) | settings
    run_python("manage.py", "prepare", "--port", str(free_port()), environment=environment)
    return environment


def copy_of_prepared(data: Path) -> Environment:
    """The same at a fraction of the cost: a copy of the one folder that `make test` prepares."""
    model = Path(os.environ.get("TEST_PREPARED") or os.environ["TEST_ROOT"]) / "prepared"
    with model.with_suffix(".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not model.exists():
            prepare(model)
    shutil.copytree(model, data, dirs_exist_ok=True)
    return environment_of(data)


def plant_hard_pages(environment: Environment) -> None:
    settings = {"DJANGO_SETTINGS_MODULE": "ministry_site.settings"}
    run_python("-m", "tests.helpers.hard_pages", environment=environment | settings)


def run_python(*words: str, environment: Environment) -> None:
    command = [sys.executable, *words]
    subprocess.run(command, cwd=ROOT, env=environment, check=True, stdout=subprocess.DEVNULL)


def run_program(name: str, *arguments: str, environment: Environment) -> None:
    """Run `tests.programs.name` in a process of the site whose `environment` this is."""
    settings = {"DJANGO_SETTINGS_MODULE": "ministry_site.settings"}
    run_python("-m", "tests.programs", name, *arguments, environment=environment | settings)


@contextmanager
def running(
    environment: Environment, *, workers: int, log: Path | None = None, port: int | None = None
) -> Iterator[tuple[subprocess.Popen[bytes], int]]:
    """
    Run the command of the Makefile in a session of its own; end it, whatever happens.

    `log`: the file that gets its standard error. `port`: one that is free, if it has to be this.
    """
    port = port or free_port()
    makefile = (ROOT / "Makefile").read_text()
    command = re.search(r"^serve := ((?:.*\\\n)*.*)", makefile, re.MULTILINE)
    assert command is not None
    values = {"bin": str(Path(sys.executable).parent), "HOST": "127.0.0.1", "PORT": str(port)}
    values["WORKERS"] = str(workers)
    words = re.sub(r"\$\((\w+)\)", lambda name: values[name[1]], command[1]).replace("\\\n", " ")
    with log.open("w") if log else nullcontext() as errors:
        process = subprocess.Popen(
            words.split(), cwd=ROOT, env=environment, start_new_session=True, stderr=errors
        )
    try:
        wait_until_it_listens(process, port)
        yield process, port
    finally:
        if process.poll() is None:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()


def wait_until_it_listens(process: subprocess.Popen[bytes], port: int) -> None:
    while True:
        with suppress(ConnectionRefusedError):
            socket.create_connection(("127.0.0.1", port)).close()
            return
        with suppress(subprocess.TimeoutExpired):
            pytest.fail(f"the server ended with {process.wait(timeout=0.05)}")


@dataclass(frozen=True)
class Answer:
    status: int
    headers: http.client.HTTPMessage
    body: bytes


def ask(
    port: int,
    target: str,
    *,
    method: str = "GET",
    headers: Mapping[str, str] | None = None,
    body: str | None = None,
) -> Answer:
    """One request on a connection of its own; what came back, still compressed if it was."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=PATIENCE)
    connection.request(method, target, body, {"Host": "localhost", **(headers or {})})
    with connection.getresponse() as response:
        answer = Answer(response.status, response.headers, response.read())
    connection.close()
    return answer


def sender_of_a_byte(port: int, *headers: str) -> socket.socket:
    """Begin a login of a thousand bytes, with the cookie for which its form is read; send one."""
    slow = socket.create_connection(("127.0.0.1", port), timeout=PATIENCE)
    lines = [
        "POST /admin/login/ HTTP/1.1",
        *(headers or ("Host: localhost",)),
        f"Cookie: csrf={'c' * 32}",
        "Content-Type: application/x-www-form-urlencoded",
        "Content-Length: 1000",
    ]
    slow.sendall("\r\n".join([*lines, "", "u"]).encode())
    return slow
