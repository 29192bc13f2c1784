"""How often one client may search, read a draft and send forms."""

import pytest
from django.conf import LazySettings
from django.contrib.auth.models import User
from django.core.cache import cache
from django.test import Client

from bureaus.publishing import share
from tests.helpers.authenticator import LOGIN
from tests.helpers.cast import Site, client_of
from tests.helpers.editing import drafted

pytestmark = [pytest.mark.django_db, pytest.mark.one_database]


@pytest.fixture(autouse=True)
def twice(settings: LazySettings) -> None:
    """Twice a minute, from now on."""
    cache.clear()
    for name in ("SEARCH_RATE", "SUGGESTION_RATE", "PREVIEW_RATE", "FORM_RATE"):
        setattr(settings, name, 2)


@pytest.mark.parametrize("address", ["/search/?q=統計", "/search/suggestions.json?q=統"])
def test_the_third_search_of_an_address_has_to_wait_and_that_of_another_does_not(
    site: Site, citizen: Client, address: str
) -> None:
    statuses = [citizen.get(address, REMOTE_ADDR="192.0.2.1").status_code for _ in range(2)]
    refused = citizen.get(address, REMOTE_ADDR="192.0.2.1")
    assert [*statuses, refused.status_code] == [200, 200, 429]
    assert 0 < int(refused["Retry-After"]) <= 60
    assert "秒たってから、もう一度お試しください" in refused.content.decode()
    assert "no-store" in refused["Cache-Control"]
    assert citizen.get(address, REMOTE_ADDR="192.0.2.2").status_code == 200


def test_behind_a_proxy_the_address_is_that_of_the_login_limits(
    site: Site, citizen: Client, settings: LazySettings
) -> None:
    settings.TRUSTED_PROXIES = 1
    sent = [f"203.0.113.{number}, 192.0.2.1" for number in range(3)]  # the first are made up
    statuses = [
        citizen.get("/search/", headers={"x-forwarded-for": each}).status_code for each in sent
    ]
    assert statuses == [200, 200, 429]


def test_behind_a_proxy_that_is_not_trusted_nobody_is_counted(site: Site, citizen: Client) -> None:
    sent = {"x-forwarded-for": "192.0.2.1"}
    assert [citizen.get("/search/", headers=sent).status_code for _ in range(3)] == [200] * 3


def test_a_shared_draft_and_the_forms_of_the_admin_are_limited_too(
    site: Site, writer: User, approver: User, citizen: Client
) -> None:
    link = f"/preview/{share(edition=drafted(site.bureau, writer), actor=writer).token}/"
    assert [citizen.get(link).status_code for _ in range(3)] == [302, 302, 429]
    assert citizen.get(f"{link}files/images/a.png").status_code == 404  # of a page with many
    office, other = client_of(writer), client_of(approver)
    assert [office.post("/admin/bureaus/people/").status_code for _ in range(3)][2] == 429
    assert office.get("/admin/").status_code == 200
    assert other.post("/admin/bureaus/people/").status_code != 429
    assert [citizen.post(LOGIN).status_code for _ in range(3)] == [200, 200, 429]


def test_pages_are_not_counted(
    site: Site, citizen: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_arguments: object) -> None:
        raise AssertionError("an ordinary page asked the cache")

    monkeypatch.setattr("bureaus.security.rates.cache.add", refuse)
    assert [citizen.get("/news/").status_code for _ in range(4)] == [200] * 4
