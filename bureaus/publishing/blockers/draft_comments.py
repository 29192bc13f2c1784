"""Why a comment on a draft cannot be written, resolved or opened again."""

from collections.abc import Iterator

from bureaus.models import Action, DraftComment, Edition, State
from bureaus.models.draft_comments import COMMENT_LENGTH
from bureaus.permissions import Officer
from bureaus.publishing.blockers.blocker import Blocker, BlockerCode, blocker_list, role_blockers
from bureaus.publishing.blockers.editions import state_blockers
from bureaus.text.rich_text import strip_invisible

MOST = 500  # comments on one edition
OPEN_COMMENTS = Blocker(
    BlockerCode.OPEN_COMMENTS,
    "解決していないコメントがあります。読んだ上で、残したまま承認するなら、印を付けてください。",
)


@blocker_list
def comment_availability(*, edition: Edition, actor: Officer = None) -> Iterator[Blocker]:
    yield from role_blockers(Action.COMMENT, actor, edition.page)
    yield from state_blockers(edition, "コメントを書ける", State.DRAFT, State.REVIEW)


@blocker_list
def comment_blockers(
    *, edition: Edition, text: str = "", thread: str = "", actor: Officer = None
) -> Iterator[Blocker]:
    """`thread`: of an answer. 2 queries and the grants'."""
    yield from comment_availability(edition=edition, actor=actor)
    if not strip_invisible(text).strip():
        yield Blocker(BlockerCode.COMMENT, "コメントが空です。伝えたいことを書いてください。")
    if len(text) > COMMENT_LENGTH:
        yield Blocker(
            BlockerCode.LONG,
            f"コメントが{len(text):,}文字あります。{COMMENT_LENGTH:,}文字以内にしてください。",
        )
    own = DraftComment.objects.filter(edition=edition)
    if thread and not own.first_ones().filter(key=thread).exists():
        yield Blocker(BlockerCode.DELETED, GONE)
    if own.count() >= MOST:
        yield Blocker(
            BlockerCode.FULL,
            f"この下書きには、コメントが{MOST}件あります。続きは、次の下書きに書いてください。",
        )


GONE = "このコメントは、もうありません。画面を開き直してください。"


@blocker_list
def resolve_blockers(
    *, edition: Edition, thread: str = "", actor: Officer = None
) -> Iterator[Blocker]:
    yield from decide_blockers(Action.RESOLVE, edition, thread, actor)


@blocker_list
def reopen_blockers(
    *, edition: Edition, thread: str = "", actor: Officer = None
) -> Iterator[Blocker]:
    yield from decide_blockers(Action.REOPEN, edition, thread, actor)


def decide_blockers(
    action: Action, edition: Edition, thread: str, actor: Officer
) -> Iterator[Blocker]:
    yield from role_blockers(action, actor, edition.page)
    yield from state_blockers(edition, f"{action.label}ができる", State.DRAFT, State.REVIEW)
    if not thread:
        return
    first = DraftComment.objects.filter(edition=edition, key=thread, thread=thread).first()
    if first is None:
        yield Blocker(BlockerCode.DELETED, GONE)
    elif (first.resolved_at is None) is (action == Action.REOPEN):
        yield Blocker(
            BlockerCode.ALREADY,
            "ほかの人が先に変えたので、もうそうなっています。画面を開き直してください。",
        )
