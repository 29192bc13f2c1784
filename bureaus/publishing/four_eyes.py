"""Who wrote an edition, and who may therefore not approve it (ADR 0024)."""

from collections.abc import Container, Iterable, Iterator

from django.db.models import Q

from bureaus.models import Edition, Event, Verb
from bureaus.permissions import Officer
from bureaus.publishing.reason import Reason

HANDS = (Verb.ADD, Verb.START_DRAFT, Verb.EDIT, Verb.SUBMIT)
BOND = frozenset({Verb.CREATE_ACCOUNT, Verb.APPOINT})


def events_of(edition: Edition, *verbs: Verb) -> list[Event]:
    """What was done to it, the latest first; 1 query, or none where its events are prefetched."""
    return [event for event in edition.events.all() if event.verb in verbs]


def hands_of(edition: Edition) -> set[int | None]:
    """The keys of those who wrote or submitted it."""
    return {event.actor_id for event in events_of(edition, *HANDS)}


def submitter_of(edition: Edition) -> int | None:
    submissions = events_of(edition, Verb.SUBMIT)
    return submissions[0].actor_id if submissions else None


def urgent_approval_of(edition: Edition) -> Event | None:
    """The urgent approval that nobody has confirmed yet."""
    event = next(iter(events_of(edition, Verb.APPROVE_URGENTLY, Verb.CONFIRM)), None)
    return event if event is not None and event.verb == Verb.APPROVE_URGENTLY else None


def against_own_hand(
    edition: Edition, actor: Officer, hands: Container[int | None] | None = None
) -> Iterator[Reason]:
    """Four eyes: whoever wrote or submitted it does not approve it, a superuser neither."""
    if actor is not None and actor.pk in (hands_of(edition) if hands is None else hands):
        yield Reason(
            "own_hand",
            f"「{edition}」を書いたか確認を依頼した本人は承認できません。"
            "ほかの承認者に依頼してください。",
        )


def against_own_account(
    edition: Edition, hands: Iterable[int | None], bonded: set[int]
) -> Iterator[Reason]:
    """`hands`: who wrote or approved it. `bonded`: see `accounts_bonded_to`."""
    if bonded.intersection(hands):
        yield Reason(
            "own_account",
            f"「{edition}」を書いた人と承認する人の一方が、もう一方のアカウントを作り、担当にして"
            "います。それぞれのアカウントを別の人が作ったか、担当にした承認者に依頼してください。",
        )


def accounts_bonded_to(actor: Officer, others: Iterable[int | None]) -> set[int]:
    """
    Which of `others` created and appointed the account of `actor`, or the other way round.

    Whoever did both can log in as that account: the two are no two pairs of eyes. 1 query, or
    none where there is nobody to compare.
    """
    keys = {key for key in others if key is not None}
    if actor is None or actor.pk is None or not keys - {actor.pk}:
        return set()
    done = Event.objects.filter(
        Q(actor=actor.pk, details__account__in=keys) | Q(actor__in=keys, details__account=actor.pk),
        verb__in=BOND,
    ).values_list("verb", "actor", "details__account")
    verbs: dict[tuple[int, int], set[str]] = {}
    for verb, maker, account in done:
        verbs.setdefault((maker, account), set()).add(verb)
    pairs = [pair for pair, found in verbs.items() if found >= BOND]
    return {key for pair in pairs for key in pair} - {actor.pk}
