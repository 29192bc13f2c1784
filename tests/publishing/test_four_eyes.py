"""Nobody approves their own text through an account that they created and appointed."""

import pytest
from django.contrib.auth.models import User
from django.test import Client

from bureaus.models import Action, AuditEntry, Edition, Role
from bureaus.publishing import appoint, approve_urgently
from tests.helpers.cast import Site, officer
from tests.helpers.editing import codes, submitted

pytestmark = pytest.mark.django_db
PASSWORD = "ひみつ-futari-2013"


@pytest.fixture
def chief(site: Site) -> User:
    """Writes, approves and appoints in the bureau."""
    return officer("山田", {site.bureau: list(Role)})


def made(site: Site, name: str, role: Role, by: User | None) -> User:
    return appoint(name=name, role=role, page=site.bureau, actor=by)


def against(edition: Edition, actor: User) -> set[str]:
    return codes(Action.APPROVE, editions=[edition], actor=actor)


def test_an_account_that_the_writer_created_and_appointed_does_not_approve(
    site: Site, chief: User, approver: User
) -> None:
    second_self = made(site, "分身", Role.APPROVER, by=chief)
    edition = submitted(site.bureau, chief)
    assert against(edition, second_self) == {"own_account"}
    assert against(edition, approver) == set()

    approve_urgently(edition=edition, actor=chief, reason="災害")
    assert codes(Action.CONFIRM, edition=edition, actor=second_self) == {"own_account"}
    assert codes(Action.CONFIRM, edition=edition, actor=approver) == set()


def test_nor_is_text_approved_by_whoever_created_and_appointed_its_writer(
    site: Site, chief: User, approver: User
) -> None:
    edition = submitted(site.bureau, made(site, "分身", Role.WRITER, by=chief))
    assert against(edition, chief) == {"own_account"}
    assert against(edition, approver) == set()


def test_appointing_an_account_that_somebody_else_created_is_no_bond(
    site: Site, chief: User, approver: User
) -> None:
    made(site, "新人", Role.WRITER, by=None)  # at the command line
    newcomer = appoint(name="新人", role=Role.APPROVER, page=site.bureau, actor=chief)
    appoint(name=approver.username, role=Role.WRITER, page=site.bureau, actor=chief)
    edition = submitted(site.bureau, chief)
    assert against(edition, newcomer) == against(edition, approver) == set()


def test_an_operator_does_not_approve_through_an_account_of_their_own_making(
    site: Site, writer: User, operator: User, operator_client: Client
) -> None:
    typed = {"username": "分身", "password1": PASSWORD, "password2": PASSWORD}
    assert operator_client.post("/admin/auth/user/add/", typed).status_code == 302
    second_self = User.objects.get(username="分身")
    assert AuditEntry.objects.get(action=Action.CREATE_ACCOUNT).actor == operator
    edition = submitted(site.bureau, operator)

    appoint(name="分身", role=Role.APPROVER, page=site.bureau, actor=operator)
    assert against(edition, second_self) == {"own_account"}


def test_making_an_account_an_operator_is_appointing_it(
    site: Site, operator: User, operator_client: Client
) -> None:
    typed = {"username": "分身", "password1": PASSWORD, "password2": PASSWORD}
    operator_client.post("/admin/auth/user/add/", typed)
    second_self = User.objects.get(username="分身")
    changes = {"username": "分身", "is_active": "on", "is_staff": "on", "is_superuser": "on"}
    answer = operator_client.post(f"/admin/auth/user/{second_self.pk}/change/", changes)
    assert answer.status_code == 302
    edition = submitted(site.bureau, operator)
    assert against(edition, User.objects.get(username="分身")) == {"own_account"}
