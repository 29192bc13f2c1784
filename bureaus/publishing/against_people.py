"""Why somebody cannot be made an officer of a branch, or stop being one."""

from collections.abc import Iterator

from django.contrib.auth.models import User
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError

from bureaus.models import Page, Role, Stewardship, Verb
from bureaus.permissions import Officer
from bureaus.publishing.reason import Reason, against_role


def against_appoint(
    *, name: str, role: Role, page: Page, password: str | None = None, actor: Officer = None
) -> Iterator[Reason]:
    """`password` is for an account that does not exist yet; the one that does keeps its own."""
    yield from against_role(Verb.APPOINT, actor, page)
    try:
        User(username=name).clean_fields(exclude=["password"])
    except ValidationError as error:
        words = "".join(error.messages)
        yield Reason("name", f"アカウントの名前「{name}」は使えません。{words}")
        return
    account = User.objects.filter(username=name).first()
    if account is not None:
        yield from against_account(account, role, page)
    elif not password:
        yield Reason("password", f"「{name}」は新しいアカウントなので、パスワードが要ります。")
    else:
        yield from against_password(password, name)


def against_dismiss(
    *, name: str, role: Role, page: Page, actor: Officer = None
) -> Iterator[Reason]:
    """Nobody learns here whether there is an account of that name elsewhere."""
    yield from against_role(Verb.DISMISS, actor, page)
    kept = Stewardship.objects.filter(page=page, role=role, group__user__username=name)
    if not kept.exists():
        yield Reason(
            "not_held",
            f"「{name}」は「{page.url_path}」の{role.label}ではありません。画面を開き直してください。",
        )


def against_account(account: User, role: Role, page: Page) -> Iterator[Reason]:
    if not account.is_active:
        yield Reason(
            "ended",
            f"「{account}」のアカウントは止められています。使うには、先に有効にしてください。",
        )
    if account.groups.filter(stewardships__page=page, stewardships__role=role).exists():
        yield Reason("already", f"「{account}」は、すでに「{page.url_path}」の{role.label}です。")


def against_password(password: str, name: str) -> Iterator[Reason]:
    try:
        validate_password(password, User(username=name))
    except ValidationError as error:
        for message in error.messages:
            yield Reason("password", message)
