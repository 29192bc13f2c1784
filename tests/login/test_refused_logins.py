"""The log lines of refused logins."""

import logging

import pytest
from django.contrib.auth.models import User
from django.test import Client

from tests.helpers.authenticator import (
    CODE,
    LOGIN,
    code_of,
    fail,
    give_authenticator,
    log_in,
    password_of,
    wrong,
)

pytestmark = [pytest.mark.django_db, pytest.mark.one_database_unless_long]
HERE = "192.0.2.1"
Lines = list[tuple[str, int, str]]


def lines_of(caplog: pytest.LogCaptureFixture) -> Lines:
    """The ordinary log; the security log has tests of its own."""
    return [line for line in caplog.record_tuples if line[0] != "security"]


def line(account: str, reason: str, address: str = HERE) -> tuple[str, int, str]:
    message = f'refused login: reason={reason} account="{account}" address={address}'
    return ("bureaus.login", logging.WARNING, message)


def test_each_refused_login_is_one_line_with_account_address_and_reason(
    citizen: Client, operator: User, caplog: pytest.LogCaptureFixture
) -> None:
    fail(citizen, "田中", times=5, REMOTE_ADDR=HERE)
    log_in(citizen, operator, REMOTE_ADDR=HERE)
    expected = [line("田中", "password")] * 4 + [line("田中", "locked")] * 2
    assert lines_of(caplog) == expected
    assert "まちがい" not in caplog.text
    assert password_of(operator) not in caplog.text


def test_a_wrong_code_and_an_account_that_may_not_enter_are_logged_too(
    citizen: Client, operator: User, caplog: pytest.LogCaptureFixture
) -> None:
    device = give_authenticator(operator)
    log_in(citizen, operator)
    code = wrong(code_of(device.bin_key))
    citizen.post(CODE, {"code": code}, REMOTE_ADDR=HERE)
    User.objects.create_user("市民", password="ひみつ-市民-2013")
    log_in(Client(HTTP_HOST="localhost"), User(username="市民"), REMOTE_ADDR=HERE)
    assert lines_of(caplog) == [line("田中", "second-factor"), line("市民", "not-staff")]
    assert code not in caplog.text


@pytest.mark.parametrize(
    ("typed", "logged"),
    [
        ('鈴木" address=1.1.1.1', '鈴木\\" address=1.1.1.1'),
        ("a\\nb", "a\\\\nb"),
        ("a\r\n2013-04-01 WARNING", "a\\r\\n2013-04-01 WARNING"),
        ("a\u2028b\u202ec\x1b[31m", "a\\u2028b\\u202ec\\x1b[31m"),
        ("長" * 150, "長" * 100 + "…"),
    ],
)
def test_what_is_typed_as_a_name_can_forge_no_line(
    citizen: Client, caplog: pytest.LogCaptureFixture, typed: str, logged: str
) -> None:
    data = {"username": typed, "password": "まちがい"}
    citizen.post(LOGIN, data, REMOTE_ADDR="")
    assert lines_of(caplog) == [line(logged, "password", "unknown")]


def test_a_login_that_succeeds_is_not_logged(
    citizen: Client, operator: User, caplog: pytest.LogCaptureFixture
) -> None:
    log_in(citizen, operator)
    citizen.get("/admin/")
    assert lines_of(caplog) == []
