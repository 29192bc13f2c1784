"""
Who may do which action where: the table of roles, and what one officer has been given.

Rules about the state of an edition are not here, but in `publishing`.
"""

from dataclasses import dataclass

from django.contrib.auth.models import AbstractBaseUser, AnonymousUser
from django.db.models import Q

from bureaus.models import Action, BranchRole, Page, Role
from bureaus.models.pages import branch_end

# One of these roles, in the branch of the page. (Of `move`, in both branches.)
ROLES_FOR: dict[Action, frozenset[Role]] = {
    Action.ADD: frozenset({Role.MANAGER, Role.WRITER}),
    Action.MOVE: frozenset({Role.MANAGER}),
    Action.RENAME: frozenset({Role.MANAGER}),
    Action.START_DRAFT: frozenset({Role.WRITER}),
    Action.EDIT: frozenset({Role.WRITER}),
    Action.SUBMIT: frozenset({Role.WRITER}),
    Action.RETURN: frozenset({Role.APPROVER, Role.WRITER}),
    Action.APPROVE: frozenset({Role.APPROVER}),
    Action.APPROVE_URGENTLY: frozenset({Role.APPROVER}),
    Action.CONFIRM: frozenset({Role.APPROVER}),
    Action.CANCEL_BOOKING: frozenset({Role.APPROVER}),
    Action.DISCARD: frozenset({Role.APPROVER, Role.WRITER}),
    Action.APPOINT: frozenset({Role.MANAGER}),
    Action.DISMISS: frozenset({Role.MANAGER}),
    Action.SYNONYMS: frozenset({Role.MANAGER}),  # of the root: every search of the site asks them
    Action.SHARE: frozenset({Role.WRITER, Role.APPROVER}),
    Action.ACCEPT: frozenset({Role.WRITER, Role.APPROVER}),
    # Of the library, which is one for all: in whatever branch the role is.
    Action.UPLOAD: frozenset({Role.WRITER}),
    Action.DESCRIBE: frozenset({Role.WRITER}),
    Action.REPLACE: frozenset({Role.WRITER, Role.APPROVER}),
    Action.DELETE: frozenset({Role.MANAGER}),  # and whoever uploaded it
}
EVERY_ROLE = frozenset(Role)


@dataclass(frozen=True, slots=True)
class Grants:
    """What an officer may keep: the roles, each under the tree path of its branch."""

    branches: tuple[tuple[str, Role], ...] = ()
    is_unlimited: bool = False
    officer: int | None = None  # whose they are

    @property
    def is_manager(self) -> bool:
        """Whether there is a branch whose people are this officer's to choose."""
        return self.has_role(Role.MANAGER)

    def has_role(self, role: Role) -> bool:
        """Whether there is any branch that this officer keeps in `role`."""
        return self.is_unlimited or any(each == role for _, each in self.branches)

    @property
    def can_view_whole_site(self) -> bool:
        """Whether no page is hidden: the root, and so everything, is among the branches."""
        return self.is_unlimited or any(len(path) == Page.steplen for path, _ in self.branches)

    @property
    def is_site_manager(self) -> bool:
        """Whether what holds for every page is this officer's to say."""
        at_root = ((path, role) for path, role in self.branches if len(path) == Page.steplen)
        return self.is_unlimited or any(role == Role.MANAGER for _, role in at_root)

    def roles_at(self, page: Page) -> frozenset[Role]:
        if self.is_unlimited:
            return EVERY_ROLE
        return frozenset(role for path, role in self.branches if page.path.startswith(path))

    def roles_anywhere(self) -> frozenset[Role]:
        return EVERY_ROLE if self.is_unlimited else frozenset(role for _, role in self.branches)

    def can_view(self, page: Page) -> bool:
        """Whether what is not public of `page` may be read: whoever has any role there may."""
        return bool(self.roles_at(page))

    def in_branches(self, *roles: Role, prefix: str = "") -> Q:
        """
        The condition for pages in branches kept in one of `roles`; of none given, in any.

        `prefix` leads from what is asked for to its page: `page__`.
        """
        if self.is_unlimited:
            return Q()
        condition = Q(pk__in=[])
        for path in dict.fromkeys(path for path, role in self.branches if role in (roles or Role)):
            condition |= Q(**{f"{prefix}path__gte": path, f"{prefix}path__lt": branch_end(path)})
        return condition

    def allows(self, action: Action, page: Page) -> bool:
        return bool(self.roles_at(page) & ROLES_FOR[action])


@dataclass(frozen=True, slots=True)
class ActorContext:
    """An officer whose grants are at hand: for several questions at once, never for long."""

    pk: int | None
    grants: Grants
    username: str

    def get_username(self) -> str:
        return self.username


Officer = AbstractBaseUser | AnonymousUser | ActorContext | None  # None: the operator


def actor_context(officer: Officer) -> ActorContext | None:
    """`officer` with the grants at hand; 1 query."""
    if officer is None or isinstance(officer, ActorContext):
        return officer
    return ActorContext(officer.pk, grants_of(officer), officer.get_username())


def grants_of(officer: Officer) -> Grants:
    """
    What `officer` has been given, through the groups; 1 query.

    The operator and a superuser may keep everything, nobody and an ended account nothing.
    """
    if officer is None:
        return Grants(is_unlimited=True)
    if isinstance(officer, ActorContext):
        return officer.grants
    if not officer.is_active:
        return Grants()
    if getattr(officer, "is_superuser", False):
        return Grants(is_unlimited=True, officer=officer.pk)
    rows = BranchRole.objects.filter(group__user=officer.pk).values_list("page__path", "role")
    branches = tuple((path, Role(role)) for path, role in rows.order_by("page__path", "role"))
    return Grants(branches, officer=officer.pk)
