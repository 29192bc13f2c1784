"""The limit of failed logins: counted before a password is hashed, reported in Japanese."""

from datetime import datetime, timedelta
from typing import Any, ClassVar

import pytest
from axes.models import AccessAttempt
from django.conf import LazySettings
from django.contrib.auth.hashers import MD5PasswordHasher
from django.contrib.auth.models import User
from django.core.management import call_command
from django.test import Client, RequestFactory
from django.utils import timezone

from bureaus.checks import check_proxies
from bureaus.security.addresses import client_address
from bureaus.text.formatting import japanese_time
from tests.helpers.authenticator import LOGIN, browser, fail, is_inside, log_in

pytestmark = [pytest.mark.django_db, pytest.mark.one_database_unless_long]
HERE, THERE = "192.0.2.1", "192.0.2.2"


class CountingHasher(MD5PasswordHasher):
    hashed: ClassVar[list[str]] = []

    def encode(self, password: str, salt: str) -> str:
        self.hashed.append(password)
        return super().encode(password, salt)


@pytest.fixture
def hashed(settings: LazySettings) -> list[str]:
    """Every password that has been hashed since."""
    settings.PASSWORD_HASHERS = [f"{__name__}.{CountingHasher.__name__}"]
    CountingHasher.hashed.clear()
    return CountingHasher.hashed


def test_the_fifth_failure_locks_and_the_right_password_does_not_help(
    citizen: Client, writer: User
) -> None:
    assert fail(citizen, writer.username, times=4).status_code == 200
    assert fail(citizen, writer.username).status_code == 429
    assert log_in(citizen, writer).status_code == 429
    assert not is_inside(citizen)


def test_four_failures_lock_nobody_and_are_forgotten_after_a_login(
    citizen: Client, writer: User
) -> None:
    for _ in range(2):
        fail(citizen, writer.username, times=4)
        assert log_in(citizen, writer).status_code == 302


def test_no_password_is_hashed_for_whoever_is_locked_out(
    hashed: list[str], citizen: Client, writer: User
) -> None:
    fail(citizen, writer.username, times=5)
    assert len(hashed) >= 5
    hashed.clear()
    log_in(citizen, writer)
    fail(citizen, writer.username)
    assert hashed == []


def test_a_name_that_does_not_exist_is_treated_the_same(
    hashed: list[str], citizen: Client, writer: User
) -> None:
    hashed.clear()
    first = fail(citizen, writer.username).content.decode()
    other = fail(citizen, "だれでもない").content.decode()
    assert len(hashed) == 2
    class_name = "errornote"
    assert [line for line in first.splitlines() if class_name in line] == [
        line for line in other.splitlines() if class_name in line
    ]
    assert fail(citizen, "だれでもない", times=4).status_code == 429


def test_a_colleague_and_the_officer_elsewhere_are_not_locked(
    citizen: Client, writer: User, approver: User
) -> None:
    fail(citizen, writer.username, times=5, REMOTE_ADDR=HERE)
    assert log_in(browser(), approver, REMOTE_ADDR=HERE).status_code == 302
    assert log_in(browser(), writer, REMOTE_ADDR=THERE).status_code == 302


def test_fifty_failures_from_one_address_lock_it_for_every_name(
    hashed: list[str], citizen: Client, writer: User
) -> None:
    for number in range(12):
        fail(citizen, f"名前{number}", times=4, REMOTE_ADDR=HERE)
    assert log_in(browser(), writer, REMOTE_ADDR=HERE).status_code == 302
    assert fail(citizen, "名前12", times=2, REMOTE_ADDR=HERE).status_code == 429
    hashed.clear()
    assert log_in(browser(), writer, REMOTE_ADDR=HERE).status_code == 429
    assert hashed == []
    assert log_in(browser(), writer, REMOTE_ADDR=THERE).status_code == 302


def test_a_login_does_not_clear_the_failures_of_another_name(
    citizen: Client, writer: User, approver: User
) -> None:
    fail(citizen, writer.username, times=4)
    assert log_in(browser(), approver).status_code == 302
    assert fail(citizen, writer.username).status_code == 429


def test_another_browser_at_the_same_address_is_counted_with_the_first(
    citizen: Client, writer: User
) -> None:
    for number in range(4):
        fail(citizen, writer.username, HTTP_USER_AGENT=f"ブラウザー{number}")
    assert fail(citizen, writer.username, HTTP_USER_AGENT="別").status_code == 429


def test_the_refusal_says_in_japanese_when_to_try_again(citizen: Client, writer: User) -> None:
    answer = fail(citizen, writer.username, times=5)
    wait = int(answer.headers["Retry-After"])
    assert 890 <= wait <= 900
    page = answer.content.decode()
    around = [timezone.now() + timedelta(seconds=wait + shift) for shift in range(-2, 62)]
    assert any(f"{japanese_time(moment)}を過ぎてから" in page for moment in around)
    assert "運用の担当者に連絡してください" in page
    assert "no-store" in answer.headers["Cache-Control"]
    assert "unsafe" not in answer.headers["Content-Security-Policy"]


