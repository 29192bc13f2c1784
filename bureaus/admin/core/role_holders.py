"""The role holders of a page: the group, the role and the branch."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.utils import timezone

from bureaus.models import Action, BranchRole, Page, Role
from bureaus.models.pages import placement_at
from bureaus.models.placements import ancestor_paths
from bureaus.permissions import ROLES_FOR

NAMED = 10  # people; the others are counted


@dataclass(frozen=True, slots=True)
class RoleHolder:
    """A group in a role of a branch, with the people who can log in."""

    role: Role
    group: str
    branch: str  # the address of its top page
    people: tuple[str, ...]

    @property
    def names(self) -> str:
        return join_names(self.people)


def join_names(people: Iterable[str]) -> str:
    """Return 佐藤、高橋 ほか3人, or an empty string."""
    names = list(dict.fromkeys(people))
    further = len(names) - NAMED
    return "、".join(names[:NAMED]) + (f" ほか{further}人" if further > 0 else "")


def paths_down_to(page: Page) -> list[str]:
    """Return the tree paths from the root to `page`."""
    return [*ancestor_paths(page.path), page.path]


def role_holders_of(page: Page) -> list[RoleHolder]:
    """Return the nearest branch first, in it writers, approvers, managers. 1 query."""
    here = placement_at(timezone.now(), "page__")
    holding = BranchRole.objects.annotate(placement=here)
    rows = holding.filter(placement__path__in=paths_down_to(page)).values_list(
        "placement__depth",
        "role",
        "group__name",
        "placement__url_path",
        "group__user__username",
        "group__user__is_active",
    )
    people: dict[tuple[int, int, str, str], list[str]] = {}
    order = {role.value: position for position, role in enumerate(ORDER)}
    for depth, role, group, branch, name, is_active in rows:
        names = people.setdefault((-depth, order[role], group, branch), [])
        if name and is_active:
            names.append(name)
    return [
        RoleHolder(ORDER[position], group, branch, tuple(sorted(names)))
        for (_, position, group, branch), names in sorted(people.items())
    ]


ORDER = (Role.WRITER, Role.APPROVER, Role.MANAGER)


def describe_holders(action: Action, holders: Iterable[RoleHolder]) -> str:
    """Return 承認者（佐藤、高橋）: the roles that allow `action`, and the people in them."""
    allowed = [holder for holder in holders if holder.role in ROLES_FOR[action]]
    roles = "・".join(role.label for role in ORDER if role in ROLES_FOR[action])
    names = join_names(name for holder in allowed for name in holder.people)
    return (
        f"{roles}（{names}）" if names else f"{roles}（まだ、だれもいません。管理者が設定します）"
    )
