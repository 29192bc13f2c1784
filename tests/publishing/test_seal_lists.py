"""The list of seals: what is read from it, and what a replay leaves alone."""

import json
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.utils import timezone

from bureaus.models import Edition, Seal, SealKind
from bureaus.publishing import SealRequest, confirm_seal, propose_seal
from bureaus.publishing.sealing.seal_list import (
    DamagedSealList,
    keep_list,
    read_entries,
    replay,
    stored_entries,
    written,
)
from tests.helpers.cast import Site

KEY = "0" * 32
FILE: dict[str, Any] = {
    "kind": "document",
    "number": None,
    "field": "",
    "start": None,
    "length": None,
    "file": "documents/a.pdf",
    "entry": None,
    "ground": "law",
    "decider": "総務省",
    "page": None,
    "confirmed_at": "2026-11-01T00:00:00+09:00",
}
EDITION = FILE | {"kind": "edition", "file": "", "number": 1, "page": "/"}
DAMAGES: list[tuple[str, dict[str, Any]]] = [
    ("x", FILE),
    (KEY, FILE | {"file": "../../x.pdf"}),
    (KEY, FILE | {"file": "documents/../seals/seals.json"}),
    (KEY, FILE | {"file": "seals/seals.json"}),
    (KEY, FILE | {"file": ""}),
    (KEY, FILE | {"number": 1}),
    (KEY, FILE | {"more": 1}),
    (KEY, FILE | {"decider": "\ud800"}),
    (KEY, FILE | {"decider": None}),
    (KEY, FILE | {"confirmed_at": "0001-01-01T00:00:00+09:00"}),
    (KEY, EDITION | {"number": True}),
    (KEY, EDITION | {"number": -1}),
    (KEY, EDITION | {"number": 2**40}),
    (KEY, EDITION | {"page": None}),
    (KEY, EDITION | {"page": 1}),
    (KEY, EDITION | {"kind": "field", "field": "slug"}),
    (KEY, EDITION | {"kind": "figure", "field": "links-1"}),
    (KEY, EDITION | {"kind": "passage", "field": "figures-1-pk", "start": 0, "length": 1}),
]


@pytest.mark.parametrize(("key", "entry"), DAMAGES)
def test_a_damaged_list_is_refused_before_anything_is_done(key: str, entry: dict[str, Any]) -> None:
    for whole in (FILE, EDITION, EDITION | {"kind": "field", "field": "title"}):
        read_entries(written({KEY: whole}))
    with pytest.raises(DamagedSealList):
        read_entries(json.dumps([[key, entry]]).encode())


@pytest.mark.django_db
def test_a_replay_leaves_what_is_newer_than_the_seal_and_keeps_the_entry(
    site: Site, approver: User, second_approver: User, media: Path
) -> None:
    edition = Edition.objects.get(page=site.bureau)
    request = SealRequest(edition, SealKind.FIELD, field="title")
    seal = propose_seal(request=request, ground="law", reason="法", actor=approver)
    confirm_seal(seal=seal, actor=second_approver)
    entries = {**stored_entries(), KEY: FILE | {"page": "missing"}}
    Seal.objects.all().delete()
    later = timezone.now() + timedelta(seconds=1)
    Edition.objects.filter(pk=edition.pk).update(live_from=later, title="別の局")
    default_storage.save("documents/a.pdf", ContentFile(b"x"))
    assert replay(entries) == 1
    assert Edition.objects.get(pk=edition.pk).title == "別の局"
    assert Seal.objects.get().file == "documents/a.pdf"
    assert keep_list(entries).keys() == entries.keys()
