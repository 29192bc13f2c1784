"""Why an edition cannot be drafted, edited, submitted, approved, cancelled or discarded."""

from collections.abc import Iterator, Sequence
from datetime import datetime

from django.db.models import Q
from django.utils import timezone

from bureaus.models import (
    Answer,
    Edition,
    Event,
    Kind,
    Page,
    Role,
    State,
    Stewardship,
    Verb,
)
from bureaus.models.editions import READABLE_ANSWERS, TITLE_LENGTH
from bureaus.permissions import Officer, grants_of
from bureaus.publishing.proofs import against_findings, proof_of, read_together
from bureaus.publishing.prospects import Prospects
from bureaus.publishing.reason import Reason, against_role
from bureaus.text import japanese_moment

HANDS = (Verb.ADD, Verb.START_DRAFT, Verb.EDIT, Verb.SUBMIT)


def against_start_draft(
    *, page: Page, source: Edition | None = None, actor: Officer = None
) -> Iterator[Reason]:
    yield from against_role(Verb.START_DRAFT, actor, page)
    opened = Edition.objects.filter(page=page).exclude(state=State.APPROVED).first()
    if opened is not None:
        yield Reason(
            "open",
            f"このページには、{opened.get_state_display()}の第{opened.number}版がもうあります。"
            "それを続けるか、破棄してください。",
        )
    if source is not None and source.page_id != page.pk:
        yield Reason("foreign_source", "別のページの版から下書きを作ることはできません。")


def against_edit(
    *, edition: Edition, revision: int | None = None, actor: Officer = None
) -> Iterator[Reason]:
    yield from against_role(Verb.EDIT, actor, edition.page)
    yield from against_state(edition, "編集できる", State.DRAFT)
    if revision is not None and revision != edition.revision:
        yield Reason(
            "stale",
            "あなたが開いてから、ほかの人がこの下書きを保存しました。"
            "両方の内容を見くらべて、残すほうを選んでください。",
        )


def against_submit(*, edition: Edition, actor: Officer = None) -> Iterator[Reason]:
    yield from against_role(Verb.SUBMIT, actor, edition.page)
    yield from against_state(edition, "確認を依頼できる", State.DRAFT)
    yield from against_content(edition)


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
    if not is_recall and not comment.strip():
        yield Reason("comment", "差し戻す理由を書いてください。作成者が次にすることが分かります。")


def against_approve(
    *, editions: Sequence[Edition], at: datetime | None = None, actor: Officer = None
) -> Iterator[Reason]:
    """Of several editions, which start together or not at all, the reasons of each."""
    if not editions:
        yield Reason("nothing", "承認する版が選ばれていません。")
    start = at or timezone.now()
    if at is not None and at <= timezone.now():
        yield Reason(
            "past",
            f"公開開始「{japanese_moment(at)}」は過去です。これからの日時にするか、いま公開する"
            "を選んでください。",
        )
    prospects = Prospects(editions, start)
    read_together(editions)
    for edition in editions:
        yield from against_role(Verb.APPROVE, actor, edition.page)
        yield from against_state(edition, "承認できる", State.REVIEW)
        yield from against_own_hand(edition, actor)
        yield from against_content(edition)
        yield from against_start(edition, start, prospects)


def against_approve_urgently(
    *, edition: Edition, reason: str = "", actor: Officer = None
) -> Iterator[Reason]:
    start = timezone.now()
    yield from against_role(Verb.APPROVE_URGENTLY, actor, edition.page)
    yield from against_state(edition, "緊急に承認できる", State.DRAFT, State.REVIEW)
    if not reason.strip():
        yield Reason("reason", "緊急に承認する理由を書いてください。ほかの承認者が後で確認します。")
    yield from against_content(edition)
    yield from against_start(edition, start, Prospects([edition], start))


def against_confirm(*, edition: Edition, actor: Officer = None) -> Iterator[Reason]:
    yield from against_role(Verb.CONFIRM, actor, edition.page)
    urgent = urgent_approval_of(edition)
    if urgent is None:
        yield Reason(
            "not_urgent", f"「{edition}」は事後確認を待っていません。画面を開き直してください。"
        )
    elif actor is not None and urgent.actor_id == actor.pk:
        yield Reason(
            "own_hand",
            "緊急に承認した本人は、事後確認ができません。ほかの承認者に依頼してください。",
        )


