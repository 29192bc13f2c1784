"""Why an edition cannot be drafted, edited, submitted, approved, cancelled or discarded."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime

from django.db.models import Exists, OuterRef, Q
from django.utils import timezone

from bureaus.models import (
    Answer,
    Edition,
    Event,
    Kind,
    Page,
    Part,
    Role,
    State,
    Stewardship,
    Verb,
)
from bureaus.models.editions import READABLE_ANSWERS, TITLE_LENGTH
from bureaus.permissions import Grants, Officer, grants_of, knowing
from bureaus.publishing.against_dates import against_early_start, against_early_submission
from bureaus.publishing.files import against_files
from bureaus.publishing.four_eyes import (
    against_own_account,
    against_own_hand,
    bonded_among,
    bonds_of,
    hands_among,
    hands_of,
    hands_of_each,
    submitter_of,
    urgent_approval_among,
)
from bureaus.publishing.link_blockers import BodyLinks, against_dead_links, in_preparation
from bureaus.publishing.proofs import against_findings, read_together
from bureaus.publishing.prospects import Prospects
from bureaus.publishing.reason import Reason, against_role
from bureaus.richtext import strip_invisible
from bureaus.text import japanese_moment

# What is to be done with the edition that stands in the way of a new draft.
BEFORE_A_DRAFT = {
    State.DRAFT: "それを続けるか、破棄してください。",
    State.REVIEW: "確認の依頼を取り下げるか、承認を待ってください。",
}


def against_start_draft(
    *, page: Page, source: Edition | None = None, actor: Officer = None
) -> Iterator[Reason]:
    yield from against_role(Verb.START_DRAFT, actor, page)
    opened = Edition.objects.filter(page=page).exclude(state=State.APPROVED).first()
    if opened is not None:
        yield Reason(
            "open",
            f"このページには、{opened.get_state_display()}の第{opened.number}版がもうあります。"
            + BEFORE_A_DRAFT[State(opened.state)],
        )
    if source is not None and source.page_id != page.pk:
        yield Reason("foreign_source", "別のページの版から下書きを作ることはできません。")


def against_edit(
    *,
    edition: Edition,
    revision: int | None = None,
    parts: Mapping[type[Part], Iterable[Part]] | None = None,
    actor: Officer = None,
) -> Iterator[Reason]:
    """`parts`: those that it is to have; they can be gone through more than once."""
    actor = knowing(actor)
    yield from against_role(Verb.EDIT, actor, edition.page)
    yield from against_state(edition, "編集できる", State.DRAFT)
    if revision is not None and revision != edition.revision:
        yield Reason(
            "stale",
            "あなたが開いてから、ほかの人がこの下書きを保存しました。"
            "両方の内容を見くらべて、残すほうを選んでください。",
        )
    yield from against_files(parts, grants_of(actor))


def against_submit(*, edition: Edition, note: str = "", actor: Officer = None) -> Iterator[Reason]:
    actor = knowing(actor)
    yield from against_role(Verb.SUBMIT, actor, edition.page)
    yield from against_state(edition, "確認を依頼できる", State.DRAFT)
    yield from against_content(edition)
    yield from against_early_submission(edition, note)
    yield from against_dead_links(edition, in_preparation(edition, grants_of(actor)))


def against_return(
    *, edition: Edition, comment: str = "", actor: Officer = None
) -> Iterator[Reason]:
    yield from against_state(edition, "差し戻せる", State.REVIEW)
    grants = grants_of(actor)
    is_own = actor is not None and submitter_of(edition) == actor.pk
    is_recall = is_own and grants.allow(Verb.RETURN, edition.page)
    is_approver = Role.APPROVER in grants.roles_at(edition.page)
    if not (is_recall or is_approver):
        yield Reason(
            "role",
            f"「{edition.page.url_path}」での差し戻しができるのは、そこを担当する承認者と、"
            "確認を依頼した本人だけです。",
        )
    if not is_recall and not strip_invisible(comment).strip():
        yield Reason("comment", "差し戻す理由を書いてください。作成者が次にすることが分かります。")


def against_approve(
    *,
    editions: Sequence[Edition],
    at: datetime | None = None,
    revisions: Mapping[int, int] | None = None,
    actor: Officer = None,
) -> Iterator[Reason]:
    """
    Of several editions, which start together or not at all, the reasons of each.

    `revisions`: what the approver has looked at, by the key of the edition.
    """
    yield from against_moment(editions, at)
    for reasons in against_each(editions=editions, at=at, revisions=revisions, actor=actor):
        yield from reasons


def against_moment(editions: Sequence[Edition], at: datetime | None) -> Iterator[Reason]:
    """Why nothing at all can begin at `at`, whatever is to begin."""
    if not editions:
        yield Reason("nothing", "承認する版が選ばれていません。")
    if at is not None and at <= timezone.now():
        yield Reason(
            "past",
            f"公開開始「{japanese_moment(at)}」は過去です。これからの日時にするか、いま公開する"
            "を選んでください。",
        )


def against_each(
    *,
    editions: Sequence[Edition],
    at: datetime | None = None,
    revisions: Mapping[int, int] | None = None,
    actor: Officer = None,
    is_trial: bool = False,
) -> list[list[Reason]]:
    """
    Why each of `editions` cannot begin at `at` together with the others.

    `is_trial`: nothing is done, and another moment may be tried next (see Prospects). The same
    number of queries for one and for many where figures and events are prefetched.
    """
    start = at or timezone.now()
    actor = knowing(actor)
    prospects = Prospects(editions, start, grants_of(actor), is_trial=is_trial)
    read_together(editions)
    links = BodyLinks(editions, prospects)
    events = list(Event.objects.filter(Q(edition__in=editions) | bonds_of(actor)))
    hands, bonded = hands_of_each(editions, events), bonded_among(events, actor)
    return [
        [
            *against_role(Verb.APPROVE, actor, edition.page),
            *against_state(edition, "承認できる", State.REVIEW),
            *against_own_hand(edition, actor, hands[edition.pk]),
            *against_own_account(edition, hands[edition.pk], bonded),
            *against_changed(edition, revisions),
            *against_content(edition),
            *against_start(edition, start, prospects),
            *links.reasons(edition),
        ]
        for edition in editions
    ]


def against_changed(edition: Edition, revisions: Mapping[int, int] | None) -> Iterator[Reason]:
    """Nobody approves what he has not seen."""
    if revisions is not None and revisions.get(edition.pk) != edition.revision:
        yield Reason(
            "changed",
            f"見ている間に「{edition}」の内容が変わりました。いまの内容を確かめて、"
            "もう一度決めてください。",
        )


def against_approve_urgently(
    *,
    edition: Edition,
    reason: str = "",
    revisions: Mapping[int, int] | None = None,
    actor: Officer = None,
) -> Iterator[Reason]:
    start, actor = timezone.now(), knowing(actor)
    yield from against_role(Verb.APPROVE_URGENTLY, actor, edition.page)
    yield from against_state(edition, "緊急に承認できる", State.DRAFT, State.REVIEW)
    if not strip_invisible(reason).strip():
        yield Reason("reason", "緊急に承認する理由を書いてください。ほかの承認者が後で確認します。")
    yield from against_changed(edition, revisions)
    yield from against_content(edition)
    prospects = Prospects([edition], start, grants_of(actor))
    yield from against_start(edition, start, prospects)
    yield from BodyLinks([edition], prospects).reasons(edition)


def against_confirm(*, edition: Edition, actor: Officer = None) -> Iterator[Reason]:
    yield from against_role(Verb.CONFIRM, actor, edition.page)
    found = list(Event.objects.filter(Q(edition=edition) | bonds_of(actor)))
    events = [event for event in found if event.edition_id == edition.pk]
    urgent = urgent_approval_among(events)
    if urgent is None:
        yield Reason(
            "not_urgent", f"「{edition}」は事後確認を待っていません。画面を開き直してください。"
        )
    elif actor is not None and urgent.actor_id == actor.pk:
        yield Reason(
            "own_hand",
            "緊急に承認した本人は、事後確認ができません。ほかの承認者に依頼してください。",
        )
    else:
        hands = {urgent.actor_id, *hands_among(events)}
        yield from against_own_account(edition, hands, bonded_among(found, actor))


def against_cancel_booking(*, edition: Edition, actor: Officer = None) -> Iterator[Reason]:
    """Of a release, the reasons of each of its editions that he may know of."""
    actor = knowing(actor)
    grants, together = grants_of(actor), release_of(edition)
    seen = [booked for booked in together if grants.sees(booked.page)]
    if edition.page_id not in {booked.page_id for booked in seen}:
        seen.append(edition)  # which he has named himself
    elif len(seen) < len(together):
        yield Reason(
            "role",
            "この公開予約は、ほかの部局のページと一緒に始まる一括公開の一つです。取り消すには、"
            "そのすべてのページを担当する承認者の役割が要ります。担当の管理者に依頼してください。",
        )
    for booked in seen:
        yield from against_role(Verb.CANCEL_BOOKING, actor, booked.page)
        if booked.state != State.APPROVED or booked.live_from is None:
            yield Reason("state", f"「{booked}」は、公開予約されていません。")
        elif booked.live_from <= timezone.now():
            yield Reason(
                "started",
                f"「{booked}」は{japanese_moment(booked.live_from)}に公開が始まっています。"
                "直すには新しい版を作ってください。",
            )
        else:
            yield from against_removal(booked, grants)


def against_discard(*, edition: Edition, actor: Officer = None) -> Iterator[Reason]:
    yield from against_role(Verb.DISCARD, actor, edition.page)
    is_approver = Role.APPROVER in grants_of(actor).roles_at(edition.page)
    if actor is not None and not is_approver and actor.pk not in hands_of(edition):
        yield Reason("author", "下書きを破棄できるのは、それを書いた人と承認者だけです。")
    yield from against_state(edition, "破棄できる", State.DRAFT, State.REVIEW)
    if Event.objects.filter(edition=edition, verb=Verb.APPROVE).exists():
        yield Reason(
            "was_approved",
            "一度承認された版は、記録のため破棄できません。内容を直して、また確認を依頼してください。",
        )
    if goes_with_its_page(edition):
        yield from against_uprooting(edition.page)


def against_share(*, edition: Edition, actor: Officer = None) -> Iterator[Reason]:
    yield from against_role(Verb.SHARE, actor, edition.page)
    yield from against_state(edition, "確認用リンクを作れる", State.DRAFT, State.REVIEW)


def against_uprooting(page: Page) -> Iterator[Reason]:
    """What holds a page that was never public; 1 query."""
    pointing = Edition.objects.filter(Q(links__page=OuterRef("pk")) | Q(moved_to=OuterRef("pk")))
    kept = Stewardship.objects.filter(page=OuterRef("pk"))
    holding = Page.objects.filter(pk=page.pk).values_list(Exists(pointing), Exists(kept))
    is_linked, is_kept = holding.first() or (False, False)
    if is_linked:
        yield Reason(
            "linked",
            f"「{page.url_path}」は、ほかの版のリンク先か移転先になっています。"
            "先にそれを外してください。",
        )
    if is_kept:
        yield Reason(
            "stewards",
            f"「{page.url_path}」には担当のグループがあります。先に担当を外してください。",
        )


def against_state(edition: Edition, can: str, *states: State) -> Iterator[Reason]:
    if edition.state not in states:
        words = "と".join(state.label for state in states)
        yield Reason(
            "state",
            f"{can}のは{words}だけです。「{edition}」は{edition.get_state_display()}です。",
        )


def against_content(edition: Edition) -> Iterator[Reason]:
    """What a citizen would miss or stumble over. 4 queries at most."""
    if not edition.title.strip():
        yield Reason("title", "表題がありません。ページの名前を書いてください。")
    if len(edition.title) > TITLE_LENGTH:
        yield Reason("title", f"表題が長すぎます。{TITLE_LENGTH}文字以内にしてください。")
    is_readable = edition.answer in READABLE_ANSWERS
    if is_readable and not (edition.lead.strip() or edition.body.strip()):
        has_parts = edition.page.kind == Kind.ORGANISATION or edition.page.depth == 1
        if not has_parts:
            yield Reason("empty", "要旨も本文もありません。どちらかを書いてください。")
    if edition.answer == Answer.MOVED and edition.moved_to_id is None:
        yield Reason("moved_to", "移転先のページを選んでください。")
    if edition.answer != Answer.MOVED and edition.moved_to_id is not None:
        yield Reason("moved_to", "移転でない版は、移転先を持てません。移転先を消してください。")
    if edition.page.kind == Kind.NEWS_ITEM and edition.issued_on is None:
        yield Reason("issued_on", "新着情報には発表日が要ります。")
    if not edition.change_note.strip() and not edition.is_minor and was_public(edition.page):
        yield Reason(
            "change_note",
            "変更の内容がありません。何を変えたかを1行で書くか、「軽微な変更」に印を付けてください。",
        )
    yield from against_findings(edition)


def against_start(edition: Edition, start: datetime, prospects: Prospects) -> Iterator[Reason]:
    """Why it cannot begin at `start`: what it was based on, what stands above, below and beside."""
    yield from against_outdated(edition, start, prospects)
    yield from against_early_start(edition, start)
    yield from prospects.against_parent(edition)
    yield from prospects.against_children(edition)
    yield from prospects.against_links(edition)


def against_outdated(edition: Edition, start: datetime, prospects: Prospects) -> Iterator[Reason]:
    latest = prospects.latest(edition.page_id)
    if latest is None:
        return
    if latest.number != edition.based_on:
        yield Reason(
            "outdated",
            f"この版を書き始めた後に、第{latest.number}版が承認されています。"
            "下書きに戻し、その版と見くらべて直してください。",
        )
    if start <= latest.start:
        yield Reason(
            "order",
            f"第{latest.number}版の公開開始（{japanese_moment(latest.start)}）より後の日時に"
            "するか、その予約を取り消してください。",
        )


def against_removal(booked: Edition, grants: Grants) -> Iterator[Reason]:
    """Why a booking cannot be taken away: what has been built on it. 6 queries."""
    later = Edition.objects.filter(page=booked.page_id, number__gt=booked.number)
    following = later.order_by("number").first()
    if following is not None:
        yield Reason(
            "built_on",
            f"第{following.number}版が「{booked}」の後に作られています。"
            "先にそれを破棄するか、予約を取り消してください。",
        )
    yield from Prospects.without(booked, grants).against_loss(booked)


def latest_approved(page: Page) -> Edition | None:
    approved = Edition.objects.filter(page=page, state=State.APPROVED)
    return approved.order_by("-number").first()


def was_public(page: Page) -> bool:
    return Edition.objects.filter(page=page, live_from__lte=timezone.now()).exists()


def release_of(edition: Edition) -> list[Edition]:
    """The editions that start together with `edition`, itself among them; 1 query at most."""
    if not edition.release:
        return [edition]
    together = Edition.objects.filter(release=edition.release, state=State.APPROVED)
    return list(together.select_related("page").order_by("page__path"))


def goes_with_its_page(edition: Edition) -> bool:
    """A page that was never public and holds nothing goes with its last draft; 1 query, or none."""
    if edition.based_on or edition.page.numchild or edition.page.depth == 1:
        return False  # what it is based on has been approved, and stays
    others = Edition.objects.filter(page=edition.page_id).exclude(pk=edition.pk)
    return not others.exists()
