"""Bodies that are rendered once for each value, and requests that touch no session."""

from collections.abc import Iterator

import pytest
from django.contrib.auth.models import User
from django.db import connection
from django.test import Client, override_settings
from django.test.utils import CaptureQueriesContext

from bureaus.models import Edition
from bureaus.views.rendering import BodyCache, RenderedResponse, bodies
from tests.helpers.cast import Site

BUREAU = "/main_sosiki/joho_kokusai/"
ADDRESSES = [
    "/",
    BUREAU,
    f"{BUREAU}history/",
    f"{BUREAU}ict_seisaku/",
    f"{BUREAU}ict_seisaku.json",
    "/news/",
    "/news.json",
    "/events/",
    "/search/?q=電波",
]

pytestmark = [pytest.mark.django_db, pytest.mark.one_database_unless_long]


@pytest.fixture(autouse=True)
def nothing_kept() -> Iterator[None]:
    bodies.bodies.clear()
    yield
    bodies.bodies.clear()


@pytest.mark.parametrize("address", ADDRESSES)
def test_an_answer_with_the_same_value_is_not_rendered_again(
    site: Site, citizen: Client, address: str
) -> None:
    first, second = citizen.get(address), citizen.get(address)
    assert isinstance(second, RenderedResponse)
    assert second.templates == []
    assert (second.content, second.headers) == (first.content, first.headers)


def test_a_change_is_rendered_at_once_and_the_former_state_is_still_kept(
    site: Site, citizen: Client
) -> None:
    before = citizen.get(BUREAU).content
    edition = Edition.objects.filter(page=site.bureau)
    title = edition.get().title
    edition.update(title="別の題名の局")
    changed = citizen.get(BUREAU)
    assert "別の題名の局" in changed.content.decode()
    edition.update(title=title)
    again = citizen.get(BUREAU)
    assert (again.content, again.templates) == (before, [])


def test_the_body_of_another_host_is_another(site: Site) -> None:
    with override_settings(ALLOWED_HOSTS=["localhost", "other.example"]):
        here, there = (
            Client(HTTP_HOST=host).get(BUREAU) for host in ("localhost", "other.example")
        )
    assert b"http://localhost/" in here.content
    assert b"http://localhost/" not in there.content


def test_the_bodies_that_were_used_last_are_kept_within_the_size() -> None:
    rendered: list[int] = []

    def render(number: int) -> bytes:
        rendered.append(number)
        return b"x" * 1_000

    cache = BodyCache(10_000)
    for number in (1, 2, 3, 4, 1, 4, 3):  # three of them fit
        cache.body(render, (number,))
    assert rendered == [1, 2, 3, 4, 1]
    assert cache.bodies.currsize == 9_000


def test_a_login_costs_a_public_page_nothing_and_changes_nothing(
    site: Site, citizen: Client
) -> None:
    officer = Client(HTTP_HOST="localhost")
    officer.force_login(User.objects.create_user("佐藤", is_staff=True))
    with CaptureQueriesContext(connection) as queries:
        response = officer.get(BUREAU)
    assert [
        each for each in queries if "session" in each["sql"] or "auth_user" in each["sql"]
    ] == []
    assert response.content == citizen.get(BUREAU).content
    assert "Cookie" not in response.headers["Vary"]
    assert not response.cookies
