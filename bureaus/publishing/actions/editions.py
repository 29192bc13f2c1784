"""
The editorial actions: each one transaction under the tree lock, or Blocked.

Each writes one audit entry for every edition, and reads its edition again inside: the one that
was displayed may be out of date. At most 23 queries (of `approve`: for each edition).
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from django.db.models import Exists, F, OuterRef
from django.utils import timezone

from bureaus.models import (
    CATEGORIES_OF,
    PARTS,
    Action,
    AuditEntry,
    Edition,
    Kind,
    Page,
    Part,
    Seal,
    State,
)
from bureaus.models.branches import delete_page
from bureaus.models.events import EVENT_FIELDS
from bureaus.models.locks import under_tree_lock
from bureaus.models.placements import reread
from bureaus.models.releases import new_release, release_token
from bureaus.publishing.audit import Actor, record_action
from bureaus.publishing.blockers.approval import (
    approve_blockers,
    approve_urgently_blockers,
    cancel_booking_blockers,
    confirm_blockers,
    release_mates,
)
from bureaus.publishing.blockers.blocker import raise_if_blocked
from bureaus.publishing.blockers.editions import (
    deletes_its_page,
    discard_blockers,
    edit_blockers,
    latest_approved,
    return_blockers,
    start_draft_blockers,
    submit_blockers,
)
from bureaus.publishing.finding_counts import count_findings
from bureaus.publishing.live_until import update_live_until
from bureaus.publishing.sealing.hiding import update_hidden
from bureaus.text.formatting import TOKYO

# The content of an edition: copied to a new draft, and edited there.
COPIED_FIELDS = (
    "answer",
    "title",
    "title_reading",
    "title_english",
    "lead",
    "body",
    "category",
    "issued_on",
    *EVENT_FIELDS,
    "note",
    "moved_to",
)
EDITABLE = (*COPIED_FIELDS, "change_note", "is_minor")


@count_findings
@under_tree_lock
def start_draft(
    *, page: Page, actor: Actor, source: Edition | None = None, note: str = ""
) -> Edition:
    """
    Create a draft with the content of `source`, else of the latest approved edition, else none.

    Raises Blocked.
    """
    page = reread(page)
    raise_if_blocked(start_draft_blockers(page=page, source=source, actor=actor))
    latest = latest_approved(page)
    source = source or latest
    newest = Edition.objects.filter(page=page).order_by("-number").first()
    draft = Edition(
        page=page,
        number=newest.number + 1 if newest else 1,
        based_on=latest.number if latest else None,
        **(
            {name: getattr(source, name) for name in COPIED_FIELDS}
            if source
            else {"category": CATEGORIES_OF[Kind(page.kind)][0]}
        ),
    )
    draft.save()
    if source is not None:
        copy_parts(source, draft)
    record_action(
        Action.START_DRAFT, page, actor, note, edition=draft, source=source and source.number
    )
    return draft


@count_findings
@under_tree_lock
def edit(
    *,
    edition: Edition,
    actor: Actor,
    changes: Mapping[str, Any],
    revision: int,
    parts: Mapping[type[Part], Iterable[Part]] | None = None,
) -> Edition:
    """
    Save a draft with `changes` (of EDITABLE), and with all its `parts` of the models given.

    `revision` is the one that the form was opened with. Raises Blocked where somebody has saved
    since: nothing is lost on either side. An incomplete draft is saved as it is.
    """
    unknown = changes.keys() - set(EDITABLE)
    if unknown:
        raise TypeError(f"not editable: {', '.join(sorted(unknown))}")
    edition = lock_and_reread(edition)
    rows_of = {model: list(rows) for model, rows in (parts or {}).items()}
    raise_if_blocked(edit_blockers(edition=edition, revision=revision, parts=rows_of, actor=actor))
    for name, value in changes.items():
        setattr(edition, name, value)
    edition.save()
    increment_revision(edition)
    for model, rows in rows_of.items():
        replace_parts(edition, model, rows)
    record_action(Action.EDIT, edition.page, actor, edition=edition)
    return edition


@under_tree_lock
def submit(*, edition: Edition, actor: Actor, note: str = "") -> Edition:
    """Submit a draft for approval. Raises Blocked."""
    edition = lock_and_reread(edition)
    raise_if_blocked(submit_blockers(edition=edition, note=note, actor=actor))
    return set_state(edition, State.REVIEW, Action.SUBMIT, actor, note)


@under_tree_lock
def return_(*, edition: Edition, actor: Actor, comment: str = "") -> Edition:
    """
    Return it to its writer, as an approver, or recall it, as its submitter.

    Raises Blocked.
    """
    edition = lock_and_reread(edition)
    raise_if_blocked(return_blockers(edition=edition, actor=actor, comment=comment))
    return set_state(edition, State.DRAFT, Action.RETURN, actor, comment)


@under_tree_lock
def approve(
    *,
    editions: Sequence[Edition],
    actor: Actor,
    at: datetime | None = None,
    note: str = "",
    revisions: Mapping[int, int] | None = None,
) -> list[Edition]:
    """
    Put them in force from `at`, or from now on.

    Several editions are a release: all of them start at the same moment, or none. `revisions`:
    those that the approver has reviewed, by key; a change since then blocks. Raises Blocked.
    """
    editions = [
        lock_and_reread(edition) for edition in {each.pk: each for each in editions}.values()
    ]
    raise_if_blocked(approve_blockers(editions=editions, at=at, revisions=revisions, actor=actor))
    release = release_token(new_release()) if len(editions) > 1 else ""
    start = at or timezone.now()
    for edition in editions:
        put_in_force(edition, start, release=release)
        record_action(
            Action.APPROVE,
            edition.page,
            actor,
            note,
            edition=edition,
            booked=at.isoformat() if at else "",
            release=release,
            dated=date_taken(edition, start),
        )
    update_live_until(edition.page_id for edition in editions)
    return [lock_and_reread(edition) for edition in editions]


@under_tree_lock
def approve_urgently(
    *, edition: Edition, actor: Actor, reason: str, revisions: Mapping[int, int] | None = None
) -> Edition:
    """
    Put a draft in force now, even one's own; a second approver has to confirm it afterwards.

    `revisions` as in `approve`. Raises Blocked.
    """
    edition = lock_and_reread(edition)
    raise_if_blocked(
        approve_urgently_blockers(edition=edition, actor=actor, reason=reason, revisions=revisions)
    )
    start = timezone.now()
    put_in_force(edition, start, release="")
    dated = date_taken(edition, start)
    record_action(
        Action.APPROVE_URGENTLY, edition.page, actor, reason, edition=edition, dated=dated
    )
    update_live_until([edition.page_id])
    return lock_and_reread(edition)


@under_tree_lock
def confirm(*, edition: Edition, actor: Actor, note: str = "") -> Edition:
    """Confirm an urgent approval as a second approver. Raises Blocked."""
    edition = lock_and_reread(edition)
    raise_if_blocked(confirm_blockers(edition=edition, actor=actor))
    record_action(Action.CONFIRM, edition.page, actor, note, edition=edition)
    return edition


@under_tree_lock
def cancel_booking(*, edition: Edition, actor: Actor, note: str = "") -> list[Edition]:
    """
    Make a booking, before it starts, a draft again, and with it its release.

    Return all editions of the release. Raises Blocked.
    """
    edition = lock_and_reread(edition)
    raise_if_blocked(cancel_booking_blockers(edition=edition, actor=actor))
    together = release_mates(edition)
    for booked in together:
        Edition.objects.filter(pk=booked.pk).update(
            state=State.DRAFT, live_from=None, live_until=None, release=""
        )
        record_action(Action.CANCEL_BOOKING, booked.page, actor, note, edition=booked)
    give_dates_back(together)
    update_live_until(booked.page_id for booked in together)
    return [lock_and_reread(booked) for booked in together]


@under_tree_lock
def discard(*, edition: Edition, actor: Actor, note: str = "") -> None:
    """
    Delete a draft that was never approved; its page too, where the draft is all it has.

    The audit entries stay, with the address and the title. Raises Blocked.
    """
    edition = lock_and_reread(edition)
    raise_if_blocked(discard_blockers(edition=edition, actor=actor))
    page, deletes_page = edition.page, deletes_its_page(edition)
    record_action(Action.DISCARD, page, actor, note, title=edition.title, number=edition.number)
    edition.delete()
    if deletes_page:
        delete_page(page)


def lock_and_reread(edition: Edition) -> Edition:
    """
    Return `edition`, locked, with its page, as stored now. Raises Edition.DoesNotExist.

    It stays as it is until the transaction ends: `Edition.save` takes this lock, and not that of
    the tree. `is_page_hidden`: something of its page is hidden, maybe the same words.
    """
    hiding = Seal.objects.hiding(timezone.now()).filter(page=OuterRef("page"))
    rows = Edition.objects.select_for_update(of=("self",), no_key=True)
    rows = rows.annotate(is_page_hidden=Exists(hiding))
    return rows.select_related("page", "moved_to").get(pk=edition.pk)


def increment_revision(edition: Edition) -> None:
    edition.revision += 1
    Edition.objects.filter(pk=edition.pk).update(revision=edition.revision)


def set_state(edition: Edition, state: State, action: Action, actor: Actor, note: str) -> Edition:
    Edition.objects.filter(pk=edition.pk).update(state=state)
    edition.state = state
    record_action(action, edition.page, actor, note, edition=edition)
    return edition


def put_in_force(edition: Edition, start: datetime, *, release: str) -> None:
    """
    Make a draft from `lock_and_reread` public, or book it.

    What an urgent proposal to seal hides stays hidden in it. `update_live_until` has to follow.
    News without a date takes the day of `start` in Tokyo.
    """
    Edition.objects.filter(pk=edition.pk).update(
        state=State.APPROVED,
        live_from=start,
        release=release,
        issued_on=date_taken(edition, start) or edition.issued_on,
        revision=F("revision") + 1,
    )
    if edition.is_page_hidden:  # type: ignore[attr-defined]
        update_hidden(edition.page_id)


def date_taken(edition: Edition, start: datetime) -> str:
    """Return the date that news without one takes from its start, in ISO form; else nothing."""
    is_undated = edition.page.kind == Kind.NEWS_ITEM and edition.issued_on is None
    return timezone.localdate(start, TOKYO).isoformat() if is_undated else ""


def give_dates_back(editions: Iterable[Edition]) -> None:
    """Empty the dates that booked news has taken from its start. No query without news, else 2."""
    editions = [each for each in editions if each.page.kind == Kind.NEWS_ITEM]
    if not editions:
        return
    entries = AuditEntry.objects.filter(
        edition__in=[each.pk for each in editions], action=Action.APPROVE
    )
    last = {entry.edition_id: entry for entry in entries.order_by("pk")}
    taken = [pk for pk, entry in last.items() if entry.details.get("dated")]
    if taken:
        Edition.objects.filter(pk__in=taken).update(issued_on=None)


def copy_parts(source: Edition, target: Edition) -> None:
    """Copy the parts of `source` to `target`: 2 queries for each of the three models."""
    for model in PARTS:
        parts = list(model.objects.filter(edition=source))
        for part in parts:
            part.pk, part.edition = None, target
        model.objects.bulk_create(parts)


def replace_parts(edition: Edition, model: type[Part], parts: Iterable[Part]) -> None:
    """Replace all parts of one model, in this order; 2 queries and 1 for the lock."""
    rows = list(parts)
    for position, part in enumerate(rows, 1):
        part.pk, part.edition, part.position = None, edition, position
    model.objects.filter(edition=edition).delete()
    model.objects.bulk_create(rows)
