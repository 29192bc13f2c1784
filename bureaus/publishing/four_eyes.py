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
    return hands_among(edition.events.all())


def hands_among(events: Iterable[Event]) -> set[int | None]:
    return {event.actor_id for event in events if event.verb in HANDS}


def submitter_of(edition: Edition) -> int | None:
    submissions = events_of(edition, Verb.SUBMIT)
    return submissions[0].actor_id if submissions else None


def urgent_approval_among(events: Iterable[Event]) -> Event | None:
    """The urgent approval that nobody has confirmed yet; `events` of an edition, latest first."""
    decisions = (e for e in events if e.verb in {Verb.APPROVE_URGENTLY, Verb.CONFIRM})
    event = next(decisions, None)
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
    if actor is None or not set(others) - {None, actor.pk}:
        return set()
    return bonded_among(Event.objects.filter(bonds_of(actor)), actor)


def bonds_of(actor: Officer) -> Q:
    """The creation and the appointments of this account, and those that it did itself."""
    if actor is None or actor.pk is None:
        return Q(pk__in=[])
    return Q(verb__in=BOND) & (Q(actor=actor.pk) | Q(details__account=actor.pk))


def bonded_among(events: Iterable[Event], actor: Officer) -> set[int]:
    """The other account of each pair of which one has both created and appointed the other."""
    verbs: dict[tuple[int | None, int], set[str]] = {}
    for event in events:
        if event.verb in BOND and "account" in event.details:
            pair = (event.actor_id, int(event.details["account"]))
            verbs.setdefault(pair, set()).add(event.verb)
    pairs = [pair for pair, found in verbs.items() if found >= BOND]
    keys = {key for pair in pairs for key in pair if key is not None}
    return keys - {actor.pk if actor is not None else None}
