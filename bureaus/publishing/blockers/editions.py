"""Why an edition cannot be drafted, edited, submitted, returned, discarded or shared."""

from collections.abc import Iterable, Iterator, Mapping

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
    Placement,
    Role,
    State,
)
from bureaus.models.editions import READABLE_ANSWERS, TITLE_LENGTH
from bureaus.permissions import Officer, actor_context, grants_of
from bureaus.publishing.approval_steps import progress_of
from bureaus.publishing.blockers.blocker import (
    Blocker,
    BlockerCode,
    blocker_list,
    role_blockers,
)
from bureaus.publishing.blockers.dates import early_submission_blockers
from bureaus.publishing.blockers.links import dead_link_blockers, in_preparation
from bureaus.publishing.blockers.part_files import file_blockers
from bureaus.publishing.file_findings import file_finding_blockers
from bureaus.publishing.findings import finding_blockers, findings_report
from bureaus.publishing.workflow_facts import authors_among, submitter_of
from bureaus.text.placeholders import all_of, names_left
from bureaus.text.rich_text import strip_invisible

# How to end the open edition that blocks a new draft.
BEFORE_A_DRAFT = {
    State.DRAFT: "それを続けるか、破棄してください。",
    State.REVIEW: "確認の依頼を取り下げるか、承認を待ってください。",
}


@blocker_list
def start_draft_availability(*, page: Page, actor: Officer = None) -> Iterator[Blocker]:
    opened = Edition.objects.open().filter(page=page).first()
    yield from new_draft_blockers(page, opened, actor)


@blocker_list
def new_draft_blockers(page: Page, opened: Edition | None, actor: Officer) -> Iterator[Blocker]:
    """Yield why `page` can have no draft besides `opened`. No query but the grants'."""
    yield from role_blockers(Action.START_DRAFT, actor, page)
    if opened is not None:
        yield Blocker(
            BlockerCode.OPEN_EDITION,
            f"このページには、{opened.get_state_display()}の第{opened.number}版がもうあります。"
            + BEFORE_A_DRAFT[State(opened.state)],
        )


@blocker_list
def start_draft_blockers(
    *, page: Page, source: Edition | None = None, actor: Officer = None
) -> Iterator[Blocker]:
    yield from start_draft_availability(page=page, actor=actor)
    if source is not None and source.page_id != page.pk:
        yield Blocker(
            BlockerCode.FOREIGN_SOURCE, "別のページの版から下書きを作ることはできません。"
        )


@blocker_list
def edit_availability(*, edition: Edition, actor: Officer = None) -> Iterator[Blocker]:
    yield from role_blockers(Action.EDIT, actor, edition.page)
    yield from state_blockers(edition, "編集できる", State.DRAFT)


@blocker_list
def edit_blockers(
    *,
    edition: Edition,
    revision: int,
    parts: Mapping[type[Part], Iterable[Part]] | None = None,
    actor: Officer = None,
) -> Iterator[Blocker]:
    """Return the blockers of a save; `parts` are the new ones, and are iterated several times."""
    actor = actor_context(actor)
    yield from edit_availability(edition=edition, actor=actor)
    if revision != edition.revision:
        yield Blocker(
            BlockerCode.STALE,
            "あなたが開いてから、ほかの人がこの下書きを保存しました。"
            "両方の内容を見くらべて、残すほうを選んでください。",
        )
    yield from file_blockers(parts, grants_of(actor))


@blocker_list
def submit_availability(*, edition: Edition, actor: Officer = None) -> Iterator[Blocker]:
    actor = actor_context(actor)
    yield from role_blockers(Action.SUBMIT, actor, edition.page)
    yield from state_blockers(edition, "確認を依頼できる", State.DRAFT)
    yield from content_blockers(edition)
    yield from dead_link_blockers(edition, in_preparation(edition, grants_of(actor)))


@blocker_list
def submit_blockers(
    *, edition: Edition, note: str = "", actor: Officer = None
) -> Iterator[Blocker]:
    yield from submit_availability(edition=edition, actor=actor)
    yield from early_submission_blockers(edition, note)


