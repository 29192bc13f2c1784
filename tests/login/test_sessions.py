"""How long an officer stays logged in, and what ends it."""

from importlib import import_module
from pathlib import Path

import pytest
from django.conf import LazySettings
from django.contrib.auth.models import User
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from bureaus.login.middleware import IDLE
from bureaus.login.sessions import BEGAN, SEEN
from tests.helpers.authenticator import browser, is_inside, log_in, password_of
from tests.helpers.cast import Site
from tests.serving.test_settings import start

pytestmark = [pytest.mark.django_db, pytest.mark.one_database_unless_long]
ANEW = "新しい-ひみつ-2014"


@pytest.fixture
def officer_client(citizen: Client, operator: User) -> Client:
    """The browser of an officer who has logged in."""
    log_in(citizen, operator)
    assert is_inside(citizen)
    return citizen


def age(client: Client, **seconds: int) -> None:
    """As if so much time had gone by since this was noted in the session."""
    session = client.session
    for name, passed in seconds.items():
        session[name] -= passed
    session.save()


def test_logging_in_changes_the_name_of_the_session(citizen: Client, operator: User) -> None:
    engine = import_module("django.contrib.sessions.backends.db")
    given = engine.SessionStore()
    given["x"] = 1
    given.create()
    citizen.cookies["session"] = given.session_key
    log_in(citizen, operator)
    assert is_inside(citizen)
    assert citizen.cookies["session"].value != given.session_key
    assert not is_inside(browser(HTTP_COOKIE=f"session={given.session_key}"))


def test_the_cookie_is_for_this_site_alone_and_no_script_reads_it(officer_client: Client) -> None:
    cookie = officer_client.cookies["session"]
    assert cookie["httponly"]
    assert cookie["samesite"] == "Lax"
    assert cookie["path"] == "/"
    assert not cookie["domain"]
    assert cookie["max-age"] == 10 * 60 * 60


def test_under_https_the_cookies_are_secure_and_bound_to_the_host(tmp_path: Path) -> None:
    code = (
        "from django.conf import settings as s;"
        "print(s.SESSION_COOKIE_NAME, s.CSRF_COOKIE_NAME,"
        " s.SESSION_COOKIE_SECURE, s.CSRF_COOKIE_SECURE)"
    )
    output = start(tmp_path, "shell", "--no-imports", "-c", code, HTTPS="on").stdout
    assert output.split() == ["__Host-session", "__Host-csrf", "True", "True"]


def test_an_idle_hour_ends_it_with_a_sentence_and_a_link_back(
    officer_client: Client,
) -> None:
    age(officer_client, seen=60 * 60)
    answer = officer_client.get("/admin/bureaus/page/", {"q": "統計"}, follow=True)
    assert IDLE in answer.content.decode()
    path, status = answer.redirect_chain[0]
    assert status == 302
    assert path == "/admin/login/?next=/admin/bureaus/page/%3Fq%3D%25E7%25B5%25B1%25E8%25A8%2588"
    assert not is_inside(officer_client)


def test_the_sentence_is_displayed_once(officer_client: Client) -> None:
    age(officer_client, seen=60 * 60)
    officer_client.get("/admin/", follow=True)
    assert IDLE not in officer_client.get("/admin/login/").content.decode()


def test_the_next_login_leads_back_to_the_page(officer_client: Client, operator: User) -> None:
    age(officer_client, seen=60 * 60)
    officer_client.get("/admin/bureaus/page/")
    way = "/admin/bureaus/page/"
    assert log_in(officer_client, operator, way=way)["Location"] == way


@pytest.mark.parametrize("way", ["https://evil.example/", "//evil.example/", "javascript:x"])
def test_no_login_leads_to_another_site(citizen: Client, operator: User, way: str) -> None:
    answer = log_in(citizen, operator, way=way)
    assert "evil" not in answer["Location"]
    assert answer["Location"].startswith("/")


def test_just_short_of_an_hour_it_goes_on(officer_client: Client) -> None:
    age(officer_client, seen=59 * 60)
    assert is_inside(officer_client)
    age(officer_client, seen=59 * 60)
    assert is_inside(officer_client)


def test_after_ten_hours_it_ends_however_busy_the_officer_was(officer_client: Client) -> None:
    age(officer_client, began=10 * 60 * 60)
    answer = officer_client.get("/admin/", follow=True)
    assert "ログインしてから10時間たったため、ログインを終わりました。" in answer.content.decode()
    assert not is_inside(officer_client)


def test_both_limits_are_settings(
    settings: LazySettings, officer_client: Client, operator: User
) -> None:
    settings.IDLE_MINUTES = 5
    age(officer_client, seen=5 * 60)
    assert not is_inside(officer_client)
    log_in(officer_client, operator)
    settings.SESSION_HOURS, settings.SESSION_COOKIE_AGE = 1, 60 * 60
    age(officer_client, began=60 * 60)
    assert not is_inside(officer_client)


def test_a_session_of_unknown_age_is_ended(officer_client: Client) -> None:
    session = officer_client.session
    del session[BEGAN], session[SEEN]
    session.save()
    assert not is_inside(officer_client)


