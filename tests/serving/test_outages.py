"""A database and a storage that freeze: stopped for real, with everything that they hold."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.helpers import postgresql
from tests.helpers.processes import frozen
from tests.helpers.server import (
    Answer,
    Environment,
    ask,
    copy_of_prepared,
    run_python,
    running,
)
from tests.helpers.store import fill, running_store, storage_setting
from tests.settings import free_port

PAPER = "/documents/ict_tweet_unyou_policy.pdf"
BUREAU = "/main_sosiki/joho_kokusai/"
OFFICER = {"Cookie": f"session={'s' * 32}"}  # of whom only the database knows


def assert_unavailable(answer: Answer) -> None:
    assert answer.status == 503
    assert answer.headers["Retry-After"] == "10"
    assert answer.headers["Cache-Control"] == "no-store"
    assert "ただいま応答できません" in answer.body.decode()
    assert "default-src 'none'" in answer.headers["Content-Security-Policy"]


def sheet_of(page: Answer) -> str:
    return page.body.decode().partition('rel="stylesheet" href="')[2].partition('"')[0]


@pytest.fixture
def cluster() -> Iterator[postgresql.Cluster]:
    """A cluster that only the story stops: the tests' own belongs to all."""
    if postgresql.programs() is None:
        pytest.skip("PostgreSQL is not installed")
    cluster = postgresql.Cluster(str(free_port()))
    cluster.start()
    yield cluster
    cluster.stop()


def site_on(cluster: postgresql.Cluster, data: Path) -> Environment:
    address = f"postgres://postgres@127.0.0.1:{cluster.port}/postgres"
    environment = copy_of_prepared(data) | {"DATABASE_URL": address}
    run_python("manage.py", "migrate", "--verbosity", "0", environment=environment)
    run_python("manage.py", "loaddata", "ministry", environment=environment)
    return environment


def test_a_frozen_database_is_an_answer_after_seconds_and_heals(
    cluster: postgresql.Cluster, tmp_path: Path
) -> None:
    environment = site_on(cluster, tmp_path) | {"DATABASE_SECONDS": "1", "QUEUE_SECONDS": "1"}
    log = tmp_path / "log"
    with running(environment, workers=1, log=log) as (_, port):
        page = ask(port, BUREAU)
        assert page.status == 200
        with frozen(*cluster.processes()):
            for target in (BUREAU, PAPER, "/admin/", "/search/?q=ICT"):
                assert_unavailable(ask(port, target, headers=OFFICER))
            assert ask(port, sheet_of(page)).status == 200
            assert ask(port, "/favicon.ico").status == 200
            assert ask(port, "/healthz").status == 503
            assert ask(port, "/readyz").status == 503
            assert ask(port, "/livez").status == 200
        assert ask(port, BUREAU).status == 200
        assert ask(port, "/admin/", headers=OFFICER).status == 302
    failures = log.read_text().splitlines()
    assert len(failures) == 6, failures  # four pages, and a check of two reports


@pytest.fixture
def store() -> Iterator[tuple[int, str]]:
    with running_store() as running_one:
        yield running_one


def test_a_frozen_storage_is_an_answer_after_seconds_and_heals(
    store: tuple[int, str], tmp_path: Path
) -> None:
    pid, address = store
    environment = copy_of_prepared(tmp_path) | storage_setting(address)
    fill(address, Path(environment["DATA_DIR"]) / "media")
    with running(environment | {"STORAGE_SECONDS": "1"}, workers=1) as (_, port):
        page, paper = ask(port, BUREAU), ask(port, PAPER)
        assert paper.body.startswith(b"%PDF")
        with frozen(pid):
            assert_unavailable(ask(port, PAPER))
            assert ask(port, BUREAU).status == 200
            assert ask(port, "/healthz").status == 200
            assert ask(port, sheet_of(page)).status == 200
        assert ask(port, PAPER).body == paper.body
