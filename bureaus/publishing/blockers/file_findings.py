"""Why a finding about a file cannot be accepted."""

from collections.abc import Iterator

from bureaus.models import Action, FileFinding
from bureaus.models.acceptances import REASON_LENGTH
from bureaus.permissions import Officer
from bureaus.publishing.blockers.blocker import Blocker, BlockerCode, blocker_list
from bureaus.publishing.blockers.media import role_anywhere_blockers
from bureaus.text.rich_text import strip_invisible


@blocker_list
def file_acceptance_blockers(
    *, finding: FileFinding, reason: str = "", actor: Officer = None
) -> Iterator[Blocker]:
    """Yield why the finding about a file cannot be accepted. 1 query."""
    yield from role_anywhere_blockers(Action.ACCEPT, actor)
    if not strip_invisible(reason).strip():
        yield Blocker(
            BlockerCode.REASON, "公開してよい理由を書いてください。承認者と後の担当者が読みます。"
        )
    if len(reason) > REASON_LENGTH:
        yield Blocker(
            BlockerCode.REASON, f"理由が長すぎます。{REASON_LENGTH}文字以内にしてください。"
        )
    if finding.is_accepted:
        yield Blocker(
            BlockerCode.ALREADY, "この指摘は、もう了承されています。画面を開き直してください。"
        )
