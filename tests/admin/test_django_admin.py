"""Django's own screens: operators view all records and change none."""

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from bureaus.models import AuditEntry, Edition, FormerAddress, Page
from bureaus.publishing import rename
from tests.helpers.cast import Site
from tests.helpers.generator import grow
from tests.helpers.storms import MANY

pytestmark = pytest.mark.one_database_unless_long

LISTS = ["page", "edition", "formeraddress", "auditentry"]


@pytest.mark.parametrize("model", LISTS)
def test_an_operator_sees_the_list_and_each_record(
    site: Site, operator_client: Client, model: str
) -> None:
    rename(page=site.bureau, slug="kokusai", actor=None)
    FormerAddress.objects.create(url_path="/joho/", page=site.bureau)
    assert operator_client.get(f"/admin/bureaus/{model}/").status_code == 200
    record = {
        "page": Page,
        "edition": Edition,
        "formeraddress": FormerAddress,
        "auditentry": AuditEntry,
    }[model]._default_manager.first()
    assert record is not None
    assert operator_client.get(f"/admin/bureaus/{model}/{record.pk}/change/").status_code == 200


@pytest.mark.parametrize("model", LISTS)
@pytest.mark.parametrize("action", ["add/", "1/delete/", "1/change/"])
def test_nothing_can_be_changed(
    site: Site, operator_client: Client, model: str, action: str
) -> None:
    before = list(Page.objects.values()), list(Edition.objects.values())
    response = operator_client.post(f"/admin/bureaus/{model}/{action}", {"title": "x", "slug": "x"})
    # 404: our own screens know no such record; 409: they refuse to edit what is public.
    assert response.status_code in {302, 403, 404, 405, 409}
    if response.status_code == 302:  # there is no such record: back to the index
        assert response["Location"] == "/admin/"
    assert (list(Page.objects.values()), list(Edition.objects.values())) == before


def test_a_stranger_is_asked_to_log_in(site: Site, citizen: Client) -> None:
    assert citizen.get("/admin/bureaus/page/")["Location"].startswith("/admin/login/")


def test_the_admin_too_runs_no_inline_script(site: Site, operator_client: Client) -> None:
    policy = operator_client.get("/admin/bureaus/page/")["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy


def test_a_list_costs_few_queries_at_any_size(operator_client: Client) -> None:
    grow(MANY)
    for query in (
        *(f"{model}/" for model in LISTS),
        "page/?q=統計",
        "page/?kind=news_item",
        "page/?list=1",
    ):
        address = f"/admin/bureaus/{query}"
        operator_client.get(address)
        with CaptureQueriesContext(connection) as queries:
            operator_client.get(address)
        assert len(queries) <= 15, address
