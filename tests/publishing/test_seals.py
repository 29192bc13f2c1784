"""Sealing: what two approvers withdraw from every moment, and what stands in its place."""

from datetime import timedelta
from pathlib import Path

import pytest
from django.contrib.auth.models import User
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.test import Client
from django.utils import timezone
from pytest_django import DjangoCaptureOnCommitCallbacks

from bureaus import search
from bureaus.integrity import problems
from bureaus.models import (
    Acceptance,
    Action,
    Answer,
    AuditEntry,
    Autosave,
    Contact,
    Document,
    DocumentText,
    EarlierFile,
    Edition,
    Figure,
    Image,
    Link,
    Seal,
    SealKind,
)
from bureaus.publishing import Blocked, SealRequest, confirm_seal, edit, propose_seal, start_draft
from tests.helpers.cast import Site, approve, tokyo
from tests.helpers.editing import refused
from tests.helpers.reader import BUREAU, read, texts

pytestmark = pytest.mark.django_db
SECRET = "総務花子"
BODY = f"<p>担当は<strong>{SECRET}</strong>です。</p><p>次回は8月です。</p>"
PAST = "?at=2013-06-01"
People = tuple[User, User]
GROUND = "個人情報を保護するため、公開を取りやめました。"


@pytest.fixture
def people(approver: User, second_approver: User) -> People:
    return approver, second_approver


@pytest.fixture
def editions(site: Site) -> list[Edition]:
    """Three editions of the bureau; the first two say the name."""
    Edition.objects.filter(page=site.bureau, number=1).update(body=BODY, lead=f"{SECRET}の局")
    approve(site.bureau, f"{SECRET}の局", live_from=tokyo(2014), body=BODY, lead="要旨")
    approve(site.bureau, "情報通信国際戦略局", live_from=tokyo(2015), body="<p>今</p>", lead="今")
    found = list(Edition.objects.filter(page=site.bureau).order_by("number"))
    search.reindex(each.pk for each in found)
    return found


def proposed(edition: Edition, actor: User, kind: SealKind, **chosen: str) -> Seal:
    return propose_seal(
        request=SealRequest(edition, kind, **chosen),
        ground="personal",
        reason=f"{SECRET}さんから申し出",
        actor=actor,
        is_urgent=False,
    )


def hits(citizen: Client, moment: str = "") -> list[str]:
    """The addresses of the results."""
    page = read(citizen, f"/search/?q={SECRET}{moment}")
    return [str(link) for link in page.xpath("//ol[@class='results']/li/a/@href")]


def status(citizen: Client, address: str) -> int:
    """The status of the answer, which is read to its end."""
    response = citizen.get(address)
    list(response)
    return response.status_code


def page_texts(citizen: Client, query: str = "") -> str:
    response = citizen.get(f"{BUREAU}{query}")
    return response.content.decode()


def test_a_passage_goes_from_every_edition_of_the_page_and_says_so(
    site: Site, editions: list[Edition], approver: User, second_approver: User, citizen: Client
) -> None:
    assert SECRET in page_texts(citizen, PAST)
    seal = proposed(editions[0], approver, SealKind.PASSAGE, passage=SECRET)
    assert SECRET in page_texts(citizen, PAST)
    confirm_seal(seal=seal, actor=second_approver)
    for query in (PAST, "?at=2014-06-01", "", "history/", "history/?older=1&newer=2"):
        assert SECRET not in page_texts(citizen, query)
    assert GROUND in page_texts(citizen, PAST)
    assert "情報通信国際戦略局の決定により" in page_texts(citizen, PAST)
    assert "次回は8月です。" in page_texts(citizen, PAST)
    assert GROUND not in page_texts(citizen)
    assert SECRET not in page_texts(citizen, f"index.json{PAST}")
    assert not AuditEntry.objects.filter(note__contains=SECRET).exists()
    assert not Seal.objects.filter(reason__contains=SECRET).exists()
    assert problems() == []


def test_a_title_takes_its_reading_and_its_english_with_it(
    site: Site, editions: list[Edition], approver: User, second_approver: User, citizen: Client
) -> None:
    seal = proposed(editions[1], approver, SealKind.FIELD, field="title")
    confirm_seal(seal=seal, actor=second_approver)
    assert texts(read(citizen, f"{BUREAU}?at=2014-06-01"), "//h1") == [
        "（公開を取りやめた表題）の紹介"
    ]
    assert "このページの表題は、" in page_texts(citizen, "?at=2014-06-01")
    assert "（公開を取りやめた表題）" in page_texts(citizen, "history/?older=2&newer=3")


