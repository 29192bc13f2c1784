"""Who keeps a page: through which group, in which role, and from where in the tree."""

from collections.abc import Iterable
from dataclasses import dataclass

from bureaus.models import Action, BranchRole, Page, Role
from bureaus.permissions import ROLES_FOR

NAMED = 10  # people; of more it is said how many


@dataclass(frozen=True, slots=True)
class RoleHolder:
    """A group in a role, on this page or above it; only people who can log in."""

    role: Role
    group: str
    branch: str  # the address from which on
    people: tuple[str, ...]

    @property
    def names(self) -> str:
        return join_names(self.people)


def join_names(people: Iterable[str]) -> str:
    """佐藤、高橋 ほか3人; empty of nobody."""
    names = list(dict.fromkeys(people))
    further = len(names) - NAMED
    return "、".join(names[:NAMED]) + (f" ほか{further}人" if further > 0 else "")


def ancestor_paths(page: Page) -> list[str]:
    """The tree paths from the root to `page`."""
    step: int = page.steplen
    return [page.path[:end] for end in range(step, len(page.path) + 1, step)]


def role_holders_of(page: Page) -> list[RoleHolder]:
    """The nearest branch first, and in it writers before approvers before managers; 1 query."""
    rows = BranchRole.objects.filter(page__path__in=ancestor_paths(page)).values_list(
        "page__depth",
        "role",
        "group__name",
        "page__url_path",
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


def describe_holders(action: Action, keepers: Iterable[RoleHolder]) -> str:
    """承認者（佐藤、高橋）: the roles that do this, and the people in them."""
    able = [keeper for keeper in keepers if keeper.role in ROLES_FOR[action]]
    roles = "・".join(role.label for role in ORDER if role in ROLES_FOR[action])
    names = join_names(name for keeper in able for name in keeper.people)
    return (
        f"{roles}（{names}）" if names else f"{roles}（まだ、だれもいません。管理者が設定します）"
    )
