"""The command that examines the documents from before hidden content was looked for."""

import io

import pytest
from django.contrib.auth.models import User
from django.core.files.storage import default_storage
from django.core.management import call_command

from bureaus.integrity import problems
from bureaus.models import Document, FileFinding, Ground, Seal, SealKind
from bureaus.publishing import add_document
from tests.helpers import hidden_pdfs

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("media"), pytest.mark.one_database]


def unexamined(actor: User, title: str) -> Document:
    content = io.BytesIO(hidden_pdfs.bar()[0])
    document = add_document(upload=content, name="名簿.pdf", actor=actor, title=title).document
    FileFinding.objects.filter(document=document).delete()
    Document.objects.filter(pk=document.pk).update(examined_file="")
    return document


def test_a_lost_file_is_named_and_keeps_no_other_from_being_examined(
    writer: User, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    lost, found = unexamined(writer, "なくした"), unexamined(writer, "名簿")
    opened = default_storage.open

    def refuse(name: str) -> object:
        if name == str(lost.file):
            raise LookupError("NoSuchKey")  # no OSError: as that of S3
        return opened(name)

    monkeypatch.setattr(default_storage, "open", refuse)
    with pytest.raises(SystemExit):
        call_command("examine_documents")
    said = capsys.readouterr()
    assert "2個の文書のうち1個を調べ、1件の" in said.out
    assert f"{lost.address}：調べられませんでした（NoSuchKey）" in said.err
    assert FileFinding.objects.get().document == found
    with pytest.raises(SystemExit):
        call_command("examine_documents")
    assert "1個の文書のうち0個" in capsys.readouterr().out


def test_a_sealed_file_is_not_missed(
    writer: User, approver: User, capsys: pytest.CaptureFixture[str]
) -> None:
    document = unexamined(writer, "名簿")
    now = document.created_at
    Seal.objects.create(
        kind=SealKind.DOCUMENT,
        file=str(document.file),
        ground=Ground.LAW,
        proposer=writer,
        proposed_at=now,
        lapses_at=now,
        confirmer=approver,
        confirmed_at=now,
    )
    call_command("examine_documents")
    assert "0個の文書のうち0個" in capsys.readouterr().out


def test_a_file_that_another_version_has_put_there_is_not_covered_by_older_findings(
    writer: User, capsys: pytest.CaptureFixture[str]
) -> None:
    """The version before replaces a file, and leaves what was found and accepted in the old one."""
    document = add_document(
        upload=io.BytesIO(hidden_pdfs.bar()[0]), name="名簿.pdf", actor=writer, title="名簿"
    ).document
    FileFinding.objects.update(reason="公開している名簿です。")
    file = default_storage.save("documents/b.pdf", io.BytesIO(hidden_pdfs.bar()[0]))
    Document.objects.filter(pk=document.pk).update(file=file)
    assert not FileFinding.objects.exists()
    assert not Document.objects.get().is_file_examined
    assert [problem.sentence for problem in problems()] == [
        "いまはないファイルへの指摘が1件残っています。examine_documents を実行してください。"
    ]
    call_command("examine_documents")
    assert "1個の文書のうち1個を調べ、1件の" in capsys.readouterr().out
    assert FileFinding.objects.get().reason == ""
    assert problems() == []
