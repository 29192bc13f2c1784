"""A proposal to seal that is not confirmed: refused by another approver, or withdrawn."""

from functools import partial

import pytest
from django.contrib.auth.models import User
from django.test import Client

from bureaus.models import Action, AuditEntry, Edition, Seal, SealKind
from bureaus.publishing import Blocked, SealRequest, propose_seal, refuse_seal, withdraw_seal
from tests.helpers.cast import Site
from tests.helpers.editing import codes, refused
from tests.helpers.reader import BUREAU

pytestmark = pytest.mark.django_db
SECRET = "甲野太郎"


@pytest.fixture
def edition(site: Site) -> Edition:
    Edition.objects.filter(page=site.bureau).update(body=f"<p>{SECRET}です。</p>")
    return Edition.objects.get(page=site.bureau)


@pytest.fixture
def proposal(edition: Edition, approver: User) -> Seal:
    return propose_seal(
        request=SealRequest(edition, SealKind.PASSAGE, passage=SECRET),
        ground="personal",
        reason="申し出",
        actor=approver,
        is_urgent=True,
    )


def is_shown(citizen: Client) -> bool:
    return SECRET in citizen.get(BUREAU).content.decode()


def test_a_refused_urgent_proposal_shows_its_target_again(
    proposal: Seal, second_approver: User, citizen: Client
) -> None:
    assert not is_shown(citizen)
    with pytest.raises(Blocked) as silent:
        refuse_seal(seal=proposal, actor=second_approver, note=" ")
    assert refused(silent) == {"comment"}
    refuse_seal(seal=proposal, actor=second_approver, note="本人の同意があります。")
    assert is_shown(citizen)
    entry = AuditEntry.objects.get(action=Action.REFUSE_SEAL)
    assert (entry.actor, entry.note) == (second_approver, "本人の同意があります。")
    assert entry.details["seal"] == proposal.key
    for action in (Action.SEAL, Action.REFUSE_SEAL):
        assert codes(action, seal=Seal.objects.get(), actor=second_approver) == {"refused"}


def test_who_proposed_withdraws_and_may_propose_again(
    edition: Edition, proposal: Seal, approver: User, citizen: Client
) -> None:
    withdraw_seal(seal=proposal, actor=approver)
    assert is_shown(citizen)
    assert AuditEntry.objects.get(action=Action.WITHDRAW_SEAL).actor == approver
    ended = Seal.objects.get()
    assert codes(Action.WITHDRAW_SEAL, seal=ended, actor=approver) == {"withdrawn"}
    propose_seal(
        request=SealRequest(edition, SealKind.PASSAGE, passage=SECRET),
        ground="law",
        reason="根拠の誤り",
        actor=approver,
    )
    assert Seal.objects.count() == 2


def test_nobody_else_withdraws_and_nobody_refuses_their_own(
    proposal: Seal, approver: User, second_approver: User, outsider: User
) -> None:
    for action, actor, blockers in (
        (Action.WITHDRAW_SEAL, second_approver, {"author"}),
        (Action.WITHDRAW_SEAL, outsider, {"author", "role"}),
        (Action.REFUSE_SEAL, approver, {"own_proposal"}),
        (Action.REFUSE_SEAL, outsider, {"role"}),
    ):
        assert codes(action, seal=proposal, actor=actor) == blockers


def test_what_was_refused_is_not_hidden_again_by_the_same_approver(
    edition: Edition, proposal: Seal, approver: User, second_approver: User, citizen: Client
) -> None:
    refuse_seal(seal=proposal, actor=second_approver, note="本人の同意があります。")
    again = partial(
        propose_seal,
        request=SealRequest(edition, SealKind.PASSAGE, passage=f"{SECRET}で"),
        ground="personal",
        reason="申し出",
    )
    with pytest.raises(Blocked) as repeated:
        again(actor=approver, is_urgent=True)
    assert refused(repeated) == {"refused"}
    again(actor=approver)
    assert is_shown(citizen)
    again(request=SealRequest(edition, SealKind.EDITION), actor=second_approver, is_urgent=True)
    assert not is_shown(citizen)
