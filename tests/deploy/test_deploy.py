"""The files of deploy/: checked by their linters, and nginx with them before two machines."""

import json
import re
import signal
import sqlite3
import subprocess
import sys
import time
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

import compose_spec
import pytest
import yaml

from tests.helpers.paths import ROOT
from tests.helpers.programs import needed
from tests.helpers.proxy import BEHIND_TLS, Readers, machine, running_proxy
from tests.helpers.server import Answer, ask, copy_of_prepared, running

BUREAU = "/main_sosiki/joho_kokusai/"
PICTURE = "/media/images/kaidan.png"
DEPLOY = ROOT / "deploy"
PER_REQUEST = {"date", "etag", "last-modified", "content-length", "server", "connection", "vary"}
PER_REQUEST |= {"accept-ranges", "x-request-id"}


def test_the_units_and_the_image_start_the_server_as_the_makefile_does() -> None:
    makefile = (ROOT / "Makefile").read_text()
    command = re.search(r"^serve := \S+ ((?:.*\\\n)*.*)", makefile, re.MULTILINE)
    assert command is not None
    words = command[1].replace("\\\n", " ").split()
    unit = [word.replace("$(", "${").replace(")", "}") for word in words]
    assert " ".join(unit) in (DEPLOY / "systemd" / "ministry.service").read_text()
    values = {"$(HOST)": "0.0.0.0", "$(PORT)": "8000", "$(WORKERS)": '\\"$WORKERS\\"'}  # noqa: S104
    image = [values.get(word, word) for word in words]
    assert " ".join(image) in (DEPLOY / "Containerfile").read_text()


def test_each_service_may_write_where_the_settings_try_to() -> None:
    for unit in (DEPLOY / "systemd").glob("*.service"):
        paths = unit.read_text().partition("ReadWritePaths=")[2].partition("\n")[0].split()
        assert {"/var/lib/ministry", "/var/www/ministry/static"} <= set(paths), unit.name
        assert "InaccessiblePaths=-/srv/ministry/.git\n" in unit.read_text(), unit.name


def test_systemd_accepts_the_units(tmp_path: Path) -> None:
    program = needed("systemd-analyze")
    for unit in (DEPLOY / "systemd").iterdir():
        text = unit.read_text().replace("/srv/ministry/.venv/bin/python", sys.executable)
        name = unit.name.replace("@.", "@proofread.")
        (tmp_path / name).write_text(text.replace("/srv/ministry", str(ROOT)))
    units = sorted(str(unit) for unit in tmp_path.iterdir())
    checked = subprocess.run(
        [program, "verify", "--man=no", *units], capture_output=True, text=True, check=False
    )
    ours = [line for line in checked.stderr.splitlines() if "ministry" in line]
    assert (checked.returncode, ours) == (0, [])


def test_the_image_and_the_composition_are_well_formed() -> None:
    hadolint = [str(Path(sys.executable).parent / "hadolint"), str(DEPLOY / "Containerfile")]
    checked = subprocess.run(hadolint, capture_output=True, text=True, check=False)
    assert (checked.returncode, checked.stdout) == (0, "")
    content = yaml.safe_load((DEPLOY / "compose.yaml").read_text())
    services = compose_spec.PyCompose.from_json(json.dumps(content)).to_dict()["services"]
    assert {"proxy", "machine1", "machine2", "prepare", "database", "cache", "store"} <= set(
        services
    )
    assert services["machine1"]["volumes"] == services["prepare"]["volumes"]
    assert services["machine2"]["volumes"] == services["prepare2"]["volumes"]
    assert services["machine1"]["volumes"] != services["machine2"]["volumes"]
    nginx = (DEPLOY / "nginx" / "ministry.conf").read_text()
    for name in ("machine1", "machine2"):
        assert f"server {services[name]['networks']['inside']['ipv4_address']}:8000" in nginx


