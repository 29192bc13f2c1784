"""Why somebody cannot be made an officer of a branch, or stop being one."""

from collections.abc import Iterator

from django.contrib.auth.models import User
from django.core.exceptions import ValidationError

from bureaus.models import Action, BranchRole, Page, Role
from bureaus.permissions import Officer
from bureaus.publishing.blockers.blocker import (
    Blocker,
    BlockerCode,
    blocker_list,
    role_blockers,
)


@blocker_list
def appoint_blockers(
    *, name: str, role: Role, page: Page, actor: Officer = None
) -> Iterator[Blocker]:
    yield from role_blockers(Action.APPOINT, actor, page)
    try:
        User(username=name).clean_fields(exclude=["password"])
    except ValidationError as error:
        words = "".join(error.messages)
        yield Blocker(BlockerCode.NAME, f"アカウントの名前「{name}」は使えません。{words}")
        return
    account = User.objects.filter(username=name).first()
    if account is not None:
        yield from account_blockers(account, role, page)


@blocker_list
def dismiss_blockers(
    *, name: str, role: Role, page: Page, actor: Officer = None
) -> Iterator[Blocker]:
    """Return the blockers, which do not reveal whether an account of that name exists."""
    yield from role_blockers(Action.DISMISS, actor, page)
    held = BranchRole.objects.filter(page=page, role=role, group__user__username=name)
    if not held.exists():
        yield Blocker(
            BlockerCode.NOT_HELD,
            f"「{name}」は「{page.url_path}」の{role.label}ではありません。画面を開き直してください。",
        )


def account_blockers(account: User, role: Role, page: Page) -> Iterator[Blocker]:
    if not account.is_active:
        yield Blocker(
            BlockerCode.INACTIVE_ACCOUNT,
            f"「{account}」のアカウントは止められています。使うには、先に有効にしてください。",
        )
    if account.groups.filter(branch_roles__page=page, branch_roles__role=role).exists():
        yield Blocker(
            BlockerCode.ALREADY, f"「{account}」は、すでに「{page.url_path}」の{role.label}です。"
        )
