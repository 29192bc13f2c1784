"""Hidden content of documents in the workflow: stored, shown, refused and accepted."""

import io

import pytest
from django.contrib.auth.models import User

from bureaus.models import Action, AuditEntry, Document, Edition, FileFinding, Link, Part
from bureaus.publishing import (
    Blocked,
    accept_file_finding,
    add_document,
    approve,
    edit,
    file_findings,
    replace_document,
    submit,
)
from bureaus.publishing.blockers.file_findings import file_acceptance_blockers
from tests.helpers import hidden_pdfs, uploads
from tests.helpers.cast import Site, client_of, officer
from tests.helpers.editing import drafted, refused
from tests.helpers.page_details import text_in

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.usefixtures("media"),
    pytest.mark.one_database,
]
REASON = "公開済みの名簿と同じ名前です。"


def with_bar(actor: User) -> Document:
    return add_document(
        upload=io.BytesIO(hidden_pdfs.bar()[0]), name="名簿.pdf", actor=actor, title="名簿"
    ).document


def linking(site: Site, writer: User, document: Document, *, in_body: bool = False) -> Edition:
    """A draft that links the document, in its text or as a row."""
    body = f'<p><a href="{document.get_absolute_url()}#page=2">名簿</a></p>' if in_body else ""
    draft = drafted(site.bureau, writer, body=body)
    parts: dict[type[Part], list[Link]] = {Link: [Link(text="名簿", document=document)]}
    return edit(
        edition=draft,
        actor=writer,
        changes={},
        revision=draft.revision,
        parts=parts if not in_body else {Link: []},
    )


def accepted(document: Document, actor: User) -> FileFinding:
    finding = FileFinding.objects.get(document=document)
    return accept_file_finding(finding=finding, reason=REASON, actor=actor)


def test_the_uploader_reads_what_was_found(writer: User) -> None:
    taken = add_document(
        upload=io.BytesIO(hidden_pdfs.bar()[0]), name="名簿.pdf", actor=writer, title="名簿"
    )
    assert "隠れた内容への指摘が1件" in taken.warnings[-1]
    finding = FileFinding.objects.get(document=taken.document)
    assert (finding.rule, finding.place, finding.words) == ("pdf-covered", "2ページ", "HIMITSU")
    page = client_of(writer).get(f"/admin/bureaus/document/{taken.document.pk}/change/")
    assert "誤り 2ページ「HIMITSU」" in text_in(page.content.decode())


@pytest.mark.parametrize("in_body", [False, True])
def test_a_page_with_such_a_document_is_submitted_once_it_is_accepted(
    site: Site, writer: User, approver: User, *, in_body: bool
) -> None:
    document = with_bar(writer)
    draft = linking(site, writer, document, in_body=in_body)
    with pytest.raises(Blocked) as caught:
        submit(edition=draft, actor=writer)
    assert "hidden_content" in refused(caught)
    assert "文書「名簿」に、隠れた内容があります（2ページ「HIMITSU」" in str(caught.value)
    accepted(document, writer)
    entry = AuditEntry.objects.get(action=Action.ACCEPT)
    assert (entry.address, entry.note, entry.actor) == (f"/{document.address}", REASON, writer)
    assert "HIMITSU" not in str(entry.details)
    if not in_body:  # a link in the text would have to be public already
        draft = submit(edition=Edition.objects.get(pk=draft.pk), actor=writer)
        assert len(approve(editions=[draft], actor=approver)) == 1
    screen = client_of(approver).get(f"/admin/bureaus/edition/{draft.pk}/review/")
    assert f"鈴木：{REASON}" in text_in(screen.content.decode())


def test_the_public_gets_no_file_with_an_error_by_a_replacement(site: Site, writer: User) -> None:
    clean = add_document(upload=io.BytesIO(uploads.pdf()), name="方針.pdf", actor=writer).document
    draft = linking(site, writer, clean)
    hidden = io.BytesIO(hidden_pdfs.bar()[0])
    replace_document(document=clean, upload=hidden, name="a.pdf", actor=writer)
    assert [each.rule for each in file_findings(draft)] == ["pdf-covered"]
    replace_document(document=clean, upload=io.BytesIO(uploads.pdf()), name="a.pdf", actor=writer)
    assert not FileFinding.objects.exists()
    both = officer("加藤", {site.bureau: ["writer", "approver"]})  # type: ignore[list-item]
    approve(editions=[submit(edition=draft, actor=writer)], actor=both)
    with pytest.raises(Blocked) as caught:
        replace_document(document=clean, upload=hidden, name="a.pdf", actor=both, note="誤字")
    assert refused(caught) == {"hidden_content"}
    assert not FileFinding.objects.exists()


def test_an_acceptance_needs_a_role_and_a_reason_and_is_given_once(
    site: Site, writer: User
) -> None:
    document = with_bar(writer)
    finding = FileFinding.objects.get(document=document)
    outsider = officer("外山", {})
    codes = {
        blocker.code
        for blocker in file_acceptance_blockers(finding=finding, reason=" ", actor=outsider)
    }
    assert codes == {"role", "reason"}
    client = client_of(writer)
    address = f"/admin/bureaus/document/{document.pk}/accept/{finding.pk}/"
    assert client.post(address, {"reason": ""}).status_code == 422
    assert "pdf" not in text_in(client.get(address).content.decode()).partition("「HIMITSU」")[2]
    assert client.post(address, {"reason": REASON}).status_code == 302
    assert "already" in {
        blocker.code
        for blocker in file_acceptance_blockers(
            finding=FileFinding.objects.get(), reason=REASON, actor=writer
        )
    }
    page = client.get(f"/admin/bureaus/document/{document.pk}/change/").content.decode()
    assert f"鈴木：{REASON}" in text_in(page)
    assert "指摘の了承" in text_in(page)
