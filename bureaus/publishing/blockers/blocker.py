"""A blocker: why an action cannot be done, as a code and a sentence that says what to do."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum, auto
from functools import wraps
from typing import ParamSpec

from bureaus.models import Action, Page
from bureaus.permissions import ROLES_FOR, Officer, grants_of

P = ParamSpec("P")


class BlockerCode(StrEnum):
    # Who asks.
    ROLE = auto()
    APPROVER = auto()
    AUTHOR = auto()
    OWN_TEXT = auto()
    OWN_ACCOUNT = auto()
    OWN_PROPOSAL = auto()
    # The state of what the action is about, and of its surroundings in the tree.
    ALREADY = auto()
    ALREADY_THERE = auto()
    BUILT_ON = auto()
    CHANGED = auto()
    CHILDREN = auto()
    DELETED = auto()
    EVER_PUBLIC = auto()
    FORMER_ADDRESS = auto()
    FORMER_ADDRESS_OF_OTHERS = auto()
    FULL = auto()
    HAS_ROLES = auto()
    INACTIVE_ACCOUNT = auto()
    IN_REVIEW = auto()
    LINK = auto()
    LAPSED = auto()
    LINKED = auto()
    NOT_HELD = auto()
    NOT_URGENT = auto()
    NOT_WAITING = auto()
    NO_FINDING = auto()
    OPEN_EDITION = auto()
    ORDER = auto()
    OUTDATED = auto()
    PARENT_UNREADABLE = auto()
    REFUSED = auto()
    RELEASE = auto()
    ROOT = auto()
    STALE = auto()
    STARTED = auto()
    STATE = auto()
    STEPS = auto()
    TAKEN = auto()
    TOO_DEEP = auto()
    USED = auto()
    WAS_APPROVED = auto()
    WITHDRAWN = auto()
    # What an edition says.
    CHANGE_NOTE = auto()
    DEAD_LINK = auto()
    EMPTY = auto()
    ERROR = auto()
    FINDING = auto()
    HIDDEN_CONTENT = auto()
    ISSUED_LATER = auto()
    ISSUED_ON = auto()
    MOVED_TO = auto()
    PLACEHOLDER = auto()
    TITLE = auto()
    # What was sent with the action.
    COMMENT = auto()
    FEW = auto()
    FILE = auto()
    FOREIGN_FILE = auto()
    FOREIGN_SOURCE = auto()
    INVALID_FILE = auto()
    KIND = auto()
    LONG = auto()
    MANY = auto()
    MOMENT = auto()
    NAME = auto()
    NOTE = auto()
    NOTHING = auto()
    NOT_SEEN = auto()
    OPEN_COMMENTS = auto()
    OTHER_FORMAT = auto()
    OWN_BRANCH = auto()
    PAGE_TITLE = auto()
    PASSAGE = auto()
    PAST = auto()
    REASON = auto()
    SLUG = auto()
    SOURCE = auto()
    TARGET = auto()
    WHEN = auto()


@dataclass(frozen=True, slots=True)
class Blocker:
    code: BlockerCode
    sentence: str
    field: str = ""  # of the edition, where it can be corrected: "body", "figures-2-alt"
    rule: str = ""  # of the proofreader, where the blocker is a finding

    def __str__(self) -> str:
        return self.sentence


class Blocked(Exception):
    """An action was refused and has changed nothing. `blockers` holds every reason."""

    def __init__(self, blockers: Iterable[Blocker]) -> None:
        self.blockers = tuple(blockers)
        super().__init__("\n".join(map(str, self.blockers)))


def raise_if_blocked(blockers: Iterable[Blocker]) -> None:
    """Raises Blocked."""
    if found := tuple(blockers):
        raise Blocked(found)


def blocker_list(function: Callable[P, Iterator[Blocker]]) -> Callable[P, list[Blocker]]:
    """Decorate a generator of blockers to return a list, which can be tested for truth."""

    @wraps(function)
    def listed(*args: P.args, **kwargs: P.kwargs) -> list[Blocker]:
        return list(function(*args, **kwargs))

    return listed


def role_blockers(action: Action, actor: Officer, *pages: Page) -> Iterator[Blocker]:
    """Yield a blocker for each of `pages` where `actor` has no role for `action`; 1 query."""
    grants = grants_of(actor)
    labels = "または".join(role.label for role in sorted(ROLES_FOR[action]))
    for page in pages:
        if not grants.allows(action, page):
            yield Blocker(
                BlockerCode.ROLE,
                f"「{page.url_path}」での{action.label}には、そこを担当する{labels}の役割が要ります。"
                "担当の管理者に依頼してください。",
            )
