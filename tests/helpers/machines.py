"""Two machines with a folder each, and what they share: PostgreSQL, Redis and a bucket."""

import http.client
import json
import os
import signal
import subprocess
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from http.cookies import SimpleCookie
from pathlib import Path
from typing import Any, LiteralString
from urllib.parse import urlencode

import psycopg
from lxml import html

from tests.helpers import postgresql
from tests.helpers.proxy import BEHIND_TLS, HOST, Proxy, machine, running_proxy
from tests.helpers.redis_server import running_redis
from tests.helpers.server import Answer, Environment, ask, environment_of, run_program, run_python
from tests.helpers.server import running as running_server
from tests.helpers.store import running_store, storage_setting
from tests.settings import free_port

PASSWORD = "ひみつ-sato-2013"
TOKEN = "t" * 32
PROCESSES = 2  # of a machine
LIMITS = {"DATABASE_SECONDS": "3", "QUEUE_SECONDS": "10", "STORAGE_SECONDS": "2"}


@dataclass
class Machine:
    """A server with a folder of its own; it comes back at the same port."""

    environment: Environment
    port: int
    stack: ExitStack = field(default_factory=ExitStack)
    process: "subprocess.Popen[bytes] | None" = None

    def start(self) -> None:
        server = running_server(self.environment, workers=PROCESSES, port=self.port)
        self.process, _ = self.stack.enter_context(server)

    def stop(self, number: signal.Signals) -> None:
        assert self.process is not None
        if number == signal.SIGKILL:
            os.killpg(self.process.pid, number)
        else:
            self.process.send_signal(number)
        self.process.wait()
        self.stack.close()

    def workers(self) -> list[int]:
        assert self.process is not None
        pid = self.process.pid
        children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
        return [int(child) for child in children if is_worker(child)]

    def ask(
        self, target: str, *, method: str = "GET", body: str | None = None, cookies: str = ""
    ) -> Answer:
        headers = {
            "Host": HOST,
            "X-Forwarded-Proto": "https",
            "X-Forwarded-For": "203.0.113.9",
            "Referer": f"https://{HOST}/",
            "Cookie": cookies,
        }
        if body:
            headers["Content-Type"] = "application/x-www-form-urlencoded"
        return ask(self.port, target, method=method, headers=headers, body=body)

    def is_ready(self) -> bool:
        try:
            return self.ask("/readyz").status == 200
        except (OSError, http.client.HTTPException):
            return False


def is_worker(pid: str) -> bool:
    return b"granian" in Path("/proc", pid, "cmdline").read_bytes()


@dataclass
class Officer:
    """Logged in at one machine, and known to all of them."""

    cookies: str = f"__Host-csrf={TOKEN}"

    def log_in(self, machine: Machine, *, name: str = "佐藤", password: str = PASSWORD) -> int:
        fields = {"username": name, "password": password, "csrfmiddlewaretoken": TOKEN}
        answer = machine.ask(
            "/admin/login/", method="POST", body=urlencode(fields), cookies=self.cookies
        )
        for header in answer.headers.get_all("Set-Cookie") or []:
            if session := SimpleCookie(header).get("__Host-session"):
                self.cookies = f"__Host-csrf={TOKEN}; __Host-session={session.value}"
        return answer.status

    def approve(self, machine: Machine, edition: int) -> int:
        """Send the form of the approval as the page has it; return the status of the answer."""
        target = f"/admin/bureaus/edition/{edition}/review/"
        page = html.fromstring(machine.ask(target, cookies=self.cookies).body.decode())
        (form,) = [form for form in page.forms if form.fields.get("decision") == "approve"]
        fields = {name: value for name, value in form.form_values() if name != "at"}
        ticks = {box.get("name"): "on" for box in form.iterfind(".//input[@type='checkbox']")}
        body = urlencode({**fields, **ticks, "csrfmiddlewaretoken": TOKEN})
        return machine.ask(target, method="POST", body=body, cookies=self.cookies).status


@dataclass
class Farm:
    """Everything that runs. `waiting`: the editions to approve, by address."""

    a: Machine
    b: Machine
    proxy: Proxy
    cluster: postgresql.Cluster
    redis: "subprocess.Popen[bytes]"
    redis_port: int
    store: int
    waiting: dict[str, int]

    def execute(self, statement: LiteralString, *values: object) -> list[tuple[Any, ...]]:
        with psycopg.connect(address_of(self.cluster), autocommit=True) as connection:
            cursor = connection.execute(statement, values)
            return cursor.fetchall() if cursor.description else []

    def lead_of(self, edition: int) -> str:
        return str(self.execute("SELECT lead FROM bureaus_edition WHERE id = %s", edition)[0][0])

    def counts(self) -> dict[str, int]:
        """The rows of the tables that must not lose any."""
        rows = self.execute(
            "SELECT 'page', count(*) FROM bureaus_page UNION ALL"
            " SELECT 'placement', count(*) FROM bureaus_placement UNION ALL"
            " SELECT 'edition', count(*) FROM bureaus_edition UNION ALL"
            " SELECT 'audit entry', count(*) FROM bureaus_auditentry"
        )
        return dict(rows)


def address_of(cluster: postgresql.Cluster) -> str:
    return f"postgres://postgres@127.0.0.1:{cluster.port}/postgres"


@contextmanager
def running_farm(folder: Path) -> Iterator[Farm]:
    """Run two machines behind nginx on what they share; end everything, whatever happens."""
    with ExitStack() as stack:
        cluster = postgresql.Cluster(str(free_port()))
        cluster.start()
        stack.callback(cluster.stop)
        redis_port = free_port()
        redis = stack.enter_context(running_redis(redis_port))
        store, store_address = stack.enter_context(running_store())
        shared = {
            **environment_of(folder),
            **BEHIND_TLS,
            **LIMITS,
            **storage_setting(store_address),
            "DATABASE_URL": address_of(cluster),
            "CACHE_URL": f"redis://127.0.0.1:{redis_port}",
            "SECRET_KEY": "k" * 50,
        }
        a, b = (Machine(machine(folder / name, shared), free_port()) for name in "ab")
        waiting = found_site(a.environment, b.environment, folder)
        for each in (a, b):
            each.start()
            stack.callback(each.stack.close)
        ports, static = [a.port, b.port], folder / "a" / "static"
        proxy = stack.enter_context(running_proxy(folder / "nginx", ports, static))
        yield Farm(a, b, proxy, cluster, redis, redis_port, store, waiting)


def found_site(a: Environment, b: Environment, folder: Path) -> dict[str, int]:
    """Migrate, load the sample, and let a writer submit; return the editions that wait."""
    run_python("manage.py", "migrate", "--verbosity", "0", environment=a)
    run_python("manage.py", "loaddata", "ministry", "directory", "news", environment=a)
    for each in (a, b):
        run_python("manage.py", "prepare", "--migrate-only", environment=each)
    file = folder / "waiting.json"
    run_program("ops_site", PASSWORD, str(file), environment=a)
    waiting: dict[str, int] = json.loads(file.read_text())
    return waiting


def seconds_until(is_so: object, *, patience: float = 60.0) -> float:
    """Return the seconds until the call returns true. Raises TimeoutError."""
    assert callable(is_so)
    begin = time.monotonic()
    while not is_so():
        if time.monotonic() - begin > patience:
            raise TimeoutError("it did not heal")
        time.sleep(0.1)
    return time.monotonic() - begin
