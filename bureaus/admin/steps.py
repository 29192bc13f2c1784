"""What an officer can do with a page now: the one next step, the others, and who does the rest."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace

from django.urls import reverse

from bureaus.admin.crumbs import address_of
from bureaus.admin.dossier import Dossier
from bureaus.admin.keepers import Keeper, who_can
from bureaus.admin.officers import who
from bureaus.models import KINDS_UNDER, Answer, Edition, Kind, Page, State, Verb
from bureaus.permissions import Known
from bureaus.publishing import Reason, reasons_against
from bureaus.publishing.four_eyes import against_own_hand


@dataclass(frozen=True, slots=True)
class Step:
    """`name` is this step's own; several steps may be the same verb on different screens."""

    name: str
    verb: Verb
    label: str
    url: str
    is_post: bool = False
    is_danger: bool = False
    reasons: tuple[Reason, ...] = ()
    quiet: str = ""  # instead of reasons: nobody will ever be able to do it here


@dataclass(frozen=True, slots=True)
class Elsewhere:
    """What others can do here."""

    label: str
    who: str


@dataclass(frozen=True, slots=True)
class Steps:
    """`sentence` says what the page waits for, whether or not there is a `main` step."""

    sentence: str
    main: Step | None
    beside: tuple[Step, ...]
    elsewhere: tuple[Elsewhere, ...]
    settings: tuple[Step, ...]


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


def steps_of(dossier: Dossier, *, officer: Known, keepers: Iterable[Keeper]) -> Steps:
    """
    6 queries at most.

    What is destructive beyond this page is asked about on a screen of its own, before it is done.
    """
    page, grants = dossier.page, officer.grants
    possible = list(in_question(dossier, officer))
    offered = [
        replace(step, reasons=tuple(reasons_of(step, dossier, officer)))
        for step in possible
        if grants.allow(step.verb, page)
    ]
    main = main_among(offered, dossier)
    settings = list(settings_of(page))
    elsewhere = [
        Elsewhere(step.label, who_can(step.verb, keepers))
        for step in (*possible, *settings)
        if not grants.allow(step.verb, page)
    ]
    return Steps(
        sentence=SENTENCES[word_for(main, dossier)] if main else WAITING[awaited(dossier)],
        main=main,
        beside=tuple(step for step in offered if step is not main),
        elsewhere=(*elsewhere, *recall_by_another(dossier, officer)),
        settings=tuple(step for step in settings if grants.allow(step.verb, page)),
    )


def in_question(dossier: Dossier, officer: Known) -> Iterator[Step]:
    """What the state of the page asks for, whoever does it."""
    if dossier.unconfirmed is not None:
        review = address_of("edition-review", dossier.unconfirmed.pk)
        yield Step("confirm", Verb.CONFIRM, "事後確認をする", review)
    opened = dossier.opened
    if opened is None:
        words = "改訂の下書きを始める" if dossier.editions else "下書きを始める"
        start = reverse("admin:page-draft", args=[dossier.page.pk])
        yield Step("start", Verb.START_DRAFT, words, start, is_post=True)
    elif opened.state == State.REVIEW:
        yield from under_review(opened, dossier, officer)
    else:
        yield from in_draft(opened)
    if dossier.booked:
        cancel = verb_address(dossier.booked[-1], "cancel-booking")
        yield Step("cancel", Verb.CANCEL_BOOKING, "公開予約を取り消す", cancel, is_danger=True)
    if opened is not None:
        discard = verb_address(opened, "discard")
        yield Step("discard", Verb.DISCARD, "下書きを破棄する", discard, is_danger=True)


def under_review(edition: Edition, dossier: Dossier, officer: Known) -> Iterator[Step]:
    review = address_of("edition-review", edition.pk)
    yield Step("review", Verb.APPROVE, "確認して承認する", review)
    submitted = dossier.last(edition, Verb.SUBMIT)
    if submitted is not None and submitted.actor_id == officer.pk:
        recall = verb_address(edition, "recall")
        yield Step("recall", Verb.RETURN, "確認の依頼を取り下げる", recall, is_post=True)


