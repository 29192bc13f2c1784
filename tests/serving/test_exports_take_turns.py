"""A process builds one long response at a time, so that pages do not wait for them."""

import pytest
from django.test import Client

from bureaus.views import machine_readable
from tests.helpers.cast import Site
from tests.helpers.reader import BUREAU

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    "address",
    ["/news.csv", f"{BUREAU}news.csv", "/organisations.csv", "/sitemap.xml", "/sitemap-1.xml"],
)
def test_a_second_long_response_is_refused_for_a_while(
    site: Site, citizen: Client, address: str
) -> None:
    with machine_readable.long_response_lock:
        busy = citizen.get(address)
        assert citizen.get("/").status_code == 200
    assert (busy.status_code, busy.headers["Retry-After"]) == (503, "5")
    assert busy.headers["Cache-Control"] == "no-cache"
    assert citizen.get(address).status_code == 200
