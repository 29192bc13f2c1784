"""Officers who save one draft at the same moment: one is first, and no word of the others goes."""

import pytest

from bureaus.models import Action, AuditEntry, Autosave, Edition, Role
from bureaus.publishing import discard, start_draft
from bureaus.publishing.actions.autosave import (
    FormVersion,
    discard_autosave,
    heartbeat,
    save_autosave,
)
from tests.helpers.admin_form import address, fields_of
from tests.helpers.cast import Site, client_of, officer
from tests.helpers.processes import at_once

pytestmark = pytest.mark.django_db(transaction=True)
NAMES = ("青木", "井上", "上田", "江口")


def test_of_four_who_save_at_once_one_is_first_and_the_words_of_all_are_kept(
    committed_site: Site,
) -> None:
    bureau = committed_site.bureau
    draft = start_draft(page=bureau, actor=None)
    writers = [officer(name, {bureau: [Role.WRITER]}) for name in NAMES]
    clients = [client_of(writer) for writer in writers]
    forms = [
        fields_of(draft, writer) | {"lead": f"{name}の要旨", "contacts-0-name": f"{name}の課"}
        for name, writer in zip(NAMES, writers, strict=True)
    ]

    def press(number: int) -> None:
        response = clients[number].post(address(draft), forms[number])
        assert response.status_code in {302, 409}
        if response.status_code == 409:
            assert f"{NAMES[number]}の課" in response.content.decode()

    assert at_once(len(NAMES), press) == []
    assert AuditEntry.objects.filter(edition=draft, action=Action.EDIT).count() == 1
    stored = Edition.objects.get(pk=draft.pk)
    kept = Autosave.objects.exclude(content={}).values_list("content", flat=True)
    leads = {stored.lead, *(content["lead"] for content in kept)}
    assert leads == {f"{name}の要旨" for name in NAMES}


def test_what_is_typed_in_a_draft_while_it_is_discarded_has_nowhere_to_go(
    committed_site: Site,
) -> None:
    bureau = committed_site.bureau
    draft = start_draft(page=bureau, actor=None)
    writer = officer(NAMES[0], {bureau: [Role.WRITER]})
    open_form = FormVersion("0" * 32)
    heartbeat(edition=draft, officer=writer, form=open_form)
    stale = Edition.objects.select_related("page").get(pk=draft.pk)
    discard(edition=draft, actor=None)
    for form in (open_form, FormVersion("1" * 32)):
        with pytest.raises(Edition.DoesNotExist):
            save_autosave(edition=stale, officer=writer, content={"title": "題"}, form=form)
        with pytest.raises(Edition.DoesNotExist):
            heartbeat(edition=stale, officer=writer, form=form)
        discard_autosave(edition=stale, officer=writer, keys=[form.key])
    assert not Autosave.objects.exists()


def test_of_copies_that_arrive_at_once_the_last_typed_stays(committed_site: Site) -> None:
    bureau = committed_site.bureau
    draft = start_draft(page=bureau, actor=None)
    writer = officer(NAMES[0], {bureau: [Role.WRITER]})

    def arrive(number: int) -> None:
        form = FormVersion("0" * 32, 1, 9 - number)
        save_autosave(edition=draft, officer=writer, content={"title": str(9 - number)}, form=form)

    assert at_once(4, arrive) == []
    assert Autosave.objects.get().content["title"] == "9"
