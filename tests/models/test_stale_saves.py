"""Editions and parts that are saved by code that read them before somebody else's action."""

import random
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path
from time import monotonic, sleep

import pytest
from django.db import DatabaseError, connection, transaction
from django.utils import timezone

from bureaus.integrity import problems
from bureaus.models import Action, ApprovedEditionIsFinal, AuditEntry, Contact, Edition, Page, State
from bureaus.publishing import (
    Blocked,
    approve,
    cancel_booking,
    discard,
    edit,
    return_,
    start_draft,
    submit,
)
from tests.helpers.cast import Site
from tests.helpers.processes import at_once
from tests.helpers.storms import size

CHANGES = {"lead": "要旨", "change_note": "直しました。"}
BECOMES = {
    Action.START_DRAFT: State.DRAFT,
    Action.SUBMIT: State.REVIEW,
    Action.RETURN: State.DRAFT,
    Action.APPROVE: State.APPROVED,
    Action.CANCEL_BOOKING: State.DRAFT,
}
WRITTEN_BY_ACTIONS = ("state", "live_from", "live_until", "release", "revision")


def draft_of(page: Page) -> Edition:
    draft = start_draft(page=page, actor=None)
    contacts: dict[type, list[Contact]] = {Contact: [Contact(name="課"), Contact(name="室")]}
    return edit(edition=draft, actor=None, changes=CHANGES, revision=1, parts=contacts)


def waiting(page: Page) -> Edition:
    return submit(edition=draft_of(page), actor=None)


def booked(page: Page) -> Edition:
    [edition] = approve(editions=[waiting(page)], actor=None, at=timezone.now() + timedelta(days=1))
    return edition


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("before", "action"),
    [
        (booked, lambda edition: cancel_booking(edition=edition, actor=None)),
        (draft_of, lambda edition: submit(edition=edition, actor=None)),
        (waiting, lambda edition: return_(edition=edition, actor=None, comment="直して")),
        (draft_of, lambda edition: edit(edition=edition, actor=None, changes={}, revision=2)),
    ],
    ids=["cancelled", "submitted", "returned", "edited"],
)
def test_a_stale_save_undoes_no_action(
    site: Site, before: Callable[[Page], Edition], action: Callable[[Edition], object]
) -> None:
    stored = Edition.objects.filter(pk=before(site.guide).pk)
    stale = stored.get()
    action(stored.get())
    after = stored.values(*WRITTEN_BY_ACTIONS).get()

    stale.title = "前に読んだ人の表題"
    stale.save()

    assert stored.values(*WRITTEN_BY_ACTIONS).get() == after
    assert {name: getattr(stale, name) for name in after} == after  # the object says so too
    assert stored.get().title == "前に読んだ人の表題"


@pytest.mark.django_db
def test_a_part_that_somebody_has_removed_does_not_come_back(site: Site) -> None:
    draft = draft_of(site.guide)
    stale = Contact.objects.filter(edition=draft).first()
    assert stale is not None
    edit(edition=draft, actor=None, changes={}, parts={Contact: []}, revision=2)
    with pytest.raises(DatabaseError), transaction.atomic():
        stale.save()
    assert not Contact.objects.filter(edition=draft).exists()


@pytest.mark.django_db(transaction=True)
def test_a_save_waits_for_an_approval_that_is_not_committed_yet(committed_site: Site) -> None:
    edition = waiting(committed_site.guide)
    stale, part = Edition.objects.get(pk=edition.pk), Contact.objects.filter(edition=edition)[0]
    stale.lead, part.name = "承認のあとの要旨", "承認のあとの課"

    with ThreadPoolExecutor(2) as threads, transaction.atomic():
        approve(editions=[edition], actor=None)
        saves = [threads.submit(is_saved, row) for row in (stale, part)]
        wait_until_blocked(len(saves))

    assert [save.result() for save in saves] == [False, False]
    assert Edition.objects.get(pk=edition.pk).lead == CHANGES["lead"]
    assert Contact.objects.get(pk=part.pk).name == "課"


@pytest.mark.django_db(transaction=True)
def test_stale_saves_and_actions_at_once(committed_site: Site, tmp_path: Path) -> None:
    assert storm(committed_site, tmp_path, processes=4, turns=size(10, full=25)) == []


def is_saved(row: Edition | Contact) -> bool:
    """On a connection of this thread's own."""
    try:
        row.save()
    except ApprovedEditionIsFinal:
        return False
    finally:
        connection.close()
    return True


