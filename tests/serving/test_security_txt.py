"""security.txt (RFC 9116): the contact for vulnerabilities, until its date."""

from datetime import date, datetime, timedelta

import pytest
from django.test import Client
from django.utils import timezone
from pytest_django import Settings

from bureaus.checks import check_security_contact, check_security_txt
from bureaus.text.formatting import TOKYO

ADDRESS = "/.well-known/security.txt"

pytestmark = [pytest.mark.django_db, pytest.mark.one_database_unless_long]


def today() -> date:
    return timezone.localdate(timezone=TOKYO)


def fields(client: Client) -> dict[str, str]:
    response = client.get(ADDRESS)
    assert response.status_code == 200
    assert response.headers["Content-Type"] == "text/plain; charset=utf-8"
    return dict(line.split(": ", 1) for line in response.content.decode().splitlines())


def test_it_says_whom_to_tell_and_until_when(citizen: Client, settings: Settings) -> None:
    settings.SECURITY_CONTACT = "mailto:security@example.go.jp"
    settings.SECURITY_TXT_EXPIRES = date(2999, 9, 30)
    assert fields(citizen) == {
        "Contact": "mailto:security@example.go.jp",
        "Expires": "2999-09-30T14:59:59Z",
        "Preferred-Languages": "ja, en",
        "Canonical": f"http://localhost{ADDRESS}",
    }


def test_without_a_contact_of_its_own_it_names_the_site(
    citizen: Client, settings: Settings
) -> None:
    settings.SECURITY_CONTACT = ""
    assert fields(citizen)["Contact"] == "http://localhost/"


def test_it_is_true_until_the_end_of_its_day(citizen: Client, settings: Settings) -> None:
    settings.SECURITY_TXT_EXPIRES = today()
    assert datetime.fromisoformat(fields(citizen)["Expires"]) > timezone.now()


def test_after_its_day_it_is_not_there(citizen: Client, settings: Settings) -> None:
    settings.SECURITY_TXT_EXPIRES = today() - timedelta(days=1)
    assert citizen.get(ADDRESS).status_code == 404


@pytest.mark.parametrize("left", [-400, -1, 0, 29])
def test_w001_a_security_txt_that_ends_soon_or_has_ended_is_told(
    settings: Settings, left: int
) -> None:
    settings.SECURITY_TXT_EXPIRES = today() + timedelta(days=left)
    (warning,) = check_security_txt()
    assert warning.id == "bureaus.W001"
    assert "SECURITY_TXT_EXPIRES" in str(warning.hint)


def test_w001_a_security_txt_that_lasts_is_not_told(settings: Settings) -> None:
    settings.SECURITY_TXT_EXPIRES = today() + timedelta(days=30)
    assert check_security_txt() == []


@pytest.mark.parametrize(
    ("is_sample", "contact", "ids"),
    [(True, "", []), (False, "", ["bureaus.W002"]), (False, "mailto:a@example.go.jp", [])],
)
def test_w002_a_real_site_names_somebody_to_tell(
    settings: Settings, *, is_sample: bool, contact: str, ids: list[str]
) -> None:
    settings.SAMPLE, settings.SECURITY_CONTACT = is_sample, contact
    assert [warning.id for warning in check_security_contact()] == ids
