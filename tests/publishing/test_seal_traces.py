"""What a seal overwrites in unsaved input, audit entries and reasons, and what it leaves alone."""

from pathlib import Path

import pytest
from django.contrib.auth.models import User
from django.test import Client
from django.utils import timezone

from bureaus.admin.review.seal_choices import field_choices
from bureaus.integrity import problems
from bureaus.models import Action, AuditEntry, Autosave, Edition, Figure, Image, Seal, SealKind
from bureaus.publishing import Blocked, SealRequest, confirm_seal, propose_seal
from bureaus.publishing.blockers.seals import Subject
from bureaus.text.tombstones import is_tombstone, sealed_sentence
from tests.helpers.cast import Site, approve, tokyo
from tests.helpers.editing import codes, drafted, refused
from tests.helpers.reader import BUREAU

pytestmark = pytest.mark.django_db
SECRET = "総務花子"
BOOKED = "2026-04-01T00:00:00+09:00"


@pytest.fixture
def edition(site: Site) -> Edition:
    Edition.objects.filter(page=site.bureau).update(lead="2026", note=SECRET)
    return Edition.objects.get(page=site.bureau)


def proposed(subject: Subject, kind: SealKind, actor: User, field: str = "") -> Seal:
    request = SealRequest(subject, kind, field=field)
    return propose_seal(request=request, ground="law", reason=f"{SECRET}の件", actor=actor)


def test_details_that_the_screens_read_stay_and_an_open_form_is_closed(
    site: Site, edition: Edition, writer: User, approver: User, second_approver: User
) -> None:
    entry = AuditEntry(action=Action.APPROVE, page=site.bureau, address=BUREAU)
    entry.details = {"booked": BOOKED, "title": "2026年度"}
    entry.save()
    draft = drafted(site.bureau, writer)
    Autosave.objects.create(edition=draft, officer=writer, revision=1)
    seal = proposed(edition, SealKind.FIELD, approver, "lead")
    confirm_seal(seal=seal, actor=second_approver, note="2026を消去")
    details = AuditEntry.objects.get(pk=entry.pk).details
    assert details == {"booked": BOOKED, "title": "（公開を取りやめた文字）年度"}
    assert Autosave.objects.get().closed_at is not None
    assert "2026" not in AuditEntry.objects.get(action=Action.SEAL).note


def test_what_is_not_public_yet_or_gone_is_not_sealed(
    site: Site, edition: Edition, approver: User, second_approver: User
) -> None:
    booked = approve(site.bureau, "局", live_from=tokyo(2100))
    assert codes(Action.PROPOSE_SEAL, subject=booked, actor=approver) == {"state"}
    seal = proposed(edition, SealKind.FIELD, approver, "note")
    Edition.objects.filter(pk=edition.pk).update(note="")
    with pytest.raises(Blocked) as gone:
        confirm_seal(seal=seal, actor=second_approver)
    assert refused(gone) == {"nothing"}


def test_a_note_goes_whole_and_from_the_reasons_of_the_page(
    site: Site, edition: Edition, approver: User, second_approver: User
) -> None:
    other = proposed(edition, SealKind.FIELD, approver, "note")
    for note in ("秘", SECRET):
        entry = AuditEntry(action=Action.SUBMIT, page=site.bureau, address=BUREAU, note=note)
        entry.save()
        confirm_seal(seal=proposed(entry, SealKind.NOTE, approver), actor=second_approver)
        assert "このメモは、" in AuditEntry.objects.get(pk=entry.pk).note
    assert SECRET not in Seal.objects.get(pk=other.pk).reason


def test_the_credit_of_a_picture_is_no_secret(
    edition: Edition, writer: User, approver: User, second_approver: User, media: Path
) -> None:
    image = Image.objects.create(
        file="images/a.png", name="a.png", credit="総務省", width=9, height=9, byte_size=1
    )
    Figure.objects.bulk_create([Figure(edition=edition, image=image, alt="庁舎")])
    draft = drafted(edition.page, writer)
    typed = {"lead": "総務省の庁舎"}
    Autosave.objects.create(edition=draft, officer=writer, revision=1, content=typed)
    figure = proposed(edition, SealKind.FIGURE, approver, "figures-1")
    picture = proposed(image, SealKind.IMAGE, approver)
    confirm_seal(seal=figure, actor=second_approver)
    assert Autosave.objects.get().content == typed
    confirm_seal(seal=picture, actor=second_approver)
    assert Autosave.objects.get().content == typed


