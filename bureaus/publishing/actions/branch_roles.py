"""Appointing and dismissing the holders of branch roles."""

from django.contrib.auth.models import Group, User
from django.db.models import Count

from bureaus.models import Action, BranchRole, Page, Role
from bureaus.models.locks import under_tree_lock
from bureaus.models.placements import reread
from bureaus.publishing.audit import Actor, record_action, record_file_action
from bureaus.publishing.blockers.blocker import raise_if_blocked
from bureaus.publishing.blockers.branch_roles import appoint_blockers, dismiss_blockers

ACCOUNTS = "/admin/auth/user/"  # the address in the audit entries about accounts


@under_tree_lock
def appoint(*, name: str, role: Role, page: Page, actor: Actor) -> User:
    """
    Make `name` a writer, approver or manager of the branch of `page`.

    An account that does not exist is created without a password, which its owner chooses by an
    invitation; an existing one keeps its password and its other roles. At most 20 queries.
    Raises Blocked.
    """
    page, name = reread(page), User.normalize_username(name)
    raise_if_blocked(appoint_blockers(name=name, role=role, page=page, actor=actor))
    account = User.objects.filter(username=name).first()
    if account is None:
        account = User.objects.create_user(name)
        record_account(account, actor)
    if not account.is_staff:
        account.is_staff = True
        account.save(update_fields=["is_staff"])
    account.groups.add(group_for(page, role))
    record_action(Action.APPOINT, page, actor, officer=name, role=role.value)
    return account


def record_account(account: User, actor: Actor) -> None:
    """Record who created `account`, which ADR 0024 asks about. 1 query."""
    record_file_action(Action.CREATE_ACCOUNT, ACCOUNTS, actor, officer=account.get_username())


def record_operator(account: User, actor: Actor) -> None:
    """Record who made `account` an operator, which appoints it to everything. 1 query."""
    record_file_action(
        Action.APPOINT, ACCOUNTS, actor, officer=account.get_username(), role="operator"
    )


@under_tree_lock
def dismiss(*, name: str, role: Role, page: Page, actor: Actor) -> User:
    """
    End the role of `name` in the branch of `page`. The account and its other roles stay.

    At most 25 queries, and 3 for each other role of a group that an operator made. Raises Blocked.
    """
    page = reread(page)
    raise_if_blocked(dismiss_blockers(name=name, role=role, page=page, actor=actor))
    account = User.objects.get(username=name)
    for group in account.groups.filter(branch_roles__page=page, branch_roles__role=role):
        account.groups.remove(group)
        for other in group.branch_roles.select_related("page"):
            if (other.page_id, other.role) != (page.pk, role):
                account.groups.add(group_for(other.page, Role(other.role)))
        delete_if_empty(group)
    record_action(Action.DISMISS, page, actor, officer=name, role=role.value)
    return account


def group_for(page: Page, role: Role) -> Group:
    """
    Return the group that has this role in the branch of `page` and no other; create it if missing.

    A group with more, made by an operator, would grant what the manager of `page` does not have.
    """
    holders = Group.objects.filter(branch_roles__page=page, branch_roles__role=role)
    of_one = Group.objects.annotate(count=Count("branch_roles")).filter(count=1, permissions=None)
    existing = of_one.filter(pk__in=holders.values("pk")).first()
    if existing is not None:
        return existing
    # The key, because an address changes and another page may take it.
    name = f"{page.url_path[:100]} {role.label} {page.pk}"
    group = Group.objects.filter(name=name, branch_roles=None, permissions=None).first()
    group = group or Group.objects.create(name=free_name(name))
    BranchRole.objects.create(group=group, page=page, role=role)
    return group


def free_name(name: str) -> str:
    """Return `name`, with a number where an operator has used it for something else."""
    others = Group.objects.filter(name__startswith=name).count()
    return f"{name} ({others + 1})" if others else name


def delete_if_empty(group: Group) -> None:
    """Delete a group without members, which would block the discarding of its page."""
    if not group.user_set.exists():
        group.delete()
