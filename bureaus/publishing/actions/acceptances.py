"""Accepting what the proofreader says: the words stay, and it is recorded who said so and why."""

from collections.abc import Iterator

from bureaus.models import Acceptance, Action, AuditEntry, Edition
from bureaus.models.acceptances import REASON_LENGTH
from bureaus.models.locks import under_tree_lock
from bureaus.permissions import Officer
from bureaus.proofreading import Level
from bureaus.proofreading.findings import Key
from bureaus.publishing.actions.editions import lock_and_reread
from bureaus.publishing.audit import Actor, record_action
from bureaus.publishing.blockers.blocker import Blocker, role_blockers
from bureaus.publishing.blockers.registry import BLOCKERS, raise_if_blocked
from bureaus.publishing.finding_counts import count_findings
from bureaus.publishing.findings import findings_report, findings_reports
from bureaus.publishing.workflow_facts import AUTHORING_ACTIONS
from bureaus.text.rich_text import strip_invisible

ORIGINALS = 10  # loaded editions of a page that are looked at, the newest first


@count_findings
@under_tree_lock
def accept_finding(
    *, edition: Edition, rule: str, quote: str, reason: str, actor: Actor
) -> Acceptance:
    """
    Let these words stay on the page of `edition`, in this edition and in those to come.

    A warning can be accepted by whoever writes or approves there; an error only where the words
    stand in a text that was loaded as the original. Raises Refused.
    """
    edition = lock_and_reread(edition)
    raise_if_blocked(
        Action.ACCEPT, edition=edition, rule=rule, quote=quote, reason=reason, actor=actor
    )
    accepted = Acceptance(
        page=edition.page,
        rule=rule,
        quote=quote,
        reason=strip_invisible(reason).strip(),
        actor_id=actor.pk if actor else None,
    )
    accepted.save(force_insert=True)
    record_action(
        Action.ACCEPT, edition.page, actor, reason, edition=edition, rule=rule, quote=quote
    )
    return accepted


def acceptance_blockers(
    *, edition: Edition, rule: str, quote: str, reason: str = "", actor: Officer = None
) -> Iterator[Blocker]:
    """At most 6 queries."""
    yield from role_blockers(Action.ACCEPT, actor, edition.page)
    if not strip_invisible(reason).strip():
        yield Blocker(
            "reason", "そのままにする理由を書いてください。承認者と後の担当者が読みます。"
        )
    if len(reason) > REASON_LENGTH:
        yield Blocker("reason", f"理由が長すぎます。{REASON_LENGTH}文字以内にしてください。")
    proof = findings_report(edition)
    found = [finding for finding in proof.findings if finding.key == (rule, quote)]
    if not found:
        yield Blocker(
            "finding",
            "この指摘は、保存した文章にはありません。"
            "文章を変えたときは、先に下書きを保存してください。",
        )
    elif proof.is_accepted(found[0]):
        yield Blocker("already", "この指摘は、もう了承されています。画面を開き直してください。")
    elif found[0].level is Level.ERROR and not stands_in_original(edition, (rule, quote)):
        yield Blocker(
            "error",
            "誤りは了承できないので、文章を直してください。了承できるのは、読み込んだ原文にある"
            "言葉だけです。",
        )


def stands_in_original(edition: Edition, key: Key) -> bool:
    """Whether an edition of the page that nobody wrote here says the same; 3 queries."""
    written = AuditEntry.objects.filter(edition__page=edition.page_id, action__in=AUTHORING_ACTIONS)
    loaded = (
        Edition.objects.approved()
        .filter(page=edition.page_id)
        .exclude(pk__in=written.values("edition"))
        .select_related("page")
        .order_by("-number")[:ORIGINALS]
    )
    return any(
        key == finding.key for proof in findings_reports(list(loaded)) for finding in proof.findings
    )


BLOCKERS[Action.ACCEPT] = acceptance_blockers
