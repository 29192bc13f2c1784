"""The screen on which managers assign roles."""

from datetime import timedelta

import pytest
from django.contrib.auth.models import Group, Permission, User
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from bureaus.models import Action, AuditEntry, Kind, Role
from bureaus.permissions import grants_of
from bureaus.publishing import appoint
from tests.helpers.authenticator import browser
from tests.helpers.cast import Site, client_of, officer, place, publish

pytestmark = [pytest.mark.django_db, pytest.mark.one_database_unless_long]
PEOPLE, DISMISS = "/admin/bureaus/people/", "/admin/bureaus/people/dismiss/"
PASSWORD = "ながい合言葉-2013-総務"


@pytest.fixture
def chief(site: Site) -> User:
    """A manager of the bureau only."""
    return officer("中村", {site.bureau: [Role.MANAGER]})


def typed(site: Site, **changes: object) -> dict[str, object]:
    return {
        "name": "木村",
        "role": "writer",
        "branch": site.bureau.pk,
        "address": "",
        **changes,
    }


def test_a_manager_makes_somebody_an_officer(site: Site, chief: User) -> None:
    client = client_of(chief)
    response = client.post(PEOPLE, typed(site), follow=True)
    assert response.redirect_chain == [(PEOPLE, 302)]
    assert "「木村」を「情報通信国際戦略局」とその下の作成者にしました。" in messages_in(response)
    account = User.objects.get(username="木村")
    assert not account.has_usable_password()
    assert "/admin/invitation/" in messages_in(response)
    assert grants_of(account).branches == ((site.bureau.path, "writer"),)
    assert AuditEntry.objects.get(action=Action.APPOINT).actor == chief


def test_no_place_is_chosen_for_the_manager(site: Site, chief: User) -> None:
    text = messages_in(client_of(chief).get(PEOPLE))
    places = text[text.index('<select name="branch"') : text.index("</select>")]
    assert "（選んでください）" in places[: places.index("</option>")]
    assert "selected" not in places.replace('<option value="" selected>', "")


def messages_in(response: object) -> str:
    return response.content.decode()  # type: ignore[attr-defined, no-any-return]


def test_a_page_that_is_not_in_the_list_is_named_by_its_address(site: Site, chief: User) -> None:
    address = site.sections[0].url_path
    client_of(chief).post(PEOPLE, typed(site, address=address))
    assert grants_of(User.objects.get(username="木村")).branches == (
        (site.sections[0].path, "writer"),
    )


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"name": "木 村"}, "アカウントの名前「木 村」は使えません。"),
        ({"role": "boss"}, "正しく選択してください。"),
        ({"name": ""}, "ユーザー名を書いてください。"),
        ({"branch": ""}, "担当する場所を選んでください。"),
    ],
)
def test_a_refusal_says_why_and_keeps_what_was_typed(
    site: Site, chief: User, changes: dict[str, object], sentence: str
) -> None:
    sent = typed(site, **changes)
    response = client_of(chief).post(PEOPLE, sent)
    assert response.status_code == 422
    text = messages_in(response)
    assert sentence in text
    assert f'value="{sent["name"]}"' in text or not sent["name"]
    assert f'<option value="{sent["branch"]}" selected>' in text
    assert (
        sentence
        in text[text.index('role="alert"') : text.index("</ul>", text.index('role="alert"'))]
    )
    assert not User.objects.filter(username__contains="木").exists()


@pytest.mark.parametrize("field", ["branch", "address"])
@pytest.mark.parametrize("kind", ["public", "hidden", "none"])
def test_another_branch_is_refused_and_nothing_of_it_is_revealed(
    site: Site, chief: User, field: str, kind: str
) -> None:
    hidden = place(site.guide, "himitsu-no-ka", Kind.ORGANISATION)
    page = {"public": site.guide, "hidden": hidden}.get(kind)
    value = {"branch": page.pk if page else 10**30, "address": page.url_path if page else "/x/"}
    response = client_of(chief).post(PEOPLE, typed(site, **{field: value[field]}))
    assert response.status_code == 403
    assert "一覧から選び直してください。" in messages_in(response)
    assert ("himitsu" in messages_in(response)) is (
        kind == "hidden" and field == "address"
    )  # the word that was typed
    assert not User.objects.filter(username="木村").exists()


def test_an_officer_of_another_branch_gets_the_role_and_nothing_else_is_revealed(
    site: Site, chief: User, outsider: User
) -> None:
    client = client_of(chief)
    assert "伊藤" not in messages_in(client.get(PEOPLE))
    client.post(PEOPLE, typed(site, name="伊藤"))
    text = messages_in(client.get(PEOPLE))
    assert "伊藤" in text
    assert "統計局" not in text
    assert Role.WRITER in grants_of(outsider).roles_at(site.bureau)


def test_a_manager_sees_the_people_of_their_branches_and_no_others(
    site: Site, chief: User, writer: User, manager: User, operator: User
) -> None:
    text = messages_in(client_of(chief).get(PEOPLE))
    assert "鈴木" in text
    assert "渡辺" not in text
    assert "田中" not in text


def test_the_list_says_who_has_come_in_and_when(site: Site, chief: User, writer: User) -> None:
    User.objects.filter(pk=writer.pk).update(last_login=timezone.now() - timedelta(days=400))
    officer("一度も", {site.bureau: [Role.APPROVER]})
    text = messages_in(client_of(chief).get(PEOPLE))
    assert "<time datetime" in text
    assert "まだありません" in text


def test_a_manager_ends_a_role_and_the_account_stays(site: Site, chief: User, writer: User) -> None:
    sent = {"name": "鈴木", "role": "writer", "page": site.bureau.pk}
    response = client_of(chief).post(DISMISS, sent, follow=True)
    assert "作成者ではなくなりました。" in messages_in(response)
    assert grants_of(writer).branches == ()
    writer.refresh_from_db()
    assert writer.is_active
    assert AuditEntry.objects.get(action=Action.DISMISS).actor == chief


