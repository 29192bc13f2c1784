"""The database under the tests, and the cast of their stories."""

import gc
import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import hypothesis
import pytest
from django.conf import LazySettings
from django.contrib.auth.models import User
from django.core.management import call_command
from django.db import transaction
from django.test import Client, override_settings
from pytest_django import DjangoDbBlocker

from bureaus.models import Kind, Role
from bureaus.views.health import health, readiness
from tests.helpers import databases, postgresql
from tests.helpers.cast import Site, found_site, officer, publish
from tests.helpers.overhead import without_overhead
from tests.helpers.storms import AT_FULL_SIZE

HERE = Path(__file__).parent
# What starts programs on SQLite, or asks no database: docs/adr/0031-what-runs-where.md.
SQLITE_ONLY = {"browser", "deploy", "proofreading"} | (
    set() if AT_FULL_SIZE else {"text", "uploads"}
)
MARKERS = {
    "both_databases": True,
    "one_database": False,
    "one_database_unless_long": AT_FULL_SIZE,
}
WANTS_POSTGRESQL = os.environ.get("TEST_DATABASE") == "postgresql"
LACKS_POSTGRESQL = WANTS_POSTGRESQL and postgresql.programs() is None
# They wait for time limits: begun first, they leave their processor to the others.
WAITING = {
    "test_make.py",
    "test_deploy.py",
    "test_slow_peers.py",
    "test_outages.py",
    "test_backups.py",
}
MISSING = "PostgreSQL がこのマシンにないため、PostgreSQL でのテストを飛ばしました。"
cluster: postgresql.Cluster | None = None
# A busy machine is no fault of a test: no time is asserted, that of the examples neither.
hypothesis.settings.register_profile(
    "any machine", deadline=None, suppress_health_check=[hypothesis.HealthCheck.too_slow]
)
hypothesis.settings.load_profile("any machine")


def pytest_configure(config: pytest.Config) -> None:
    global cluster  # noqa: PLW0603 - one a run, stopped in pytest_unconfigure
    # Look seldom for garbage: a seventh of the time of a test and of collecting the tests.
    gc.set_threshold(100_000, 50, 100)
    if LACKS_POSTGRESQL and os.environ.get("CI") == "true":
        pytest.exit(f"{MISSING} CI では失敗です。", returncode=1)
    if WANTS_POSTGRESQL and not LACKS_POSTGRESQL and not hasattr(config, "workerinput"):
        cluster = postgresql.Cluster(os.environ["TEST_POSTGRESQL_PORT"])
        cluster.start()


def pytest_unconfigure(config: pytest.Config) -> None:
    if cluster is not None:
        cluster.stop()
    folder = Path(os.environ["TEST_ROOT"])
    if not hasattr(config, "workerinput") and folder.name.startswith("ministry-"):
        shutil.rmtree(folder, ignore_errors=True)


def pytest_ignore_collect(collection_path: Path) -> bool | None:
    """Leave out the folders in which nothing runs again, as importing them takes its time."""
    is_left_out = collection_path.parent == HERE and collection_path.name in SQLITE_ONLY
    return True if WANTS_POSTGRESQL and is_left_out else None


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    if LACKS_POSTGRESQL:
        for item in items:
            item.add_marker(pytest.mark.skip(reason=MISSING))
    if WANTS_POSTGRESQL:
        once = [item for item in items if not runs_on_postgresql(item)]
        config.hook.pytest_deselected(items=once)
        items[:] = [item for item in items if runs_on_postgresql(item)]
    items.sort(key=lambda item: item.path.name not in WAITING)


def pytest_collection_finish() -> None:
    """Do not look for garbage among what was imported."""
    gc.collect()
    gc.freeze()


def runs_on_postgresql(item: pytest.Item) -> bool:
    """Whether the test runs there too: unless marked, whatever uses the database does."""
    for mark in item.iter_markers():
        if mark.name in MARKERS:
            return MARKERS[mark.name]
    fixtures = getattr(item, "fixturenames", ())
    return item.get_closest_marker("django_db") is not None or "_django_db_helper" in fixtures


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    if LACKS_POSTGRESQL:
        terminalreporter.write_line(f"注意：{MISSING}", yellow=True)


@pytest.fixture(scope="session")
def django_db_setup(
    request: pytest.FixtureRequest,
    django_test_environment: None,
    django_db_blocker: DjangoDbBlocker,
) -> None:
    worker = getattr(request.config, "workerinput", {}).get("workerid", "main")
    with django_db_blocker.unblock():
        databases.use_copy(f"test_{worker}")


@pytest.fixture(scope="session", autouse=True)
def _without_overhead() -> Iterator[None]:
    with without_overhead():
        yield


@pytest.fixture(autouse=True)
def _nothing_kept_from_another_story() -> None:
    health.until = readiness.until = 0.0


@pytest.fixture
def site(db: None) -> Site:
    """総務省 > 組織案内 > 情報通信国際戦略局, with two policy sections and two news items."""
    return found_site()


@pytest.fixture
def committed_site(transactional_db: None) -> Site:
    """The same, where other processes can see it."""
    return found_site()


@pytest.fixture
def writer(site: Site) -> User:
    """Writes for the bureau."""
    return officer("鈴木", {site.bureau: [Role.WRITER]})


@pytest.fixture
def approver(site: Site) -> User:
    """Approves what the bureau writes."""
    return officer("佐藤", {site.bureau: [Role.APPROVER]})


@pytest.fixture
def second_approver(site: Site) -> User:
    return officer("高橋", {site.bureau: [Role.APPROVER, Role.WRITER]})


@pytest.fixture
def manager(site: Site) -> User:
    """Keeps the tree of the whole site in order, and writes nothing."""
    return officer("渡辺", {site.root: [Role.MANAGER]})


@pytest.fixture
def outsider(site: Site) -> User:
    """Does everything, in another bureau."""
    other = publish(site.guide, "toukei", "統計局", kind=Kind.ORGANISATION, category="bureau")
    return officer("伊藤", {other: list(Role)})


@pytest.fixture
def operator(db: None) -> User:
    return User.objects.create_superuser("田中", password="ひみつ-tanaka-2013")


@pytest.fixture
def citizen() -> Client:
    """Nobody's account, at the address that the site answers to."""
    return Client(HTTP_HOST="localhost")


@pytest.fixture
def operator_client(operator: User) -> Client:
    client = Client(HTTP_HOST="localhost")
    client.force_login(operator)
    return client


@pytest.fixture
def media(settings: LazySettings, tmp_path: Path) -> Path:
    """A folder of this test's own for pictures and documents."""
    settings.MEDIA_ROOT = tmp_path / "stored"
    return tmp_path / "stored"


@pytest.fixture
def static_files(settings: LazySettings) -> None:
    """The site answers for its static files too: every client then reads about two hundred."""
    settings.WHITENOISE_USE_FINDERS = True


@pytest.fixture(scope="module")
def ministry(
    django_db_setup: None,
    django_db_blocker: DjangoDbBlocker,
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[None]:
    """The three fixtures, loaded once for a file of tests."""
    media = override_settings(MEDIA_ROOT=tmp_path_factory.mktemp("media"))
    with django_db_blocker.unblock(), media, transaction.atomic():
        call_command("loaddata", "ministry", "directory", "news", verbosity=0)
        yield
        transaction.set_rollback(True)
