"""Officers who save one draft at the same moment: one is first, and no word of the others goes."""

import pytest

from bureaus.models import Edition, Event, Role, Verb, WorkingCopy
from bureaus.publishing import start_draft
from tests.admin_form import address, at_desk, fields_of
from tests.cast import Site, officer
from tests.processes import at_once

pytestmark = pytest.mark.django_db(transaction=True)
NAMES = ("青木", "井上", "上田", "江口")


def test_of_four_who_save_at_once_one_is_first_and_the_words_of_all_are_kept(
    committed_site: Site,
) -> None:
    bureau = committed_site.bureau
    draft = start_draft(page=bureau, actor=None)
    writers = [officer(name, {bureau: [Role.WRITER]}) for name in NAMES]
    desks = [at_desk(writer) for writer in writers]
    forms = [
        fields_of(draft, writer) | {"lead": f"{name}の要旨", "contacts-0-name": f"{name}の課"}
        for name, writer in zip(NAMES, writers, strict=True)
    ]

    def press(number: int) -> None:
        response = desks[number].post(address(draft), forms[number])
        assert response.status_code in {302, 409}
        if response.status_code == 409:
            assert f"{NAMES[number]}の課" in response.content.decode()

    assert at_once(len(NAMES), press) == []
    assert Event.objects.filter(edition=draft, verb=Verb.EDIT).count() == 1
    stored = Edition.objects.get(pk=draft.pk)
    kept = WorkingCopy.objects.exclude(content={}).values_list("content", flat=True)
    said = {stored.lead, *(content["lead"] for content in kept)}
    assert said == {f"{name}の要旨" for name in NAMES}