def later(**time: Any) -> None:
    """As if the failures had happened so much earlier."""
    for attempt in AccessAttempt.objects.all():
        earlier: datetime = attempt.attempt_time - timedelta(**time)
        AccessAttempt.objects.filter(pk=attempt.pk).update(attempt_time=earlier)


def test_after_a_quarter_of_an_hour_it_is_open_again(citizen: Client, writer: User) -> None:
    fail(citizen, writer.username, times=5)
    later(minutes=14, seconds=50)
    assert log_in(citizen, writer).status_code == 429
    later(seconds=11)
    assert log_in(citizen, writer).status_code == 302


def test_trying_meanwhile_does_not_make_it_longer(citizen: Client, writer: User) -> None:
    fail(citizen, writer.username, times=5)
    later(minutes=10)
    assert int(fail(citizen, writer.username).headers["Retry-After"]) <= 300


def test_an_operator_frees_a_name(citizen: Client, writer: User) -> None:
    fail(citizen, writer.username, times=5)
    call_command("axes_reset_username", writer.username, verbosity=0)
    assert log_in(citizen, writer).status_code == 302


def test_no_password_is_stored_with_the_failures(citizen: Client, writer: User) -> None:
    fail(citizen, writer.username, times=2)
    stored = AccessAttempt.objects.values().get()
    assert "まちがい" not in str(stored)


# The address


def test_a_forged_forwarded_header_is_ignored(citizen: Client, writer: User) -> None:
    for number in range(4):
        fail(citizen, writer.username, HTTP_X_FORWARDED_FOR=f"198.51.100.{number}")
    spoofed = fail(citizen, writer.username, HTTP_X_FORWARDED_FOR="198.51.100.99")
    assert spoofed.status_code == 429


def test_behind_a_proxy_entries_left_of_its_own_are_ignored(
    settings: LazySettings, citizen: Client, writer: User
) -> None:
    settings.TRUSTED_PROXIES = 1
    for number in range(4):
        fail(citizen, writer.username, HTTP_X_FORWARDED_FOR=f"198.51.100.{number}, {HERE}")
    last = fail(citizen, writer.username, HTTP_X_FORWARDED_FOR=f"{THERE}, {HERE}")
    assert last.status_code == 429
    assert log_in(browser(), writer, HTTP_X_FORWARDED_FOR=THERE).status_code == 302


@pytest.mark.parametrize(
    ("proxies", "peer", "header", "expected"),
    [
        (0, HERE, THERE, HERE),
        (1, HERE, THERE, THERE),
        (1, HERE, f"10.0.0.1, {THERE}", THERE),
        (2, HERE, f"198.51.100.7, {THERE}, 10.0.0.1", THERE),
        (2, HERE, THERE, HERE),
        (1, HERE, "", HERE),
        (1, HERE, "unknown", HERE),
        (1, HERE, "'; DROP TABLE", HERE),
        (0, "::ffff:192.0.2.1", "", HERE),
        (0, "2001:db8:1:2:3:4:5:6", "", "2001:db8:1:2::"),
        (0, "", "", None),
    ],
)
def test_the_address_is_the_peer_of_the_outermost_trusted_proxy(
    settings: LazySettings, proxies: int, peer: str, header: str, expected: str | None
) -> None:
    settings.TRUSTED_PROXIES = proxies
    request = RequestFactory().post(LOGIN, REMOTE_ADDR=peer, HTTP_X_FORWARDED_FOR=header)
    assert client_address(request) == expected


def test_w003_behind_tls_a_proxy_has_to_be_trusted(settings: LazySettings) -> None:
    settings.HTTPS, settings.TRUSTED_PROXIES = True, 0
    assert [warning.id for warning in check_proxies()] == ["bureaus.W003"]
    settings.TRUSTED_PROXIES = 1
    assert check_proxies() == []
    settings.HTTPS, settings.TRUSTED_PROXIES = False, 0
    assert check_proxies() == []


def test_what_is_no_address_stops_no_login(
    settings: LazySettings, citizen: Client, writer: User
) -> None:
    settings.TRUSTED_PROXIES = 1
    assert log_in(citizen, writer, HTTP_X_FORWARDED_FOR="x" * 300).status_code == 302
    assert fail(browser(), "なまえ", HTTP_X_FORWARDED_FOR="x", REMOTE_ADDR="").status_code == 200


def test_the_admin_shows_neither_failures_nor_keys(operator_client: Client) -> None:
    page = operator_client.get("/admin/").content.decode()
    for app in ("axes", "otp_totp", "otp_static"):
        assert f"/admin/{app}/" not in page
        assert operator_client.get(f"/admin/{app}/").status_code == 404