@blocker_list
def return_availability(*, edition: Edition, actor: Officer = None) -> Iterator[Blocker]:
    yield from state_blockers(edition, "差し戻せる", State.REVIEW)
    is_approver = Role.APPROVER in grants_of(actor).roles_at(edition.page)
    if not (is_approver or may_recall(edition, actor) or confirms_next_step(edition, actor)):
        yield Blocker(
            BlockerCode.ROLE,
            f"「{edition.page.url_path}」での差し戻しができるのは、そこを担当する承認者と、"
            "いまの段階を確認する人と、確認を依頼した本人だけです。",
        )


@blocker_list
def return_blockers(
    *, edition: Edition, comment: str = "", actor: Officer = None
) -> Iterator[Blocker]:
    """Return the blockers; a recall of one's own submission needs no comment."""
    actor = actor_context(actor)
    yield from return_availability(edition=edition, actor=actor)
    if not strip_invisible(comment).strip() and not may_recall(edition, actor):
        yield Blocker(
            BlockerCode.COMMENT, "差し戻す理由を書いてください。作成者が次にすることが分かります。"
        )


def may_recall(edition: Edition, actor: Officer) -> bool:
    """Return whether `actor` submitted the edition themselves, and so may take it back."""
    is_own = actor is not None and submitter_of(edition) == actor.pk
    return is_own and grants_of(actor).allows(Action.RETURN, edition.page)


def confirms_next_step(edition: Edition, actor: Officer) -> bool:
    """Return whether the next step is for `actor` to confirm, who then may also return it."""
    return actor is not None and progress_of(edition).awaits(actor.pk)


def unread_revision_blockers(
    edition: Edition, revisions: Mapping[int, int] | None
) -> Iterator[Blocker]:
    """Yield a blocker where the officer has looked at another revision, or at none."""
    if revisions is not None and revisions.get(edition.pk) != edition.revision:
        yield Blocker(
            BlockerCode.CHANGED,
            f"見ている間に「{edition}」の内容が変わりました。いまの内容を確かめて、"
            "もう一度決めてください。",
        )


@blocker_list
def discard_blockers(
    *,
    edition: Edition,
    entries: Iterable[AuditEntry] | None = None,
    actor: Officer = None,
) -> Iterator[Blocker]:
    """
    Yield why the draft cannot be discarded.

    `entries` of the edition, where they have been read: the last of each action and actor.
    """
    entries = list(edition.audit_entries.all() if entries is None else entries)
    yield from role_blockers(Action.DISCARD, actor, edition.page)
    is_approver = Role.APPROVER in grants_of(actor).roles_at(edition.page)
    if actor is not None and not is_approver and actor.pk not in authors_among(entries):
        yield Blocker(
            BlockerCode.AUTHOR, "下書きを破棄できるのは、それを書いた人と承認者だけです。"
        )
    yield from state_blockers(edition, "破棄できる", State.DRAFT, State.REVIEW)
    if any(entry.action == Action.APPROVE for entry in entries):
        yield Blocker(
            BlockerCode.WAS_APPROVED,
            "一度承認された版は、記録のため破棄できません。内容を直して、また確認を依頼してください。",
        )
    if deletes_its_page(edition):
        yield from deletion_blockers(edition.page)


def deletion_blockers(page: Page) -> Iterator[Blocker]:
    """Yield what keeps a page that was never public from being deleted; 1 query."""
    linking = Edition.objects.filter(Q(links__page=OuterRef("pk")) | Q(moved_to=OuterRef("pk")))
    branch_roles = BranchRole.objects.filter(page=OuterRef("pk"))
    flags = Page.objects.filter(pk=page.pk).values_list(Exists(linking), Exists(branch_roles))
    is_linked, has_roles = flags.first() or (False, False)
    if is_linked:
        yield Blocker(
            BlockerCode.LINKED,
            f"「{page.url_path}」は、ほかの版のリンク先か移転先になっています。"
            "先にそれを外してください。",
        )
    if has_roles:
        yield Blocker(
            BlockerCode.HAS_ROLES,
            f"「{page.url_path}」には担当のグループがあります。先に担当を外してください。",
        )


