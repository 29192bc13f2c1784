"""Every action × the state of the edition × the role of the actor × their own branch or another."""

from collections.abc import Callable
from datetime import datetime, timedelta
from itertools import product
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.utils import timezone

from bureaus.models import Action, DraftComment, Edition, Kind, Role, State
from bureaus.models.draft_comments import new_key
from bureaus.permissions import grants_of
from bureaus.publishing import (
    Blocked,
    accept_finding,
    appoint,
    approve,
    approve_urgently,
    cancel_booking,
    comment,
    confirm,
    discard,
    dismiss,
    edit,
    reopen,
    resolve,
    return_,
    share,
    start_draft,
    submit,
)
from tests.helpers import cast
from tests.helpers.blockers import blockers_of
from tests.helpers.cast import Site, officer, publish
from tests.helpers.editing import undone

pytestmark = [pytest.mark.django_db, pytest.mark.one_database]
OPEN = "開いた版なし"  # no open edition: the page says what it says
BOOKED, URGENT = "公開予約", "緊急"
STATES = (OPEN, State.DRAFT, State.REVIEW, BOOKED, URGENT)
LEAD = "今秋の要旨"  # of which the proofreader says that it names no year
PEOPLE = (*Role, "superuser", "ended", "operator")

# The states and the roles in one's own branch with which an action is done. All else is refused.
ANY = frozenset({"superuser", "operator"})
WRITERS, APPROVERS = ANY | {Role.WRITER}, ANY | {Role.APPROVER}
ALLOWED: dict[Action, tuple[set[str], frozenset[str]]] = {
    Action.START_DRAFT: ({OPEN, BOOKED, URGENT}, WRITERS),
    Action.EDIT: ({State.DRAFT}, WRITERS),
    Action.SUBMIT: ({State.DRAFT}, WRITERS),
    Action.RETURN: ({State.REVIEW}, APPROVERS),
    Action.APPROVE: ({State.REVIEW}, APPROVERS),
    Action.APPROVE_URGENTLY: ({State.DRAFT, State.REVIEW}, APPROVERS),
    Action.CONFIRM: ({URGENT}, APPROVERS),
    Action.CANCEL_BOOKING: ({BOOKED}, APPROVERS),
    Action.DISCARD: ({State.DRAFT, State.REVIEW}, APPROVERS),
    # Wherever there is something to accept: what the page says now has no fault.
    Action.ACCEPT: ({State.DRAFT, State.REVIEW, BOOKED, URGENT}, WRITERS | APPROVERS),
    Action.SHARE: ({State.DRAFT, State.REVIEW}, WRITERS | APPROVERS),
    Action.COMMENT: ({State.DRAFT, State.REVIEW}, ANY | {*Role}),
    Action.RESOLVE: ({State.DRAFT, State.REVIEW}, ANY | {*Role}),
    Action.REOPEN: ({State.DRAFT, State.REVIEW}, ANY | {*Role}),
}
DO: dict[Action, Callable[[Edition, User | None], object]] = {
    Action.START_DRAFT: lambda edition, who: start_draft(page=edition.page, actor=who),
    Action.EDIT: lambda edition, who: edit(
        edition=edition, actor=who, changes={"lead": "直した"}, revision=edition.revision
    ),
    Action.SUBMIT: lambda edition, who: submit(edition=edition, actor=who),
    Action.RETURN: lambda edition, who: return_(edition=edition, actor=who, comment="年を"),
    Action.APPROVE: lambda edition, who: approve(editions=[edition], actor=who),
    Action.APPROVE_URGENTLY: lambda edition, who: approve_urgently(
        edition=edition, actor=who, reason="災害"
    ),
    Action.CONFIRM: lambda edition, who: confirm(edition=edition, actor=who),
    Action.CANCEL_BOOKING: lambda edition, who: cancel_booking(edition=edition, actor=who),
    Action.DISCARD: lambda edition, who: discard(edition=edition, actor=who),
    Action.ACCEPT: lambda edition, who: accept_finding(
        edition=edition, rule="date-vague", quote=LEAD, reason="原文のまま", actor=who
    ),
    Action.SHARE: lambda edition, who: share(edition=edition, actor=who),
    Action.COMMENT: lambda edition, who: comment(edition=edition, text="年は？", actor=who),
    Action.RESOLVE: lambda edition, who: resolve(
        edition=edition, thread=thread_on(edition).key, actor=who
    ),
    Action.REOPEN: lambda edition, who: reopen(
        edition=edition, thread=thread_on(edition, timezone.now()).key, actor=who
    ),
}

CHANGE: dict[Action, Callable[..., object]] = {Action.APPOINT: appoint, Action.DISMISS: dismiss}


def thread_on(edition: Edition, resolved_at: datetime | None = None) -> DraftComment:
    key = new_key()
    return DraftComment.objects.create(
        key=key, thread=key, edition=edition, text="年は？", resolved_at=resolved_at
    )


def person(name: str, site: Site, *, is_own: bool) -> User | None:
    if name == "operator":
        return None
    if name == "superuser":
        return User.objects.create_superuser("長官", password="ひみつ-長官-2013")
    branch = site.bureau if is_own else publish(site.guide, "x", "他局", kind=Kind.ORGANISATION)
    if name == "ended":
        user = officer("退職者", {branch: list(Role)})
        user.is_active = False
        user.save()
        return user
    return officer(name, {branch: [Role(name)]})


