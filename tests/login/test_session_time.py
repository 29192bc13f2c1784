"""The notice that a login is about to end, and one click that prolongs it."""

import pytest
from django.contrib.auth.models import User
from django.test import Client
from lxml.html import document_fromstring

from bureaus.login.sessions import BEGAN, SEEN
from tests.helpers.authenticator import is_inside, log_in
from tests.helpers.reader import values

pytestmark = [pytest.mark.django_db, pytest.mark.one_database]
REMAINING = "/admin/sessions/remaining/"


@pytest.fixture
def client(citizen: Client, operator: User) -> Client:
    log_in(citizen, operator)
    return citizen


def age(client: Client, **seconds: int) -> None:
    session = client.session
    for name, passed in seconds.items():
        session[name] -= passed
    session.save()


def test_a_question_is_no_activity_and_a_click_is(client: Client) -> None:
    age(client, **{SEEN: 57 * 60})
    asked = client.get(REMAINING).json()
    assert 170 <= asked["left"] <= 180
    assert not asked["is_final"]
    assert asked["sentence"].startswith("操作がないので、")
    age(client, **{SEEN: 60})
    prolonged = client.post(REMAINING).json()
    assert 3590 <= prolonged["left"] <= 3600
    age(client, **{SEEN: 59 * 60})
    assert is_inside(client)


def test_the_last_hour_of_a_login_is_not_prolonged(client: Client) -> None:
    age(client, **{BEGAN: 10 * 60 * 60 - 120})
    answer = client.post(REMAINING).json()
    assert answer["left"] <= 120
    assert answer["is_final"]
    assert answer["sentence"].startswith("ログインしてから10時間になるので、")


def test_after_the_end_the_answer_is_the_login(client: Client) -> None:
    age(client, **{SEEN: 60 * 60})
    assert client.post(REMAINING)["Location"].startswith("/admin/login/")


def test_the_screen_knows_how_long_and_says_so_without_scripts(client: Client) -> None:
    page = document_fromstring(client.get("/admin/").content.decode())
    [left] = values(page, "//div[@id='session-notice']/@data-left")
    assert 3590 <= int(left) <= 3600
    assert "にログインが終わります。" in page.xpath("string(//noscript)")