def wait_until_blocked(count: int) -> None:
    """PostgreSQL says who waits for a lock; on SQLite nobody else can even begin to write."""
    end = monotonic() + 20
    while connection.vendor == "postgresql" and monotonic() < end:
        with connection.cursor() as cursor:
            cursor.execute("SELECT count(*) FROM pg_locks WHERE NOT granted")
            if cursor.fetchone()[0] >= count:
                return
        sleep(0.01)


def storm(
    site: Site, folder: Path, *, processes: int, turns: int = 10**6, seconds: float = 600
) -> list[str]:
    """
    Every second process saves what it read some time ago, the others act.

    Return every fault: what failed, and what the table says and the audit log does not.
    """
    pages = [site.guide, site.bureau, site.sections[0]]
    for page in pages:
        draft_of(page)
    end = monotonic() + seconds

    def work(number: int) -> None:
        dice, kept = random.Random(number), list[Edition | Contact]()
        for _ in range(turns):
            if monotonic() > end:
                break
            try:
                if number % 2:
                    save_stale(kept, dice)
                else:
                    act(dice.choice(pages), dice, folder / f"{number}")
            except (Blocked, ApprovedEditionIsFinal, Edition.DoesNotExist):
                pass  # a sentence, and no change
            except DatabaseError as error:
                if "did not affect any rows" not in str(error):  # discarded, or removed
                    raise

    return [*at_once(processes, work), *map(str, problems()), *faults(folder)]


def save_stale(kept: list[Edition | Contact], dice: random.Random) -> None:
    """Read one more edition with a contact of it; save something that was read before."""
    edition = dice.choice(list(Edition.objects.order_by("-pk")[:6]))
    kept += [edition, *Contact.objects.filter(edition=edition)[:1]]
    del kept[:-30]
    stale = dice.choice(kept)
    if isinstance(stale, Edition):
        stale.lead = f"前に読んだ人の要旨{dice.randrange(1000)}"
    else:
        stale.name = f"前に読んだ人の課{dice.randrange(1000)}"
    stale.save()


def act(page: Page, dice: random.Random, log: Path) -> None:
    edition = Edition.objects.filter(page=page).order_by("-number")[0]
    if edition.state == State.DRAFT:
        if dice.randrange(6) == 0:
            discard(edition=edition, actor=None)
        contacts = [Contact(name=f"課{dice.randrange(1000)}") for _ in range(2)]
        changed = edit(
            edition=edition,
            actor=None,
            changes=CHANGES,
            revision=edition.revision,
            parts={Contact: contacts},
        )
        submit(edition=changed, actor=None)
    elif edition.state == State.REVIEW and dice.randrange(3):
        is_booked = dice.randrange(3) > 0
        at = timezone.now() + timedelta(days=1) if is_booked else None
        with transaction.atomic(), log.open("a") as written:
            [approved] = approve(editions=[edition], actor=None, at=at)
            written.write(f"{approved.pk} {approved.revision} {content_of(approved)}\n")
    elif edition.state == State.REVIEW:
        return_(edition=edition, actor=None, comment="直して")
    elif edition.live_from is not None and edition.live_from > timezone.now():
        cancel_booking(edition=edition, actor=None)
    else:
        start_draft(page=page, actor=None)


def content_of(edition: Edition) -> str:
    names = Contact.objects.filter(edition=edition).values_list("name", flat=True)
    return "|".join([edition.lead, *names])


def faults(folder: Path) -> Iterator[str]:
    """What the editions say and their events do not, and what changed after its approval."""
    for edition in Edition.objects.filter(audit_entries__action=Action.START_DRAFT):
        events = list(AuditEntry.objects.filter(edition=edition).order_by("pk"))
        turns = [event for event in events if Action(event.action) in BECOMES]
        saves = [event for event in events if event.action in (Action.EDIT, Action.APPROVE)]
        if edition.state != BECOMES[Action(turns[-1].action)]:
            yield f"{edition}: {edition.state} after {turns[-1].action}"
        if edition.revision != 1 + len(saves):
            yield f"{edition}: revision {edition.revision} after {len(saves)}"
        start = turns[-1].details.get("booked")
        if start and (edition.live_from is None or edition.live_from.isoformat() != start):
            yield f"{edition}: starts {edition.live_from}, booked for {start}"
    for log in folder.iterdir():
        for line in log.read_text().splitlines():
            pk, revision, content = line.split(" ", 2)
            kept = Edition.objects.filter(pk=pk, revision=revision, state=State.APPROVED).first()
            if kept is not None and content_of(kept) != content:
                yield f"{kept}: approved with {content}, says {content_of(kept)}"
