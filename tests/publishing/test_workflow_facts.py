"""The facts that follow from audit entries are the same in Python and in SQL (ADR 0029)."""

import random
from collections.abc import Sequence

import pytest
from django.contrib.auth.models import User

from bureaus.models import Action, AuditEntry, Edition, Kind, State
from bureaus.publishing.workflow_facts import (
    AUTHORING_ACTIONS,
    authored_by,
    authors_of,
    authors_of_each,
    is_recall,
    return_of,
    submitter_of,
    unconfirmed_approval,
    unconfirmed_approvals,
    with_return,
    with_submission,
    with_submitters,
)
from tests.helpers.cast import Site, place_all

pytestmark = pytest.mark.django_db

# Who did what, in this order: the writer, the approver, a second approver, the operator (None).
History = Sequence[tuple[str | None, Action]]
WRITER, APPROVER, SECOND = "writer", "approver", "second"
WRITTEN: History = ((WRITER, Action.START_DRAFT), (WRITER, Action.EDIT), (WRITER, Action.SUBMIT))
RETURNED: tuple[tuple[History, bool], ...] = (
    ((), False),
    (WRITTEN, False),
    ((*WRITTEN, (APPROVER, Action.RETURN)), True),
    ((*WRITTEN, (APPROVER, Action.RETURN), (WRITER, Action.EDIT)), True),
    ((*WRITTEN, (WRITER, Action.RETURN)), False),
    ((*WRITTEN, (APPROVER, Action.RETURN), (WRITER, Action.SUBMIT)), False),
    ((*WRITTEN, (APPROVER, Action.RETURN), (APPROVER, Action.SUBMIT)), False),
    ((*WRITTEN, (APPROVER, Action.APPROVE), (SECOND, Action.CANCEL_BOOKING)), False),
    ((*WRITTEN, (None, Action.RETURN)), True),
    (((None, Action.SUBMIT), (APPROVER, Action.RETURN)), True),
    (((None, Action.SUBMIT), (None, Action.RETURN)), True),  # not known to be one person
)
UNCONFIRMED: tuple[tuple[History, bool], ...] = (
    (WRITTEN, False),
    ((*WRITTEN, (APPROVER, Action.APPROVE)), False),
    ((*WRITTEN, (APPROVER, Action.APPROVE_URGENTLY)), True),
    ((*WRITTEN, (APPROVER, Action.APPROVE_URGENTLY), (SECOND, Action.CONFIRM)), False),
    ((*WRITTEN, (None, Action.APPROVE_URGENTLY), (WRITER, Action.SHARE)), True),
)
GENERATED = 120
ACTIONS = (
    *AUTHORING_ACTIONS,
    Action.RETURN,
    Action.CANCEL_BOOKING,
    Action.APPROVE,
    Action.APPROVE_URGENTLY,
    Action.CONFIRM,
    Action.SHARE,
)


@pytest.fixture
def people(writer: User, approver: User, second_approver: User) -> dict[str | None, User | None]:
    return {WRITER: writer, APPROVER: approver, SECOND: second_approver, None: None}


def recorded(
    site: Site,
    people: dict[str | None, User | None],
    histories: Sequence[History],
    states: Sequence[State] = (),
) -> list[Edition]:
    """An open edition for each history, each on a page of its own, a draft unless `states` say."""
    pages = place_all(
        {f"{site.guide.url_path}h{number}/": Kind.PAGE for number in range(len(histories))}
    )
    editions = Edition.objects.bulk_create(
        Edition(page=page, number=1, category="general", state=state)
        for page, state in zip(pages, states or [State.DRAFT] * len(pages), strict=True)
    )
    AuditEntry.objects.bulk_create(
        AuditEntry(
            action=action,
            address=edition.page.url_path,
            page=edition.page,
            edition=edition,
            actor=people[who],
        )
        for edition, history in zip(editions, histories, strict=True)
        for who, action in history
    )
    return editions


@pytest.mark.parametrize(("history", "expected"), RETURNED)
def test_a_return_is_by_somebody_else_and_holds_until_the_next_submission(
    site: Site, people: dict[str | None, User | None], history: History, *, expected: bool
) -> None:
    [edition] = recorded(site, people, [history])
    assert (return_of(edition, edition.audit_entries.all()) is not None) is expected
    assert with_return(Edition.objects.filter(pk=edition.pk)).get().is_returned is expected


@pytest.mark.parametrize(("history", "expected"), UNCONFIRMED)
def test_an_urgent_approval_is_unconfirmed_until_the_confirmation(
    site: Site, people: dict[str | None, User | None], history: History, *, expected: bool
) -> None:
    [edition] = recorded(site, people, [history])
    assert (unconfirmed_approval(edition.audit_entries.all()) is not None) is expected
    assert unconfirmed_approvals().filter(edition=edition).exists() is expected


def test_python_and_sql_agree_on_every_fact_of_generated_histories(
    site: Site, people: dict[str | None, User | None]
) -> None:
    dice = random.Random(29)
    names = [WRITER, APPROVER, SECOND, None]
    histories = [
        [(dice.choice(names), dice.choice(ACTIONS)) for _ in range(dice.randrange(9))]
        for _ in range(GENERATED)
    ]
    states = [dice.choice([State.DRAFT, State.DRAFT, State.REVIEW]) for _ in histories]
    editions = recorded(site, people, histories, states)
    rows = {row.pk: row for row in with_return(Edition.objects.open())}
    submissions = {row.pk: row for row in with_submission(Edition.objects.open())}
    urgent = {entry.edition_id: entry for entry in unconfirmed_approvals()}
    authored = {
        user: set(
            Edition.objects.filter(authored_by(user.pk if user else None)).values_list(
                "pk", flat=True
            )
        )
        for user in people.values()
    }
    together = authors_of_each(editions, AuditEntry.objects.all())
    facts = set()
    for edition in editions:
        entries = list(edition.audit_entries.all())
        returned, approval = return_of(edition, entries), unconfirmed_approval(entries)
        row = rows[edition.pk]
        assert row.is_returned is (returned is not None)
        if returned is not None:
            assert (row.last_actor, row.return_note) == (returned.actor_id, returned.note)
        assert submissions[edition.pk].submitter == submitter_of(edition)
        assert urgent.get(edition.pk) == approval
        authors = authors_of(edition)
        assert together[edition.pk] == authors
        for user, keys in authored.items():
            assert (edition.pk in keys) is ((user.pk if user else None) in authors)
        facts |= {("returned", returned is not None), ("urgent", approval is not None)}
    assert len(facts) == 4, "the histories hold both answers to each"


def test_a_recall_is_the_same_in_the_audit_log(
    site: Site, people: dict[str | None, User | None]
) -> None:
    """Of the last return of a draft: it is a recall, or the draft is returned."""
    histories = [history for history, _ in RETURNED if history and history[-1][1] == Action.RETURN]
    for edition in recorded(site, people, histories):
        entry = with_submitters(edition.audit_entries.all()).latest("pk")
        submitter: int | None = entry.submitted_by  # type: ignore[attr-defined]
        returned = return_of(edition, edition.audit_entries.all())
        assert is_recall(entry, submitter) is (returned is None)