def edition_in(state: str, site: Site) -> Edition:
    """An edition of the bureau in this state, written by somebody else."""
    author = officer("筆者", {site.bureau: list(Role)})
    approver = officer("別の承認者", {site.bureau: list(Role)})
    if state == OPEN:
        return Edition.objects.select_related("page").get(page=site.bureau)
    draft = start_draft(page=site.bureau, actor=author)
    changes = {"lead": LEAD, "change_note": "直しました。"}
    draft = edit(edition=draft, actor=author, changes=changes, revision=draft.revision)
    if state == State.DRAFT:
        return draft
    if state == URGENT:
        return approve_urgently(edition=draft, actor=author, reason="災害")
    waiting = submit(edition=draft, actor=author)
    if state == BOOKED:
        tomorrow = timezone.now() + timedelta(days=1)
        return approve(editions=[waiting], actor=approver, at=tomorrow)[0]
    return waiting


def test_the_table_names_every_editorial_action() -> None:
    assert (
        set(ALLOWED)
        == set(DO)
        == set(Action)
        - {
            Action.ADD,
            Action.MOVE,
            Action.RENAME,
            Action.REORDER,
            Action.RESCHEDULE,  # of a release: test_releases.py
            Action.IMPORT,  # tests/importing
            Action.PROPOSE_SEAL,  # test_seals.py
            Action.SEAL,
            Action.REVIEW,  # of a page: tests/admin/test_page_reviews.py
            Action.REVIEW_INTERVAL,
            Action.UNSHARE,  # test_links_taken_back.py
            Action.REFUSE_SEAL,  # test_seal_endings.py
            Action.WITHDRAW_SEAL,
            Action.APPOINT,
            Action.DISMISS,
            Action.CREATE_ACCOUNT,
            Action.UPLOAD,
            Action.DESCRIBE,
            Action.REPLACE,
            Action.DELETE,
            Action.SYNONYMS,
            Action.HOUSE_WORDS,
            Action.ENDORSE,  # test_approval_steps.py
            Action.APPROVAL_STEPS,
            Action.ABSENCE,
            Action.APPROVAL_STEPS,
            Action.ABSENCE,
            Action.ENDORSE,  # in no branch of the cast is there a step
        }
    )


@pytest.mark.parametrize("state", STATES)
def test_what_is_allowed_is_done_and_all_else_refused(
    site: Site, subtests: pytest.Subtests, state: str
) -> None:
    key = edition_in(state, site).pk
    for who, is_own in product(PEOPLE, (True, False)):
        with undone():
            actor = person(who, site, is_own=is_own)
            for action, (states, people) in ALLOWED.items():
                may = state in states and who in people and (is_own or who in ANY)
                edition = Edition.objects.select_related("page").get(pk=key)
                with subtests.test(action=action, who=who, is_own=is_own), undone():
                    assert_done_or_refused(action, edition, actor, may=may)


def assert_done_or_refused(
    action: Action, edition: Edition, actor: User | None, *, may: bool
) -> None:
    if may:
        DO[action](edition, actor)
        return
    with pytest.raises(Blocked) as caught:
        DO[action](edition, actor)
    assert all(blocker.sentence for blocker in caught.value.blockers)


def test_the_blockers_are_those_that_the_action_raises(site: Site) -> None:
    edition = edition_in(State.DRAFT, site)
    stranger = person(Role.WRITER, site, is_own=False)
    found_blockers = blockers_of(Action.SUBMIT, edition=edition, actor=stranger)
    with pytest.raises(Blocked) as caught:
        submit(edition=edition, actor=stranger)
    assert tuple(found_blockers) == caught.value.blockers


@pytest.mark.parametrize("action", [Action.ADD, Action.MOVE, Action.RENAME])
@pytest.mark.parametrize("who", PEOPLE)
def test_the_tree_belongs_to_its_managers(site: Site, action: Action, who: str) -> None:
    actor = person(who, site, is_own=True)
    subjects: dict[Action, dict[str, object]] = {
        Action.ADD: {"parent": site.bureau, "kind": Kind.PAGE, "slug": "a"},
        Action.MOVE: {"page": site.sections[0], "to": cast.publish(site.bureau, "to", "先")},
        Action.RENAME: {"page": site.sections[0], "slug": "b"},
    }
    may = who in {Role.MANAGER, *ANY} or (action == Action.ADD and who == Role.WRITER)
    codes = {blocker.code for blocker in blockers_of(action, **subjects[action], actor=actor)}
    assert ("role" not in codes) is may


def test_moving_needs_both_branches(site: Site) -> None:
    mover = officer("移す人", {site.bureau: [Role.MANAGER]})
    blockers = blockers_of(Action.MOVE, page=site.sections[0], to=site.guide, actor=mover)
    assert [blocker.code for blocker in blockers][:1] == ["role"]
    assert site.guide.url_path in blockers[0].sentence


@pytest.mark.parametrize("is_own", [True, False], ids=["own", "foreign"])
@pytest.mark.parametrize("action", [Action.APPOINT, Action.DISMISS])
@pytest.mark.parametrize("who", PEOPLE)
def test_people_belong_to_the_managers_of_their_branch(
    site: Site, action: Action, who: str, *, is_own: bool
) -> None:
    officer("役人", {site.bureau: [Role.WRITER]})
    actor = person(who, site, is_own=is_own)
    role = Role.APPROVER if action == Action.APPOINT else Role.WRITER
    subject: dict[str, Any] = {"name": "役人", "role": role, "page": site.bureau, "actor": actor}
    may = who in ANY or (who == Role.MANAGER and is_own)
    if may:
        assert blockers_of(action, **subject) == []
        CHANGE[action](**subject)
        assert (role in grants_of(User.objects.get(username="役人")).roles_at(site.bureau)) is (
            action == Action.APPOINT
        )
        return
    with pytest.raises(Blocked) as caught:
        CHANGE[action](**subject)
    assert [blocker.code for blocker in caught.value.blockers] == ["role"]
