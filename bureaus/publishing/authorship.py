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
    edition: Edition, actor: Officer, authors: Container[int | None] | None = None
) -> Iterator[Blocker]:
    """Yield a blocker if `actor` wrote or submitted the edition, even as a superuser."""
    if actor is not None and actor.pk in (authors_of(edition) if authors is None else authors):
        yield Blocker(
            BlockerCode.OWN_TEXT,
            f"「{edition}」を書いたか確認を依頼した本人は承認できません。"
            "ほかの承認者に依頼してください。",
        )


def own_account_blockers(
    edition: Edition, authors: Iterable[int | None], bonded: set[int]
) -> Iterator[Blocker]:
    """
    Yield a blocker where the approver and an author are bonded by account.

    `authors`: who wrote or approved it. `bonded`: see `bonded_accounts`.
    """
    if bonded.intersection(authors):
        yield Blocker(
            BlockerCode.OWN_ACCOUNT,
            f"「{edition}」を書いた人と承認する人の一方が、もう一方のアカウントを作り、担当にして"
            "います。それぞれのアカウントを別の人が作ったか、担当にした承認者に依頼してください。",
        )


def account_bonds(actor: Officer) -> Q:
    """
    The condition for entries about the creation and appointments of `actor`, or by them.

    The entries have the user name, which never changes and is the same in a loaded dump.
    """
    if actor is None or actor.pk is None:
        return Q(pk__in=[])
    return Q(action__in=BOND) & (Q(actor=actor.pk) | Q(details__officer=actor.get_username()))


def bonded_accounts(entries: Iterable[AuditEntry], actor: Officer) -> set[int]:
    """
    Return the accounts that `actor` both created and appointed, and those that did it to them.

    An officer who did both could have used the other account (docs/adr/0024). 1 query where
    `actor` has created and appointed somebody, else none.
    """
    if actor is None:
        return set()
    actions: dict[tuple[int | None, str], set[str]] = {}
    for entry in entries:
        if entry.action in BOND:
            pair = entry.actor_id, entry.details.get("officer", "")
            actions.setdefault(pair, set()).add(entry.action)
    pairs = [pair for pair, found in actions.items() if found >= BOND]
    makers = {maker for maker, made in pairs if made == actor.get_username() and maker}
    made_names = [made for maker, made in pairs if maker == actor.pk]
    if made_names:
        makers |= set(User.objects.filter(username__in=made_names).values_list("pk", flat=True))
    return makers - {actor.pk}
