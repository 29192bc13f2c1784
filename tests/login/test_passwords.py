"""How passwords are stored."""

import pytest
from django.conf import LazySettings
from django.contrib.auth.hashers import identify_hasher, make_password
from django.contrib.auth.models import User
from django.test import Client

from ministry_site import settings as site

pytestmark = [pytest.mark.django_db, pytest.mark.one_database_unless_long]
PASSWORD = "ひみつ-tanaka-2013"


def test_a_password_from_before_argon2_still_opens_and_is_stored_anew(
    operator: User, citizen: Client, settings: LazySettings
) -> None:
    settings.PASSWORD_HASHERS = site.PASSWORD_HASHERS
    operator.password = make_password(PASSWORD, hasher="pbkdf2_sha256")
    operator.save()
    login = {"username": operator.username, "password": PASSWORD}
    assert citizen.post("/admin/login/", login).status_code == 302
    operator.refresh_from_db()
    assert identify_hasher(operator.password).algorithm == "argon2"
    assert operator.check_password(PASSWORD)
