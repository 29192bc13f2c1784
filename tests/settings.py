"""
The site's own settings, on a folder and a database that are the tests' alone.

TEST_DATABASE=postgresql: on a cluster that tests/conftest.py starts at the port chosen here.
"""

import os
import socket
import tempfile
from pathlib import Path


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


# The first process chooses, the workers that it starts inherit.
ROOT = Path(os.environ.setdefault("TEST_ROOT", tempfile.mkdtemp(prefix="ministry-")))
os.environ["DATA_DIR"] = str(ROOT / os.environ.get("PYTEST_XDIST_WORKER", "main"))
if os.environ.get("TEST_DATABASE") == "postgresql":
    port = os.environ.setdefault("TEST_POSTGRESQL_PORT", str(free_port()))
    os.environ["DATABASE_URL"] = f"postgres://postgres@127.0.0.1:{port}/postgres"
else:
    os.environ.pop("DATABASE_URL", None)

os.environ["SAMPLE"] = "on"  # on both databases
for rate in ("SEARCH_RATE", "SUGGESTION_RATE", "PREVIEW_RATE", "FORM_RATE"):
    os.environ[rate] = "0"  # a test asks more often than a person; tests of the rates set one

from ministry_site.settings import *  # noqa: E402, F403
from ministry_site.settings import DATA_DIR, DATABASES, STATIC_ROOT, STORAGES  # noqa: E402

# A file, not memory: other processes have to see it.
DATABASES["default"]["TEST"] = (
    {} if "DATABASE_URL" in os.environ else {"NAME": str(DATA_DIR / "test.sqlite3")}
)
DATABASES["default"]["CONN_MAX_AGE"] = 0
STORAGES["staticfiles"] = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
# A test that stores files names their folder: files left behind would disturb other tests.
MEDIA_ROOT = Path("/dev/null/media")
STATIC_ROOT.mkdir(parents=True, exist_ok=True)
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