def test_a_whole_edition_leaves_only_the_tombstone(
    site: Site, editions: list[Edition], approver: User, second_approver: User, citizen: Client
) -> None:
    first = editions[0]
    Link.objects.bulk_create([Link(edition=first, text=SECRET, url="https://example.go.jp/")])
    Contact.objects.bulk_create([Contact(edition=first, name=SECRET)])
    confirm_seal(seal=proposed(first, approver, SealKind.EDITION), actor=second_approver)
    shown = page_texts(citizen, PAST)
    assert SECRET not in shown
    assert "次回は8月です。" not in shown
    assert "この版の内容は、" in shown
    assert SECRET in page_texts(citizen, "?at=2014-06-01")
    assert problems() == []


def test_a_part_goes_from_every_edition_that_has_it(
    site: Site, editions: list[Edition], approver: User, second_approver: User, citizen: Client
) -> None:
    for each in editions[:2]:
        Contact.objects.bulk_create([Contact(edition=each, name=SECRET, phone="03-0000-0000")])
        Link.objects.bulk_create([Link(edition=each, text="名簿", url="https://example.go.jp/x")])
    for kind, field in ((SealKind.CONTACT, "contacts-1"), (SealKind.LINK, "links-1")):
        seal = proposed(editions[0], approver, kind, field=field)
        confirm_seal(seal=seal, actor=second_approver)
    assert not Link.objects.filter(text="名簿").exists()
    assert set(Contact.objects.values_list("name", "phone")) == {("（公開を取りやめた連絡先）", "")}
    assert "このページのリンクは、" in page_texts(citizen, PAST)


def test_drafts_unsaved_input_and_acceptances_lose_it_too(
    site: Site, editions: list[Edition], writer: User, approver: User, second_approver: User
) -> None:
    draft = start_draft(page=site.bureau, actor=writer)
    edit(edition=draft, actor=writer, changes={"body": BODY}, revision=draft.revision)
    draft.refresh_from_db()
    Autosave.objects.create(edition=draft, officer=writer, revision=1, content={"body": BODY})
    Acceptance.objects.create(page=site.bureau, rule="x", quote=f"は{SECRET}です", reason="原文")
    seal = proposed(editions[0], approver, SealKind.FIELD, field="body")
    confirm_seal(seal=seal, actor=second_approver)
    stored = Edition.objects.get(pk=draft.pk)
    assert (stored.body, stored.revision) == ("", draft.revision + 1)
    copy = Autosave.objects.get()
    assert copy.content == {}
    assert copy.closed_at is not None
    assert not Acceptance.objects.exists()


def test_an_urgent_proposal_hides_at_once_and_only_until_it_lapses(
    site: Site, editions: list[Edition], approver: User, second_approver: User, citizen: Client
) -> None:
    request = SealRequest(editions[0], SealKind.PASSAGE, passage=SECRET)
    seal = propose_seal(
        request=request, ground="personal", reason="至急", actor=approver, is_urgent=True
    )
    for query in (PAST, "?at=2014-06-01", "history/", "history/?older=1&newer=2"):
        assert SECRET not in page_texts(citizen, query)
    assert "表示を止めています" in page_texts(citizen, PAST)
    assert hits(citizen, "&at=2014-06-01") == []
    later = timezone.now() - timedelta(seconds=1)
    Seal.objects.filter(pk=seal.pk).update(lapses_at=later)
    Edition.objects.filter(hidden_until__isnull=False).update(hidden_until=later)
    assert SECRET in page_texts(citizen, PAST)
    assert hits(citizen, "&at=2014-06-01") == [f"{BUREAU}?at=2014-06-01"]
    with pytest.raises(Blocked) as late:
        confirm_seal(seal=seal, actor=second_approver)
    assert refused(late) == {"lapsed"}


def test_a_page_that_was_taken_down_is_sealed_in_its_answer(
    site: Site, approver: User, second_approver: User, citizen: Client
) -> None:
    gone = approve(
        site.sections[0], SECRET, live_from=tokyo(2014), answer=Answer.GONE, note=f"{SECRET}の件"
    )
    confirm_seal(seal=proposed(gone, approver, SealKind.EDITION), actor=second_approver)
    response = citizen.get(f"{BUREAU}ict_seisaku/")
    assert response.status_code == 410
    assert SECRET not in response.content.decode()
    assert GROUND in response.content.decode()


def test_who_may_and_what_is_missing(
    editions: list[Edition],
    writer: User,
    approver: User,
    outsider: User,
    second_approver: User,
) -> None:
    with pytest.raises(Blocked) as missing:
        propose_seal(
            request=SealRequest(editions[0], SealKind.PASSAGE, passage="いない人"),
            ground="",
            reason=" ",
            actor=writer,
        )
    assert refused(missing) == {"nothing", "passage", "reason", "role"}
    seal = proposed(editions[0], approver, SealKind.PASSAGE, passage=SECRET)
    with pytest.raises(Blocked) as own:
        confirm_seal(seal=seal, actor=approver)
    assert refused(own) == {"own_proposal"}
    with pytest.raises(Blocked) as foreign:
        confirm_seal(seal=seal, actor=outsider)
    assert refused(foreign) == {"role"}
    with pytest.raises(Blocked) as again:
        proposed(editions[0], second_approver, SealKind.PASSAGE, passage=SECRET)
    assert refused(again) == {"already"}
    entry = AuditEntry.objects.get(action=Action.PROPOSE_SEAL)
    assert entry.details["seal"] == seal.key


