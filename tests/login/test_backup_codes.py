"""Backup codes are stored as hashes, those from before too."""

from importlib import import_module

import pytest
from django.apps import apps
from django.contrib.auth.models import User
from django.db import connection
from django.test import Client
from django_otp.plugins.otp_static.models import StaticDevice, StaticToken

from bureaus.login.models import BackupCode
from bureaus.login.second_factor import renew_backup_codes
from tests.helpers.authenticator import give_authenticator, is_inside, log_in
from tests.login.test_second_factor import send

pytestmark = pytest.mark.django_db
hashing = import_module("bureaus.login.migrations.0002_hash_backup_codes")


@pytest.mark.one_database
def test_no_code_is_in_the_database(operator: User) -> None:
    codes = renew_backup_codes(operator)
    stored = " ".join(BackupCode.objects.values_list("hash", flat=True))
    assert [code for code in codes if code.replace("-", "") in stored] == []
    assert not StaticToken.objects.exists()


def test_a_code_that_was_stored_in_clear_still_opens_once_after_the_migration(
    citizen: Client, operator: User
) -> None:
    give_authenticator(operator)
    device = StaticDevice.objects.create(user=operator, name="予備コード")
    StaticToken.objects.create(device=device, token="abcdefgh")
    hashing.hash_backup_codes(apps, connection.schema_editor())
    assert StaticToken.objects.exists()  # the version before reads it
    log_in(citizen, operator)
    send(citizen, "abcd-efgh")
    assert is_inside(citizen)
    assert not BackupCode.objects.exists()
    citizen.logout()
    log_in(citizen, operator)
    send(citizen, "abcd-efgh")
    assert not is_inside(citizen)
    renew_backup_codes(operator)
    assert not StaticToken.objects.exists()
