"""Why an edition cannot be approved, confirmed, or its booking cancelled."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from itertools import chain

from django.db.models import Q
from django.utils import timezone

from bureaus.models import Action, AuditEntry, Edition, State
from bureaus.permissions import Grants, Officer, actor_context, grants_of
from bureaus.publishing.approval_steps import Progress, noting_steps, progress_of_each
from bureaus.publishing.authorship import (
    account_bonds,
    bonded_accounts,
    own_account_blockers,
    own_text_blockers,
)
from bureaus.publishing.blockers.approval_steps import unconfirmed_blockers
from bureaus.publishing.blockers.blocker import (
    Blocker,
    BlockerCode,
    blocker_list,
    role_blockers,
)
from bureaus.publishing.blockers.dates import early_start_blockers
from bureaus.publishing.blockers.editions import (
    content_blockers,
    state_blockers,
    unread_revision_blockers,
)
from bureaus.publishing.blockers.links import BodyLinks
from bureaus.publishing.blockers.tree_cancellation import part_of_release
from bureaus.publishing.file_findings import cache_file_findings
from bureaus.publishing.findings import cache_reports
from bureaus.publishing.releases import changes_the_tree
from bureaus.publishing.schedule_projection import ScheduleProjection
from bureaus.publishing.workflow_facts import (
    authors_among,
    authors_of_each,
    unconfirmed_approval,
)
from bureaus.text.formatting import japanese_moment
from bureaus.text.rich_text import strip_invisible

MAX_RELEASE_EDITIONS = 50


def approve_blockers(
    *,
    editions: Sequence[Edition],
    at: datetime | None = None,
    revisions: Mapping[int, int] | None = None,
    actor: Officer = None,
    steps: Mapping[int, Progress] | None = None,
) -> list[Blocker]:
    """
    Return the blockers of approving `editions` together, to start at `at` or now.

    `revisions`: the revision of each edition that the approver has looked at, by its key. `steps`:
    the progress of each, where it is known. Queries as of `blockers_of_each`.
    """
    each = blockers_of_each(editions=editions, at=at, revisions=revisions, actor=actor, steps=steps)
    return [*moment_blockers(editions, at), *chain.from_iterable(each)]


def approve_blockers_of_each(
    *,
    editions: Sequence[Edition],
    at: datetime | None = None,
    revisions: Mapping[int, int] | None = None,
    actor: Officer = None,
) -> list[list[Blocker]]:
    """
    Return the blockers of approving `editions` together, for each edition its own.

    For a screen that offers moments: what is booked in branches that the officer has no role in
    is left out here, and stated by the action alone. Queries as of `blockers_of_each`.
    """
    common = list(moment_blockers(editions, at))
    each = blockers_of_each(
        editions=editions, at=at, revisions=revisions, actor=actor, is_trial=True
    )
    return [[*common, *blockers] for blockers in each]


def moment_blockers(editions: Sequence[Edition], at: datetime | None) -> Iterator[Blocker]:
    """Yield the blockers that hold for all the editions."""
    if not editions:
        yield Blocker(BlockerCode.NOTHING, "承認する版が選ばれていません。")
    yield from release_size_blockers(len(editions))
    if at is not None and at <= timezone.now():
        yield Blocker(
            BlockerCode.PAST,
            f"公開開始「{japanese_moment(at)}」は過去です。これからの日時にするか、いま公開する"
            "を選んでください。",
        )


def release_size_blockers(count: int) -> Iterator[Blocker]:
    """Yield a blocker where a release would have too many editions: it holds the tree lock."""
    if count > MAX_RELEASE_EDITIONS:
        yield Blocker(
            BlockerCode.MANY,
            f"版が{count}件あります。一度に公開できるのは{MAX_RELEASE_EDITIONS}版までです。"
            "分けてください。",
        )


def blockers_of_each(
    *,
    editions: Sequence[Edition],
    at: datetime | None = None,
    revisions: Mapping[int, int] | None = None,
    actor: Officer = None,
    steps: Mapping[int, Progress] | None = None,
    is_trial: bool = False,
) -> list[list[Blocker]]:
    """
    Return for each of `editions` why it cannot start at `at` together with the others.

    `is_trial`: see ScheduleProjection. At most 12 queries, 15 where there are steps, and that of
    the grants, for any number of editions whose figures are prefetched, and 1 for each edition
    that ends its page.
    """
    start = at or timezone.now()
    actor = actor_context(actor)
    projection = ScheduleProjection(editions, start, grants_of(actor), is_trial=is_trial)
    cache_reports(editions)
    cache_file_findings(editions)
    links = BodyLinks(editions, projection)
    found = AuditEntry.objects.filter(Q(edition__in=editions) | account_bonds(actor))
    entries = list(noting_steps(found))
    authors, bonded = authors_of_each(editions, entries), bonded_accounts(entries, actor)
    steps = progress_of_each(editions, entries) if steps is None else steps
    return [
        [
            *role_blockers(Action.APPROVE, actor, edition.page),
            *state_blockers(edition, "承認できる", State.REVIEW),
            *own_text_blockers(edition, actor, authors[edition.pk]),
            *own_account_blockers(edition, authors[edition.pk], bonded),
            *unconfirmed_blockers(steps[edition.pk]),
            *unread_revision_blockers(edition, revisions),
            *content_blockers(edition),
            *start_blockers(edition, start, projection),
            *links.blockers(edition),
        ]
        for edition in editions
    ]


@blocker_list
def approve_urgently_availability(*, edition: Edition, actor: Officer = None) -> Iterator[Blocker]:
    start, actor = timezone.now(), actor_context(actor)
    yield from role_blockers(Action.APPROVE_URGENTLY, actor, edition.page)
    yield from state_blockers(edition, "緊急に承認できる", State.DRAFT, State.REVIEW)
    yield from content_blockers(edition)
    projection = ScheduleProjection([edition], start, grants_of(actor))
    yield from start_blockers(edition, start, projection)
    yield from BodyLinks([edition], projection).blockers(edition)


@blocker_list
def approve_urgently_blockers(
    *,
    edition: Edition,
    reason: str = "",
    revisions: Mapping[int, int] | None = None,
    actor: Officer = None,
) -> Iterator[Blocker]:
    yield from approve_urgently_availability(edition=edition, actor=actor)
    if not strip_invisible(reason).strip():
        yield Blocker(
            BlockerCode.REASON,
            "緊急に承認する理由を書いてください。ほかの承認者が後で確認します。",
        )
    yield from unread_revision_blockers(edition, revisions)


@blocker_list
def confirm_blockers(*, edition: Edition, actor: Officer = None) -> Iterator[Blocker]:
    yield from role_blockers(Action.CONFIRM, actor, edition.page)
    found = list(AuditEntry.objects.filter(Q(edition=edition) | account_bonds(actor)))
    entries = [entry for entry in found if entry.edition_id == edition.pk]
    urgent = unconfirmed_approval(entries)
    if urgent is None:
        yield Blocker(
            BlockerCode.NOT_URGENT,
            f"「{edition}」は事後確認を待っていません。画面を開き直してください。",
        )
    elif actor is not None and urgent.actor_id == actor.pk:
        yield Blocker(
            BlockerCode.OWN_TEXT,
            "緊急に承認した本人は、事後確認ができません。ほかの承認者に依頼してください。",
        )
    else:
        authors = {urgent.actor_id, *authors_among(entries)}
        yield from own_account_blockers(edition, authors, bonded_accounts(found, actor))


@blocker_list
def cancel_booking_blockers(*, edition: Edition, actor: Officer = None) -> Iterator[Blocker]:
    """Return the blockers of a release's editions, of those alone that the officer may see."""
    actor = actor_context(actor)
    grants, mates = grants_of(actor), release_mates(edition)
    visible = [booked for booked in mates if grants.can_view(booked.page)]
    if edition.page_id not in {booked.page_id for booked in visible}:
        visible.append(edition)  # the officer has named it, and so knows of it
    elif len(visible) < len(mates):
        yield Blocker(
            BlockerCode.ROLE,
            "この公開予約は、ほかの部局のページと一緒に始まる一括公開の一つです。取り消すには、"
            "そのすべてのページを担当する承認者の役割が要ります。担当の管理者に依頼してください。",
        )
    if changes_the_tree(edition.release):
        yield part_of_release(edition.page)
        return
    for booked in visible:
        yield from booking_blockers(booked, actor)