def headers_of(answer: Answer) -> dict[str, set[str]]:
    """Those that do not belong to this request or to the program that sends it."""
    found = {name.lower(): value.replace('"', "") for name, value in answer.headers.items()}
    return {name: set(found[name].split("; ")) for name in found.keys() - PER_REQUEST}


@pytest.fixture
def data(tmp_path: Path) -> Path:
    copy_of_prepared(tmp_path / "data")
    return tmp_path / "data"


def hide(data: Path, file: str) -> None:
    """Store an urgent proposal to seal the picture, beside the running machines."""
    now = datetime.now(UTC)
    values = {
        "key": "0" * 32,
        "kind": "image",
        "field": "",
        "file": file,
        "ground": "law",
        "reason": "",
        "decider": "総務省",
        "is_urgent": True,
        "proposed_at": now.isoformat(" "),
        "lapses_at": (now + timedelta(hours=1)).isoformat(" "),
    }
    with closing(sqlite3.connect(data / "site.sqlite3")) as database, database:
        names = ", ".join(f'"{name}"' for name in values)
        marks = ", ".join("?" * len(values))
        database.execute(f"INSERT INTO bureaus_seal ({names}) VALUES ({marks})", [*values.values()])  # noqa: S608 - our own names


def logged(log: Path, line: str) -> str:
    """Return what nginx has written once `line` is in it: it writes after it has answered."""
    end = time.monotonic() + 10
    while line not in (text := log.read_text()):
        assert time.monotonic() < end, text
        time.sleep(0.01)
    return text


def test_nginx_before_two_machines_serves_files_and_loses_no_request_of_a_killed_one(
    data: Path, tmp_path: Path
) -> None:
    environment = machine(data, copy_of_prepared(data) | BEHIND_TLS)
    direct = {"Host": "www.example.go.jp", "X-Forwarded-Proto": "https"}
    with (
        running(environment, workers=1) as (first, one),
        running(environment, workers=1) as (second, two),
        running_proxy(tmp_path / "nginx", [one, two], data / "static") as proxy,
    ):
        page = proxy.ask(BUREAU)
        assert page.status == 200
        known = {"If-None-Match": page.headers["ETag"]}
        assert proxy.ask(BUREAU, headers=known).status == 304
        assert "https://www.example.go.jp/" in page.body.decode()
        sheet = page.body.decode().partition('rel="stylesheet" href="')[2].partition('"')[0]
        of_nginx, of_site = proxy.ask(sheet), ask(one, sheet, headers=direct)
        assert of_nginx.body == of_site.body
        assert headers_of(of_nginx) == headers_of(of_site)
        assert "X-Request-ID" not in of_nginx.headers  # no machine has answered
        assert proxy.ask("/readyz").status == 404
        big = {"Content-Length": str(5 * 1024**2)}
        assert proxy.ask("/search/", method="POST", headers=big).status == 413
        assert proxy.ask(PICTURE).status == 200
        hide(data, PICTURE.removeprefix("/media/"))
        assert proxy.ask(PICTURE).status == 410
        proxy.ask("/preview/WzEsMCwxXQ:token/?q=asked")
        log = logged(proxy.folder / "access.log", '"GET /preview/- HTTP/1.1"')
        assert "token" not in log
        assert "asked" not in log

        with Readers(proxy, (BUREAU, "/", "/news/")).reading() as readers:
            readers.wait_for(8)
            first.send_signal(signal.SIGKILL)
            readers.wait_for(16)
        assert readers.lost == []
        second.send_signal(signal.SIGKILL)
        second.wait()
        outage = proxy.ask(BUREAU)
        assert (outage.status, outage.headers["Retry-After"]) == (503, "10")
        assert "ただいま表示できません" in outage.body.decode()
        assert "default-src 'none'" in outage.headers["Content-Security-Policy"]
        assert proxy.ask(PICTURE).status == 503  # nginx keeps no copy
