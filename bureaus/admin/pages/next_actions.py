"""What an officer can do with a page now: the one next step, the others, and who does the rest."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from django.urls import reverse

from bureaus.admin.core.breadcrumbs import admin_url
from bureaus.admin.core.role_holders import RoleHolder, describe_holders
from bureaus.admin.core.users import actor_name
from bureaus.admin.pages.page_overview import PageOverview
from bureaus.models import KINDS_UNDER, Action, Answer, Edition, Kind, Page, State
from bureaus.permissions import ActorContext
from bureaus.publishing import Blocker
from bureaus.publishing.authorship import own_text_blockers
from bureaus.publishing.blockers.approval import confirm_blockers
from bureaus.publishing.blockers.editions import discard_blockers, submit_blockers
from bureaus.publishing.blockers.tree import move_availability, rename_availability


@dataclass(frozen=True, slots=True)
class NextAction:
    """`name` is this step's own; several steps may be the same action on different screens."""

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
    """What others can do here."""

    label: str
    who: str


@dataclass(frozen=True, slots=True)
class NextActions:
    """`sentence` says what the page waits for, whether or not there is a `main` step."""

    sentence: str
    main: NextAction | None
    beside: tuple[NextAction, ...]
    elsewhere: tuple[HandledElsewhere, ...]
    settings: tuple[NextAction, ...]


SENTENCES = {
    "confirm": "緊急に承認された内容が公開されています。内容を確かめて、事後確認をしてください。",
    "review": "確認の依頼が来ています。公開中の内容と見くらべて、承認するか差し戻してください。",
    "submit": "下書きができています。よければ、確認を依頼してください。",
    "edit": "書きかけの下書きがあります。続きを書いてください。",
    "returned": "下書きが差し戻されています。差し戻しの理由を読んで、直してください。",
    "revise": "公開中です。直すときは、改訂の下書きを始めてください。",
    "begin": "まだ何も書かれていません。下書きを始めてください。",
}
# What is waited for, where there is nothing to do for this officer.
WAITING = {
    "review": "承認者の確認を待っています。",
    "draft": "作成者が下書きを書いています。確認の依頼を待ってください。",
    "booked": "予約した日時に、自動で公開されます。いま、することはありません。",
    "ended": "掲載を終えています。いま、することはありません。",
    "public": "公開中です。いま、することはありません。",
    "empty": "まだ下書きがありません。作成者が書き始めるのを待ってください。",
}
# The first that is offered, and against which nothing speaks, is the main one.
BY_URGENCY = ("confirm", "review", "submit", "edit", "start")


def next_actions(
    dossier: PageOverview, *, officer: ActorContext, keepers: Iterable[RoleHolder]
) -> NextActions:
    """
    6 queries at most.

    What is destructive beyond this page is asked about on a screen of its own, before it is done.
    """
    page, grants = dossier.page, officer.grants
    possible = list(in_question(dossier, officer))
    offered = [
        replace(step, blockers=tuple(step_blockers(step, dossier, officer)))
        for step in possible
        if grants.allows(step.action, page)
    ]
    main = main_among(offered, dossier)
    settings = list(settings_of(page, officer))
    elsewhere = [
        HandledElsewhere(step.label, describe_holders(step.action, keepers))
        for step in (*possible, *settings)
        if not grants.allows(step.action, page)
    ]
    return NextActions(
        sentence=SENTENCES[word_for(main, dossier)] if main else WAITING[awaited(dossier)],
        main=main,
        beside=tuple(step for step in offered if step is not main),
        elsewhere=(*elsewhere, *recall_by_another(dossier, officer)),
        settings=tuple(step for step in settings if grants.allows(step.action, page)),
    )


def in_question(dossier: PageOverview, officer: ActorContext) -> Iterator[NextAction]:
    """What the state of the page asks for, whoever does it."""
    if dossier.unconfirmed is not None:
        review = admin_url("edition-review", dossier.unconfirmed.pk)
        yield NextAction("confirm", Action.CONFIRM, "事後確認をする", review)
    opened = dossier.opened
    if opened is None:
        words = "改訂の下書きを始める" if dossier.editions else "下書きを始める"
        start = reverse("admin:page-draft", args=[dossier.page.pk])
        yield NextAction("start", Action.START_DRAFT, words, start, is_post=True)
    elif opened.state == State.REVIEW:
        yield from under_review(opened, dossier, officer)
    else:
        yield from in_draft(opened)
    if dossier.booked:
        cancel = action_address(dossier.booked[-1], "cancel-booking")
        yield NextAction(
            "cancel", Action.CANCEL_BOOKING, "公開予約を取り消す", cancel, is_danger=True
        )
    if opened is not None:
        discard = action_address(opened, "discard")
        yield NextAction("discard", Action.DISCARD, "下書きを破棄する", discard, is_danger=True)


