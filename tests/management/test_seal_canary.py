"""Eight words in eight places are sealed: they are nowhere, and an old copy brings none back."""

import io
from pathlib import Path

import psycopg
import pytest
from django.contrib.auth.models import User
from django.core.management import CommandError, call_command
from django.db import connection

from bureaus.integrity import problems
from bureaus.models import Action, AuditEntry, Document, Edition, Image, Role, Seal, SealKind
from bureaus.publishing import SealRequest, confirm_seal, propose_seal
from bureaus.publishing.blockers.seals import Subject
from tests.helpers import canaries
from tests.helpers.canaries import CANARIES, IN_PDF, found_in
from tests.helpers.cast import Site, officer, tokyo
from tests.helpers.manual import commands, follow_here

EVERY = set(CANARIES.values())
# What is in no text: of the words in the PDF, the metadata.
READABLE = EVERY - {IN_PDF["metadata"]}


def seal(subject: Subject, kind: SealKind, first: User, second: User) -> None:
    request = SealRequest(subject, kind)
    proposal = propose_seal(request=request, ground="personal", reason="氏名", actor=first)
    confirm_seal(seal=proposal, actor=second)


def places(edition: Edition, document: Document, image: Image, folder: Path) -> dict[str, set[str]]:
    """The words that are found, by where they are."""
    operator, _ = User.objects.get_or_create(
        username="田中", defaults={"is_superuser": True, "is_staff": True}
    )
    return {
        "public": found_in(canaries.public_bytes(document, image)),
        "admin": found_in(canaries.admin_bytes(operator, edition, document)),
        "dump": found_in(canaries.dumped_bytes(folder)),
        "database": found_in(canaries.database_bytes()),
    }


def test_what_is_sealed_is_nowhere_and_an_old_copy_does_not_bring_it_back(
    committed_site: Site, media: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.chdir(tmp_path)
    bureau = committed_site.bureau
    writer = officer("鈴木", {bureau: [Role.WRITER]})
    first, second = (officer(name, {bureau: [Role.APPROVER]}) for name in ("佐藤", "高橋"))
    edition = canaries.plant(committed_site, writer, first)
    move_to_the_past(edition)
    document, image = Document.objects.get(), Image.objects.get()

    before = places(edition, document, image, tmp_path / "export-before")
    assert before["public"] | before["admin"] == EVERY
    assert before["dump"] == EVERY
    assert before["database"] >= READABLE
    assert found_in(canaries.folder_bytes(media)) >= set(IN_PDF.values())
    call_command("backup", "控え/2026-11-29", stdout=io.StringIO())

    seal(edition, SealKind.EDITION, first, second)
    seal(document, SealKind.DOCUMENT, first, second)
    seal(image, SealKind.IMAGE, first, second)
    note = AuditEntry.objects.get(action=Action.SUBMIT)
    seal(note, SealKind.NOTE, first, second)
    erase, restore = commands("公開した内容を消去する")
    assert "4件のもの" in follow_here(erase)

    after = places(edition, document, image, tmp_path / "export-after")
    assert not any(after.values()), after
    assert found_in(canaries.folder_bytes(media)) == set()
    call_command("backup", "控え/2026-11-30", stdout=io.StringIO())
    assert found_in(canaries.folder_bytes(tmp_path / "控え/2026-11-30")) == set()
    assert problems() == []

    assert "4件を、もう一度消去しました。" in follow_here(restore)
    assert Seal.objects.confirmed().count() == 4
    again = places(Edition.objects.get(page=bureau, number=2), document, image, tmp_path / "again")
    assert not any(again.values()), again
    assert found_in(canaries.folder_bytes(media)) == set()
    assert problems() == []


def move_to_the_past(edition: Edition) -> None:
    """As if it had been approved in 2014: it was in force at the moments that are asked for."""
    Edition.objects.filter(page=edition.page, number=1).update(live_until=tokyo(2014))
    Edition.objects.filter(pk=edition.pk).update(live_from=tokyo(2014))
    edition.refresh_from_db()


@pytest.mark.django_db(transaction=True)
@pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite has no snapshots to wait for")
@pytest.mark.parametrize("database", ["postgres", None])
def test_what_an_older_transaction_still_sees_is_not_reported_as_erased(
    database: str | None, media: Path
) -> None:
    """PostgreSQL keeps dead rows for it, even where it only works in another database."""
    address = {**connection.get_connection_params(), "application_name": "monthly-report"}
    if database:
        address["dbname"] = database
    names = ("dbname", "user", "host", "port", "application_name")
    with psycopg.connect(**{name: address[name] for name in names if name in address}) as other:
        other.execute("SELECT pg_current_xact_id()")
        with pytest.raises(CommandError, match=r"0秒待ちましたが.*monthly-report（プロセス"):
            call_command("erase_sealed", wait=0)
    call_command("erase_sealed", stdout=io.StringIO())
