"""
What a page costs: `python -m tests.bench.pages 20 1000 100000`.

CPU milliseconds of one request through the whole WSGI application with the production settings,
warm, on a database of its own that holds so many pages. TEST_DATABASE=postgresql: on a cluster
of its own.
"""

import gzip
import io
import os
import socket
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import django

from tests.helpers.postgresql import Cluster

SIZES = (20, 1_000, 100_000)
ROUNDS = 15
REQUESTS = 10  # of each kind, a round
MOVED_FROM = 10_000  # pages: fewer have too few branches
Application = Callable[[dict[str, Any], Callable[..., None]], Any]


@dataclass
class Cost:
    """Of one kind of page."""

    status: str
    queries: int
    body: bytes
    times: list[float] = field(default_factory=list)  # CPU ms of a request, one a round

    def row(self, name: str) -> str:
        median, least = statistics.median(self.times), min(self.times)
        packed = len(gzip.compress(self.body))
        return (
            f"  {name:<20}{self.status:>5}{median:>10.2f}{least:>9.2f}{self.queries:>9}"
            f"{len(self.body):>10,}{packed:>9,}"
        )


HEADING = f"  {'':<20}{'':>5}{'median ms':>10}{'min ms':>9}{'queries':>9}{'bytes':>10}{'gzip':>9}"


def main(sizes: list[int]) -> None:
    with a_site() as application:
        for size in sizes:
            with database(f"bench{size}"):
                addresses = fill(size)
                print_costs(f"{size:,} pages", measure(application, addresses))
                if size >= MOVED_FROM:
                    addresses |= move_some()
                    print_costs("The same, a fifth of them moved", measure(application, addresses))


@contextmanager
def a_site() -> Iterator[Application]:
    """The site with the production settings in a folder of its own; Django is set up by it."""
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="ministry-bench-")))
        os.environ["DATA_DIR"] = str(folder)
        os.environ["DJANGO_SETTINGS_MODULE"] = "ministry_site.settings"
        os.environ |= {"SEARCH_RATE": "0", "SUGGESTION_RATE": "0"}
        os.environ.pop("DATABASE_URL", None)
        if os.environ.get("TEST_DATABASE") == "postgresql":
            os.environ["DATABASE_URL"] = stack.enter_context(cluster())
        django.setup()
        limit_as_the_server()
        yield prepare()


def limit_as_the_server() -> None:
    """Let PostgreSQL plan as it does for the threads of the server."""
    from ministry_site.serving.time_limits import TimeLimits, limit_this_thread

    limit_this_thread(TimeLimits(statement=600, lock=60))


@contextmanager
def cluster() -> Iterator[str]:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = str(probe.getsockname()[1])
    started = Cluster(port)
    started.start()
    try:
        yield f"postgres://postgres@127.0.0.1:{port}/postgres"
    finally:
        started.stop()


def prepare() -> Application:
    """Collect the static files, as an installation does, and only then build the application."""
    from django.core.management import call_command
    from django.core.wsgi import get_wsgi_application

    call_command("collectstatic", interactive=False, verbosity=0)
    application: Application = get_wsgi_application()  # type: ignore[assignment]
    return application


@contextmanager
def database(name: str) -> Iterator[None]:
    """Make a new, empty database the site's own for a while."""
    from django.core.management import call_command
    from django.db import connection

    home = str(connection.settings_dict["NAME"])
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute(f"CREATE DATABASE {name}")
    connection.close()
    connection.settings_dict["NAME"] = (
        name if connection.vendor == "postgresql" else str(Path(home).with_name(name))
    )
    call_command("migrate", verbosity=0)
    yield
    connection.close()
    connection.settings_dict["NAME"] = home


def fill(size: int) -> dict[str, str]:
    """Grow the site; return an address of each kind, and of each kind of refusal."""
    from tests.helpers.generator import grow

    addresses = grow(size)
    vacuum()
    return addresses | {"redirect": "/main_sosiki", "bad moment": "/?at=never"}


def move_some() -> dict[str, str]:
    """Move a fifth of the pages now; return the addresses of one of them, new and old."""
    from tests.helpers.generator import rename_bureaus

    renamed, before = rename_bureaus()
    vacuum()
    return {"renamed bureau": renamed, "its old address": before}


def vacuum() -> None:
    from django.db import connection

    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("VACUUM ANALYZE")


def measure(application: Application, addresses: dict[str, str]) -> dict[str, Cost]:
    costs = {name: first(application, address) for name, address in addresses.items()}
    for _ in range(ROUNDS):
        for name, address in addresses.items():
            begin = time.process_time()
            for _ in range(REQUESTS):
                ask(application, address)
            costs[name].times.append((time.process_time() - begin) * 1000 / REQUESTS)
    return costs


def first(application: Application, address: str) -> Cost:
    """Ask twice: the first builds and compiles, the second is looked at."""
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    ask(application, address)
    with CaptureQueriesContext(connection) as queries:
        status, body = ask(application, address)
    return Cost(status, len(queries), body)


def ask(application: Application, address: str) -> tuple[str, bytes]:
    parts = urlsplit(address)
    answered: list[str] = []
    environ = {
        "REQUEST_METHOD": "GET",
        "PATH_INFO": parts.path,
        "QUERY_STRING": parts.query,
        "SERVER_NAME": "localhost",
        "SERVER_PORT": "80",
        "SERVER_PROTOCOL": "HTTP/1.1",
        "HTTP_HOST": "localhost",
        "wsgi.url_scheme": "http",
        "wsgi.input": io.BytesIO(),
        "wsgi.errors": sys.stderr,
    }
    response = application(environ, lambda status, _headers: answered.append(status))
    body = b"".join(response)
    response.close()
    return answered[0].split()[0], body


def print_costs(heading: str, costs: dict[str, Cost]) -> None:
    print(f"\n{heading}", HEADING, sep="\n")
    for name, cost in costs.items():
        print(cost.row(name))


if __name__ == "__main__":
    main([int(text) for text in sys.argv[1:]] or list(SIZES))