def under_review(
    edition: Edition, dossier: PageOverview, officer: ActorContext
) -> Iterator[NextAction]:
    review = admin_url("edition-review", edition.pk)
    yield NextAction("review", Action.APPROVE, "確認して承認する", review)
    submitted = dossier.last(edition, Action.SUBMIT)
    if submitted is not None and submitted.actor_id == officer.pk:
        recall = action_address(edition, "recall")
        yield NextAction("recall", Action.RETURN, "確認の依頼を取り下げる", recall, is_post=True)


def in_draft(edition: Edition) -> Iterator[NextAction]:
    form = reverse("admin:bureaus_edition_change", args=[edition.pk])
    submit = action_address(edition, "submit")
    review = admin_url("edition-review", edition.pk)
    yield NextAction("edit", Action.EDIT, "編集を続ける", form)
    yield NextAction("submit", Action.SUBMIT, "確認を依頼する", submit, is_post=True)
    yield NextAction("urgent", Action.APPROVE_URGENTLY, "緊急に承認する", review)


def action_address(edition: Edition, action: str) -> str:
    return reverse("admin:edition-action", args=[edition.pk, action])


def step_blockers(
    step: NextAction, dossier: PageOverview, officer: ActorContext
) -> Iterable[Blocker]:
    """Return what blocks a step; for an approval, only what holds whatever moment is chosen."""
    opened, unconfirmed = dossier.opened, dossier.unconfirmed
    if step.name == "confirm" and unconfirmed is not None:
        return confirm_blockers(edition=unconfirmed, actor=officer)
    if step.name == "submit" and opened is not None:
        return submit_blockers(edition=opened, actor=officer)
    if step.name == "discard" and opened is not None:
        return discard_blockers(edition=opened, actor=officer)
    if step.name == "review" and opened is not None:
        return own_text_blockers(opened, officer)
    return ()


def main_among(offered: Iterable[NextAction], dossier: PageOverview) -> NextAction | None:
    able = {step.name: step for step in offered if not step.blockers}
    if dossier.is_freshly_returned:
        able.pop("submit", None)
    if dossier.booked or is_ended(dossier):
        able.pop("start", None)
    return next((able[name] for name in BY_URGENCY if name in able), None)


def is_ended(dossier: PageOverview) -> bool:
    return dossier.in_force is not None and dossier.in_force.answer != Answer.CURRENT


def word_for(main: NextAction, dossier: PageOverview) -> str:
    if main.name == "start":
        return "revise" if dossier.in_force else "begin"
    return "returned" if main.name == "edit" and dossier.is_freshly_returned else main.name


def awaited(dossier: PageOverview) -> str:
    if dossier.opened is not None:
        return str(dossier.opened.state)
    if dossier.booked:
        return "booked"
    if dossier.in_force is None:
        return "empty"
    return "ended" if is_ended(dossier) else "public"


def recall_by_another(dossier: PageOverview, officer: ActorContext) -> Iterator[HandledElsewhere]:
    if dossier.opened is None or dossier.opened.state != State.REVIEW:
        return
    submitted = dossier.last(dossier.opened, Action.SUBMIT)
    if submitted is not None and submitted.actor_id != officer.pk:
        yield HandledElsewhere("確認の依頼を取り下げる", f"依頼した本人（{actor_name(submitted)}）")


def settings_of(page: Page, officer: ActorContext) -> Iterator[NextAction]:
    """What changes the tree around the page; only the root and what holds nothing refuse it."""
    kinds = KINDS_UNDER[Kind(page.kind)]
    yield NextAction(
        "add",
        Action.ADD,
        "この下にページを追加する",
        reverse("admin:page-add", args=[page.pk]),
        quiet="" if kinds else f"{Kind(page.kind).label}の下には、何も置けません。",
    )
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
