"""Django's change lists for officers: read-only and limited to their branches."""

import re

import pytest
from django.contrib.auth.models import User
from django.test import Client

from bureaus.models import AuditEntry, Edition, FormerAddress, Page
from bureaus.publishing import rename
from tests.helpers.cast import Site, client_of, officer
from tests.helpers.editing import drafted
from tests.helpers.page_details import history, queries_of, text_in

LISTS = ("auditentry", "formeraddress", "edition")


@pytest.fixture
def records(site: Site, writer: User, outsider: User) -> Site:
    """Records in the bureau and in another one."""
    foreign = Page.objects.get(placements__url_path__endswith="/toukei/")
    drafted(site.bureau, writer, title="局の題")
    drafted(foreign, outsider, title="統計の題")
    rename(page=site.bureau, slug="kokusai", actor=None)
    rename(page=foreign, slug="tokei", actor=None)
    for page, name in ((site.bureau, "kokusai"), (foreign, "toukei")):
        FormerAddress.objects.create(url_path=f"/main_sosiki/{name}-2009/", page=page)
    return site


@pytest.mark.parametrize("model", LISTS)
def test_a_list_holds_what_belongs_to_ones_own_branches(
    records: Site, writer: User, operator_client: Client, model: str
) -> None:
    client = client_of(writer)
    for query in ("", "?q=toukei", "?q=統計"):
        words = text_in(client.get(f"/admin/bureaus/{model}/{query}").content.decode())
        found = re.findall(r"/main_sosiki/\w+/", words)
        assert [address for address in found if "kokusai" not in address] == []
        assert "統計の題" not in words
    assert "kokusai" in client.get(f"/admin/bureaus/{model}/").content.decode()
    assert "to" in operator_client.get(f"/admin/bureaus/{model}/?q=toukei").content.decode()


@pytest.mark.parametrize("model", LISTS[:2])
def test_a_foreign_record_is_not_opened(records: Site, writer: User, model: str) -> None:
    client = client_of(writer)
    kept = {"auditentry": AuditEntry.objects, "formeraddress": FormerAddress.objects}
    own = kept[model].filter(page=records.bureau).latest("pk")
    foreign = kept[model].exclude(page=records.bureau).latest("pk")
    assert client.get(f"/admin/bureaus/{model}/{own.pk}/change/").status_code == 200
    assert client.get(f"/admin/bureaus/{model}/{foreign.pk}/change/").status_code == 302


@pytest.mark.parametrize("model", LISTS)
def test_an_officer_without_a_role_sees_no_list(site: Site, model: str) -> None:
    idle = officer("新人", {})
    assert client_of(idle).get(f"/admin/bureaus/{model}/").status_code == 403


@pytest.mark.parametrize("model", LISTS)
def test_a_list_changes_nothing(records: Site, writer: User, model: str) -> None:
    client = client_of(writer)
    assert client.get(f"/admin/bureaus/{model}/add/").status_code == 403
    record = {"auditentry": AuditEntry, "edition": Edition}.get(model, FormerAddress)
    first = record._default_manager.filter(page=records.bureau).latest("pk")
    assert client.post(f"/admin/bureaus/{model}/{first.pk}/delete/").status_code == 403


@pytest.mark.parametrize("model", LISTS)
@pytest.mark.parametrize("query", ["", "?q=局"])
def test_a_list_costs_an_officer_few_queries(
    records: Site, writer: User, model: str, query: str
) -> None:
    client, address = client_of(writer), f"/admin/bureaus/{model}/{query}"
    few = queries_of(client, address)
    history(records.bureau, 300, writer)
    assert queries_of(client, address) == few <= 15
