"""The log and the counters of the real server: what an operator reads of a request."""

import json
import logging
import re
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from pkgutil import resolve_name
from typing import Any

import pytest
from django.db import OperationalError

from ministry_site.logs import TEXT, JsonLines, TextLines, logging_config, server_lines
from ministry_site.request_records import record_of
from tests.helpers.server import PATIENCE, Answer, ask, copy_of_prepared, running

BUREAU = "/main_sosiki/joho_kokusai/"
GIVEN = "a1b2c3d4-example"


@dataclass(frozen=True)
class Logged:
    port: int
    file: Path
    data: Path

    def ask(self, target: str, **headers: str) -> Answer:
        return ask(self.port, target, headers={k.replace("_", "-"): v for k, v in headers.items()})

    def lines(self, request_id: str | None) -> list[dict[str, Any]]:
        """The lines about this request, each an object of JSON; the last is that of the access."""
        patience = time.monotonic() + PATIENCE
        while time.monotonic() < patience:
            written = self.file.read_text().rpartition("\n")[0]
            lines = [json.loads(line) for line in written.splitlines()]
            found = [line for line in lines if line.get("request_id") == request_id]
            if any(line["logger"] == "ministry.access" for line in found):
                return found
        raise AssertionError(request_id)


@pytest.fixture(scope="module")
def logged(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Logged]:
    data = tmp_path_factory.mktemp("data")
    settings = {"LOG_FORMAT": "json", "METRICS_FROM": "127.0.0.1", "TRUSTED_PROXIES": "1"}
    environment = copy_of_prepared(data) | settings
    with running(environment, workers=2, log=data / "log") as (_, port):
        yield Logged(port, data / "log", data)


def test_a_request_is_one_line_of_json_with_the_id_that_was_answered(logged: Logged) -> None:
    answer = logged.ask(f"{BUREAU}?at=2013-08-01", X_Request_ID=GIVEN)
    assert answer.headers["X-Request-ID"] == GIVEN
    (line,) = logged.lines(GIVEN)
    assert line["logger"] == "ministry.access"
    assert (line["method"], line["path"], line["status"]) == ("GET", BUREAU, 200)
    assert line["user"] is None
    assert 0 < line["queries"] <= 10
    assert line["milliseconds"] > 0
    assert not {"address", "query", "traceback"} & line.keys()


@pytest.mark.parametrize("claimed", ["short", 'x" , "level": "no', "a" * 65, "-a1b2c3d4"])
def test_an_id_in_another_form_is_replaced(logged: Logged, claimed: str) -> None:
    answer = logged.ask("/healthz", X_Request_ID=claimed)
    assert re.fullmatch(r"[0-9a-f]{32}", answer.headers["X-Request-ID"])


def test_the_token_of_a_shared_link_is_not_logged(logged: Logged) -> None:
    logged.ask("/preview/WzEsMCwxXQ:token/", X_Request_ID="of-a-shared-link")
    (line,) = logged.lines("of-a-shared-link")
    assert line["path"] == "/preview/…/"


def test_the_console_masks_the_token_in_the_line_of_any_logger() -> None:
    config = logging_config(TEXT, access=False)
    arguments = ("Service Unavailable", "/preview/WzEsMCwxXQ:token/")
    record = logging.LogRecord("django.request", logging.ERROR, "", 0, "%s: %s", arguments, None)
    for name in config["handlers"]["console"]["filters"]:
        assert resolve_name(config["filters"][name]["()"])().filter(record)
    assert record.getMessage() == "Service Unavailable: /preview/…/"


def test_the_path_of_a_request_stays_in_its_line() -> None:
    path = "/news/\n2026-11-30 ERROR 局".encode().decode("latin-1")
    record = record_of({"PATH_INFO": path, "REQUEST_METHOD": "GET"})
    assert record.path == "/news/\\n2026-11-30 ERROR 局"


@pytest.mark.parametrize("lines", [TextLines(), JsonLines()])
def test_an_outage_is_one_line_with_its_cause_and_a_defect_has_its_traceback(
    lines: logging.Formatter,
) -> None:
    def logged_as(error: Exception) -> str:
        record = logging.LogRecord(
            "django.request", logging.ERROR, "", 0, "%s: /", ("Service Unavailable",), None
        )
        record.exc_info = (type(error), error, error.__traceback__)
        return lines.format(record)

    outage = logged_as(OperationalError("connection refused\n\tIs the server running?"))
    assert "Service Unavailable: /（OperationalError: connection refused Is the server" in outage
    assert "\n" not in outage
    assert "ZeroDivisionError" in logged_as(ZeroDivisionError())
    assert "（ZeroDivisionError" not in logged_as(ZeroDivisionError())


def test_counters_are_for_the_inside_and_count_for_all_workers(logged: Logged) -> None:
    for number in range(20):
        logged.ask(BUREAU, X_Request_ID=f"for-the-counters-{number}")
    seen = [line for n in range(20) for line in logged.lines(f"for-the-counters-{n}")]
    assert len(seen) == 20
    outside = logged.ask("/metrics", X_Forwarded_For="203.0.113.9")
    assert outside.status == 403
    inside = logged.ask("/metrics").body.decode()
    (count,) = re.findall(
        r'^ministry_requests_total\{kind="pages",status="200"\} (\S+)', inside, re.MULTILINE
    )
    assert float(count) >= 20
    assert "ministry_request_seconds_bucket" in inside
    assert 'ministry_disk_free_bytes{folder="data"}' in inside


@pytest.mark.parametrize(("form", "beginning"), [("json", '{"level": "ERROR"'), ("text", "20")])
def test_the_server_itself_writes_lines_in_the_form_of_the_site(
    monkeypatch: pytest.MonkeyPatch, form: str, beginning: str
) -> None:
    monkeypatch.setenv("LOG_FORMAT", form)
    config = json.loads(Path("ministry_site/granian_log.json").read_text())
    assert config["formatters"]["lines"]["()"] == "ministry_site.logs.server_lines"
    record = logging.LogRecord("_granian", logging.ERROR, "", 0, "Unexpected exit", (), None)
    assert server_lines().format(record).startswith(beginning)
