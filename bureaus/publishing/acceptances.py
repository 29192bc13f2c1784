"""Accepting what the proofreader says: the words stay, and it is recorded who said so and why."""

from collections.abc import Iterator

from bureaus.models import Acceptance, Edition, Event, State, Verb
from bureaus.models.acceptances import REASON_LENGTH
from bureaus.models.locks import under_tree_lock
from bureaus.permissions import Officer
from bureaus.proofreading import Level
from bureaus.proofreading.findings import Key
from bureaus.publishing.counts import counting
from bureaus.publishing.editorial import again
from bureaus.publishing.four_eyes import HANDS
from bureaus.publishing.proofs import proof_of, proofs_of
from bureaus.publishing.reason import Reason, against_role
from bureaus.publishing.reasons import AGAINST, refuse_if_any
from bureaus.publishing.records import Actor, record
from bureaus.richtext import strip_invisible

ORIGINALS = 10  # loaded editions of a page that are looked at, the newest first


@counting
@under_tree_lock
def accept_finding(
    *, edition: Edition, rule: str, quote: str, reason: str, actor: Actor
) -> Acceptance:
    """
    Let these words stay on the page of `edition`, in this edition and in those to come.

    A warning can be accepted by whoever writes or approves there; an error only where the words
    stand in a text that was loaded as the original. Raises Refused.
    """
    edition = again(edition)
    refuse_if_any(Verb.ACCEPT, edition=edition, rule=rule, quote=quote, reason=reason, actor=actor)
    accepted = Acceptance(
        page=edition.page,
        rule=rule,
        quote=quote,
        reason=strip_invisible(reason).strip(),
        actor_id=actor.pk if actor else None,
    )
    accepted.save(force_insert=True)
    record(Verb.ACCEPT, edition.page, actor, reason, edition=edition, rule=rule, quote=quote)
    return accepted


def against_accept(
    *, edition: Edition, rule: str, quote: str, reason: str = "", actor: Officer = None
) -> Iterator[Reason]:
    """At most 6 queries."""
    yield from against_role(Verb.ACCEPT, actor, edition.page)
    if not strip_invisible(reason).strip():
        yield Reason("reason", "そのままにする理由を書いてください。承認者と後の担当者が読みます。")
    if len(reason) > REASON_LENGTH:
        yield Reason("reason", f"理由が長すぎます。{REASON_LENGTH}文字以内にしてください。")
    proof = proof_of(edition)
    found = [finding for finding in proof.findings if finding.key == (rule, quote)]
    if not found:
        yield Reason(
            "finding",
            "この指摘は、保存した文章にはありません。"
            "文章を変えたときは、先に下書きを保存してください。",
        )
    elif proof.is_accepted(found[0]):
        yield Reason("already", "この指摘は、もう了承されています。画面を開き直してください。")
    elif found[0].level is Level.ERROR and not stands_in_original(edition, (rule, quote)):
        yield Reason(
            "error",
            "誤りは了承できないので、文章を直してください。了承できるのは、読み込んだ原文にある"
            "言葉だけです。",
        )


def stands_in_original(edition: Edition, key: Key) -> bool:
    """Whether an edition of the page that nobody wrote here says the same; 3 queries."""
    written = Event.objects.filter(edition__page=edition.page_id, verb__in=HANDS)
    loaded = (
        Edition.objects.filter(page=edition.page_id, state=State.APPROVED)
        .exclude(pk__in=written.values("edition"))
        .select_related("page")
        .order_by("-number")[:ORIGINALS]
    )
    return any(
        key == finding.key for proof in proofs_of(list(loaded)) for finding in proof.findings
    )


AGAINST[Verb.ACCEPT] = against_accept