def in_draft(edition: Edition) -> Iterator[Step]:
    form = reverse("admin:bureaus_edition_change", args=[edition.pk])
    submit = verb_address(edition, "submit")
    review = address_of("edition-review", edition.pk)
    yield Step("edit", Verb.EDIT, "編集を続ける", form)
    yield Step("submit", Verb.SUBMIT, "確認を依頼する", submit, is_post=True)
    yield Step("urgent", Verb.APPROVE_URGENTLY, "緊急に承認する", review)


def verb_address(edition: Edition, verb: str) -> str:
    return reverse("admin:edition-verb", args=[edition.pk, verb])


def reasons_of(step: Step, dossier: Dossier, officer: Known) -> Iterable[Reason]:
    asked: dict[str, Callable[[], Iterable[Reason]]] = {
        "submit": lambda: reasons_against(Verb.SUBMIT, edition=dossier.opened, actor=officer),
        "discard": lambda: reasons_against(Verb.DISCARD, edition=dossier.opened, actor=officer),
        "confirm": lambda: reasons_against(
            Verb.CONFIRM, edition=dossier.unconfirmed, actor=officer
        ),
        # All that speaks against an approval is said where it is given, for the moment chosen.
        "review": lambda: against_own_hand(dossier.opened, officer),  # type: ignore[arg-type]
    }
    return asked[step.name]() if step.name in asked else ()


def main_among(offered: Iterable[Step], dossier: Dossier) -> Step | None:
    able = {step.name: step for step in offered if not step.reasons}
    if dossier.is_freshly_returned:
        able.pop("submit", None)
    if dossier.booked or is_ended(dossier):
        able.pop("start", None)
    return next((able[name] for name in BY_URGENCY if name in able), None)


def is_ended(dossier: Dossier) -> bool:
    return dossier.in_force is not None and dossier.in_force.answer != Answer.CURRENT


def word_for(main: Step, dossier: Dossier) -> str:
    if main.name == "start":
        return "revise" if dossier.in_force else "begin"
    return "returned" if main.name == "edit" and dossier.is_freshly_returned else main.name


def awaited(dossier: Dossier) -> str:
    if dossier.opened is not None:
        return str(dossier.opened.state)
    if dossier.booked:
        return "booked"
    if dossier.in_force is None:
        return "empty"
    return "ended" if is_ended(dossier) else "public"


def recall_by_another(dossier: Dossier, officer: Known) -> Iterator[Elsewhere]:
    if dossier.opened is None or dossier.opened.state != State.REVIEW:
        return
    submitted = dossier.last(dossier.opened, Verb.SUBMIT)
    if submitted is not None and submitted.actor_id != officer.pk:
        yield Elsewhere("確認の依頼を取り下げる", f"依頼した本人（{who(submitted)}）")


def settings_of(page: Page) -> Iterator[Step]:
    """What changes the tree around the page; only the root and what holds nothing refuse it."""
    root = page.depth == 1
    kinds = KINDS_UNDER[Kind(page.kind)]
    yield Step(
        "add",
        Verb.ADD,
        "この下にページを追加する",
        reverse("admin:page-add", args=[page.pk]),
        quiet="" if kinds else f"{Kind(page.kind).label}の下には、何も置けません。",
    )
    yield Step(
        "rename",
        Verb.RENAME,
        "アドレスの末尾を変える",
        reverse("admin:page-rename", args=[page.pk]),
        reasons=tuple(reasons_against(Verb.RENAME, page=page, slug="")) if root else (),
    )
    yield Step(
        "move",
        Verb.MOVE,
        "別の場所へ移動する",
        address_of("page-move", page.pk),
        reasons=tuple(reasons_against(Verb.MOVE, page=page, to=page)) if root else (),
    )
