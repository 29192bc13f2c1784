"""Why a proposal to seal cannot be confirmed, refused or withdrawn."""

from collections.abc import Iterator

from django.utils import timezone

from bureaus.models import Action, AuditEntry, Seal, SealKind
from bureaus.models.seals import OF_FILES, ProposalOutcome
from bureaus.permissions import Officer
from bureaus.publishing.authorship import account_bonds, bonded_accounts
from bureaus.publishing.blockers.blocker import (
    Blocker,
    BlockerCode,
    blocker_list,
    role_blockers,
)
from bureaus.publishing.blockers.media import role_anywhere_blockers
from bureaus.publishing.blockers.seals import OUTCOMES, file_role_blockers
from bureaus.publishing.sealing.targets import find_edition_target, find_file, find_note
from bureaus.text.formatting import japanese_moment
from bureaus.text.rich_text import strip_invisible

OWN = Blocker(
    BlockerCode.OWN_PROPOSAL, "提案した本人は、確認できません。ほかの承認者に依頼してください。"
)


@blocker_list
def seal_blockers(*, seal: Seal, actor: Officer = None) -> Iterator[Blocker]:
    """Return why `actor` cannot confirm the proposal `seal`."""
    yield from decision_role_blockers(Action.SEAL, seal, actor)
    if is_own(seal, actor):
        yield OWN
    if seal.proposer_id in bonded_accounts(AuditEntry.objects.filter(account_bonds(actor)), actor):
        yield Blocker(
            BlockerCode.OWN_ACCOUNT,
            "提案した人と確認する人の一方が、もう一方のアカウントを作り、担当にしています。"
            "それぞれのアカウントを別の人が作ったか、担当にした承認者に依頼してください。",
        )
    if ended := list(ended_blockers(seal)):
        yield from ended
    elif not names_something(seal):
        yield Blocker(
            BlockerCode.NOTHING,
            "提案されたものは、もうありません。何も消去していません。まだ残っているものがあれば、"
            "もう一度提案してください。",
        )


@blocker_list
def refuse_seal_availability(*, seal: Seal, actor: Officer = None) -> Iterator[Blocker]:
    """Return why `actor` cannot refuse the proposal `seal`, whatever the note says."""
    yield from decision_role_blockers(Action.REFUSE_SEAL, seal, actor)
    if is_own(seal, actor):
        yield Blocker(
            BlockerCode.OWN_PROPOSAL, "自分の提案は却下できません。要らなければ取り下げてください。"
        )
    yield from ended_blockers(seal)


@blocker_list
def refuse_seal_blockers(*, seal: Seal, note: str, actor: Officer = None) -> Iterator[Blocker]:
    yield from refuse_seal_availability(seal=seal, actor=actor)
    if not strip_invisible(note).strip():
        yield Blocker(
            BlockerCode.COMMENT,
            "却下する理由を書いてください。提案した人が読み、記録に残ります。",
        )


@blocker_list
def withdraw_seal_blockers(*, seal: Seal, actor: Officer = None) -> Iterator[Blocker]:
    """Return why `actor` cannot withdraw the proposal `seal`: only who made it may."""
    yield from decision_role_blockers(Action.WITHDRAW_SEAL, seal, actor)
    if not is_own(seal, actor):
        yield Blocker(
            BlockerCode.AUTHOR,
            "取り下げられるのは、提案した本人だけです。消去しないと決めるなら、却下してください。",
        )
    yield from ended_blockers(seal)


def is_own(seal: Seal, actor: Officer) -> bool:
    return (actor.pk if actor else None) == seal.proposer_id


def decision_role_blockers(action: Action, seal: Seal, actor: Officer) -> Iterator[Blocker]:
    """Yield why `actor` has no say about the proposal. 1 to 6 queries."""
    entry = find_note(seal) if seal.kind == SealKind.NOTE else None
    page = seal.page or (entry.page if entry else None)
    if page is not None:
        yield from role_blockers(action, actor, page)
    else:
        yield from role_anywhere_blockers(action, actor)
    if seal.kind in OF_FILES and (file := find_file(seal)):
        yield from file_role_blockers(file, actor)


def ended_blockers(seal: Seal) -> Iterator[Blocker]:
    """Yield that the proposal has been decided, or has lapsed."""
    end = japanese_moment(seal.lapses_at)
    if seal.confirmed_at is not None:
        yield Blocker(BlockerCode.ALREADY, "この消去は、もう済んでいます。")
    elif seal.ending:
        code, words = OUTCOMES[ProposalOutcome(seal.ending)]
        yield Blocker(
            code, f"この提案は、{end}に{words}。消去が必要なら、もう一度提案してください。"
        )
    elif not seal.is_pending(timezone.now()):
        yield Blocker(
            BlockerCode.LAPSED,
            f"この提案は、{end}に期限が切れました。必要なら、もう一度提案してください。",
        )


def names_something(seal: Seal) -> bool:
    """Return whether what was proposed is still there, and public since then. 1 to 4 queries."""
    if seal.kind in OF_FILES:
        return find_file(seal) is not None
    if seal.kind == SealKind.NOTE:
        entry = find_note(seal)
        return entry is not None and bool(entry.note)
    target = find_edition_target(seal)
    return target is not None and target.is_found and target.edition.has_begun(seal.proposed_at)