def test_a_post_after_the_end_changes_nothing_and_leads_to_the_login(
    officer_client: Client,
) -> None:
    age(officer_client, seen=60 * 60)
    data = {"username": "鈴木", "password1": ANEW, "password2": ANEW}
    assert officer_client.post("/admin/auth/user/add/", data)["Location"].startswith(
        "/admin/login/"
    )
    assert not User.objects.filter(username="鈴木").exists()


def test_a_logout_after_the_end_does_not_lead_back_to_the_logout(officer_client: Client) -> None:
    age(officer_client, seen=60 * 60)
    assert officer_client.post("/admin/logout/")["Location"] == "/admin/login/?next=/admin/"


def test_the_login_page_displays_the_sentence_without_a_redirect(officer_client: Client) -> None:
    age(officer_client, seen=60 * 60)
    answer = officer_client.get("/admin/login/")
    assert answer.status_code == 200
    assert IDLE in answer.content.decode()


def test_a_new_login_displays_no_sentence(officer_client: Client, operator: User) -> None:
    age(officer_client, seen=60 * 60)
    log_in(officer_client, operator)
    assert IDLE not in officer_client.get("/admin/").content.decode()


def test_a_busy_officer_costs_one_write_a_minute(officer_client: Client) -> None:
    for passed, writes in ((0, 0), (50, 0), (60, 1), (0, 0)):
        seen = officer_client.session[SEEN]
        age(officer_client, seen=passed)
        with CaptureQueriesContext(connection) as queries:
            assert is_inside(officer_client)
        assert sum(query["sql"].startswith("UPDATE") for query in queries) == writes, passed
        assert (officer_client.session[SEEN] >= seen) == (writes == 1 or passed == 0)


def test_what_a_public_page_requests_by_itself_is_no_activity(officer_client: Client) -> None:
    age(officer_client, seen=120)
    seen = officer_client.session[SEEN]
    assert officer_client.get(reverse("admin:page-edit-links")).status_code == 200
    assert officer_client.session[SEEN] == seen


def test_a_public_page_looks_at_no_session_even_of_an_officer(
    site: Site, officer_client: Client
) -> None:
    citizen = browser()
    for address in ("/", site.bureau.url_path, "/news/"):
        with CaptureQueriesContext(connection) as for_citizen:
            citizen.get(address)
        with CaptureQueriesContext(connection) as for_officer:
            answer = officer_client.get(address)
        assert len(for_officer) == len(for_citizen)
        assert not answer.cookies
        assert "Cookie" not in answer.headers.get("Vary", "")


def test_no_cache_stores_the_pages_of_a_new_password(officer_client: Client) -> None:
    for address in ("/admin/password_change/", "/admin/password_change/done/"):
        assert "no-store" in officer_client.get(address).headers["Cache-Control"], address


# What ends it at once


def test_a_new_password_ends_the_sessions_in_other_browsers_and_not_in_this(
    officer_client: Client, operator: User
) -> None:
    elsewhere = browser()
    log_in(elsewhere, operator)
    before = officer_client.cookies["session"].value
    data = {"old_password": password_of(operator), "new_password1": ANEW, "new_password2": ANEW}
    assert officer_client.post("/admin/password_change/", data).status_code == 302
    assert is_inside(officer_client)
    assert officer_client.cookies["session"].value != before
    assert not is_inside(elsewhere)


def test_a_password_that_the_operator_changes_ends_the_officers_sessions(
    officer_client: Client, writer: User
) -> None:
    officer = browser()
    log_in(officer, writer)
    assert is_inside(officer)
    data = {"usable_password": "true", "password1": ANEW, "password2": ANEW}
    assert officer_client.post(f"/admin/auth/user/{writer.pk}/password/", data).status_code == 302
    assert not is_inside(officer)


def test_a_deactivated_officer_is_logged_out_by_the_next_request(
    citizen: Client, writer: User
) -> None:
    log_in(citizen, writer)
    assert is_inside(citizen)
    User.objects.filter(pk=writer.pk).update(is_active=False)
    assert citizen.get("/admin/")["Location"].startswith("/admin/login/")
    assert log_in(citizen, writer).status_code == 200
    assert not is_inside(citizen)


def test_an_officer_who_is_no_longer_staff_is_logged_out(citizen: Client, writer: User) -> None:
    log_in(citizen, writer)
    User.objects.filter(pk=writer.pk).update(is_staff=False)
    assert not is_inside(citizen)


def test_a_form_of_yesterday_is_refused_with_a_page_of_ours(operator: User) -> None:
    strict = Client(HTTP_HOST="localhost", enforce_csrf_checks=True)
    answer = log_in(strict, operator)
    assert answer.status_code == 403
    page = answer.content.decode()
    assert "前の画面に戻って開き直し" in page
    assert "<style" not in page


def test_a_logout_tells_the_browser_to_forget_what_it_stored(officer_client: Client) -> None:
    answer = officer_client.post("/admin/logout/")
    assert answer.headers["Clear-Site-Data"] == '"cache", "storage"'


def test_so_does_the_end_of_an_idle_session(officer_client: Client) -> None:
    age(officer_client, seen=60 * 60)
    assert officer_client.get("/admin/").headers["Clear-Site-Data"] == '"cache", "storage"'
