"""Several second factors of one account: one more authenticator or passkey, and one less."""

import pytest
from django.contrib.auth.models import User
from django.test import Client
from django_otp.plugins.otp_totp.models import TOTPDevice

from bureaus.login.models import Passkey
from tests.helpers.authenticator import (
    CODE,
    SET_UP,
    code_of,
    give_authenticator,
    is_inside,
    key_on,
    log_in,
    password_of,
)

pytestmark = [pytest.mark.django_db, pytest.mark.one_database]
AUTHENTICATOR = "/admin/second-factor/authenticator/"
REMOVAL = "/admin/second-factor/removal/"


@pytest.fixture
def passkey(operator: User) -> Passkey:
    made: Passkey = Passkey.objects.create(user=operator, name="パスキー", credential_id="AAAA")
    return made


@pytest.fixture
def verified(citizen: Client, operator: User) -> Client:
    device = give_authenticator(operator)
    log_in(citizen, operator)
    citizen.post(CODE, {"code": code_of(device.bin_key)})
    return citizen


def test_the_only_passkey_goes_where_there_is_an_authenticator_and_not_the_last_factor(
    verified: Client, operator: User, passkey: Passkey
) -> None:
    page = verified.get(SET_UP).content.decode()
    assert f'value="{passkey.pk}"' in page
    sent = {"factor": str(passkey.pk), "password": "まちがい"}
    assert "パスワードが違います" in verified.post(REMOVAL, sent, follow=True).content.decode()
    assert Passkey.objects.exists()
    sent["password"] = password_of(operator)
    assert "パスキーを外しました。" in verified.post(REMOVAL, sent, follow=True).content.decode()
    assert not Passkey.objects.exists()
    sent["factor"] = "authenticator"
    said = verified.post(REMOVAL, sent, follow=True).content.decode()
    assert "最後の1つなので、外せません" in said
    assert TOTPDevice.objects.filter(user=operator).exists()


def test_the_passkey_of_a_colleague_stays(verified: Client, operator: User, writer: User) -> None:
    foreign = Passkey.objects.create(user=writer, name="パスキー", credential_id="BBBB")
    Passkey.objects.create(user=operator, name="パスキー", credential_id="AAAA")
    sent = {"factor": str(foreign.pk), "password": password_of(operator)}
    assert "選んでください" in verified.post(REMOVAL, sent, follow=True).content.decode()
    assert Passkey.objects.filter(user=writer).exists()


def test_an_authenticator_is_added_after_a_passkey(
    verified: Client, operator: User, passkey: Passkey
) -> None:
    """Here in place of the one that is removed: the session then needs the passkey."""
    assert verified.get(AUTHENTICATOR)["Location"] == SET_UP  # there is one already
    TOTPDevice.objects.filter(user=operator).update(confirmed=True, name="x")
    old = TOTPDevice.objects.get(user=operator)
    session = verified.session
    session["otp_device_id"] = passkey.persistent_id
    session.save()
    old.delete()
    assert AUTHENTICATOR in verified.get(SET_UP).content.decode()
    key = key_on(verified.get(AUTHENTICATOR).content.decode())
    sent = {"code": code_of(key), "password": ""}
    assert "パスワードを入力して" in verified.post(AUTHENTICATOR, sent).content.decode()
    sent["password"] = password_of(operator)
    assert (
        "認証アプリを登録しました。"
        in verified.post(AUTHENTICATOR, sent, follow=True).content.decode()
    )
    assert TOTPDevice.objects.filter(user=operator).count() == 1
    assert is_inside(verified)


def test_who_has_not_shown_a_factor_adds_and_removes_none(
    citizen: Client, operator: User, passkey: Passkey
) -> None:
    log_in(citizen, operator)
    for address in (AUTHENTICATOR, REMOVAL):
        sent = {"factor": str(passkey.pk), "password": password_of(operator)}
        assert citizen.post(address, sent)["Location"].startswith(CODE)
    assert Passkey.objects.exists()
