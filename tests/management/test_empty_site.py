"""A database without a page: when it is filled, and what the site answers until then."""

import io

import pytest
from django.conf import LazySettings
from django.db import connection
from django.test import Client

from bureaus.management.commands.prepare import Command
from bureaus.models import Page
from tests.helpers.cast import place

pytestmark = pytest.mark.django_db
REAL = {"SAMPLE_SITE=off": {"SAMPLE_SITE": False}, "HTTPS=on": {"HTTPS": True}}
if connection.vendor == "postgresql":
    REAL["PostgreSQL"] = {}


@pytest.mark.parametrize("real", REAL.values(), ids=REAL)
def test_the_empty_database_of_a_real_site_never_gets_the_sample_by_itself(
    settings: LazySettings, real: dict[str, bool]
) -> None:
    for name, value in real.items():
        setattr(settings, name, value)
    written = io.StringIO()
    Command(stdout=written).prepare()
    assert not Page.objects.exists()
    assert "見本は読み込みません" in written.getvalue()
    assert "「控えから戻す」" in written.getvalue()
    assert "manage.py loaddata ministry directory news" in written.getvalue()


def test_without_a_home_page_the_site_says_that_it_is_being_prepared(citizen: Client) -> None:
    response = citizen.get("/")
    assert response.status_code == 503
    assert "準備中です" in response.content.decode()
    assert response.headers["Retry-After"]
    assert response.headers["Cache-Control"] == "no-cache"
    as_data = citizen.get("/", headers={"Accept": "application/json"})
    assert as_data.status_code == 503
    assert "準備中" in as_data.json()["error"]
    place(None)  # a home page that is not published yet
    assert citizen.get("/").status_code == 503


def test_every_other_address_of_an_empty_site_is_answered(citizen: Client) -> None:
    found = {"/search/", "/sitemap.xml", "/robots.txt", "/opensearch.xml"}
    lost = {"/?at=2013-08-01", "/news/", "/feed.xml", "/main_sosiki/", "/history/", "/news.csv"}
    statuses = {address: citizen.get(address).status_code for address in found | lost}
    assert statuses == dict.fromkeys(found, 200) | dict.fromkeys(lost, 404)


def test_the_operator_of_an_empty_site_reads_in_the_admin_what_to_do(
    operator_client: Client,
) -> None:
    assert operator_client.get("/admin/").status_code == 200
    response = operator_client.get("/admin/bureaus/page/")
    assert response.status_code == 200
    assert "loaddata で、見本か控えを読み込んでください" in response.content.decode()
