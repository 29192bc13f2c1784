"""Why the author of an edition, or an account of their making, does not approve it (ADR 0024)."""

from collections.abc import Container, Iterable, Iterator

from django.contrib.auth.models import User
from django.db.models import Q

from bureaus.models import Action, AuditEntry, Edition
from bureaus.permissions import Officer
from bureaus.publishing.blockers.blocker import Blocker, BlockerCode
from bureaus.publishing.workflow_facts import authors_of

BOND = frozenset({Action.CREATE_ACCOUNT, Action.APPOINT})


def own_text_blockers(
    edition: Edition, actor: Officer, hands: Container[int | None] | None = None
) -> Iterator[Blocker]:
    """Four eyes: whoever wrote or submitted it does not approve it, a superuser neither."""
    if actor is not None and actor.pk in (authors_of(edition) if hands is None else hands):
        yield Blocker(
            BlockerCode.OWN_TEXT,
            f"「{edition}」を書いたか確認を依頼した本人は承認できません。"
            "ほかの承認者に依頼してください。",
        )


def own_account_blockers(
    edition: Edition, hands: Iterable[int | None], bonded: set[int]
) -> Iterator[Blocker]:
    """`hands`: who wrote or approved it. `bonded`: see `bonded_among`."""
    if bonded.intersection(hands):
        yield Blocker(
            BlockerCode.OWN_ACCOUNT,
            f"「{edition}」を書いた人と承認する人の一方が、もう一方のアカウントを作り、担当にして"
            "います。それぞれのアカウントを別の人が作ったか、担当にした承認者に依頼してください。",
        )


def account_bonds(actor: Officer) -> Q:
    """
    The creation and the appointments of this account, and those that it did itself.

    Events name an account by its user name, which never changes and is the same in a loaded dump.
    """
    if actor is None or actor.pk is None:
        return Q(pk__in=[])
    return Q(action__in=BOND) & (Q(actor=actor.pk) | Q(details__officer=actor.get_username()))


def bonded_accounts(events: Iterable[AuditEntry], actor: Officer) -> set[int]:
    """
    The other account of each pair of which one has both created and appointed the other.

    Whoever did both can log in as that account: the two are no two pairs of eyes. 1 query where
    `actor` has created and appointed somebody, else none.
    """
    if actor is None:
        return set()
    actions: dict[tuple[int | None, str], set[str]] = {}
    for event in events:
        if event.action in BOND:
            actions.setdefault((event.actor_id, event.details.get("officer", "")), set()).add(
                event.action
            )
    pairs = [pair for pair, found in actions.items() if found >= BOND]
    makers = {maker for maker, made in pairs if made == actor.get_username() and maker}
    made_names = [made for maker, made in pairs if maker == actor.pk]
    if made_names:
        makers |= set(User.objects.filter(username__in=made_names).values_list("pk", flat=True))
    return makers - {actor.pk}
