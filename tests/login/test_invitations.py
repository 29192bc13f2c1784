"""The owner of an account chooses its password by a link that works once and ends."""

import re
from datetime import timedelta

import pytest
from django.conf import LazySettings
from django.contrib.auth.models import User
from django.core.management import call_command
from django.test import Client
from django.utils import timezone

from bureaus.login.invitations import invite, tokens
from tests.helpers.authenticator import accept_invitation, browser, is_inside, log_in
from tests.helpers.cast import Site, client_of

pytestmark = [pytest.mark.django_db, pytest.mark.one_database]
CHOSEN = "ひみつ-鈴木-2013"


def test_the_link_opens_the_admin_once_with_the_password_that_the_owner_chose(
    site: Site, writer: User, citizen: Client
) -> None:
    link = invite(writer)
    assert accept_invitation(link, CHOSEN)["Location"] == "/admin/login/"
    log_in(citizen, writer)
    assert is_inside(citizen)
    assert browser().get(link).status_code == 404


def test_the_token_leaves_the_address_before_the_page_is_shown(site: Site, writer: User) -> None:
    link = invite(writer)
    answer = browser().get(link, follow=True)
    assert answer.redirect_chain[-1][0].endswith("/choose/")
    assert link.rsplit("/", 2)[1] not in answer.content.decode()


def test_a_link_ends_with_its_time_with_a_newer_one_and_with_the_account(
    site: Site, writer: User, settings: LazySettings, monkeypatch: pytest.MonkeyPatch
) -> None:
    first, second = invite(writer), invite(writer)
    assert browser().get(first).status_code == 404
    assert browser().get(second).status_code == 302
    later = timezone.make_naive(timezone.now()) + timedelta(days=3, minutes=1)
    with monkeypatch.context() as patch:
        patch.setattr(tokens, "_now", lambda: later)
        assert browser().get(second).status_code == 404
    User.objects.filter(pk=writer.pk).update(is_active=False)
    assert browser().get(second).status_code == 404


def test_a_weak_password_is_refused_and_the_link_stays(site: Site, writer: User) -> None:
    link = invite(writer)
    assert accept_invitation(link, "password").status_code == 200
    assert accept_invitation(link, CHOSEN).status_code == 302


def test_an_invitation_by_an_operator_ends_the_password_and_the_sessions(
    site: Site, writer: User, operator_client: Client
) -> None:
    at_work = client_of(writer)
    assert is_inside(at_work)
    address = f"/admin/auth/user/{writer.pk}/password/"
    assert "招待リンクを作る" in operator_client.get(address).content.decode()
    answer = operator_client.post(address, follow=True)
    assert not is_inside(at_work)
    writer.refresh_from_db()
    assert not writer.has_usable_password()
    assert accept_invitation(answer.content.decode(), CHOSEN).status_code == 302


def test_the_command_names_the_address_of_the_site(
    site: Site, settings: LazySettings, capsys: pytest.CaptureFixture[str]
) -> None:
    settings.SITE_ORIGIN = "https://www.example.go.jp"
    call_command("add_officer", "森", role="writer", branch="/")
    written = capsys.readouterr().out
    assert "https://www.example.go.jp/admin/invitation/" in written
    assert re.search(r"\d年\d+月\d+日\d+時\d\d分まで1回だけ使える", written)
