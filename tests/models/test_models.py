"""What the database itself refuses, and what the models keep."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.db import DatabaseError, IntegrityError, transaction
from django.db.models import F, Model

from bureaus.integrity import problems
from bureaus.models import (
    PARTS,
    Action,
    Answer,
    ApprovedEditionIsFinal,
    AuditEntriesAreFinal,
    AuditEntry,
    Contact,
    Edition,
    Image,
    Kind,
    Link,
    NewsItem,
    Organisation,
    Page,
    Placement,
    PolicySection,
    State,
)
from bureaus.models.placements import branch_end, parent_of
from bureaus.publishing import add, move, update_live_until
from tests.helpers.cast import OPENING, Site, approve, branch_of, publish, tokyo


def refused(name: str, change: Callable[[], object]) -> None:
    """The constraint of this name stops `change` (SQLite names a unique one by its columns)."""
    with pytest.raises(IntegrityError) as error, transaction.atomic():
        change()
    assert name in str(error.value) or "UNIQUE" in str(error.value)


def placements(site: Site) -> Any:
    return Placement.objects.filter(page=site.bureau)


@pytest.mark.parametrize(
    ("name", "values"),
    [
        ("placement_kind_is_known", {"kind": "blog"}),
        ("placement_depth_is_of_its_path", {"depth": 7}),
        ("placement_ends_not_before_its_start", {"live_until": tokyo(1999)}),
        ("placement_address_ends_with_its_slug", {"slug": "other"}),
        ("placement_address_ends_with_its_slug", {"url_path": "/joho_kokusai"}),
        ("placement_address_ends_with_its_slug", {"slug": "", "url_path": "/"}),
        ("url_path", {"url_path": "/main_sosiki/joho_kokusai/ict_seisaku/"}),
    ],
)
def test_a_placement_that_makes_no_sense_is_refused(
    site: Site, name: str, values: dict[str, object]
) -> None:
    if name == "url_path":
        values = {**values, "slug": "ict_seisaku"}
    refused(name, lambda: placements(site).update(**values))


@pytest.mark.parametrize(
    ("name", "values"),
    [
        ("edition_state_is_known", {"state": "published", "live_from": None}),
        ("edition_answer_is_known", {"answer": "teapot"}),
        ("edition_starts_when_approved", {"live_from": None}),
        ("edition_starts_when_approved", {"state": "draft"}),
        ("edition_ends_after_its_start", {"live_until": OPENING}),
        ("edition_ends_after_its_start", {"live_until": OPENING - timedelta(days=1)}),
        ("edition_approved_is_complete", {"title": ""}),
        ("edition_approved_is_complete", {"answer": "moved"}),
        ("edition_moves_elsewhere", {"answer": "moved", "moved_to": F("page")}),
        ("edition_approved_is_complete", {"issued_on": None}),
    ],
)
def test_an_edition_row_that_makes_no_sense_is_refused(
    site: Site, name: str, values: dict[str, object]
) -> None:
    editions = Edition.objects.filter(page=site.news[0])
    refused(name, lambda: editions.update(**values))


def test_a_page_has_one_open_edition_and_each_number_once(site: Site) -> None:
    page = site.guide
    Edition(page=page, number=2, category="general").save()
    refused("edition_one_open", Edition(page=page, number=3, category="general").save)
    refused(
        "edition_number_once",
        Edition(
            page=page,
            number=1,
            category="general",
            title="x",
            state=State.APPROVED,
            live_from=tokyo(2020),
        ).save,
    )


def test_two_editions_cannot_start_at_one_moment(site: Site) -> None:
    refused("edition_one_start", lambda: approve(site.guide, "同時", live_from=OPENING))


def test_a_link_has_exactly_one_target(site: Site) -> None:
    draft = Edition.objects.create(page=site.guide, number=2, category="general")
    refused("link_has_one_target", Link(edition=draft, text="なし").save)
    both = Link(edition=draft, text="二つ", page=site.root, url="https://example.go.jp/")
    refused("link_has_one_target", both.save)


def test_each_position_of_a_part_is_used_once(site: Site) -> None:
    draft = Edition.objects.create(page=site.guide, number=2, category="general")
    Contact(edition=draft, position=1, name="課").save()
    refused("contact_position_once", Contact(edition=draft, position=1, name="室").save)


def test_an_image_has_a_size(db: None) -> None:
    refused("image_has_a_size", Image(file="images/x.png", width=0, height=9, byte_size=1).save)


def test_intervals_meet_after_each_new_edition(site: Site) -> None:
    third = approve(site.guide, "第三", live_from=tokyo(2015))
    second = approve(site.guide, "第二", live_from=tokyo(2014))  # booked in between, later

    first = Edition.objects.get(page=site.guide, number=1)
    second.refresh_from_db()
    third.refresh_from_db()
    assert [first.live_until, second.live_until, third.live_until] == [
        second.live_from,
        third.live_from,
        None,
    ]


def test_updating_the_ends_twice_changes_nothing_the_second_time(site: Site) -> None:
    approve(site.guide, "第二", live_from=tokyo(2014))
    assert update_live_until([site.guide.pk]) == 0


def test_the_content_of_an_approved_edition_never_changes(site: Site) -> None:
    edition = Edition.objects.get(page=site.guide)
    edition.title = "別のこと"
    with pytest.raises(ApprovedEditionIsFinal, match="新しい版"):
        edition.save()
    with pytest.raises(ApprovedEditionIsFinal):
        Contact(edition=Edition.objects.get(page=site.guide), name="課").save()


def test_a_draft_opened_before_its_approval_cannot_be_saved_after_it(site: Site) -> None:
    draft = Edition.objects.create(page=site.guide, number=2, category="general", title="案")
    stale = Edition.objects.get(pk=draft.pk)
    Edition.objects.filter(pk=draft.pk).update(state=State.APPROVED, live_from=tokyo(2014))

    stale.title = "承認のあとの書き換え"
    with pytest.raises(ApprovedEditionIsFinal, match="新しい版"):
        stale.save()

    assert Edition.objects.get(pk=draft.pk).title == "案"


def test_a_draft_read_before_a_move_can_be_saved_after_it(site: Site) -> None:
    other = publish(site.guide, "toukei", "統計局", kind=Kind.ORGANISATION)
    page = add(parent=site.bureau, kind=Kind.NEWS_ITEM, slug="n1", title="報道", actor=None)
    stale = Edition.objects.get(page=page)
    move(page=page, to=other, actor=None)

    stale.title = "直した表題"
    stale.save()

    stored = Edition.objects.get(page=page)
    assert (stored.title, parent_of(stored.page)) == ("直した表題", other)
    assert problems() == []


def test_a_discarded_draft_does_not_come_back(site: Site) -> None:
    Edition.objects.create(page=site.guide, number=2, category="general")
    stale = Edition.objects.get(page=site.guide, number=2)
    Edition.objects.get(page=site.guide, number=2).delete()
    with pytest.raises(DatabaseError), transaction.atomic():
        stale.save()
    assert not Edition.objects.filter(page=site.guide, number=2).exists()


def test_a_part_of_an_approved_edition_cannot_be_taken_away(site: Site) -> None:
    edition = Edition.objects.get(page=site.guide)
    Contact.objects.bulk_create([Contact(edition=edition, name="課")])
    contact = Contact.objects.get()
    contact.edition = Edition.objects.create(page=site.guide, number=2, category="general")
    with pytest.raises(ApprovedEditionIsFinal):
        contact.save()


def test_what_was_approved_is_never_deleted(site: Site) -> None:
    edition = Edition.objects.get(page=site.guide)
    Contact.objects.bulk_create([Contact(edition=edition, name="課")])
    contact = Contact.objects.get()
    for delete in (
        edition.delete,
        contact.delete,
        Edition.objects.filter(page=site.guide).delete,
        Contact.objects.all().delete,
    ):
        with pytest.raises(ApprovedEditionIsFinal):
            delete()
    assert Edition.objects.filter(page=site.guide).exists()
    assert Contact.objects.exists()


def test_a_draft_can_be_discarded_with_its_parts(site: Site) -> None:
    draft = Edition.objects.create(page=site.guide, number=2, category="general")
    Contact(edition=draft, name="課").save()
    draft.delete()
    assert not Contact.objects.exists()


def test_a_new_page_with_the_key_of_a_stored_one_is_refused(site: Site) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        Page(pk=site.bureau.pk, key="/x/").save()
    assert Page.objects.get(pk=site.bureau.pk).key == site.bureau.key


def test_a_body_is_sanitised_when_saved(site: Site) -> None:
    draft = Edition(
        page=site.guide, number=2, category="general", body="<p onclick='x()'>文<script>1</script>"
    )
    draft.save()
    assert Edition.objects.get(pk=draft.pk).body == "<p>文</p>"


def test_audit_entries_are_append_only(site: Site) -> None:
    event = AuditEntry(action=Action.ADD, address="/x/")
    event.save()
    for change in (event.save, event.delete, AuditEntry.objects.all().delete):
        with pytest.raises(AuditEntriesAreFinal):
            change()
    with pytest.raises(AuditEntriesAreFinal):
        AuditEntry.objects.update(note="なかったことに")


def test_each_proxy_sees_its_own_kind(site: Site) -> None:
    assert set(Organisation.objects.values_list("key", flat=True)) == {
        "/",
        "/main_sosiki/joho_kokusai/",
    }
    assert PolicySection.objects.count() == 2
    assert NewsItem.objects.count() == 2


def test_a_page_with_editions_cannot_be_deleted(site: Site) -> None:
    with pytest.raises(Exception, match="protected"):
        Page.objects.filter(pk=site.news[0].pk).delete()


def test_branches_are_ranges_also_at_the_last_path_of_a_level(site: Site) -> None:
    assert branch_end("00010009") == "0001000A"
    assert branch_end("0001ZZZZ") == "00020000"
    branch = branch_of(site.bureau)
    assert {page.url_path for page in branch} == {
        page.url_path for page in Page.objects.all() if "joho_kokusai" in page.url_path
    }


def test_the_labels_of_the_models_are_japanese(site: Site) -> None:
    models: list[type[Model]] = [Page, Edition, *PARTS]
    for model in models:
        assert not str(model._meta.verbose_name).isascii()
    assert str(Edition.objects.get(page=site.guide)) == "組織案内 第1版"
    assert [Kind.PAGE.label, Answer.GONE.label] == ["一般のページ", "削除"]
