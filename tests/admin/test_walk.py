"""
Every address below /admin/ × every kind of officer × own and foreign things × reading and sending.

The table is tests/helpers/admin_routes.py: nothing is allowed outside of it, a refusal changes
nothing, and nobody reads a word of what is not public in a branch in which they have no role.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import product
from typing import Any
from zlib import crc32

import pytest
from django.contrib.auth.models import Group, User
from django.db import connection, transaction
from django.db.models import Model
from django.http import HttpResponse, HttpResponseBase
from django.test import Client, override_settings
from pytest_django import DjangoDbBlocker

from bureaus.models import (
    Absence,
    ApprovalStep,
    AuditEntry,
    BranchRole,
    Document,
    Edition,
    FormerAddress,
    HouseWord,
    Image,
    Page,
    Placement,
    SiblingPosition,
    Synonyms,
)
from tests.helpers.admin_routes import (
    ROOT,
    ROUTES,
    UNNAMED,
    address_of,
    found_names,
    is_built,
    rows,
    things,
)
from tests.helpers.admin_second_things import SECOND
from tests.helpers.admin_statuses import Statuses, everyone, who_sees
from tests.helpers.admin_world import PEOPLE, ROLES, SECRETS, SLUGS, Thing, World, found_world
from tests.helpers.editing import undone
from tests.helpers.japanese import foreign_words, html_of
from tests.helpers.storms import AT_FULL_SIZE

pytestmark = pytest.mark.django_db
# True: an address of the table that does not exist is a failure, and no longer skipped.
STRICT = True
OUTSIDE = ("nobody", "ended")  # they see the login, whatever they ask for
NONE = Thing(1)
INSIDE = tuple(name for name in PEOPLE if name not in OUTSIDE)
# Who may do what is the same on every database; that it can be done at all is asked of both.
WALKING = INSIDE if connection.vendor == "sqlite" else ("writer", "operator")


@pytest.fixture(scope="module")
def world(
    django_db_setup: None,
    django_db_blocker: DjangoDbBlocker,
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[World]:
    media = override_settings(MEDIA_ROOT=tmp_path_factory.mktemp("media"))
    with django_db_blocker.unblock(), media, transaction.atomic():
        yield found_world()
        transaction.set_rollback(True)


def client_of(world: World, who: str) -> Client:
    client = Client(HTTP_HOST="localhost", raise_request_exception=True)
    if who != "nobody":
        client.force_login(world.people[who])
    return client


def need(name: str) -> None:
    if is_built(name):
        return
    if STRICT:
        pytest.fail(f"{name} has a row in the table, and no address")
    pytest.skip(f"{name} is not built yet")


def state() -> list[Any]:
    """Everything that a refused request must not touch. Who has a draft open may be noted."""
    models = (
        Page,
        Edition,
        AuditEntry,
        Image,
        Document,
        FormerAddress,
        BranchRole,
        Synonyms,
        HouseWord,
        ApprovalStep,
        Absence,
        Group,
        Placement,
        SiblingPosition,
    )
    people = stored(User, "id", "username", "password", "is_superuser")
    return [*map(stored, models), people, stored(User.groups.through)]


def stored(model: type[Model], *columns: str) -> list[tuple[Any, ...]]:
    """Return the rows without converting a value: all of them are read for every request."""
    names = ", ".join(columns or columns_of(model))
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {names} FROM {model._meta.db_table} ORDER BY id")  # noqa: S608 - no value
        return list(cursor.fetchall())


def columns_of(model: type[Model]) -> list[str]:
    return [str(field.column) for field in model._meta.concrete_fields]


@contextmanager
def unchanged(what: str) -> Iterator[None]:
    before = state()
    with undone():
        yield
        assert state() == before, f"{what} has changed something"


def assert_silent(response: HttpResponseBase, who: str, what: str) -> None:
    """Not a word of a branch in which `who` has no role."""
    everything = body(response) + str(response.headers)
    for branch, secret in SECRETS.items():
        if branch not in ROLES.get(who, {}):
            assert secret not in everything, what
            assert SLUGS[branch] not in everything, what


def body(response: HttpResponseBase) -> str:
    stream: Any = response
    content = b"".join(stream.streaming_content) if stream.streaming else stream.content
    return content.decode()


def send(client: Client, method: str, address: str, data: dict[str, Any]) -> HttpResponseBase:
    answer: Any = client.get(address) if method == "get" else client.post(address, data)
    return answer  # type: ignore[no-any-return]


# The table


def test_every_address_below_the_admin_has_a_row() -> None:
    named, unnamed = found_names()
    assert named - ROUTES.keys() == set()
    assert unnamed - UNNAMED.keys() - {"^(?P<app_label>auth|bureaus)/$"} == set()


def test_every_row_has_an_address() -> None:
    missing = [name for name in ROUTES if not is_built(name)]
    if not STRICT and missing:
        pytest.skip(f"not built yet: {', '.join(missing)}")
    assert missing == []


@dataclass(frozen=True)
class Request:
    """One line of the walk; `allowed` is what the table says to it."""

    method: str
    address: str
    data: dict[str, Any]
    allowed: Statuses
    what: str

    @property
    def may_change(self) -> bool:
        """What succeeds leads on; what is shown again with its blockers has changed nothing."""
        return self.method == "post" and 302 in self.allowed


def requests(world: World, name: str, who: str) -> Iterator[Request]:
    for route in rows(name):
        asked_about = one_of_each(things(world, route), turn=f"{name} {who}")
        for thing, method in product(asked_about, ("get", "post")):
            address = address_of(name, route, thing)
            allowed = (route.get if method == "get" else route.post)(who, thing)
            what = f"{method} {address} ({thing.name} {thing.branch}) as {who}"
            yield Request(method, address, route.data(world, thing), allowed, what)


def one_of_each(every: list[Thing], turn: str) -> list[Thing]:
    """
    Return one of the things to which the table says the same; all of them at full size.

    With another address or officer it is another one: each thing has its turn.
    """
    if AT_FULL_SIZE:
        return every
    alike: dict[tuple[str, bool], list[Thing]] = {}
    for thing in every:
        alike.setdefault((thing.branch, thing.is_public), []).append(thing)
    number = crc32(turn.encode())
    return [group[number % len(group)] for group in alike.values()]


@pytest.mark.parametrize("who", WALKING)
@pytest.mark.parametrize("name", ROUTES)
def test_nothing_is_allowed_that_the_table_does_not_allow(
    world: World, name: str, who: str
) -> None:
    need(name)
    client = client_of(world, who)
    every = list(requests(world, name, who))
    with unchanged(f"{name} as {who}"):
        for request in every:
            if not request.may_change:
                hold(client, request, who)
    for request in every:
        if request.may_change:
            with undone():
                hold(client, request, who)


def hold(client: Client, request: Request, who: str) -> None:
    """Ask, and hold the answer against the table; a page is in Japanese."""
    response = send(client, request.method, request.address, request.data)
    status = response.status_code
    assert status in request.allowed, f"{request.what}: {status}, not {set(request.allowed)}"
    assert_silent(response, who, request.what)
    page = html_of(response) if request.method == "get" else None
    assert page is None or foreign_words(page) == set(), request.what


@pytest.mark.one_database
@pytest.mark.parametrize("who", OUTSIDE)
@pytest.mark.parametrize("name", sorted(ROUTES.keys() - {"login", "logout"}))
def test_who_is_not_logged_in_sees_the_login_whatever_they_request(
    world: World, name: str, who: str
) -> None:
    need(name)
    client = client_of(world, who)
    with unchanged(f"{name} as {who}"):
        for request in requests(world, name, "staff"):
            response = send(client, request.method, request.address, request.data)
            assert response.status_code == 302, request.what
            assert response["Location"].startswith(f"{ROOT}login/"), request.what


@pytest.mark.one_database
@pytest.mark.parametrize("who", PEOPLE)
@pytest.mark.parametrize("rest", ["nothing/", "bureaus/nothing/", "bureaus/page/x/y/z", "bureaus"])
def test_what_is_nowhere_is_nowhere_for_all(world: World, who: str, rest: str) -> None:
    response = client_of(world, who).get(ROOT + rest)
    statuses = {302} if who in OUTSIDE else {302, 403, 404}
    assert response.status_code in statuses


@pytest.mark.one_database
@pytest.mark.parametrize("who", INSIDE)
@pytest.mark.parametrize(
    "model", ["page", "edition", "auditentry", "formeraddress", "image", "document"]
)
def test_the_old_form_of_an_address_says_nothing(world: World, who: str, model: str) -> None:
    for thing in world.things(model):
        response = client_of(world, who).get(f"{ROOT}bureaus/{model}/{thing.pk}/")
        assert response.status_code in {302, 403, 404}
        assert_silent(response, who, model)


@pytest.mark.one_database
@pytest.mark.parametrize("who", ["writer", "outsider"])
def test_no_other_method_opens_more(world: World, who: str) -> None:
    client = client_of(world, who)
    with unchanged(who):
        for name in ROUTES:
            if not is_built(name) or name == "logout":
                continue
            route = rows(name)[0]
            hidden = [thing for thing in things(world, route) if not thing.is_public]
            for thing in one_of_each(hidden, turn=f"{name} {who}") or [NONE]:
                for method in ("put", "patch", "delete", "options"):
                    response = getattr(client, method)(address_of(name, route, thing))
                    assert response.status_code < 500, name
                    assert_silent(response, who, f"{method} {name}")


# The second thing: what is sent besides (tests/helpers/admin_second_things.py)


def of_branch(tables: list[Any], keys: set[int]) -> list[Any]:
    """What `state` says of these pages."""
    pages, editions, entries, *rest = tables
    edition, entry = (columns_of(model).index("page_id") for model in (Edition, AuditEntry))
    return [
        [row for row in pages if row[0] in keys],
        [row for row in editions if row[edition] in keys],
        [row for row in entries if row[entry] in keys],
        rest,
    ]


@pytest.mark.one_database
@pytest.mark.parametrize("who", ["staff", "writer", "approver", "manager"])
@pytest.mark.parametrize("name", SECOND)
def test_the_second_thing_is_guarded_like_the_first(world: World, name: str, who: str) -> None:
    need(name)
    keys = {thing.pk for thing in world.pages.values() if thing.branch == "B"}
    before = of_branch(state(), keys)
    client = client_of(world, who)
    for method, address, data in SECOND[name](world):
        what = f"{method} {address} {data} as {who}"
        with undone():
            response = send(client, method, address, data)
            after = of_branch(state(), keys)
        assert response.status_code < 500, what
        assert after == before, what
        assert_silent(response, who, what)


def test_the_walk_would_find_what_is_told_to_the_wrong_officer(world: World) -> None:
    response = HttpResponse(f"<p>{SECRETS['B']}</p>")
    with pytest.raises(AssertionError):
        assert_silent(response, "writer", "")
    assert_silent(response, "outsider", "")


def test_the_rules_tell_who_keeps_a_branch_from_who_does_not() -> None:
    hidden = Thing(1, "B", is_public=False)
    assert who_sees("outsider", hidden) == who_sees("operator", hidden) == everyone("", hidden)
    assert who_sees("writer", hidden) == {404}
    assert who_sees("writer", Thing(1, "B")) == {403}
