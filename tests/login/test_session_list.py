"""Officers see where they are logged in, and end it; so do operators."""

import pytest
from django.contrib.auth.models import User
from django.contrib.sessions.models import Session
from django.core.management import call_command
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from bureaus.login.models import OfficerSession
from bureaus.login.sessions import reference
from tests.helpers.authenticator import browser, is_inside, log_in, password_of

pytestmark = [pytest.mark.django_db, pytest.mark.one_database]
SESSIONS = "/admin/sessions/"
AGENT = "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:140.0) Gecko/20100101 Firefox/140.0"


@pytest.fixture
def office(writer: User) -> Client:
    client = browser(REMOTE_ADDR="192.0.2.1")
    log_in(client, writer)
    return client


@pytest.fixture
def elsewhere(writer: User) -> Client:
    client = browser(REMOTE_ADDR="198.51.100.7", HTTP_USER_AGENT=AGENT)
    log_in(client, writer)
    return client


def key_of(client: Client) -> str:
    return client.cookies["session"].value


def test_the_list_says_from_where_and_with_which_browser_and_no_key(
    office: Client, elsewhere: Client, operator: User
) -> None:
    log_in(browser(REMOTE_ADDR="203.0.113.9"), operator)
    with CaptureQueriesContext(connection) as queries:
        page = office.get(SESSIONS).content.decode()
    assert len(queries) <= 15
    assert "198.51.100.7" in page
    assert "Firefox、Windows" in page
    assert "203.0.113.9" not in page
    assert page.count("（この端末）") == 1
    assert key_of(elsewhere) not in page


def test_one_session_is_ended_after_the_password(
    office: Client, elsewhere: Client, writer: User
) -> None:
    chosen = {"session": reference(key_of(elsewhere))}
    office.post(SESSIONS, {**chosen, "password": "まちがい"})
    assert is_inside(elsewhere)
    office.post(SESSIONS, {**chosen, "password": password_of(writer)})
    assert not is_inside(elsewhere)
    assert is_inside(office)


def test_all_others_are_ended_and_nobody_elses(
    office: Client, elsewhere: Client, writer: User, operator_client: Client
) -> None:
    office.post(SESSIONS, {"session": "others", "password": password_of(writer)})
    assert [is_inside(each) for each in (office, elsewhere, operator_client)] == [True, False, True]


def test_an_operator_ends_the_sessions_of_an_officer_and_an_officer_none_of_others(
    office: Client, writer: User, operator: User
) -> None:
    chief = browser()
    log_in(chief, operator)
    assert office.get(f"{SESSIONS}{operator.pk}/").status_code == 403
    chief.post(f"{SESSIONS}{writer.pk}/", {"password": password_of(operator)})
    assert [is_inside(office), is_inside(chief)] == [False, True]


def test_the_command_ends_those_of_one_or_of_all(
    office: Client, operator_client: Client, capsys: pytest.CaptureFixture[str]
) -> None:
    call_command("end_sessions", "鈴木")
    assert [is_inside(office), is_inside(operator_client)] == [False, True]
    OfficerSession.objects.all().delete()
    call_command("end_sessions", all=True)
    assert not is_inside(operator_client)
    assert capsys.readouterr().out.startswith("1人の、1件のログインを終わらせました。")


def test_a_logout_and_clearsessions_leave_no_row_behind(office: Client, elsewhere: Client) -> None:
    office.post("/admin/logout/")
    assert list(OfficerSession.objects.values_list("pk", flat=True)) == [key_of(elsewhere)]
    Session.objects.all().delete()
    call_command("clearsessions")
    assert not OfficerSession.objects.exists()


def test_a_session_of_an_older_version_is_listed_at_its_next_save(office: Client) -> None:
    session = office.session
    OfficerSession.objects.all().delete()
    session["listed"] = ""
    session.save()
    assert OfficerSession.objects.get().pk == session.session_key
