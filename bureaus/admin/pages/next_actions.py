"""The next actions of a page for an officer: the main one, others, and those of other roles."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from django.urls import reverse
from django.utils.http import urlencode

from bureaus.admin.core.breadcrumbs import admin_url
from bureaus.admin.core.role_holders import RoleHolder, describe_holders
from bureaus.admin.core.users import actor_name
from bureaus.admin.pages.page_overview import PageOverview
from bureaus.models import KINDS_UNDER, Action, Answer, Edition, Kind, Page, State
from bureaus.permissions import ActorContext
from bureaus.publishing import Blocker
from bureaus.publishing.authorship import own_text_blockers
from bureaus.publishing.blockers.approval import confirm_blockers
from bureaus.publishing.blockers.approval_steps import unconfirmed_blockers
from bureaus.publishing.blockers.editions import discard_blockers, submit_blockers
from bureaus.publishing.blockers.tree import move_availability, rename_availability
from bureaus.publishing.workflow_facts import authors_among


@dataclass(frozen=True, slots=True)
class NextAction:
    """A button or link with a name of its own: several may be the same `action`."""

    name: str
    action: Action
    label: str
    url: str
    is_post: bool = False
    is_danger: bool = False
    blockers: tuple[Blocker, ...] = ()
    quiet: str = ""  # instead of blockers: nobody will ever be able to do it here


@dataclass(frozen=True, slots=True)
class HandledElsewhere:
    """What others can do here, and who they are."""

    label: str
    who: str


@dataclass(frozen=True, slots=True)
class NextActions:
    """All next actions; `sentence` says what the page waits for, also without a `main` one."""

    sentence: str
    main: NextAction | None
    secondary: tuple[NextAction, ...]
    elsewhere: tuple[HandledElsewhere, ...]
    settings: tuple[NextAction, ...]


SENTENCES = {
    "confirm": "緊急に承認された内容が公開されています。内容を確かめて、事後確認をしてください。",
    "endorse": "あなたの段階の確認を待っています。公開中の内容と見くらべてください。",
    "review": "確認の依頼が来ています。公開中の内容と見くらべて、承認するか差し戻してください。",
    "submit": "下書きができています。よければ、確認を依頼してください。",
    "edit": "書きかけの下書きがあります。続きを書いてください。",
    "returned": "下書きが差し戻されています。差し戻しの理由を読んで、直してください。",
    "revise": "公開中です。直すときは、改訂の下書きを始めてください。",
    "begin": "まだ何も書かれていません。下書きを始めてください。",
}
# What the page waits for, where this officer has no main action.
WAITING = {
    "review": "承認者の確認を待っています。",
    "steps": "承認の前の、段階の確認を待っています。",
    "draft": "作成者が下書きを書いています。確認の依頼を待ってください。",
    "booked": "予約した日時に、自動で公開されます。いま、することはありません。",
    "ended": "掲載を終えています。いま、することはありません。",
    "public": "公開中です。いま、することはありません。",
    "empty": "まだ下書きがありません。作成者が書き始めるのを待ってください。",
}
# The first of these that is offered and not blocked is the main one.
BY_URGENCY = ("confirm", "endorse", "review", "submit", "edit", "start")


def next_actions(
    overview: PageOverview, *, officer: ActorContext, role_holders: Iterable[RoleHolder]
) -> NextActions:
    """
    Return the main action, the others, and who can do the rest. At most 6 queries.

    What is destructive beyond this page is asked about on a screen of its own, before it is done.
    """
    page, grants = overview.page, officer.grants
    possible = list(possible_actions(overview, officer))
    offered = [
        replace(step, blockers=tuple(step_blockers(step, overview, officer)))
        for step in possible
        if grants.allows(step.action, page)
    ]
    main = main_action(offered, overview)
    settings = list(settings_of(page, officer))
    elsewhere = [
        HandledElsewhere(step.label, describe_holders(step.action, role_holders))
        for step in (*possible, *settings)
        if not grants.allows(step.action, page)
    ]
    return NextActions(
        sentence=SENTENCES[sentence_key(main, overview)]
        if main
        else WAITING[waiting_key(overview)],
        main=main,
        secondary=tuple(step for step in offered if step is not main),
        elsewhere=(*elsewhere, *recall_by_another(overview, officer)),
        settings=tuple(step for step in settings if grants.allows(step.action, page)),
    )


def possible_actions(overview: PageOverview, officer: ActorContext) -> Iterator[NextAction]:
    """Yield the actions that the state of the page calls for, permitted or not."""
    if overview.unconfirmed is not None:
        review = admin_url("edition-review", overview.unconfirmed.pk)
        yield NextAction("confirm", Action.CONFIRM, "事後確認をする", review)
    open_edition = overview.open_edition
    if open_edition is None:
        words = "改訂の下書きを始める" if overview.editions else "下書きを始める"
        start = reverse("admin:page-draft", args=[overview.page.pk])
        yield NextAction("start", Action.START_DRAFT, words, start, is_post=True)
    elif open_edition.state == State.REVIEW:
        yield from review_actions(open_edition, overview, officer)
    else:
        yield from draft_actions(open_edition)
    if overview.booked:
        cancel = action_address(overview.booked[-1], "cancel-booking")
        yield NextAction(
            "cancel", Action.CANCEL_BOOKING, "公開予約を取り消す", cancel, is_danger=True
        )
    if open_edition is not None:
        discard = action_address(open_edition, "discard")
        yield NextAction("discard", Action.DISCARD, "下書きを破棄する", discard, is_danger=True)


def review_actions(
    edition: Edition, overview: PageOverview, officer: ActorContext
) -> Iterator[NextAction]:
    review = admin_url("edition-review", edition.pk)
    waiting = overview.steps.next
    if waiting is not None and waiting.is_for(officer.pk):
        yield NextAction("endorse", Action.ENDORSE, f"「{waiting.step}」の段階を確認する", review)
    yield NextAction("review", Action.APPROVE, "確認して承認する", review)
    submitted = overview.last(edition, Action.SUBMIT)
    if submitted is not None and submitted.actor_id == officer.pk:
        recall = action_address(edition, "recall")
        yield NextAction("recall", Action.RETURN, "確認の依頼を取り下げる", recall, is_post=True)


def draft_actions(edition: Edition) -> Iterator[NextAction]:
    form = reverse("admin:bureaus_edition_change", args=[edition.pk])
    submit = action_address(edition, "submit")
    review = admin_url("edition-review", edition.pk)
    yield NextAction("edit", Action.EDIT, "編集を続ける", form)
    yield NextAction("submit", Action.SUBMIT, "確認を依頼する", submit, is_post=True)
    yield NextAction("urgent", Action.APPROVE_URGENTLY, "緊急に承認する", review)


def action_address(edition: Edition, action: str) -> str:
    return reverse("admin:edition-action", args=[edition.pk, action])


def step_blockers(
    step: NextAction, overview: PageOverview, officer: ActorContext
) -> Iterable[Blocker]:
    """Return what blocks a step; for an approval, only what holds whatever moment is chosen."""
    open_edition, unconfirmed = overview.open_edition, overview.unconfirmed
    if step.name == "confirm" and unconfirmed is not None:
        return confirm_blockers(edition=unconfirmed, actor=officer)
    if step.name == "submit" and open_edition is not None:
        return submit_blockers(edition=open_edition, actor=officer)
    if step.name == "discard" and open_edition is not None:
        entries = overview.entries_of(open_edition)
        return discard_blockers(edition=open_edition, actor=officer, entries=entries)
    if step.name == "review" and open_edition is not None:
        authors = authors_among(overview.entries_of(open_edition))
        own = own_text_blockers(open_edition, officer, authors)
        return [*own, *unconfirmed_blockers(overview.steps)]
    return ()


def main_action(offered: Iterable[NextAction], overview: PageOverview) -> NextAction | None:
    able = {step.name: step for step in offered if not step.blockers}
    if overview.is_freshly_returned:
        able.pop("submit", None)
    if overview.booked or is_ended(overview):
        able.pop("start", None)
    return next((able[name] for name in BY_URGENCY if name in able), None)


def is_ended(overview: PageOverview) -> bool:
    return overview.in_force is not None and overview.in_force.answer != Answer.CURRENT


def sentence_key(main: NextAction, overview: PageOverview) -> str:
    if main.name == "start":
        return "revise" if overview.in_force else "begin"
    return "returned" if main.name == "edit" and overview.is_freshly_returned else main.name


def waiting_key(overview: PageOverview) -> str:
    if overview.steps.next is not None:
        return "steps"
    if overview.open_edition is not None:
        return str(overview.open_edition.state)
    if overview.booked:
        return "booked"
    if overview.in_force is None:
        return "empty"
    return "ended" if is_ended(overview) else "public"


def recall_by_another(overview: PageOverview, officer: ActorContext) -> Iterator[HandledElsewhere]:
    if overview.open_edition is None or overview.open_edition.state != State.REVIEW:
        return
    submitted = overview.last(overview.open_edition, Action.SUBMIT)
    if submitted is not None and submitted.actor_id != officer.pk:
        yield HandledElsewhere("確認の依頼を取り下げる", f"依頼した本人（{actor_name(submitted)}）")


def settings_of(page: Page, officer: ActorContext) -> Iterator[NextAction]:
    """Yield the actions that change the tree around the page."""
    kinds = KINDS_UNDER[Kind(page.kind)]
    yield NextAction(
        "add",
        Action.ADD,
        "この下にページを追加する",
        reverse("admin:page-add", args=[page.pk]),
        quiet="" if kinds else f"{Kind(page.kind).label}の下には、何も置けません。",
    )
    if page.depth > 1:
        query = urlencode([("for", page.kind), ("copy", str(page.pk))])
        copy = f"{admin_url('page-new')}?{query}"
        yield NextAction("copy", Action.ADD, "コピーして新しいページを作る", copy)
    yield NextAction(
        "rename",
        Action.RENAME,
        "アドレスの末尾を変える",
        reverse("admin:page-rename", args=[page.pk]),
        blockers=tuple(rename_availability(page=page, actor=officer)),
    )
    yield NextAction(
        "move",
        Action.MOVE,
        "別の場所へ移動する",
        admin_url("page-move", page.pk),
        blockers=tuple(move_availability(page=page, actor=officer)),
    )
    yield NextAction(
        "reorder",
        Action.REORDER,
        "下のページを並べ替える",
        admin_url("page-reorder", page.pk),
        quiet="" if kinds else f"{Kind(page.kind).label}の下には、並べ替えるページがありません。",
    )
