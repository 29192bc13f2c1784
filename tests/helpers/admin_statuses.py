"""
Who gets which answer at an address below /admin/: the rules of the table of admin_routes.

What may be opened follows from `Grants.can_view`, what may be sent from `permissions.ROLES_FOR`.
"""

from collections.abc import Callable
from functools import partial

from bureaus.models import Action, Role
from bureaus.permissions import ROLES_FOR
from tests.helpers.admin_world import ROLES, Thing

Statuses = frozenset[int]
OPENED = frozenset({200})
SENT_ON = frozenset({302})
TAKEN = frozenset({200, 302, 400, 403, 409, 422})  # the rest depends on the state, not the person
FORBIDDEN, NOWHERE = frozenset({403}), frozenset({404})
# To a colleague without the role: the page of blockers, or the form again with them.
SHOWN_WHY = frozenset({200, 400, 403, 409, 422})
WRONG_METHOD = frozenset({403, 404, 405})
Rule = Callable[[str, Thing], Statuses]


def roles_at(who: str, thing: Thing) -> frozenset[Role]:
    return ROLES[who].get(thing.branch, frozenset())


def everyone(_who: str, _thing: Thing) -> Statuses:
    return OPENED


def sent_on(_who: str, _thing: Thing) -> Statuses:
    return SENT_ON


def moved(_who: str, _thing: Thing) -> Statuses:
    """The login, or for good the present address."""
    return SENT_ON | {301}


def either(_who: str, _thing: Thing) -> Statuses:
    return OPENED | SENT_ON


def never(_who: str, _thing: Thing) -> Statuses:
    return FORBIDDEN


def nowhere(_who: str, _thing: Thing) -> Statuses:
    return NOWHERE


def no_such_method(_who: str, _thing: Thing) -> Statuses:
    return WRONG_METHOD


def refused(_who: str, thing: Thing) -> Statuses:
    return FORBIDDEN if thing.is_public else NOWHERE


def operators(who: str, _thing: Thing) -> Statuses:
    return TAKEN - FORBIDDEN if who == "operator" else FORBIDDEN


def own_list(who: str, _thing: Thing) -> Statuses:
    """A list of one's own branches, if any; the walk looks for foreign words in it."""
    if who == "operator":
        return OPENED
    return OPENED | FORBIDDEN if ROLES[who] else FORBIDDEN


def own_record(who: str, thing: Thing) -> Statuses:
    """Of a foreign one Django says that it is not there, and leads to the first page."""
    if who == "operator":
        return OPENED
    return OPENED | FORBIDDEN if roles_at(who, thing) else SENT_ON | FORBIDDEN | NOWHERE


def of_own_branch(who: str, thing: Thing) -> Statuses:
    return OPENED if roles_at(who, thing) else FORBIDDEN | NOWHERE


def sent_in_own_branch(who: str, thing: Thing) -> Statuses:
    return TAKEN if roles_at(who, thing) else FORBIDDEN | NOWHERE


def not_sent(_who: str, _thing: Thing) -> Statuses:
    return FORBIDDEN | NOWHERE | frozenset({405})


def app_lists(who: str, thing: Thing) -> Statuses:
    """Django's list of models: of those that there are for this officer, if any."""
    return OPENED if who == "operator" else own_list(who, thing) - FORBIDDEN | NOWHERE


def no_choice(who: str, _thing: Thing) -> Statuses:
    """Django's own way to choose a record is for operators, where there is one."""
    return FORBIDDEN | NOWHERE | OPENED if who == "operator" else FORBIDDEN | NOWHERE


def managers(who: str, _thing: Thing) -> Statuses:
    is_one = any(Role.MANAGER in roles for roles in ROLES[who].values())
    return OPENED if is_one else FORBIDDEN


def managers_send(who: str, thing: Thing) -> Statuses:
    return TAKEN if managers(who, thing) == OPENED else FORBIDDEN


def who_sees(who: str, thing: Thing) -> Statuses:
    """The branch's own officers, in any role; to others a page that is not public is not there."""
    return OPENED if roles_at(who, thing) else refused(who, thing)


def in_the_tree(who: str, thing: Thing) -> Statuses:
    """The rows below a page: of a public one the public ones, as in the tree itself."""
    return OPENED | WRONG_METHOD if thing.is_public else who_sees(who, thing)


def who_may(who: str, thing: Thing, *, actions: tuple[Action, ...]) -> Statuses:
    """Who has a role for one of `actions` there; a colleague without one is refused."""
    roles = roles_at(who, thing)
    if any(roles & ROLES_FOR[action] for action in actions):
        return TAKEN
    return SHOWN_WHY if roles else refused(who, thing)


def may(*actions: Action) -> Rule:
    return partial(who_may, actions=actions)


def who_sees_and_may(who: str, thing: Thing, *, actions: tuple[Action, ...]) -> Statuses:
    """A form is shown to officers who see the page, or only to those who may send it."""
    if any(roles_at(who, thing) & ROLES_FOR[action] for action in actions):
        return OPENED | SENT_ON | FORBIDDEN
    return who_sees(who, thing) | (FORBIDDEN if roles_at(who, thing) else frozenset())


def asked_again(who: str, thing: Thing) -> Statuses:
    """An action is asked for again, is done from elsewhere, or is sent only."""
    return OPENED | SENT_ON | WRONG_METHOD if roles_at(who, thing) else WRONG_METHOD


def own_copy(who: str, thing: Thing) -> Statuses:
    return TAKEN if roles_at(who, thing) else refused(who, thing)


def officers(who: str, _thing: Thing) -> Statuses:
    """The officers of a branch, in any role."""
    return OPENED if ROLES[who] else FORBIDDEN


def writers_send(who: str, _thing: Thing) -> Statuses:
    is_one = any(Role.WRITER in roles for roles in ROLES[who].values())
    return TAKEN if is_one else FORBIDDEN


def adders(who: str, _thing: Thing) -> Statuses:
    """Who may add a page anywhere."""
    is_one = any(roles & ROLES_FOR[Action.ADD] for roles in ROLES[who].values())
    return OPENED if is_one else FORBIDDEN


def adders_send(who: str, thing: Thing) -> Statuses:
    return TAKEN if adders(who, thing) == OPENED else FORBIDDEN


def who_knows_the_file(who: str, thing: Thing) -> Statuses:
    """What is public or unused is for all who have a role; under embargo, for the branch's."""
    knows = ROLES[who] if thing.is_public else roles_at(who, thing)
    return OPENED if knows else NOWHERE


def who_may_with_the_file(who: str, thing: Thing, *, action: Action) -> Statuses:
    """The library is one for all who have the role anywhere."""
    if who_knows_the_file(who, thing) == NOWHERE:
        return NOWHERE
    has_role = any(roles & ROLES_FOR[action] for roles in ROLES[who].values())
    return TAKEN if has_role else SHOWN_WHY


def may_with_file(action: Action) -> Rule:
    return partial(who_may_with_the_file, action=action)


def file_asked_again(who: str, thing: Thing) -> Statuses:
    return NOWHERE if who_knows_the_file(who, thing) == NOWHERE else SENT_ON


def several(_who: str, _thing: Thing) -> Statuses:
    """Nothing is chosen here: the walk of the second things chooses."""
    return OPENED | frozenset({422})


def form_for(*actions: Action) -> Rule:
    return partial(who_sees_and_may, actions=actions)
