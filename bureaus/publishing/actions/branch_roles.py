"""Who keeps which branch: appointed and dismissed, in the admin and by the command."""

from django.contrib.auth.models import Group, User
from django.db.models import Count

from bureaus.models import Action, BranchRole, Page, Role
from bureaus.models.locks import under_tree_lock
from bureaus.models.pages import reread
from bureaus.publishing.audit import Actor, record_action, record_file_action
from bureaus.publishing.blockers.blocker import raise_if_blocked
from bureaus.publishing.blockers.branch_roles import appoint_blockers, dismiss_blockers

ACCOUNTS = "/admin/auth/user/"  # where the account of an event that belongs to no page is found


@under_tree_lock
def appoint(
    *, name: str, role: Role, page: Page, actor: Actor, password: str | None = None
) -> User:
    """
    Make `name` a writer, approver or manager of `page` and all below it.

    An account that does not exist is made, with `password`; one that does keeps its own and what
    it has been given elsewhere. At most 20 queries. Raises Refused.
    """
    page, name = reread(page), User.normalize_username(name)
    raise_if_blocked(
        appoint_blockers(name=name, role=role, page=page, password=password, actor=actor)
    )
    account = User.objects.filter(username=name).first()
    if account is None:
        account = User.objects.create_user(name, password=password)
        record_account(account, actor)
    if not account.is_staff:
        account.is_staff = True
        account.save(update_fields=["is_staff"])
    account.groups.add(group_for(page, role))
    record_action(Action.APPOINT, page, actor, officer=name, role=role.value)
    return account


def record_account(account: User, actor: Actor) -> None:
    """Record who created `account`: with an appointment, it is an account of theirs. 1 query."""
    record_file_action(Action.CREATE_ACCOUNT, ACCOUNTS, actor, officer=account.get_username())


def record_operator(account: User, actor: Actor) -> None:
    """Record who made `account` an operator, which is an appointment to everything. 1 query."""
    record_file_action(
        Action.APPOINT, ACCOUNTS, actor, officer=account.get_username(), role="operator"
    )


@under_tree_lock
def dismiss(*, name: str, role: Role, page: Page, actor: Actor) -> User:
    """
    End what `appoint` began. The account stays, and all that it keeps besides.

    At most 25 queries, and 3 for each role that a group made by hand holds besides. Raises
    Refused.
    """
    page = reread(page)
    raise_if_blocked(dismiss_blockers(name=name, role=role, page=page, actor=actor))
    account = User.objects.get(username=name)
    for group in account.groups.filter(branch_roles__page=page, branch_roles__role=role):
        account.groups.remove(group)
        for kept in group.branch_roles.select_related("page"):
            if (kept.page_id, kept.role) != (page.pk, role):
                account.groups.add(group_for(kept.page, Role(kept.role)))
        forget_if_empty(group)
    record_action(Action.DISMISS, page, actor, officer=name, role=role.value)
    return account


def group_for(page: Page, role: Role) -> Group:
    """
    The group that keeps `page` in this role, and nothing else; made where there is none.

    One that keeps more, made by hand, would give away what the manager of `page` does not have.
    """
    kept = Group.objects.filter(branch_roles__page=page, branch_roles__role=role)
    of_one = Group.objects.annotate(count=Count("branch_roles")).filter(count=1, permissions=None)
    found = of_one.filter(pk__in=kept.values("pk")).first()
    if found is not None:
        return found
    # The key, because an address changes and another page may take it.
    name = f"{page.url_path[:100]} {role.label} {page.pk}"
    group = Group.objects.filter(name=name, branch_roles=None, permissions=None).first()
    group = group or Group.objects.create(name=free_name(name))
    BranchRole.objects.create(group=group, page=page, role=role)
    return group


def free_name(name: str) -> str:
    """`name`, or with a number behind it where an operator has used it for something else."""
    others = Group.objects.filter(name__startswith=name).count()
    return f"{name} ({others + 1})" if others else name


def forget_if_empty(group: Group) -> None:
    """A group without people keeps nothing, and holds no page back from being discarded."""
    if not group.user_set.exists():
        group.delete()