def test_an_officers_note_is_overwritten_in_every_entry(
    site: Site, writer: User, approver: User, second_approver: User
) -> None:
    entry = AuditEntry(action=Action.SUBMIT, page=site.bureau, address=BUREAU, note=SECRET)
    entry.save()
    AuditEntry(
        action=Action.RETURN, page=site.bureau, address=BUREAU, note=f"{SECRET}について"
    ).save()
    seal = propose_seal(
        request=SealRequest(entry, SealKind.NOTE), ground="secret", reason="秘密", actor=approver
    )
    confirm_seal(seal=seal, actor=second_approver)
    assert not AuditEntry.objects.filter(note__contains=SECRET).exists()
    assert "このメモは、" in AuditEntry.objects.get(pk=entry.pk).note


@pytest.fixture
def policy(site: Site, media: Path) -> Document:
    """A document whose file was replaced in 2014, linked by the bureau."""
    for name in ("first", "second"):
        default_storage.save(f"documents/{name}.pdf", ContentFile(SECRET.encode()))
    document = Document.objects.create(
        address="documents/first.pdf",
        file="documents/second.pdf",
        name=f"{SECRET}.pdf",
        title=SECRET,
        byte_size=12,
    )
    DocumentText.objects.create(document=document, text=f"{SECRET}の申請書")
    EarlierFile.objects.create(
        document=document,
        file="documents/first.pdf",
        name=f"{SECRET}.pdf",
        byte_size=12,
        until=tokyo(2014),
    )
    edition = Edition.objects.get(page=site.bureau)
    Link.objects.bulk_create([Link(edition=edition, text=SECRET, document=document)])
    search.reindex([edition.pk])
    return document


@pytest.mark.parametrize("is_urgent", [False, True])
def test_a_file_answers_410_and_its_other_file_does_not(
    policy: Document,
    people: People,
    citizen: Client,
    *,
    is_urgent: bool,
    django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks,
) -> None:
    seal = propose_seal(
        request=SealRequest(policy, SealKind.DOCUMENT),
        ground="personal",
        reason="申し出",
        actor=people[0],
        is_urgent=is_urgent,
    )
    assert status(citizen, "/documents/first.pdf") == (410 if is_urgent else 200)
    assert len(hits(citizen)) == (0 if is_urgent else 1)
    with django_capture_on_commit_callbacks(execute=True):
        confirm_seal(seal=seal, actor=people[1])
    response = citizen.get("/documents/first.pdf")
    assert response.status_code == 410
    assert GROUND in response.content.decode()
    assert status(citizen, "/documents/first.pdf?at=2013-06-01") == 200
    assert not default_storage.exists("documents/second.pdf")
    assert hits(citizen) == []
    assert SECRET not in page_texts(citizen)
    assert problems() == []
    earlier = EarlierFile.objects.get()
    seal = propose_seal(
        request=SealRequest(earlier, SealKind.EARLIER_FILE),
        ground="law",
        reason="同じ",
        actor=people[0],
    )
    with django_capture_on_commit_callbacks(execute=True):
        confirm_seal(seal=seal, actor=people[1])
    assert status(citizen, "/documents/first.pdf?at=2013-06-01") == 410
    assert list(default_storage.listdir("documents")[1]) == []
    assert EarlierFile.objects.get().name == ""


@pytest.fixture
def picture(site: Site, media: Path) -> Image:
    """A picture that the bureau shows."""
    for name in ("a.png", "a.png.320.webp"):
        default_storage.save(f"images/{name}", ContentFile(b"x"))
    image = Image.objects.create(
        file="images/a.png", name=SECRET, width=9, height=9, byte_size=1, renditions="320.webp"
    )
    edition = Edition.objects.get(page=site.bureau)
    Figure.objects.bulk_create([Figure(edition=edition, image=image, alt=SECRET)])
    return image


def test_a_picture_goes_with_its_record_and_every_figure(
    site: Site,
    picture: Image,
    people: People,
    citizen: Client,
    django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks,
) -> None:
    seal = propose_seal(
        request=SealRequest(picture, SealKind.IMAGE),
        ground="rights",
        reason="申し出",
        actor=people[0],
        is_urgent=True,
    )
    assert status(citizen, "/media/images/a.png.320.webp") == 410
    assert SECRET not in page_texts(citizen)
    with django_capture_on_commit_callbacks(execute=True):
        confirm_seal(seal=seal, actor=people[1])
    for name in ("a.png", "a.png.320.webp"):
        assert status(citizen, f"/media/images/{name}") == 410
        assert not default_storage.exists(f"images/{name}")
    assert "この画像は、" in page_texts(citizen)
    assert not Image.objects.exists()
    assert problems() == []
