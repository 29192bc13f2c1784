"""
Prove that two machines stand in for each other: `python -m tests.drills.ops`.

nginx with TLS before two servers with a folder each, on one PostgreSQL, one Redis and one bucket:
what an operator fears is done to them while citizens read. Prints what was done, the requests and
rows that were lost, and the seconds until all was well. The exit status is 0 only where every
drill has its figures.
"""

import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from tests.helpers import postgresql
from tests.helpers.machines import (
    PROCESSES,
    Farm,
    Machine,
    Officer,
    running_farm,
    seconds_until,
)
from tests.helpers.processes import frozen
from tests.helpers.proxy import HOST, Readers
from tests.helpers.redis_server import running_redis
from tests.helpers.server import run_python, sender_of_a_byte

BUREAU = "/main_sosiki/joho_kokusai/"
PAPER = "/documents/ict_tweet_unyou_policy.pdf"
PAGES = (BUREAU, "/", "/news/", "/sitemap/")
PROGRAMS = ("nginx", "redis-server", "openssl")
FROZEN_SECONDS = 6.0
LIMIT_OF_NAME = 5
SLOW_BODIES = 20
MOST_SECONDS = 60.0  # to heal, on a busy machine


@dataclass
class Figures:
    """Of one drill. `may_lose`: requests are refused meanwhile, with 503 and a page."""

    what: str
    requests: int = 0
    lost: int = 0
    rows_lost: int = 0
    seconds: float = 0.0
    may_lose: bool = False
    faults: list[str] = field(default_factory=list)

    @property
    def is_good(self) -> bool:
        lost = 0 if self.may_lose else self.lost
        return not (lost or self.rows_lost or self.faults) and self.seconds <= MOST_SECONDS

    def row(self) -> str:
        lost = f"({self.lost})" if self.may_lose else str(self.lost)
        verdict = "ok" if self.is_good else f"FAILED {'; '.join(self.faults)}"
        numbers = f"{self.requests:>9}{lost:>7}{self.rows_lost:>7}{self.seconds:>9.1f}"
        return f"  {self.what:<58}{numbers}  {verdict}"

    def expect(self, what: str, *, is_so: bool) -> None:
        if not is_so:
            self.faults.append(what)


Drill = Callable[[Farm, Figures, Readers], None]
HEADING = f"  {'':<58}{'requests':>9}{'lost':>7}{'rows':>7}{'seconds':>9}"


def approval(farm: Farm, figures: Figures, readers: Readers) -> None:
    """An officer approves on A, a citizen reads on B."""
    approve_one(farm, figures, on=farm.a, read_on=farm.b)
    readers.wait_for(4)


def approve_one(farm: Farm, figures: Figures, *, on: Machine, read_on: Machine) -> None:
    address, edition = farm.waiting.popitem()
    officer = Officer()
    figures.expect("the officer logs in", is_so=officer.log_in(on) == 302)
    figures.expect("the approval is accepted", is_so=officer.approve(on, edition) == 302)
    lead = farm.lead_of(edition)
    figures.seconds += seconds_until(lambda: lead in read_on.ask(address).body.decode())


def login_limits(farm: Farm, figures: Figures, readers: Readers) -> None:
    """Failures at both machines count together."""
    stranger = Officer()
    for number in range(LIMIT_OF_NAME):
        stranger.log_in((farm.a, farm.b)[number % 2], name="鈴木", password=f"wrong {number}")
    refused = {stranger.log_in(each, name="鈴木", password="wrong") for each in (farm.a, farm.b)}
    figures.expect("both machines refuse the sixth", is_so=refused == {429})
    readers.wait_for(4)


def killed_worker(farm: Farm, figures: Figures, readers: Readers) -> None:
    worker = farm.b.workers()[0]
    os.kill(worker, signal.SIGKILL)
    figures.seconds = seconds_until(lambda: len(set(farm.b.workers()) - {worker}) == PROCESSES)
    readers.wait_for(24)


def killed_machine(farm: Farm, figures: Figures, readers: Readers) -> None:
    farm.a.stop(signal.SIGKILL)
    readers.wait_for(24)
    farm.a.start()
    figures.seconds = seconds_until(farm.a.is_ready)
    readers.wait_for(8)


def rolling_upgrade(farm: Farm, figures: Figures, readers: Readers) -> None:
    """The database of N first; A, then B; an approval by the version before in between."""
    farm.execute("ALTER TABLE bureaus_edition ADD COLUMN of_next text NOT NULL DEFAULT ''")
    farm.execute(
        "INSERT INTO django_migrations (app, name, applied)"
        " VALUES ('bureaus', '9999_of_the_next_version', now())"
    )
    sheet = Path(farm.a.environment["STATIC_FOLDER"], "css", "next.0123456789ab.css")
    sheet.write_text("body {}")
    for each, other in ((farm.a, farm.b), (farm.b, farm.a)):
        run_python("manage.py", "prepare", "--migrate-only", environment=each.environment)
        if other is farm.b:
            approve_one(farm, figures, on=other, read_on=other)
        begin = time.monotonic()
        each.stop(signal.SIGTERM)
        each.start()
        seconds_until(each.is_ready)
        figures.seconds += time.monotonic() - begin
        readers.wait_for(8)
    former = farm.proxy.ask("/static/css/next.0123456789ab.css")
    figures.expect("the sheet of the next version is found", is_so=former.status == 200)


