"""A new SECRET_KEY: what goes on with the former key as a fallback, and what ends without it."""

import pytest
from django.conf import LazySettings
from django.contrib.auth.models import User
from django.test import Client

from bureaus.login.invitations import invite
from bureaus.publishing import open_shared_link, share
from tests.helpers.authenticator import (
    CODE,
    browser,
    code_of,
    give_authenticator,
    is_inside,
    log_in,
)
from tests.helpers.cast import Site
from tests.helpers.editing import drafted

pytestmark = [pytest.mark.django_db, pytest.mark.one_database]


@pytest.mark.parametrize("has_fallback", [True, False])
def test_sessions_links_and_invitations_follow_the_keys_and_authenticators_do_not(
    site: Site,
    writer: User,
    approver: User,
    citizen: Client,
    settings: LazySettings,
    *,
    has_fallback: bool,
) -> None:
    device = give_authenticator(writer)
    log_in(citizen, writer)
    citizen.post(CODE, {"code": code_of(device.bin_key)})
    token = share(edition=drafted(site.bureau, writer), actor=writer).token
    invitation = invite(approver)
    assert is_inside(citizen)

    settings.SECRET_KEY_FALLBACKS = [settings.SECRET_KEY] if has_fallback else []
    settings.SECRET_KEY = "a new key of more than thirty-two characters"
    assert is_inside(citizen) is has_fallback
    assert (open_shared_link(token) is not None) is has_fallback
    assert (browser().get(invitation).status_code == 302) is has_fallback
    again = browser()
    log_in(again, writer)
    again.post(CODE, {"code": code_of(device.bin_key, later=1)})
    assert is_inside(again)
