"""Making somebody an officer of a branch, at the command line and by a manager."""

import io

import pytest
from django.contrib.auth.models import User
from django.core.management import CommandError, call_command

from bureaus.models import Action, AuditEntry, BranchRole, Role
from bureaus.permissions import grants_of
from bureaus.publishing import Blocked, appoint, dismiss, move
from tests.helpers.blockers import blockers_of
from tests.helpers.cast import Site, officer, publish
from tests.helpers.paths import ROOT
from tests.helpers.reader import BUREAU

pytestmark = pytest.mark.django_db
PASSWORD = "ながい合言葉-2013-総務"


def add(name: str, role: str, branch: str) -> str:
    output = io.StringIO()
    call_command("add_officer", name, role=role, branch=branch, stdout=output)
    return output.getvalue()


def test_an_account_is_made_and_may_do_what_its_role_does(site: Site) -> None:
    output = add("鈴木", "writer", BUREAU)
    first, _, link = output.splitlines()
    assert first == f"アカウントを作り、「鈴木」を「{BUREAU}」とその下の作成者にしました。"
    assert link.startswith("/admin/invitation/")
    account = User.objects.get(username="鈴木")
    assert account.is_staff
    assert not account.is_superuser
    assert not account.has_usable_password()
    assert grants_of(account).roles_at(site.sections[0]) == {Role.WRITER}
    assert grants_of(account).roles_at(site.guide) == set()


def test_a_second_role_keeps_the_password_and_the_first_role(site: Site) -> None:
    add("鈴木", "writer", BUREAU)
    account = User.objects.get(username="鈴木")
    account.set_password(PASSWORD)
    account.save()
    output = add("鈴木", "approver", "/main_sosiki/")
    assert "アカウントを作り" not in output
    account = User.objects.get(username="鈴木")
    assert account.check_password(PASSWORD)
    assert grants_of(account).roles_at(site.bureau) == {Role.WRITER, Role.APPROVER}


def test_another_spelling_of_a_name_invites_nobody_to_the_account(site: Site) -> None:
    add("モリ", "writer", BUREAU)
    assert "招待リンク" not in add(" ﾓﾘ", "approver", BUREAU)
    assert User.objects.count() == 1


def test_the_people_of_one_branch_and_role_are_one_group(site: Site) -> None:
    for name in ("鈴木", "佐藤"):
        add(name, "writer", BUREAU)
    assert BranchRole.objects.count() == 1
    assert BranchRole.objects.get().group.user_set.count() == 2


def test_a_branch_that_moves_keeps_its_people(site: Site) -> None:
    add("鈴木", "writer", BUREAU)
    archive = publish(site.root, "archive", "保存庫")
    moved = move(page=site.bureau, to=archive, actor=None)
    assert grants_of(User.objects.get()).roles_at(moved) == {Role.WRITER}


@pytest.mark.parametrize(
    ("name", "role", "branch", "sentence"),
    [
        ("鈴木", "boss", BUREAU, "役割「boss」はありません。"),
        ("鈴木", "writer", "/nothing/", "「/nothing/」というページはありません。"),
        ("鈴 木", "writer", BUREAU, "アカウントの名前「鈴 木」は使えません。"),
    ],
)
def test_what_cannot_be_is_refused_with_a_sentence_and_makes_nobody(
    site: Site,
    *,
    name: str,
    role: str,
    branch: str,
    sentence: str,
) -> None:
    with pytest.raises(CommandError, match=sentence):
        add(name, role, branch)
    assert not User.objects.exists()
    assert not BranchRole.objects.exists()


def test_the_same_role_twice_is_refused(site: Site) -> None:
    add("鈴木", "writer", BUREAU)
    with pytest.raises(CommandError, match="すでに"):
        add("鈴木", "writer", BUREAU)


