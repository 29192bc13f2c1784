"""A reason against an action: a sentence that says what is wrong and what to do."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from bureaus.models import Action, Page
from bureaus.permissions import ROLES_FOR, Officer, grants_of


@dataclass(frozen=True, slots=True)
class Blocker:
    code: str
    sentence: str
    field: str = ""  # of the edition, where it is to be mended: "body", "figures-2-alt"

    def __str__(self) -> str:
        return self.sentence


class Blocked(Exception):
    """An action was not done. `blockers` holds every sentence, and nothing has changed."""

    def __init__(self, blockers: Iterable[Blocker]) -> None:
        self.blockers = tuple(blockers)
        super().__init__("\n".join(map(str, self.blockers)))


def role_blockers(action: Action, actor: Officer, *pages: Page) -> Iterator[Blocker]:
    """One reason for each of `pages` where `actor` has no role for `action`; 1 query."""
    grants = grants_of(actor)
    words = "または".join(role.label for role in sorted(ROLES_FOR[action]))
    for page in pages:
        if not grants.allows(action, page):
            yield Blocker(
                "role",
                f"「{page.url_path}」での{action.label}には、そこを担当する{words}の役割が要ります。"
                "担当の管理者に依頼してください。",
            )