def test_who_ends_their_own_last_role_returns_to_the_dashboard(site: Site, chief: User) -> None:
    sent = {"name": "中村", "role": "manager", "page": site.bureau.pk}
    assert client_of(chief).post(DISMISS, sent)["Location"] == "/admin/"


@pytest.mark.parametrize(
    ("sent", "status"),
    [({}, 409), ({"page": "x"}, 403), ({"role": "boss"}, 403), ({"name": "い\0ない"}, 409)],
)
def test_a_crooked_request_ends_nothing(
    site: Site, chief: User, writer: User, sent: dict[str, str], status: int
) -> None:
    whole = {"name": "だれも", "role": "writer", "page": str(site.bureau.pk)} | sent
    assert client_of(chief).post(DISMISS, whole).status_code == status
    assert grants_of(writer).branches


def test_a_manager_below_does_not_end_what_was_given_above(
    site: Site, chief: User, manager: User
) -> None:
    sent = {"name": "渡辺", "role": "manager", "page": site.root.pk}
    assert client_of(chief).post(DISMISS, sent).status_code == 403
    assert grants_of(manager).branches


@pytest.mark.parametrize("who", ["writer", "approver", "nobody"])
def test_an_officer_who_manages_nothing_has_no_such_screen(
    site: Site, writer: User, approver: User, who: str
) -> None:
    nobody = User.objects.create_user("新人", is_staff=True)
    client = client_of({"writer": writer, "approver": approver, "nobody": nobody}[who])
    assert client.get(PEOPLE).status_code == 403
    assert client.post(PEOPLE, typed(site)).status_code == 403
    assert PEOPLE not in messages_in(client.get("/admin/"))
    assert not User.objects.filter(username="木村").exists()


def test_the_navigation_marks_the_screen(site: Site, chief: User) -> None:
    assert f'<a href="{PEOPLE}" aria-current="page">' in messages_in(client_of(chief).get(PEOPLE))


def test_the_screen_costs_the_same_for_three_officers_and_three_hundred(
    site: Site, manager: User
) -> None:
    client = client_of(manager)
    client.get(PEOPLE)
    counts = []
    for number in range(2):
        with CaptureQueriesContext(connection) as queries:
            client.get(PEOPLE)
        counts.append(len(queries))
        bureaus = [
            publish(site.guide, f"k{number}-{each}", "局", kind=Kind.ORGANISATION)
            for each in range(20)
        ]
        for bureau in bureaus:
            appoint(name=f"人-{bureau.pk}", role=Role.WRITER, page=bureau, actor=None)
    assert counts[0] == counts[1] <= 15


def test_a_long_list_is_read_page_by_page(site: Site, manager: User) -> None:
    group = Group.objects.create(name="大勢")
    group.branch_roles.create(page=site.bureau, role=Role.WRITER)
    people = User.objects.bulk_create(User(username=f"職員{n:03}") for n in range(250))
    group.user_set.set(people)
    client = client_of(manager)
    first, second = messages_in(client.get(PEOPLE)), messages_in(client.get(f"{PEOPLE}?p=1"))
    assert "職員000" in first
    assert "職員249" not in first
    assert "職員249" in second
    assert client.get(f"{PEOPLE}?p=x").status_code == 200


# Accounts in Django's own pages


@pytest.mark.parametrize("name", ["user", "group"])
@pytest.mark.parametrize("rest", ["", "add/", "{}/change/", "{}/delete/", "{}/history/"])
def test_a_permission_of_djangos_opens_nothing(
    site: Site, manager: User, name: str, rest: str
) -> None:
    manager.user_permissions.set(Permission.objects.all())
    client = client_of(manager)
    record = manager if name == "user" else manager.groups.get()
    address = f"/admin/auth/{name}/{rest.format(record.pk)}"
    assert client.get(address).status_code == 403
    sent = {"username": "渡辺", "is_superuser": "on", "is_staff": "on", "is_active": "on"}
    assert client.post(address, sent).status_code == 403
    manager.refresh_from_db()
    assert not manager.is_superuser


def test_an_officer_does_not_set_a_colleagues_password(site: Site, manager: User) -> None:
    manager.user_permissions.set(Permission.objects.all())
    victim = User.objects.create_superuser("長官", password=PASSWORD)
    address = f"/admin/auth/user/{victim.pk}/password/"
    sent = {
        "usable_password": "true",
        "password1": "べつの-ひみつ-1",
        "password2": "べつの-ひみつ-1",
    }
    assert client_of(manager).post(address, sent).status_code == 403
    victim.refresh_from_db()
    assert victim.check_password(PASSWORD)


def test_an_operator_ends_an_account_and_never_deletes_it(
    site: Site, operator_client: Client, writer: User
) -> None:
    address = f"/admin/auth/user/{writer.pk}/"
    sent = {"username": "鈴木", "is_staff": "on"}
    assert operator_client.post(f"{address}change/", sent).status_code == 302
    writer.refresh_from_db()
    assert not writer.is_active
    assert writer.groups.exists()
    assert operator_client.post(f"{address}delete/", {"post": "yes"}).status_code == 403


def test_groups_are_filled_by_the_actions_alone(site: Site, operator_client: Client) -> None:
    assert operator_client.get("/admin/auth/group/").status_code == 200
    assert operator_client.post("/admin/auth/group/add/", {"name": "x"}).status_code == 403


def test_a_browser_without_a_name_is_asked_to_log_in(site: Site) -> None:
    for address in (PEOPLE, DISMISS):
        assert browser().post(address)["Location"].startswith("/admin/login/")
