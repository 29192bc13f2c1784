"""The security log: who did what from where, with which result."""

import logging
from collections.abc import Iterator
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.test import Client

from bureaus.models import Role
from bureaus.publishing import appoint, dismiss
from bureaus.security.log import logger
from ministry_site.logs import JSON, JsonLines, TokenFilter, logging_config
from tests.helpers.authenticator import (
    CODE,
    SET_UP,
    code_of,
    fail,
    give_authenticator,
    key_on,
    log_in,
    password_of,
    wrong,
)
from tests.helpers.cast import Site, client_of

pytestmark = [pytest.mark.django_db, pytest.mark.one_database]
HERE = "192.0.2.1"
FIELDS = ("event", "result", "account", "address", "reason", "kind", "target", "officer", "role")


@pytest.fixture
def log(caplog: pytest.LogCaptureFixture) -> Iterator[pytest.LogCaptureFixture]:
    """The stream of its own, which no other logger sees."""
    logger.addHandler(caplog.handler)
    yield caplog
    logger.removeHandler(caplog.handler)


def events(log: pytest.LogCaptureFixture) -> list[dict[str, Any]]:
    lines = [record.__dict__ for record in log.records if record.name == "security"]
    return [{name: line[name] for name in FIELDS if name in line} for line in lines]


def event(name: str, result: str = "ok", account: str = "田中", **more: str) -> dict[str, str]:
    return {"event": name, "result": result, "account": account, "address": HERE, **more}


def test_a_login_with_its_second_factor_is_recorded_from_the_first_failure_to_the_logout(
    citizen: Client, operator: User, log: pytest.LogCaptureFixture
) -> None:
    citizen.defaults["REMOTE_ADDR"] = HERE
    device = give_authenticator(operator)
    fail(citizen, "田中")
    log_in(citizen, operator)
    citizen.post(CODE, {"code": wrong(code_of(device.bin_key))})
    device.refresh_from_db()
    device.throttle_reset()
    citizen.post(CODE, {"code": code_of(device.bin_key)})
    citizen.post("/admin/logout/")
    assert events(log) == [
        event("login", "refused", reason="password"),
        event("login"),
        event("second-factor", "refused", reason="second-factor"),
        event("second-factor", kind="認証アプリ"),
        event("logout"),
    ]


def test_no_secret_is_in_the_records(
    citizen: Client, operator: User, log: pytest.LogCaptureFixture
) -> None:
    log_in(citizen, operator)
    key = key_on(citizen.get(SET_UP).content.decode())
    page = citizen.post(SET_UP, {"code": code_of(key)}).content.decode()
    assert {"factor-added", "backup-codes-renewed"} <= {line["event"] for line in events(log)}
    secrets = [password_of(operator), code_of(key), page.partition("<code>")[2][:9]]
    text = "".join(JsonLines().format(record) for record in log.records)
    assert [secret for secret in secrets if secret in text] == []


def test_a_page_that_is_refused_is_recorded_with_who_asked(
    site: Site, outsider: User, log: pytest.LogCaptureFixture
) -> None:
    client = client_of(outsider)
    log.clear()
    assert client.get("/admin/auth/user/", REMOTE_ADDR=HERE).status_code == 403
    assert events(log) == [event("access", "refused", account="伊藤")]
    assert 'path="/admin/auth/user/"' in log.text


def test_a_role_given_and_taken_is_recorded(
    site: Site,
    manager: User,
    log: pytest.LogCaptureFixture,
    django_capture_on_commit_callbacks: Any,
) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        appoint(
            name="森",
            role=Role.WRITER,
            page=site.bureau,
            actor=manager,
        )
        dismiss(name="森", role=Role.WRITER, page=site.bureau, actor=manager)
    assert [(line["event"], line["account"], line["officer"]) for line in events(log)] == [
        ("account", "渡辺", "森"),
        ("role", "渡辺", "森"),
        ("role", "渡辺", "森"),
    ]


def test_no_field_of_a_record_has_the_token_of_an_invitation() -> None:
    record = logging.makeLogRecord({"msg": "x", "path": "/admin/invitation/MQ/secret/"})
    assert TokenFilter().filter(record)
    assert "secret" not in JsonLines().format(record)


def test_the_security_log_is_a_stream_of_its_own(tmp_path: Any) -> None:
    to_file = logging_config(JSON, access=False, security=str(tmp_path / "security.log"))
    handler = to_file["handlers"]["security"]
    assert handler["filename"] == str(tmp_path / "security.log")
    assert handler["formatter"] == JSON
    assert to_file["loggers"]["security"] == {
        "handlers": ["security"],
        "level": "INFO",
        "propagate": False,
    }
    assert logging.getLogger("security").propagate is False
