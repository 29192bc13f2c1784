"""Who keeps a page: through which group, in which role, and from where in the tree."""

from collections.abc import Iterable
from dataclasses import dataclass

from bureaus.models import Page, Role, Stewardship, Verb
from bureaus.permissions import ROLES_FOR

NAMED = 10  # people; of more it is said how many


@dataclass(frozen=True, slots=True)
class Keeper:
    """A group in a role, on this page or above it; only people who can log in."""

    role: Role
    group: str
    branch: str  # the address from which on
    people: tuple[str, ...]

    @property
    def names(self) -> str:
        return names_of(self.people)


def names_of(people: Iterable[str]) -> str:
    """佐藤、高橋 ほか3人; empty of nobody."""
    names = list(dict.fromkeys(people))
    further = len(names) - NAMED
    return "、".join(names[:NAMED]) + (f" ほか{further}人" if further > 0 else "")


def paths_to(page: Page) -> list[str]:
    """The tree paths from the root to `page`."""
    step: int = page.steplen
    return [page.path[:end] for end in range(step, len(page.path) + 1, step)]


def keepers_of(page: Page) -> list[Keeper]:
    """The nearest branch first, and in it writers before approvers before managers; 1 query."""
    rows = Stewardship.objects.filter(page__path__in=paths_to(page)).values_list(
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
        Keeper(ORDER[position], group, branch, tuple(sorted(names)))
        for (_, position, group, branch), names in sorted(people.items())
    ]


ORDER = (Role.WRITER, Role.APPROVER, Role.MANAGER)


def who_can(verb: Verb, keepers: Iterable[Keeper]) -> str:
    """承認者（佐藤、高橋）: the roles that do this, and the people in them."""
    able = [keeper for keeper in keepers if keeper.role in ROLES_FOR[verb]]
    roles = "・".join(role.label for role in ORDER if role in ROLES_FOR[verb])
    names = names_of(name for keeper in able for name in keeper.people)
    return (
        f"{roles}（{names}）" if names else f"{roles}（まだ、だれもいません。管理者が設定します）"
    )
