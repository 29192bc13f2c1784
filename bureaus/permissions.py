"""
Who may do which action where: the roles for each action, and the grants of a user.

The rules about the state of an edition are in `publishing`.
"""

from dataclasses import dataclass
from typing import NamedTuple

from django.contrib.auth.models import AbstractBaseUser, AnonymousUser
from django.db.models import BigIntegerField, DateTimeField, Exists, OuterRef, Q
from django.utils import timezone

from bureaus.models import Action, BranchRole, Page, Placement, Role
from bureaus.models.compiled_sql import Compiled, Parameter
from bureaus.models.pages import JOINED, placement_at
from bureaus.models.placements import STEP, ancestor_paths, branch_end

# The roles of which one is required in the branch of the page (of `move`, in both branches).
ROLES_FOR: dict[Action, frozenset[Role]] = {
    Action.ADD: frozenset({Role.MANAGER, Role.WRITER}),
    Action.MOVE: frozenset({Role.MANAGER}),
    Action.RENAME: frozenset({Role.MANAGER}),
    Action.REORDER: frozenset({Role.MANAGER}),
    Action.START_DRAFT: frozenset({Role.WRITER}),
    Action.EDIT: frozenset({Role.WRITER}),
    Action.SUBMIT: frozenset({Role.WRITER}),
    # And named in the step: any role, with which they see the draft.
    Action.ENDORSE: frozenset(Role),
    Action.RETURN: frozenset({Role.APPROVER, Role.WRITER}),
    Action.APPROVE: frozenset({Role.APPROVER}),
    Action.APPROVE_URGENTLY: frozenset({Role.APPROVER}),
    Action.CONFIRM: frozenset({Role.APPROVER}),
    Action.CANCEL_BOOKING: frozenset({Role.APPROVER}),
    Action.RESCHEDULE: frozenset({Role.APPROVER}),
    Action.DISCARD: frozenset({Role.APPROVER, Role.WRITER}),
    Action.APPOINT: frozenset({Role.MANAGER}),
    Action.DISMISS: frozenset({Role.MANAGER}),
    Action.APPROVAL_STEPS: frozenset({Role.MANAGER}),
    Action.SYNONYMS: frozenset({Role.MANAGER}),  # of the root: they apply to every search
    Action.HOUSE_WORDS: frozenset({Role.MANAGER}),  # of the root, too
    Action.REVIEW: frozenset(Role),
    Action.REVIEW_INTERVAL: frozenset({Role.APPROVER, Role.MANAGER}),
    Action.SHARE: frozenset({Role.WRITER, Role.APPROVER}),
    Action.UNSHARE: frozenset({Role.WRITER, Role.APPROVER}),
    Action.ACCEPT: frozenset({Role.WRITER, Role.APPROVER}),
    # All who may see the draft.
    Action.COMMENT: frozenset(Role),
    Action.RESOLVE: frozenset(Role),
    Action.REOPEN: frozenset(Role),
    # Of the media library, which all branches share: the role in any branch.
    Action.UPLOAD: frozenset({Role.WRITER}),
    Action.DESCRIBE: frozenset({Role.WRITER}),
    Action.REPLACE: frozenset({Role.WRITER, Role.APPROVER}),
    Action.DELETE: frozenset({Role.MANAGER}),  # and the uploader
    Action.PROPOSE_SEAL: frozenset({Role.APPROVER}),
    Action.SEAL: frozenset({Role.APPROVER}),
    Action.REFUSE_SEAL: frozenset({Role.APPROVER}),
    Action.WITHDRAW_SEAL: frozenset({Role.APPROVER}),
}
EVERY_ROLE = frozenset(Role)


class BranchGrant(NamedTuple):
    path: str  # of the root of the branch, where it is now
    role: Role