def against_cancel_booking(*, edition: Edition, actor: Officer = None) -> Iterator[Reason]:
    """Of a release, the reasons of each of its editions."""
    for booked in release_of(edition):
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
            yield from against_removal(booked)


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


def against_uprooting(page: Page) -> Iterator[Reason]:
    """What holds a page that was never public; 2 queries."""
    if Edition.objects.filter(Q(links__page=page) | Q(moved_to=page)).exists():
        yield Reason(
            "linked",
            f"「{page.url_path}」は、ほかの版のリンク先か移転先になっています。"
            "先にそれを外してください。",
        )
    if Stewardship.objects.filter(page=page).exists():
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


def against_own_hand(edition: Edition, actor: Officer) -> Iterator[Reason]:
    """Four eyes: whoever wrote or submitted it does not approve it, a superuser neither."""
    if actor is not None and actor.pk in hands_of(edition):
        yield Reason(
            "own_hand",
            f"「{edition}」を書いたか確認を依頼した本人は承認できません。"
            "ほかの承認者に依頼してください。",
        )


def against_content(edition: Edition) -> Iterator[Reason]:
    """What a citizen would miss or stumble over. 7 queries at most."""
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
    yield from against_silence(edition)
    if not edition.change_note.strip() and not edition.is_minor and was_public(edition.page):
        yield Reason(
            "change_note",
            "変更の内容がありません。何を変えたかを1行で書くか、「軽微な変更」に印を付けてください。",
        )
    yield from against_findings(edition)


def against_silence(edition: Edition) -> Iterator[Reason]:
    for position, figure in enumerate(proof_of(edition).manuscript.figures, 1):
        if not figure.alt.strip() and not figure.is_decorative:
            yield Reason(
                "alt",
                f"{position}番目の図に代替テキストがありません。図が伝えることを書くか、"
                "「装飾の画像」に印を付けてください。",
            )


def against_start(edition: Edition, start: datetime, prospects: Prospects) -> Iterator[Reason]:
    """Why it cannot begin at `start`: what it was based on, what stands above, below and beside."""
    yield from against_outdated(edition, start)
    yield from prospects.against_parent(edition)
    yield from prospects.against_children(edition)
    yield from prospects.against_links(edition)


def against_outdated(edition: Edition, start: datetime) -> Iterator[Reason]:
    latest = latest_approved(edition.page)
    if latest is None:
        return
    if latest.number != edition.based_on:
        yield Reason(
            "outdated",
            f"この版を書き始めた後に、第{latest.number}版が承認されています。"
            "下書きに戻し、その版と見くらべて直してください。",
        )
    if latest.live_from is not None and start <= latest.live_from:
        yield Reason(
            "order",
            f"第{latest.number}版の公開開始（{japanese_moment(latest.live_from)}）より後の日時に"
            "するか、その予約を取り消してください。",
        )


def against_removal(booked: Edition) -> Iterator[Reason]:
    """Why a booking cannot be taken away: what has been built on it. 5 queries."""
    later = Edition.objects.filter(page=booked.page_id, number__gt=booked.number)
    following = later.order_by("number").first()
    if following is not None:
        yield Reason(
            "built_on",
            f"第{following.number}版が「{booked}」の後に作られています。"
            "先にそれを破棄するか、予約を取り消してください。",
        )
    yield from Prospects.without(booked).against_loss(booked)


def hands_of(edition: Edition) -> set[int | None]:
    """The keys of those who wrote or submitted it; 1 query."""
    events = Event.objects.filter(edition=edition, verb__in=HANDS)
    return set(events.values_list("actor", flat=True))


def submitter_of(edition: Edition) -> int | None:
    events = Event.objects.filter(edition=edition, verb=Verb.SUBMIT)
    return events.values_list("actor", flat=True).first()


def urgent_approval_of(edition: Edition) -> Event | None:
    """The urgent approval that nobody has confirmed yet; 1 query."""
    verbs = (Verb.APPROVE_URGENTLY, Verb.CONFIRM)
    event = Event.objects.filter(edition=edition, verb__in=verbs).first()
    return event if event is not None and event.verb == Verb.APPROVE_URGENTLY else None


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
    """A page that was never public and holds nothing goes with its last draft."""
    others = Edition.objects.filter(page=edition.page_id).exclude(pk=edition.pk)
    return edition.page.numchild == 0 and edition.page.depth > 1 and not others.exists()
