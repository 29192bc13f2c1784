"""The findings of the rules on machine-readable data on a document's screen."""

import io

import pytest
from django.contrib.auth.models import User
from django.core.files.storage import default_storage
from django.core.management import call_command

from bureaus.models import Document, ReadabilityReport
from bureaus.publishing import Registered, add_document, replace_document
from tests.helpers.cast import client_of
from tests.helpers.libraries import DOCUMENTS, document, sent
from tests.helpers.page_details import panel, text_in

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.usefixtures("media"),
    pytest.mark.one_database,
]
NAME = "人数.csv"
IMPURE = "組織,人数（人）\n総務課,3人\n政策課,4\n会計課,5\n"
PURE = "組織,人数（人）\n総務課,3\n政策課,4\n会計課,5\n"


def readability(officer: User, item: Document) -> str:
    answer = client_of(officer).get(f"{DOCUMENTS}{item.pk}/change/").content.decode()
    return text_in(panel(answer, "readability"))


def put_in(actor: User, text: str) -> Registered:
    return add_document(upload=sent(text.encode(), NAME), name=NAME, actor=actor)


def test_a_finding_shows_number_place_and_remedy(writer: User) -> None:
    done = put_in(writer, IMPURE)
    assert "指摘が1件あります" in done.warnings[-1]
    shown = readability(writer, done.document)
    for words in ("レベル2：1件", "ルール 2-1", "違反", "B2", "「3人」", "移してください"):
        assert words in shown


def test_a_corrected_file_has_no_findings_and_its_columns_are_compared(writer: User) -> None:
    item = put_in(writer, IMPURE).document
    upload = sent(PURE.encode(), NAME)
    replace_document(document=item, upload=upload, name=NAME, actor=writer)
    assert "指摘はありません" in readability(writer, item)
    other = sent(PURE.replace("人数（人）", "定員（人）").encode(), NAME)
    replace_document(document=item, upload=other, name=NAME, actor=writer)
    shown = readability(writer, item)
    assert "ルール 3-7" in shown
    assert "「人数（人）」" in shown


def test_a_report_is_not_of_the_file_that_another_version_has_put_there(writer: User) -> None:
    """The version before replaces a file, and does not name the one that it has judged."""
    item = put_in(writer, PURE).document
    file = default_storage.save("documents/b.csv", io.BytesIO(IMPURE.encode()))
    Document.objects.filter(pk=item.pk).update(file=file)
    assert "まだ調べていません" in readability(writer, item)
    call_command("examine_documents")
    assert "ルール 2-1" in readability(writer, item)


def test_only_tables_are_judged(writer: User) -> None:
    assert "まだ調べていません" in readability(writer, document("documents/a.xlsx"))
    paper = document("documents/b.pdf")
    answer = client_of(writer).get(f"{DOCUMENTS}{paper.pk}/change/").content.decode()
    assert 'id="readability"' not in answer
    assert not ReadabilityReport.objects.exists()