def test_a_passage_is_not_looked_for_in_tags(
    site: Site, edition: Edition, approver: User, second_approver: User
) -> None:
    body = '<ul><li><a href="https://example.go.jp/ul/">ul</a></li></ul>'
    Edition.objects.filter(pk=edition.pk).update(body=body)
    edition.refresh_from_db()
    request = SealRequest(edition, SealKind.PASSAGE, passage="ul")
    seal = propose_seal(request=request, ground="law", reason="法", actor=approver)
    assert seal.start == body.index("ul/")
    confirm_seal(seal=seal, actor=second_approver)
    body = Edition.objects.get(pk=edition.pk).body
    assert body.startswith('<ul><li><a href="')
    assert "/ul/" not in body
    assert ">（公開を取りやめた部分）</a></li></ul>" in body


def test_only_a_tombstone_counts_as_one() -> None:
    assert is_tombstone("担当は（公開を取りやめた部分）です。")
    assert is_tombstone(
        f"<p>{sealed_sentence('この画像', tokyo(2026), '総務省', '法令に基づき')}</p>"
    )
    assert not is_tombstone("資料の公開を取りやめたことのお知らせ")


def test_a_decorative_figure_of_a_sealed_edition_goes_from_the_draft(
    edition: Edition, writer: User, approver: User, second_approver: User
) -> None:
    image = Image.objects.create(file="images/a.png", name="a", width=9, height=9, byte_size=1)
    Figure.objects.bulk_create([Figure(edition=edition, image=image)])
    draft = drafted(edition.page, writer)
    Edition.objects.filter(pk=draft.pk).update(title="別", lead="別", note="")
    confirm_seal(seal=proposed(edition, SealKind.EDITION, approver), actor=second_approver)
    assert not Figure.objects.exists()


def test_a_seal_of_a_number_that_was_given_anew_is_of_another_edition(
    edition: Edition, approver: User, second_approver: User
) -> None:
    seal = proposed(edition, SealKind.FIELD, approver, "note")
    confirm_seal(seal=seal, actor=second_approver)
    begins = timezone.now()
    Edition.objects.filter(pk=edition.pk).update(live_from=begins, note="別のお知らせ")
    assert [each for each in problems() if "消去した内容" in each.sentence] == []
    edition.refresh_from_db()
    assert not proposed(edition, SealKind.FIELD, approver, "note").confirmed_at


def meeting(site: Site) -> Edition:
    period = {"event_start": tokyo(2015, 3, 1), "event_end": tokyo(2015, 3, 2)}
    content = {"category": "meeting", "event_place": f"{SECRET}宅", "issued_on": tokyo(2014).date()}
    return approve(site.news[0], "会議", live_from=tokyo(2014), **period, **content)


def test_the_place_of_an_event_is_withdrawn_and_its_period_stays(
    site: Site, approver: User, second_approver: User, citizen: Client
) -> None:
    edition = meeting(site)
    addresses = [f"{BUREAU}kaigi-3{rest}" for rest in ("/", ".json", ".ics", "/history/")]
    addresses += [f"/events{rest}?at=2015-03-01" for rest in ("/", ".json", ".ics")]
    before = [citizen.get(address).content.decode() for address in addresses]
    assert sum(SECRET in text for text in before) >= 3
    seal = proposed(edition, SealKind.FIELD, approver, "event_place")
    confirm_seal(seal=seal, actor=second_approver)
    sealed = Edition.objects.get(pk=edition.pk)
    assert (sealed.event_place, sealed.event_start) == (
        "（公開を取りやめた場所）",
        edition.event_start,
    )
    for address in addresses:
        assert SECRET not in citizen.get(address).content.decode(), address
    assert "このページの場所は、" in citizen.get(addresses[0]).content.decode()
    assert "event_place" not in [choice.value for choice in field_choices(sealed)]
    assert problems() == []


def test_with_a_whole_edition_its_event_goes(
    site: Site, approver: User, second_approver: User, citizen: Client
) -> None:
    edition = meeting(site)
    confirm_seal(seal=proposed(edition, SealKind.EDITION, approver), actor=second_approver)
    sealed = Edition.objects.get(pk=edition.pk)
    assert (sealed.event_place, sealed.event_start, sealed.event_end) == ("", None, None)
    assert citizen.get("/events.json?at=2015-03-01").json()["events"] == []
    assert problems() == []
