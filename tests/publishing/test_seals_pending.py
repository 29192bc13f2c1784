"""Proposals to seal while something else happens: other seals, approvals, cancellations."""

import pytest
from django.contrib.auth.models import User
from django.test import Client

from bureaus.models import Action, Edition, Figure, Image, Page, Role, Seal, SealKind
from bureaus.publishing import (
    Blocked,
    SealRequest,
    appoint,
    approve_urgently,
    confirm_seal,
    discard,
    propose_seal,
    start_draft,
)
from tests.helpers.cast import Site, officer, place
from tests.helpers.editing import codes, drafted, refused
from tests.helpers.reader import BUREAU

pytestmark = pytest.mark.django_db
FIRST, SECOND = "甲野太郎", "丙川三郎"
BODY = f"<p>{FIRST}と{SECOND}です。</p>"


@pytest.fixture
def edition(site: Site) -> Edition:
    Edition.objects.filter(page=site.bureau).update(body=BODY)
    return Edition.objects.get(page=site.bureau)


def proposed(edition: Edition, actor: User, passage: str, *, is_urgent: bool = False) -> Seal:
    return propose_seal(
        request=SealRequest(edition, SealKind.PASSAGE, passage=passage),
        ground="personal",
        reason="申し出",
        actor=actor,
        is_urgent=is_urgent,
    )


def test_a_seal_moves_the_passages_that_wait_behind_it(
    edition: Edition, approver: User, second_approver: User
) -> None:
    """A passage within one that is sealed is gone, and its proposal lapses."""
    first, within, second = (proposed(edition, approver, text) for text in (FIRST, "甲野", SECOND))
    confirm_seal(seal=first, actor=second_approver)
    confirm_seal(seal=second, actor=second_approver)
    body = Edition.objects.get(pk=edition.pk).body
    mark = "（公開を取りやめた部分）"
    assert body.startswith(f"<p>{mark}と{mark}です。</p>")
    with pytest.raises(Blocked) as late:
        confirm_seal(seal=within, actor=second_approver)
    assert refused(late) == {"lapsed"}


def test_an_edition_that_is_approved_later_is_hidden_too(
    site: Site, edition: Edition, approver: User, writer: User, citizen: Client
) -> None:
    proposed(edition, approver, FIRST, is_urgent=True)
    draft = start_draft(page=site.bureau, actor=writer)
    draft.change_note = "誤字"
    draft.save()
    approve_urgently(edition=draft, actor=approver, reason="至急")
    assert FIRST not in citizen.get(BUREAU).content.decode()


def test_an_account_of_the_proposers_making_confirms_nothing(site: Site, edition: Edition) -> None:
    chief = officer("山田", {site.bureau: list(Role)})
    second_self = appoint(name="分身", role=Role.APPROVER, page=site.bureau, actor=chief)
    seal = proposed(edition, chief, FIRST)
    with pytest.raises(Blocked) as own:
        confirm_seal(seal=seal, actor=second_self)
    assert refused(own) == {"own_account"}


def test_a_draft_gives_no_say_over_the_picture_of_another_branch(
    site: Site, edition: Edition, approver: User
) -> None:
    image = Image.objects.create(file="images/a.png", name="a", width=9, height=9, byte_size=1)
    Figure.objects.bulk_create([Figure(edition=edition, image=image, alt="庁舎")])
    seal = propose_seal(
        request=SealRequest(image, SealKind.IMAGE), ground="rights", reason="申し出", actor=approver
    )
    assert seal.page == site.bureau
    foreign = place(site.root, "b")
    colleague = officer("田中", {foreign: list(Role)})
    draft = drafted(foreign, colleague)
    Figure.objects.create(edition=draft, image=image, alt="庁舎")
    for blockers in (
        codes(Action.PROPOSE_SEAL, subject=image, actor=colleague),
        codes(Action.SEAL, seal=seal, actor=colleague),
    ):
        assert blockers == {"role"}


def test_a_proposal_about_a_picture_of_a_draft_does_not_keep_its_page(site: Site) -> None:
    chief = officer("山田", {site.bureau: list(Role)})
    draft = drafted(place(site.bureau, "b"), chief)
    image = Image.objects.create(file="images/a.png", name="a", width=9, height=9, byte_size=1)
    Figure.objects.create(edition=draft, image=image, alt="庁舎")
    request = SealRequest(image, SealKind.IMAGE)
    propose_seal(request=request, ground="rights", reason="申し出", actor=chief)
    discard(edition=draft, actor=chief)
    assert not Page.objects.filter(pk=draft.page_id).exists()