def booking_blockers(booked: Edition, actor: Officer) -> Iterator[Blocker]:
    """Yield the blockers of cancelling the booking of one edition."""
    yield from role_blockers(Action.CANCEL_BOOKING, actor, booked.page)
    if booked.state != State.APPROVED or booked.live_from is None:
        yield Blocker(BlockerCode.STATE, f"「{booked}」は、公開予約されていません。")
    elif booked.live_from <= timezone.now():
        yield Blocker(
            BlockerCode.STARTED,
            f"「{booked}」は{japanese_moment(booked.live_from)}に公開が始まっています。"
            "直すには新しい版を作ってください。",
        )
    else:
        yield from removal_blockers(booked, grants_of(actor))


def start_blockers(
    edition: Edition, start: datetime, projection: ScheduleProjection
) -> Iterator[Blocker]:
    """Yield why it cannot start then: its base, its parent, its children and its links."""
    yield from outdated_blockers(edition, start, projection)
    yield from early_start_blockers(edition, start)
    yield from projection.against_parent(edition)
    yield from projection.against_children(edition)
    yield from projection.against_links(edition)


def outdated_blockers(
    edition: Edition, start: datetime, projection: ScheduleProjection
) -> Iterator[Blocker]:
    latest = projection.latest(edition.page_id)
    if latest is None:
        return
    if latest.number != edition.based_on:
        yield Blocker(
            BlockerCode.OUTDATED,
            f"この版を書き始めた後に、第{latest.number}版が承認されています。"
            "下書きに戻し、その版と見くらべて直してください。",
        )
    if start <= latest.start:
        yield Blocker(
            BlockerCode.ORDER,
            f"第{latest.number}版の公開開始（{japanese_moment(latest.start)}）より後の日時に"
            "するか、その予約を取り消してください。",
        )


def removal_blockers(booked: Edition, grants: Grants) -> Iterator[Blocker]:
    """Yield what depends on a booking and keeps it from being cancelled. 6 queries."""
    later = Edition.objects.filter(page=booked.page_id, number__gt=booked.number)
    following = later.order_by("number").first()
    if following is not None:
        yield Blocker(
            BlockerCode.BUILT_ON,
            f"第{following.number}版が「{booked}」の後に作られています。"
            "先にそれを破棄するか、予約を取り消してください。",
        )
    yield from ScheduleProjection.without(booked, grants).against_loss(booked)


def release_mates(edition: Edition) -> list[Edition]:
    """The editions that start together with `edition`, itself among them; 1 query at most."""
    if not edition.release:
        return [edition]
    together = Edition.objects.approved().filter(release=edition.release)
    return list(together.with_page().order_by("placement__path"))
