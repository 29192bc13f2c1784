"""
Who may do which verb where: the table of roles, and what one officer has been given.

Rules about the state of an edition are not here, but in `publishing`.
"""

from dataclasses import dataclass

from django.contrib.auth.models import AbstractBaseUser, AnonymousUser
from django.db.models import Q

from bureaus.models import Page, Role, Stewardship, Verb
from bureaus.models.pages import branch_end

Officer = AbstractBaseUser | AnonymousUser | None  # None: the operator, at the command line

# One of these roles, in the branch of the page. (Of `move`, in both branches.)
ROLES_FOR: dict[Verb, frozenset[Role]] = {
    Verb.ADD: frozenset({Role.MANAGER, Role.WRITER}),
    Verb.MOVE: frozenset({Role.MANAGER}),
    Verb.RENAME: frozenset({Role.MANAGER}),
    Verb.START_DRAFT: frozenset({Role.WRITER}),
    Verb.EDIT: frozenset({Role.WRITER}),
    Verb.SUBMIT: frozenset({Role.WRITER}),
    Verb.RETURN: frozenset({Role.APPROVER, Role.WRITER}),
    Verb.APPROVE: frozenset({Role.APPROVER}),
    Verb.APPROVE_URGENTLY: frozenset({Role.APPROVER}),
    Verb.CONFIRM: frozenset({Role.APPROVER}),
    Verb.CANCEL_BOOKING: frozenset({Role.APPROVER}),
    Verb.DISCARD: frozenset({Role.APPROVER, Role.WRITER}),
    Verb.APPOINT: frozenset({Role.MANAGER}),
    Verb.DISMISS: frozenset({Role.MANAGER}),
    Verb.SHARE: frozenset({Role.WRITER, Role.APPROVER}),
    Verb.ACCEPT: frozenset({Role.WRITER, Role.APPROVER}),
}
EVERY_ROLE = frozenset(Role)


@dataclass(frozen=True, slots=True)
class Grants:
    """What an officer may keep: the roles, each under the tree path of its branch."""

    branches: tuple[tuple[str, Role], ...] = ()
    is_unlimited: bool = False

    def roles_at(self, page: Page) -> frozenset[Role]:
        if self.is_unlimited:
            return EVERY_ROLE
        return frozenset(role for path, role in self.branches if page.path.startswith(path))

    def sees(self, page: Page) -> bool:
        """Whether what is not public of `page` may be read: whoever has any role there may."""
        return bool(self.roles_at(page))

    def branches_of(self, *roles: Role, prefix: str = "") -> Q:
        """
        The condition for pages in branches kept in one of `roles`; of none given, in any.

        `prefix` leads from what is asked for to its page: `page__`.
        """
        if self.is_unlimited:
            return Q()
        condition = Q(pk__in=[])
        for path, role in self.branches:
            if not roles or role in roles:
                condition |= Q(
                    **{f"{prefix}path__gte": path, f"{prefix}path__lt": branch_end(path)}
                )
        return condition

    def allow(self, verb: Verb, page: Page) -> bool:
        return bool(self.roles_at(page) & ROLES_FOR[verb])


def grants_of(officer: Officer) -> Grants:
    """
    What `officer` has been given, through the groups; 1 query.

    The operator and a superuser may keep everything, nobody and an ended account nothing.
    """
    if officer is None:
        return Grants(is_unlimited=True)
    if not officer.is_active:
        return Grants()
    if getattr(officer, "is_superuser", False):
        return Grants(is_unlimited=True)
    rows = Stewardship.objects.filter(group__user=officer.pk).values_list("page__path", "role")
    return Grants(tuple((path, Role(role)) for path, role in rows.order_by("page__path", "role")))