def test_an_ended_account_is_not_appointed(site: Site, writer: User) -> None:
    writer.is_active = False
    writer.save()
    blockers = blockers_of(Action.APPOINT, name="鈴木", role=Role.APPROVER, page=site.bureau)
    assert [blocker.code for blocker in blockers] == ["inactive_account"]


def test_a_manager_appoints_in_their_branch_and_nobody_else_does(
    site: Site, manager: User, writer: User, approver: User
) -> None:
    appoint(name="木村", role=Role.WRITER, page=site.bureau, actor=manager)
    entry = AuditEntry.objects.get(action=Action.APPOINT)
    assert (entry.actor, entry.details) == (manager, {"officer": "木村", "role": "writer"})
    for actor in (writer, approver):
        with pytest.raises(Blocked):
            appoint(name="林", role=Role.WRITER, page=site.bureau, actor=actor)


def test_a_dismissed_officer_keeps_the_account_and_the_roles_elsewhere(
    site: Site, manager: User
) -> None:
    for page, role in ((site.bureau, Role.WRITER), (site.guide, Role.APPROVER)):
        appoint(name="木村", role=role, page=page, actor=manager)
    account = dismiss(name="木村", role=Role.WRITER, page=site.bureau, actor=manager)
    assert account.is_active
    assert grants_of(account).roles_at(site.bureau) == {Role.APPROVER}
    entry = AuditEntry.objects.get(action=Action.DISMISS)
    assert (entry.actor, entry.details) == (manager, {"officer": "木村", "role": "writer"})


def test_of_a_group_that_keeps_more_only_the_one_role_is_ended(site: Site) -> None:
    both = officer("木村", {site.bureau: [Role.WRITER, Role.APPROVER], site.guide: [Role.WRITER]})
    dismiss(name="木村", role=Role.APPROVER, page=site.bureau, actor=None)
    assert grants_of(both).branches == ((site.guide.path, "writer"), (site.bureau.path, "writer"))


def test_a_colleague_in_the_same_group_keeps_their_role(site: Site, writer: User) -> None:
    colleague = User.objects.create_user("林", is_staff=True)
    colleague.groups.set(writer.groups.all())
    dismiss(name="鈴木", role=Role.WRITER, page=site.bureau, actor=None)
    assert grants_of(writer).branches == ()
    assert grants_of(colleague).roles_at(site.bureau) == {Role.WRITER}


def test_a_branch_that_nobody_keeps_any_more_can_be_discarded(site: Site) -> None:
    appoint(name="木村", role=Role.WRITER, page=site.bureau, actor=None)
    dismiss(name="木村", role=Role.WRITER, page=site.bureau, actor=None)
    assert not BranchRole.objects.exists()


def test_a_role_comes_without_what_a_group_made_by_hand_holds_besides(site: Site) -> None:
    officer("古い人", {site.bureau: [Role.WRITER], site.guide: [Role.MANAGER]})
    chief = officer("局の管理者", {site.bureau: [Role.MANAGER]})
    appoint(name="木村", role=Role.WRITER, page=site.bureau, actor=chief)
    account = User.objects.get(username="木村")
    assert grants_of(account).branches == ((site.bureau.path, "writer"),)


@pytest.mark.parametrize("name", ["鈴木", "いない人"])
def test_dismissing_says_the_same_of_who_is_elsewhere_and_who_is_nowhere(
    site: Site, writer: User, name: str
) -> None:
    chief = officer("別の局の管理者", {site.sections[0]: [Role.MANAGER]})
    subject = {"name": name, "role": Role.WRITER, "page": site.sections[0]}
    blockers = blockers_of(Action.DISMISS, **subject, actor=chief)
    sentence = f"「{name}」は「{site.sections[0].url_path}」の作成者ではありません。"
    assert [str(blocker) for blocker in blockers] == [f"{sentence}画面を開き直してください。"]


def test_a_password_is_never_an_argument() -> None:
    command = ROOT / "bureaus/management/commands/add_officer.py"
    assert "--password" not in command.read_text()
