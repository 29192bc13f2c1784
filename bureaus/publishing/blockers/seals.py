"""Why something cannot be sealed, or a proposal to seal it not be confirmed."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from django.utils import timezone

from bureaus.models import (
    Action,
    AuditEntry,
    Document,
    EarlierFile,
    Edition,
    Ground,
    Image,
    Page,
    Role,
    Seal,
    SealKind,
    State,
)
from bureaus.models.seals import OF_EDITIONS, ProposalOutcome
from bureaus.permissions import Officer, grants_of
from bureaus.publishing.blockers.blocker import (
    Blocker,
    BlockerCode,
    blocker_list,
    role_blockers,
)
from bureaus.publishing.blockers.media import role_anywhere_blockers
from bureaus.publishing.references import editions_using
from bureaus.publishing.sealing.targets import affected_editions, find_edition_target
from bureaus.text.formatting import japanese_moment
from bureaus.text.rich_text import strip_invisible
from bureaus.text.tombstones import LEAST

Subject = Edition | Document | EarlierFile | Image | AuditEntry
TOO_SHORT = Blocker(
    BlockerCode.PASSAGE, f"消去する文字を、{LEAST}文字以上で、版にあるとおりに写してください。"
)
OUTCOMES = {
    ProposalOutcome.REFUSED: (BlockerCode.REFUSED, "却下されました"),
    ProposalOutcome.WITHDRAWN: (BlockerCode.WITHDRAWN, "提案した人が取り下げました"),
}
LAPSED = (BlockerCode.LAPSED, "期限が切れました")


@dataclass(frozen=True, slots=True)
class SealRequest:
    """
    What an officer wants to have sealed: `subject`, or something in it.

    `field` is the field or part of an edition (`title`, `figures-2`); empty for the whole and for
    a passage.
    """

    subject: Subject
    kind: SealKind
    field: str = ""
    passage: str = ""


@blocker_list
def propose_seal_availability(*, subject: Subject, actor: Officer = None) -> Iterator[Blocker]:
    match subject:
        case Edition():
            yield from role_blockers(Action.PROPOSE_SEAL, actor, subject.page)
            if subject.state != State.APPROVED:
                yield Blocker(
                    BlockerCode.STATE,
                    f"「{subject}」は公開されていません。下書きは、直すか破棄してください。",
                )
            elif not subject.has_begun(timezone.now()):
                yield Blocker(
                    BlockerCode.STATE,
                    f"「{subject}」はまだ公開されていません。予約を取り消し、下書きを直すか破棄して"
                    "ください。",
                )
        case AuditEntry():
            yield from note_blockers(subject, actor)
        case _:
            yield from file_role_blockers(subject, actor)


def note_blockers(entry: AuditEntry, actor: Officer) -> Iterator[Blocker]:
    if entry.page is not None:
        yield from role_blockers(Action.PROPOSE_SEAL, actor, entry.page)
    else:
        yield from role_anywhere_blockers(Action.PROPOSE_SEAL, actor)
    if not entry.note:
        yield Blocker(BlockerCode.NOTHING, "この記録には、消去するメモがありません。")


def file_role_blockers(item: Document | EarlierFile | Image, actor: Officer) -> Iterator[Blocker]:
    """
    Yield why the officer may not seal a file: the branches that use it decide. 2 or 3 queries.

    A draft does not count where an approved edition uses the file.
    """
    grants = grants_of(actor)
    pages = pages_using(item, is_approved=True) or pages_using(item, is_approved=False)
    if not pages:
        yield from role_anywhere_blockers(Action.PROPOSE_SEAL, actor)
    elif not all(Role.APPROVER in grants.roles_at(page) for page in pages):
        yield Blocker(
            BlockerCode.ROLE,
            f"「{item}」を消去できるのは、これを使っているすべてのページを担当する承認者だけです。"
            "担当の管理者に依頼してください。",
        )


def library_item(item: Document | EarlierFile | Image) -> Document | Image:
    return item.document if isinstance(item, EarlierFile) else item


def pages_using(item: Document | EarlierFile | Image, *, is_approved: bool) -> list[Page]:
    """Return the pages with an approved edition, or a draft, that uses the file. 1 query."""
    editions = editions_using(library_item(item)).with_page().defer("body")
    editions = editions.with_start() if is_approved else editions.open()
    return list(
        dict.fromkeys(edition.page for edition in editions.order_by("placement__path", "number"))
    )


def page_of_file(item: Document | EarlierFile | Image) -> Page | None:
    """Return the first page in the tree that has the file in an approved edition. 1 query."""
    return next(iter(pages_using(item, is_approved=True)), None)


@blocker_list
def propose_seal_blockers(
    *,
    request: SealRequest,
    seal: Seal,
    ground: str = "",
    reason: str = "",
    is_urgent: bool = False,
    actor: Officer = None,
) -> Iterator[Blocker]:
    """`seal` is the row that the request would become."""
    yield from propose_seal_availability(subject=request.subject, actor=actor)
    yield from target_blockers(request, seal)
    yield from repeated_blockers(seal, request.subject)
    if is_urgent:
        yield from hidden_before_blockers(seal, actor)
    if ground not in Ground:
        yield Blocker(BlockerCode.NOTHING, "消去の根拠を選んでください。")
    if not strip_invisible(reason).strip():
        yield Blocker(
            BlockerCode.REASON,
            "消去する理由を書いてください。2人目の承認者が読み、操作の記録に残ります。",
        )


def target_blockers(request: SealRequest, seal: Seal) -> Iterator[Blocker]:
    if request.kind == SealKind.PASSAGE and len(request.passage.strip()) < LEAST:
        yield TOO_SHORT
    elif request.kind == SealKind.PASSAGE and seal.length is None:
        yield Blocker(
            BlockerCode.PASSAGE,
            f"「{request.passage}」は、この版にありません。リンクや太字の切れ目をまたがないように、"
            "版にあるとおりに写してください。",
        )
    elif request.kind in OF_EDITIONS:
        target = find_edition_target(seal)
        if target is None or not target.is_found:
            yield Blocker(BlockerCode.NOTHING, "消去するものを選んでください。")


def repeated_blockers(seal: Seal, subject: Subject) -> Iterator[Blocker]:
    """A seal before the subject is of another one, whose number it had in a lost database."""
    names = ("kind", "page", "number", "field", "start", "length", "file", "entry")
    same = Seal.objects.filter(**{name: getattr(seal, name) for name in names if name != "page"})
    same = same.filter(page=seal.page_id) if seal.kind in OF_EDITIONS else same
    now = timezone.now()
    confirmed = same.confirmed()
    if (begins := beginning(subject)) is not None:
        confirmed = confirmed.filter(confirmed_at__gte=begins)
    if (same.pending(now) | confirmed).exists():
        yield Blocker(BlockerCode.ALREADY, "同じものの消去は、もう提案されているか、済んでいます。")


def hidden_before_blockers(seal: Seal, actor: Officer) -> Iterator[Blocker]:
    """
    Yield why the officer may not hide this at once: they did, and no second approver agreed.

    One officer could else keep hidden for good what another decided to show. Who withdrew a
    proposal, to correct it, may hide the same once more.
    """
    before = [each for each in urgent_proposals(seal, actor) if hides_same(each, seal)]
    refused = [each for each in before if each.ending != ProposalOutcome.WITHDRAWN]
    if last := (refused or before[1:])[-1:]:
        code, words = OUTCOMES[ProposalOutcome(last[0].ending)] if last[0].ending else LAPSED
        yield Blocker(
            code,
            f"同じものを前にもすぐに隠し、その提案は{japanese_moment(last[0].lapses_at)}に{words}。"
            "もう一度すぐに隠せるのは、ほかの承認者だけです。「いますぐ隠す」を外して提案するか、"
            "ほかの承認者に依頼してください。",
        )


def urgent_proposals(seal: Seal, actor: Officer) -> list[Seal]:
    """Return the officer's ended urgent proposals about the same page or file. 1 query."""
    same = {"file": seal.file} if seal.file else {"page": seal.page}
    ended = Seal.objects.filter(is_urgent=True, confirmed_at=None, lapses_at__lte=timezone.now())
    of_officer = ended.filter(proposer=actor.pk if actor else None, **same)
    return list(of_officer.order_by("lapses_at"))


def hides_same(before: Seal, seal: Seal) -> bool:
    """Return whether both hide the same file, or an edition in common, in whatever words."""
    return bool(seal.file) or not hidden_editions(before).isdisjoint(hidden_editions(seal))


def hidden_editions(seal: Seal) -> set[int]:
    """Return the keys of the editions that an urgent proposal hides. 1 to 6 queries."""
    target = find_edition_target(seal) if seal.number is not None else None
    return {each.pk for each in affected_editions(seal, target)} if target else set()


def beginning(subject: Subject) -> datetime | None:
    match subject:
        case Edition():
            return subject.live_from
        case AuditEntry():
            return subject.at
        case _:
            return None
