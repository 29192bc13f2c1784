"""Long answers are written one at a time, so that citizens who read pages do not wait for them."""

import pytest
from django.test import Client

from bureaus.views import machines
from tests.helpers.cast import Site
from tests.helpers.reader import BUREAU

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    "address",
    ["/news.csv", f"{BUREAU}news.csv", "/organisations.csv", "/sitemap.xml", "/sitemap-1.xml"],
)
def test_who_comes_while_one_is_written_is_asked_to_come_back(
    site: Site, citizen: Client, address: str
) -> None:
    with machines.table_lock:
        busy = citizen.get(address)
        assert citizen.get("/").status_code == 200
    assert (busy.status_code, busy.headers["Retry-After"]) == (503, "5")
    assert busy.headers["Cache-Control"] == "no-cache"
    assert citizen.get(address).status_code == 200