@dataclass(frozen=True, slots=True)
class Grants:
    """The roles of a user in the branches of the tree."""

    branches: tuple[BranchGrant, ...] = ()
    is_unlimited: bool = False
    officer: int | None = None  # the key of the user

    @property
    def is_manager(self) -> bool:
        """Whether the user is manager of any branch, and so appoints people."""
        return self.has_role(Role.MANAGER)

    def has_role(self, role: Role) -> bool:
        """Return whether the user has `role` in any branch."""
        return role in self.roles_anywhere()

    @property
    def has_any_role(self) -> bool:
        return self.is_unlimited or bool(self.branches)

    @property
    def can_view_whole_site(self) -> bool:
        """Whether no page is hidden: the root is among the branches."""
        return self.is_unlimited or any(len(path) == STEP for path, _ in self.branches)

    @property
    def is_site_manager(self) -> bool:
        """Whether the user is manager of the root, and so of what applies to every page."""
        at_root = ((path, role) for path, role in self.branches if len(path) == STEP)
        return self.is_unlimited or any(role == Role.MANAGER for _, role in at_root)

    def roles_at(self, page: Page) -> frozenset[Role]:
        if self.is_unlimited:
            return EVERY_ROLE
        if not self.branches:
            return frozenset()
        return self.roles_at_path(page.placement.path)

    def roles_anywhere(self) -> frozenset[Role]:
        return EVERY_ROLE if self.is_unlimited else frozenset(role for _, role in self.branches)

    def roles_at_path(self, path: str) -> frozenset[Role]:
        """Return the roles at a path of the tree as it is now."""
        if self.is_unlimited:
            return EVERY_ROLE
        return frozenset(role for branch, role in self.branches if path.startswith(branch))

    def can_view_path(self, path: str) -> bool:
        return bool(self.roles_at_path(path))

    def can_view(self, page: Page) -> bool:
        """Return whether the user may read what is not public of `page`: with any role there."""
        return bool(self.roles_at(page))

    def in_branches(self, *roles: Role, prefix: str = "", is_placed: bool = False) -> Q:
        """
        Return the condition for pages in branches where the user has one of `roles`, or any.

        `prefix` leads from the model of the queryset to its page: `page__`. The condition is
        about where the pages are now; `is_placed` where the queryset has joined that placement
        already, whose paths then can be one range of an index.
        """
        if self.is_unlimited:
            return Q()
        if is_placed:
            return self.in_ranges(f"{JOINED}__path", *roles)
        here = Placement.objects.in_force(timezone.now()).filter(self.in_ranges("path", *roles))
        return Q(Exists(here.order_by().filter(page=OuterRef(f"{prefix}pk"))))

    def in_ranges(self, path: str, *roles: Role) -> Q:
        """
        Return the same condition for the placements of now: `path` leads to their tree path.

        Where they have been joined already it is a few ranges of an index.
        """
        if self.is_unlimited:
            return Q()
        ranges = Q(pk__in=[])
        for top in dict.fromkeys(top for top, role in self.branches if role in (roles or Role)):
            ranges |= Q(**{f"{path}__gte": top, f"{path}__lt": branch_end(top)})
        return ranges

    def shares_branch_with(self, user: str) -> Exists:
        """
        Return the condition that `user` of the outer row has a role in a branch of this one.

        Or above it, or below it.
        """
        above = {above for path, _ in self.branches for above in ancestor_paths(path)}
        nodes = Placement.objects.in_force(timezone.now()).filter(path__in=above)
        shared = self.in_branches(prefix="page__") | Q(page__in=nodes.values("page"))
        return Exists(BranchRole.objects.filter(shared, group__user=OuterRef(user)).order_by())

    def allows(self, action: Action, page: Page) -> bool:
        return bool(self.roles_at(page) & ROLES_FOR[action])


@dataclass(frozen=True, slots=True)
class ActorContext:
    """A user with their grants already read: for several checks in one request."""

    pk: int | None
    grants: Grants
    username: str

    def get_username(self) -> str:
        return self.username


Officer = AbstractBaseUser | AnonymousUser | ActorContext | None  # None: the operator


def actor_context(officer: Officer) -> ActorContext | None:
    """Return `officer` with their grants; 1 query."""
    if officer is None or isinstance(officer, ActorContext):
        return officer
    return ActorContext(officer.pk, grants_of(officer), officer.get_username())


# Every request of an officer asks it: compiled once (docs/adr/0005).
ROLES_OF = Compiled(
    BranchGrant,
    lambda: (
        BranchRole.objects.filter(group__user=Parameter("officer", BigIntegerField()))
        .annotate(placement=placement_at(Parameter("now", DateTimeField()), "page__"))
        .order_by("placement__path", "role")
        .values_list("placement__path", "role")
    ),
    is_prepared=False,
)


def grants_of(officer: Officer) -> Grants:
    """
    Return the grants of `officer`, which follow from their groups; 1 query.

    The operator (None) and a superuser are unlimited; anonymous and inactive users have none.
    """
    if officer is None:
        return Grants(is_unlimited=True)
    if isinstance(officer, ActorContext):
        return officer.grants
    if not officer.is_active:
        return Grants()
    if getattr(officer, "is_superuser", False):
        return Grants(is_unlimited=True, officer=officer.pk)
    rows = ROLES_OF(officer=officer.pk, now=timezone.now())
    branches = tuple(BranchGrant(path, Role(role)) for path, role in rows)
    return Grants(branches, officer=officer.pk)
