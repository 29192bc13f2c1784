"""Links to the editing of a public page, for the browser of an officer alone."""

import pytest
from django.contrib.auth.models import User
from django.test import Client

from bureaus.login.edit_link_hint import HINT
from tests.helpers.cast import Site, client_of
from tests.helpers.editing import drafted
from tests.helpers.page_details import page_url, queries_of

pytestmark = [pytest.mark.django_db, pytest.mark.one_database]
ADDRESS = "/admin/bureaus/page/editable/"


def test_an_officer_gets_links_to_their_own_pages_alone(site: Site, writer: User) -> None:
    draft = drafted(site.sections[0], writer)
    shown = [site.root, site.bureau, *site.sections]
    query = "&".join(f"path={page.url_path}" for page in shown)
    client = client_of(writer)
    response = client.get(f"{ADDRESS}?{query}&path=/nowhere/&path=//x")
    assert response.json()["links"] == {
        site.bureau.url_path: page_url(site.bureau),
        site.sections[0].url_path: f"/admin/bureaus/edition/{draft.pk}/change/",
        site.sections[1].url_path: page_url(site.sections[1]),
    }
    assert "no-store" in response["Cache-Control"]
    assert queries_of(client, f"{ADDRESS}?{query}") <= 6


def test_without_a_login_nothing_is_said(site: Site) -> None:
    response = Client(HTTP_HOST="localhost").get(f"{ADDRESS}?path=/")
    assert response.status_code == 302
    assert response["Location"].startswith("/admin/login/")


def test_the_hint_comes_with_the_login_and_goes_with_it(site: Site, writer: User) -> None:
    client = client_of(writer)
    cookie = client.get("/admin/").cookies[HINT]
    assert (cookie.value, cookie["httponly"], cookie["samesite"]) == ("1", "", "Strict")
    assert HINT not in client.get("/admin/").cookies
    assert client.post("/admin/logout/").cookies[HINT]["max-age"] == 0


def test_a_public_page_is_the_same_for_everybody(site: Site, writer: User) -> None:
    client = client_of(writer)
    client.get("/admin/")
    own = client.get(site.bureau.url_path)
    other = Client(HTTP_HOST="localhost").get(site.bureau.url_path)
    assert own.content == other.content
    assert own["ETag"] == other["ETag"]
    assert HINT not in own.cookies
    assert "Cookie" not in own.get("Vary", "")
