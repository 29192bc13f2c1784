"""Passkeys: what is not an answer to the challenge of this session opens nothing."""

from types import SimpleNamespace
from typing import Any, cast

import pytest
from django.contrib.auth.models import User
from django.test import Client, RequestFactory

from bureaus.login import passkeys
from bureaus.login.models import Passkey
from bureaus.login.second_factor import has_factor, remove
from bureaus.login.sessions import SessionStore
from tests.helpers.authenticator import CODE, SET_UP, is_inside, log_in

pytestmark = [pytest.mark.django_db, pytest.mark.one_database]
WRONG = ["{}", "x", "[]", '{"id": "AAAA", "rawId": "AAAA", "type": "public-key", "response": {}}']


@pytest.fixture
def passkey(operator: User) -> Passkey:
    made: Passkey = Passkey.objects.create(user=operator, name="鍵", credential_id="AAAA")
    return made


@pytest.mark.parametrize("credential", WRONG)
def test_what_is_no_signature_opens_nothing(
    citizen: Client, operator: User, passkey: Passkey, credential: str
) -> None:
    log_in(citizen, operator)
    assert 'data-passkey="get"' in citizen.get(CODE).content.decode()
    page = citizen.post(CODE, {"credential": credential})
    assert "パスキーを確かめられませんでした" in page.content.decode()
    assert not is_inside(citizen)


@pytest.mark.parametrize("credential", WRONG)
def test_what_is_no_new_passkey_is_not_stored(
    citizen: Client, operator: User, credential: str
) -> None:
    log_in(citizen, operator)
    citizen.get(SET_UP)
    page = citizen.post(SET_UP, {"credential": credential}, follow=True)
    assert "パスキーを確かめられませんでした" in page.content.decode()
    assert not Passkey.objects.exists()


@pytest.mark.parametrize("answered", ["register", "verify"])
def test_an_answer_without_a_challenge_is_not_even_read(
    operator: User,
    passkey: Passkey,
    rf: RequestFactory,
    monkeypatch: pytest.MonkeyPatch,
    answered: str,
) -> None:
    def fail(**_arguments: object) -> None:
        pytest.fail("the empty challenge was compared")

    monkeypatch.setattr(passkeys, "verify_registration_response", fail)
    monkeypatch.setattr(passkeys, "verify_authentication_response", fail)
    request = rf.post(CODE)
    request.session = SessionStore()
    assert getattr(passkeys, answered)(request, operator, "{}") is None


@pytest.mark.usefixtures("passkey")
def test_of_two_first_passkeys_the_second_is_not_stored(operator: User) -> None:
    made = SimpleNamespace(credential_id=b"x", credential_public_key=b"y", sign_count=0)
    assert passkeys.stored(cast("Any", made), operator, is_first=True) is None
    assert Passkey.objects.count() == 1


def test_an_officer_with_a_passkey_sets_up_no_other_before_using_it(
    citizen: Client, operator: User, passkey: Passkey
) -> None:
    log_in(citizen, operator)
    assert citizen.post(SET_UP, {"credential": "{}"})["Location"].startswith(CODE)


def test_an_operator_removes_a_lost_passkey(operator: User, passkey: Passkey) -> None:
    assert has_factor(operator)
    assert remove(operator) == (1, 0)
    assert not has_factor(operator)