def state_blockers(edition: Edition, can: str, *states: State) -> Iterator[Blocker]:
    if edition.state not in states:
        words = "と".join(state.label for state in states)
        yield Blocker(
            BlockerCode.STATE,
            f"{can}のは{words}だけです。「{edition}」は{edition.get_state_display()}です。",
        )


def content_blockers(edition: Edition) -> Iterator[Blocker]:
    """Yield what is missing or wrong in the text and its files. At most 5 queries."""
    if not edition.title.strip():
        yield Blocker(BlockerCode.TITLE, "表題がありません。ページの名前を書いてください。")
    if len(edition.title) > TITLE_LENGTH:
        yield Blocker(
            BlockerCode.TITLE, f"表題が長すぎます。{TITLE_LENGTH}文字以内にしてください。"
        )
    is_readable = edition.answer in READABLE_ANSWERS
    if is_readable and not (edition.lead.strip() or edition.body.strip()):
        has_parts = edition.page.kind == Kind.ORGANISATION or edition.page.depth == 1
        if not has_parts:
            yield Blocker(BlockerCode.EMPTY, "要旨も本文もありません。どちらかを書いてください。")
    if edition.answer == Answer.MOVED and edition.moved_to_id is None:
        yield Blocker(BlockerCode.MOVED_TO, "移転先のページを選んでください。")
    if edition.answer != Answer.MOVED and edition.moved_to_id is not None:
        yield Blocker(
            BlockerCode.MOVED_TO, "移転でない版は、移転先を持てません。移転先を消してください。"
        )
    if lacks_date(edition):
        yield Blocker(
            BlockerCode.ISSUED_ON,
            "公開したことのある新着情報には、発表日が要ります。はじめに公開した日などを入れてください。",
        )
    if not edition.change_note.strip() and not edition.is_minor and was_public(edition):
        yield Blocker(
            BlockerCode.CHANGE_NOTE,
            "変更の内容がありません。何を変えたかを1行で書くか、「軽微な変更」に印を付けてください。",
        )
    yield from placeholder_blockers(edition)
    yield from finding_blockers(edition)
    yield from file_finding_blockers(edition)


def placeholder_blockers(edition: Edition) -> Iterator[Blocker]:
    """
    Yield a blocker for each field in which something of a template is still to be written.

    In the text as it is read: a placeholder may be bold. The query of the findings.
    """
    manuscript = findings_report(edition).manuscript
    for passage in (*manuscript.passages, *manuscript.numbers):
        if names := names_left(passage.text):
            yield Blocker(
                BlockerCode.PLACEHOLDER,
                f"{passage.label}に{all_of(names)}が残っています。"
                "内容を書くか、要らなければその行を消してください。",
                field=passage.field,
            )


def lacks_date(edition: Edition) -> bool:
    """Return whether it needs a date: a first one without takes the day of its publication."""
    is_undated = edition.page.kind == Kind.NEWS_ITEM and edition.issued_on is None
    is_first = edition.based_on is None and edition.answer == Answer.CURRENT
    return is_undated and not is_first


def latest_approved(page: Page) -> Edition | None:
    approved = Edition.objects.approved().filter(page=page)
    return approved.order_by("-number").first()


def was_public(edition: Edition) -> bool:
    """Return whether its page was ever public. 1 query, none where it was read with the edition."""
    read: bool | None = getattr(edition, "page_was_public", None)
    if read is None:
        return Edition.objects.begun(timezone.now()).filter(page=edition.page_id).exists()
    return read


def deletes_its_page(edition: Edition) -> bool:
    """Return whether discarding deletes the page: never public, no children. 1 query."""
    if edition.based_on or edition.page.depth == 1:
        return False  # what it is based on has been approved, and stays
    above = Placement.objects.filter(page=OuterRef("pk"), numchild__gt=0)
    others = Edition.objects.filter(page=OuterRef("pk")).exclude(pk=edition.pk)
    alone = Page.objects.filter(~Exists(above), ~Exists(others), pk=edition.page_id)
    return bool(alone.exists())
