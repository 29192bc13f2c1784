"""Why an edition cannot be drafted, edited, submitted, approved, cancelled or discarded."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime

from django.db.models import Exists, OuterRef, Q
from django.utils import timezone

from bureaus.models import (
    Action,
    Answer,
    AuditEntry,
    BranchRole,
    Edition,
    Kind,
    Page,
    Part,
    Role,
    State,
)
from bureaus.models.editions import READABLE_ANSWERS, TITLE_LENGTH
from bureaus.permissions import Grants, Officer, actor_context, grants_of
from bureaus.publishing.authorship import (
    account_bonds,
    bonded_accounts,
    own_account_blockers,
    own_text_blockers,
)
from bureaus.publishing.blockers.blocker import Blocker, role_blockers
from bureaus.publishing.blockers.dates import early_start_blockers, early_submission_blockers
from bureaus.publishing.blockers.links import BodyLinks, dead_link_blockers, in_preparation
from bureaus.publishing.file_rules import file_blockers
from bureaus.publishing.findings import finding_blockers, read_together
from bureaus.publishing.schedule_projection import ScheduleProjection
from bureaus.publishing.workflow_facts import (
    authors_among,
    authors_of,
    authors_of_each,
    submitter_of,
    unconfirmed_approval,
)
from bureaus.text.formatting import japanese_moment
from bureaus.text.rich_text import strip_invisible

# What is to be done with the edition that stands in the way of a new draft.
BEFORE_A_DRAFT = {
    State.DRAFT: "それを続けるか、破棄してください。",
    State.REVIEW: "確認の依頼を取り下げるか、承認を待ってください。",
}


def start_draft_blockers(
    *, page: Page, source: Edition | None = None, actor: Officer = None
) -> Iterator[Blocker]:
    yield from role_blockers(Action.START_DRAFT, actor, page)
    opened = Edition.objects.open().filter(page=page).first()
    if opened is not None:
        yield Blocker(
            "open",
            f"このページには、{opened.get_state_display()}の第{opened.number}版がもうあります。"
            + BEFORE_A_DRAFT[State(opened.state)],
        )
    if source is not None and source.page_id != page.pk:
        yield Blocker("foreign_source", "別のページの版から下書きを作ることはできません。")


def edit_blockers(
    *,
    edition: Edition,
    revision: int | None = None,
    parts: Mapping[type[Part], Iterable[Part]] | None = None,
    actor: Officer = None,
) -> Iterator[Blocker]:
    """`parts`: those that it is to have; they can be gone through more than once."""
    actor = actor_context(actor)
    yield from role_blockers(Action.EDIT, actor, edition.page)
    yield from state_blockers(edition, "編集できる", State.DRAFT)
    if revision is not None and revision != edition.revision:
        yield Blocker(
            "stale",
            "あなたが開いてから、ほかの人がこの下書きを保存しました。"
            "両方の内容を見くらべて、残すほうを選んでください。",
        )
    yield from file_blockers(parts, grants_of(actor))


def submit_blockers(
    *, edition: Edition, note: str = "", actor: Officer = None
) -> Iterator[Blocker]:
    actor = actor_context(actor)
    yield from role_blockers(Action.SUBMIT, actor, edition.page)
    yield from state_blockers(edition, "確認を依頼できる", State.DRAFT)
    yield from content_blockers(edition)
    yield from early_submission_blockers(edition, note)
    yield from dead_link_blockers(edition, in_preparation(edition, grants_of(actor)))


def return_blockers(
    *, edition: Edition, comment: str = "", actor: Officer = None
) -> Iterator[Blocker]:
    yield from state_blockers(edition, "差し戻せる", State.REVIEW)
    grants = grants_of(actor)
    is_own = actor is not None and submitter_of(edition) == actor.pk
    is_recall = is_own and grants.allows(Action.RETURN, edition.page)
    is_approver = Role.APPROVER in grants.roles_at(edition.page)
    if not (is_recall or is_approver):
        yield Blocker(
            "role",
            f"「{edition.page.url_path}」での差し戻しができるのは、そこを担当する承認者と、"
            "確認を依頼した本人だけです。",
        )
    if not is_recall and not strip_invisible(comment).strip():
        yield Blocker("comment", "差し戻す理由を書いてください。作成者が次にすることが分かります。")


def approve_blockers(
    *,
    editions: Sequence[Edition],
    at: datetime | None = None,
    revisions: Mapping[int, int] | None = None,
    actor: Officer = None,
) -> Iterator[Blocker]:
    """
    Of several editions, which start together or not at all, the blockers of each.

    `revisions`: what the approver has looked at, by the key of the edition.
    """
    yield from moment_blockers(editions, at)
    for blockers in approve_each_blockers(
        editions=editions, at=at, revisions=revisions, actor=actor
    ):
        yield from blockers


def moment_blockers(editions: Sequence[Edition], at: datetime | None) -> Iterator[Blocker]:
    """Why nothing at all can begin at `at`, whatever is to begin."""
    if not editions:
        yield Blocker("nothing", "承認する版が選ばれていません。")
    if at is not None and at <= timezone.now():
        yield Blocker(
            "past",
            f"公開開始「{japanese_moment(at)}」は過去です。これからの日時にするか、いま公開する"
            "を選んでください。",
        )


def approve_each_blockers(
    *,
    editions: Sequence[Edition],
    at: datetime | None = None,
    revisions: Mapping[int, int] | None = None,
    actor: Officer = None,
    is_trial: bool = False,
) -> list[list[Blocker]]:
    """
    Why each of `editions` cannot begin at `at` together with the others.

    `is_trial`: nothing is done, and another moment may be tried next (see Prospects). The same
    number of queries for one and for many where figures and events are prefetched.
    """
    start = at or timezone.now()
    actor = actor_context(actor)
    prospects = ScheduleProjection(editions, start, grants_of(actor), is_trial=is_trial)
    read_together(editions)
    links = BodyLinks(editions, prospects)
    events = list(AuditEntry.objects.filter(Q(edition__in=editions) | account_bonds(actor)))
    hands, bonded = authors_of_each(editions, events), bonded_accounts(events, actor)
    return [
        [
            *role_blockers(Action.APPROVE, actor, edition.page),
            *state_blockers(edition, "承認できる", State.REVIEW),
            *own_text_blockers(edition, actor, hands[edition.pk]),
            *own_account_blockers(edition, hands[edition.pk], bonded),
            *changed_blockers(edition, revisions),
            *content_blockers(edition),
            *start_blockers(edition, start, prospects),
            *links.blockers(edition),
        ]
        for edition in editions
    ]


def changed_blockers(edition: Edition, revisions: Mapping[int, int] | None) -> Iterator[Blocker]:
    """Nobody approves what he has not seen."""
    if revisions is not None and revisions.get(edition.pk) != edition.revision:
        yield Blocker(
            "changed",
            f"見ている間に「{edition}」の内容が変わりました。いまの内容を確かめて、"
            "もう一度決めてください。",
        )


def approve_urgently_blockers(
    *,
    edition: Edition,
    reason: str = "",
    revisions: Mapping[int, int] | None = None,
    actor: Officer = None,
) -> Iterator[Blocker]:
    start, actor = timezone.now(), actor_context(actor)
    yield from role_blockers(Action.APPROVE_URGENTLY, actor, edition.page)
    yield from state_blockers(edition, "緊急に承認できる", State.DRAFT, State.REVIEW)
    if not strip_invisible(reason).strip():
        yield Blocker(
            "reason", "緊急に承認する理由を書いてください。ほかの承認者が後で確認します。"
        )
    yield from changed_blockers(edition, revisions)
    yield from content_blockers(edition)
    prospects = ScheduleProjection([edition], start, grants_of(actor))
    yield from start_blockers(edition, start, prospects)
    yield from BodyLinks([edition], prospects).blockers(edition)


def confirm_blockers(*, edition: Edition, actor: Officer = None) -> Iterator[Blocker]:
    yield from role_blockers(Action.CONFIRM, actor, edition.page)
    found = list(AuditEntry.objects.filter(Q(edition=edition) | account_bonds(actor)))
    events = [event for event in found if event.edition_id == edition.pk]
    urgent = unconfirmed_approval(events)
    if urgent is None:
        yield Blocker(
            "not_urgent", f"「{edition}」は事後確認を待っていません。画面を開き直してください。"
        )
    elif actor is not None and urgent.actor_id == actor.pk:
        yield Blocker(
            "own_hand",
            "緊急に承認した本人は、事後確認ができません。ほかの承認者に依頼してください。",
        )
    else:
        hands = {urgent.actor_id, *authors_among(events)}
        yield from own_account_blockers(edition, hands, bonded_accounts(found, actor))


def cancel_booking_blockers(*, edition: Edition, actor: Officer = None) -> Iterator[Blocker]:
    """Of a release, the blockers of each of its editions that he may know of."""
    actor = actor_context(actor)
    grants, together = grants_of(actor), release_mates(edition)
    seen = [booked for booked in together if grants.can_view(booked.page)]
    if edition.page_id not in {booked.page_id for booked in seen}:
        seen.append(edition)  # which he has named himself
    elif len(seen) < len(together):
        yield Blocker(
            "role",
            "この公開予約は、ほかの部局のページと一緒に始まる一括公開の一つです。取り消すには、"
            "そのすべてのページを担当する承認者の役割が要ります。担当の管理者に依頼してください。",
        )
    for booked in seen:
        yield from role_blockers(Action.CANCEL_BOOKING, actor, booked.page)
        if booked.state != State.APPROVED or booked.live_from is None:
            yield Blocker("state", f"「{booked}」は、公開予約されていません。")
        elif booked.live_from <= timezone.now():
            yield Blocker(
                "started",
                f"「{booked}」は{japanese_moment(booked.live_from)}に公開が始まっています。"
                "直すには新しい版を作ってください。",
            )
        else:
            yield from removal_blockers(booked, grants)


def discard_blockers(*, edition: Edition, actor: Officer = None) -> Iterator[Blocker]:
    yield from role_blockers(Action.DISCARD, actor, edition.page)
    is_approver = Role.APPROVER in grants_of(actor).roles_at(edition.page)
    if actor is not None and not is_approver and actor.pk not in authors_of(edition):
        yield Blocker("author", "下書きを破棄できるのは、それを書いた人と承認者だけです。")
    yield from state_blockers(edition, "破棄できる", State.DRAFT, State.REVIEW)
    if AuditEntry.objects.filter(edition=edition, action=Action.APPROVE).exists():
        yield Blocker(
            "was_approved",
            "一度承認された版は、記録のため破棄できません。内容を直して、また確認を依頼してください。",
        )
    if deletes_its_page(edition):
        yield from deletion_blockers(edition.page)


def share_blockers(*, edition: Edition, actor: Officer = None) -> Iterator[Blocker]:
    yield from role_blockers(Action.SHARE, actor, edition.page)
    yield from state_blockers(edition, "確認用リンクを作れる", State.DRAFT, State.REVIEW)


def deletion_blockers(page: Page) -> Iterator[Blocker]:
    """What holds a page that was never public; 1 query."""
    pointing = Edition.objects.filter(Q(links__page=OuterRef("pk")) | Q(moved_to=OuterRef("pk")))
    kept = BranchRole.objects.filter(page=OuterRef("pk"))
    holding = Page.objects.filter(pk=page.pk).values_list(Exists(pointing), Exists(kept))
    is_linked, is_kept = holding.first() or (False, False)
    if is_linked:
        yield Blocker(
            "linked",
            f"「{page.url_path}」は、ほかの版のリンク先か移転先になっています。"
            "先にそれを外してください。",
        )
    if is_kept:
        yield Blocker(
            "stewards",
            f"「{page.url_path}」には担当のグループがあります。先に担当を外してください。",
        )


def state_blockers(edition: Edition, can: str, *states: State) -> Iterator[Blocker]:
    if edition.state not in states:
        words = "と".join(state.label for state in states)
        yield Blocker(
            "state",
            f"{can}のは{words}だけです。「{edition}」は{edition.get_state_display()}です。",
        )


def content_blockers(edition: Edition) -> Iterator[Blocker]:
    """What a citizen would miss or stumble over. 4 queries at most."""
    if not edition.title.strip():
        yield Blocker("title", "表題がありません。ページの名前を書いてください。")
    if len(edition.title) > TITLE_LENGTH:
        yield Blocker("title", f"表題が長すぎます。{TITLE_LENGTH}文字以内にしてください。")
    is_readable = edition.answer in READABLE_ANSWERS
    if is_readable and not (edition.lead.strip() or edition.body.strip()):
        has_parts = edition.page.kind == Kind.ORGANISATION or edition.page.depth == 1
        if not has_parts:
            yield Blocker("empty", "要旨も本文もありません。どちらかを書いてください。")
    if edition.answer == Answer.MOVED and edition.moved_to_id is None:
        yield Blocker("moved_to", "移転先のページを選んでください。")
    if edition.answer != Answer.MOVED and edition.moved_to_id is not None:
        yield Blocker("moved_to", "移転でない版は、移転先を持てません。移転先を消してください。")
    if edition.page.kind == Kind.NEWS_ITEM and edition.issued_on is None:
        yield Blocker("issued_on", "新着情報には発表日が要ります。")
    if not edition.change_note.strip() and not edition.is_minor and was_public(edition.page):
        yield Blocker(
            "change_note",
            "変更の内容がありません。何を変えたかを1行で書くか、「軽微な変更」に印を付けてください。",
        )
    yield from finding_blockers(edition)


def start_blockers(
    edition: Edition, start: datetime, prospects: ScheduleProjection
) -> Iterator[Blocker]:
    """Why it cannot begin at `start`: what it was based on, what stands above, below and beside."""
    yield from outdated_blockers(edition, start, prospects)
    yield from early_start_blockers(edition, start)
    yield from prospects.against_parent(edition)
    yield from prospects.against_children(edition)
    yield from prospects.against_links(edition)


def outdated_blockers(
    edition: Edition, start: datetime, prospects: ScheduleProjection
) -> Iterator[Blocker]:
    latest = prospects.latest(edition.page_id)
    if latest is None:
        return
    if latest.number != edition.based_on:
        yield Blocker(
            "outdated",
            f"この版を書き始めた後に、第{latest.number}版が承認されています。"
            "下書きに戻し、その版と見くらべて直してください。",
        )
    if start <= latest.start:
        yield Blocker(
            "order",
            f"第{latest.number}版の公開開始（{japanese_moment(latest.start)}）より後の日時に"
            "するか、その予約を取り消してください。",
        )


def removal_blockers(booked: Edition, grants: Grants) -> Iterator[Blocker]:
    """Why a booking cannot be taken away: what has been built on it. 6 queries."""
    later = Edition.objects.filter(page=booked.page_id, number__gt=booked.number)
    following = later.order_by("number").first()
    if following is not None:
        yield Blocker(
            "built_on",
            f"第{following.number}版が「{booked}」の後に作られています。"
            "先にそれを破棄するか、予約を取り消してください。",
        )
    yield from ScheduleProjection.without(booked, grants).against_loss(booked)


def latest_approved(page: Page) -> Edition | None:
    approved = Edition.objects.approved().filter(page=page)
    return approved.order_by("-number").first()


def was_public(page: Page) -> bool:
    return Edition.objects.begun(timezone.now()).filter(page=page).exists()


def release_mates(edition: Edition) -> list[Edition]:
    """The editions that start together with `edition`, itself among them; 1 query at most."""
    if not edition.release:
        return [edition]
    together = Edition.objects.approved().filter(release=edition.release)
    return list(together.select_related("page").order_by("page__path"))


def deletes_its_page(edition: Edition) -> bool:
    """A page that was never public and holds nothing goes with its last draft; 1 query, or none."""
    if edition.based_on or edition.page.numchild or edition.page.depth == 1:
        return False  # what it is based on has been approved, and stays
    others = Edition.objects.filter(page=edition.page_id).exclude(pk=edition.pk)
    return not others.exists()