def frozen_database(farm: Farm, figures: Figures, readers: Readers) -> None:
    figures.may_lose = True
    with frozen(*farm.cluster.processes()):
        time.sleep(FROZEN_SECONDS)
        figures.expect("the process lives", is_so=farm.a.ask("/livez").status == 200)
        figures.expect("it is not ready", is_so=farm.a.ask("/readyz").status == 503)
        figures.expect("pages are refused", is_so=farm.proxy.ask(BUREAU).status == 503)
        figures.expect("icons are served", is_so=farm.proxy.ask("/favicon.ico").status == 200)
    figures.seconds = seconds_until(lambda: farm.proxy.ask(BUREAU).status == 200)
    seconds_until(lambda: farm.a.is_ready() and farm.b.is_ready())
    approve_one(farm, figures, on=farm.b, read_on=farm.a)
    del readers


def frozen_store(farm: Farm, figures: Figures, readers: Readers) -> None:
    """Pages go on; only files wait, and are refused after seconds."""
    with frozen(farm.store):
        figures.expect("a document is refused", is_so=farm.a.ask(PAPER).status == 503)
        figures.expect("the machine stays", is_so=farm.a.ask("/readyz").status == 200)
        readers.wait_for(16)
    figures.seconds = seconds_until(lambda: farm.a.ask(PAPER).status == 200)


def slow_bodies(farm: Farm, figures: Figures, readers: Readers) -> None:
    """Bodies that trickle past the proxy take no thread that pages need."""
    with ExitStack() as stack:
        for _ in range(SLOW_BODIES):
            headers = (f"Host: {HOST}", "X-Forwarded-Proto: https")
            stack.enter_context(sender_of_a_byte(farm.a.port, *headers))
        figures.seconds = seconds_until(lambda: farm.a.ask(BUREAU).status == 200)
        readers.wait_for(24)


def lost_cache(farm: Farm, figures: Figures, readers: Readers) -> None:
    farm.redis.kill()
    farm.redis.wait()
    readers.wait_for(16)
    figures.expect("the machine stays", is_so=farm.a.ask("/readyz").status == 200)
    with running_redis(farm.redis_port):
        figures.seconds = seconds_until(lambda: b'"cache": "ok"' in farm.a.ask("/readyz").body)


DRILLS: dict[str, Drill] = {
    "an officer approves on A, a citizen reads on B": approval,
    "failed logins at A and at B": login_limits,
    "a worker of B killed": killed_worker,
    "machine A killed and started again": killed_machine,
    "upgrade, one machine after the other": rolling_upgrade,
    f"PostgreSQL frozen for {FROZEN_SECONDS:.0f} s": frozen_database,
    "the bucket frozen": frozen_store,
    f"{SLOW_BODIES} bodies of which one byte comes, sent to A": slow_bodies,
    "Redis killed and started again": lost_cache,
}


def run(farm: Farm, what: str, drill: Drill) -> Figures:
    """Do one drill while citizens read, and compare the rows before and after."""
    figures, before = Figures(what), farm.counts()
    with Readers(farm.proxy, PAGES).reading(2) as readers:
        try:
            drill(farm, figures, readers)
        except (OSError, AssertionError, subprocess.SubprocessError) as error:
            figures.faults.append(f"{type(error).__name__}: {error}")
    figures.requests, figures.lost = readers.statuses.total(), len(readers.lost)
    if not figures.may_lose:
        figures.faults += readers.lost[:3]
    figures.rows_lost = sum(max(0, before[name] - now) for name, now in farm.counts().items())
    print(figures.row(), flush=True)
    return figures


def consistency(farm: Farm) -> Figures:
    figures = Figures("check_site afterwards")
    try:
        run_python("manage.py", "check_site", environment=farm.b.environment)
    except subprocess.SubprocessError as error:
        figures.faults.append(str(error))
    print(figures.row(), flush=True)
    return figures


@contextmanager
def a_folder() -> Iterator[Path]:
    with tempfile.TemporaryDirectory(prefix="ministry-drill-") as name:
        yield Path(name)
    shutil.rmtree(os.environ["TEST_ROOT"], ignore_errors=True)


def main() -> int:
    missing = [program for program in PROGRAMS if shutil.which(program) is None]
    if missing or postgresql.programs() is None:
        print(f"missing: {', '.join(missing) or 'PostgreSQL'} (`make programs` installs it)")
        return 1
    with a_folder() as folder, running_farm(folder) as farm:
        print(HEADING)
        done = [run(farm, what, drill) for what, drill in DRILLS.items()]
        done.append(consistency(farm))
    failed = sum(not figures.is_good for figures in done)
    print(f"  {len(done) - failed} of {len(done)} drills have their figures")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
