"""The second factor: redirects, cost in queries, and a lost device."""

from io import StringIO

import pytest
from django.contrib.auth.models import User
from django.core.management import CommandError, call_command
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django_otp.plugins.otp_totp.models import TOTPDevice

from bureaus.login.models import BackupCode
from bureaus.login.second_factor import renew_backup_codes
from tests.helpers.authenticator import (
    CODE,
    SET_UP,
    browser,
    code_of,
    give_authenticator,
    is_inside,
    log_in,
)
from tests.login.test_second_factor import WAY, demanded, device, send

__all__ = ["demanded", "device"]
pytestmark = [pytest.mark.django_db, pytest.mark.one_database_unless_long]


def test_every_page_of_the_admin_links_the_officers_second_factor(operator_client: Client) -> None:
    assert f'href="{SET_UP}"' in operator_client.get("/admin/").content.decode()


def test_an_officer_who_gives_up_can_log_out(
    citizen: Client, operator: User, device: TOTPDevice
) -> None:
    log_in(citizen, operator)
    assert citizen.post("/admin/logout/").status_code == 200
    assert citizen.get(CODE)["Location"].startswith("/admin/login/")


FOREIGN = ["https://evil.example/", "//evil.example/", "\\\\evil.example", "/\\evil.example", "//["]
STRANGE = [*FOREIGN, "x", "evil.example/", "javascript:alert(1)", "?x", "/" + "a" * 20_000]


def test_next_leads_only_to_addresses_of_this_site(citizen: Client, operator: User) -> None:
    log_in(citizen, operator)
    for way in STRANGE:
        assert citizen.get(CODE, {"next": way})["Location"] == "/admin/", way
    device = give_authenticator(operator)
    for way in STRANGE:
        TOTPDevice.objects.update(throttling_failure_count=0, last_t=-1)
        answer = send(citizen, code_of(device.bin_key), way=way)
        assert answer["Location"] == "/admin/", way
        page = citizen.get(SET_UP, {"next": way}).content.decode()
        assert 'href="/admin/">管理画面へ進む' in page, way


@pytest.mark.parametrize("way", ["", *FOREIGN])
def test_next_at_the_login_leads_only_to_addresses_of_this_site(
    citizen: Client, operator: User, way: str
) -> None:
    assert log_in(citizen, operator, way=way)["Location"] == "/admin/"


def test_the_second_factor_costs_one_query_a_page(
    citizen: Client, operator: User, device: TOTPDevice
) -> None:
    other = browser()
    log_in(citizen, operator)
    send(citizen, code_of(device.bin_key))
    TOTPDevice.objects.update(user=User.objects.create_superuser("別", password="x"))
    log_in(other, operator)
    with CaptureQueriesContext(connection) as queries:
        assert is_inside(other)
    assert sum("otp_" in query["sql"] for query in queries) == 1
    TOTPDevice.objects.update(user=operator)
    with CaptureQueriesContext(connection) as queries:
        assert is_inside(citizen)
    assert sum("otp_" in query["sql"] for query in queries) == 1


# A lost device


def taken_from(name: str) -> str:
    output = StringIO()
    call_command("remove_second_factor", name, stdout=output)
    return output.getvalue()


def test_an_operator_removes_a_lost_device_without_printing_a_secret(
    citizen: Client, operator: User, device: TOTPDevice
) -> None:
    codes = renew_backup_codes(operator)
    output = taken_from("田中")
    assert output.startswith("「田中」から、認証アプリ1件と予備コード10個を外しました。")
    assert not [secret for secret in (device.key, *codes) if secret in output]
    assert not TOTPDevice.objects.exists()
    assert not BackupCode.objects.exists()
    log_in(citizen, operator)
    assert is_inside(citizen)


def test_removing_a_missing_second_factor_changes_nothing(operator: User) -> None:
    assert taken_from("田中") == "「田中」に、外すものはありませんでした。\n"


def test_a_name_that_nobody_has_is_named(db: None) -> None:
    with pytest.raises(CommandError, match="アカウント「だれか」はありません。"):
        taken_from("だれか")


@pytest.mark.usefixtures("demanded")
def test_a_session_of_the_removed_device_is_redirected_to_the_set_up(
    citizen: Client, operator: User, device: TOTPDevice
) -> None:
    log_in(citizen, operator)
    send(citizen, code_of(device.bin_key))
    assert is_inside(citizen)
    taken_from("田中")
    assert citizen.get(WAY)["Location"].startswith(SET_UP)
