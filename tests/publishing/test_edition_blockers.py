"""What the editorial actions refuse, and how they say it."""

from datetime import date, timedelta

import pytest
from django.contrib.auth.models import User
from django.db import transaction
from django.utils import timezone

from bureaus.integrity import problems
from bureaus.models import (
    Action,
    Answer,
    AuditEntry,
    Contact,
    Edition,
    Figure,
    Image,
    Kind,
    Link,
    Part,
    Role,
)
from bureaus.publishing import (
    Blocked,
    add,
    approve,
    cancel_booking,
    discard,
    edit,
    return_,
    start_draft,
    submit,
)
from tests.helpers import cast
from tests.helpers.blockers import blockers_of
from tests.helpers.cast import Site
from tests.helpers.editing import TOMORROW, codes, drafted, refused, submitted
from tests.helpers.reader import GUIDE

pytestmark = pytest.mark.django_db


def test_only_one_draft_a_page_is_open(site: Site, writer: User) -> None:
    drafted(site.bureau, writer)
    with pytest.raises(Blocked) as caught:
        start_draft(page=site.bureau, actor=writer)
    assert refused(caught) == {"open_edition"}


def test_the_second_of_two_who_save_is_refused_and_loses_nothing(site: Site, writer: User) -> None:
    draft = start_draft(page=site.bureau, actor=writer)
    edit(edition=draft, actor=writer, changes={"lead": "先"}, revision=draft.revision)
    with pytest.raises(Blocked) as caught:
        edit(edition=draft, actor=writer, changes={"lead": "後"}, revision=draft.revision)
    assert refused(caught) == {"stale"}
    assert Edition.objects.get(pk=draft.pk).lead == "先"


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"title": "  "}, "title"),
        ({"change_note": ""}, "change_note"),
        ({"answer": Answer.MOVED}, "moved_to"),
    ],
)
def test_what_is_incomplete_is_not_submitted(
    site: Site, writer: User, changes: dict[str, object], code: str
) -> None:
    draft = drafted(site.bureau, writer, **changes)
    assert codes(Action.SUBMIT, edition=draft, actor=writer) == {code}


def test_what_a_template_leaves_to_be_written_blocks_in_every_text(
    site: Site, writer: User
) -> None:
    left = "〔記入：日時〕"
    draft = drafted(site.bureau, writer, body="<p>〔記入：<strong>日時</strong>〕</p>", note=left)
    image = Image.objects.create(file="images/a.png", name="a", width=9, height=9, byte_size=1)
    Figure.objects.create(edition=draft, image=image, alt=left, caption=left)
    Link.objects.create(edition=draft, text=left, page=site.guide)
    Contact.objects.create(edition=draft, name=left, phone=left)
    Edition.objects.filter(pk=draft.pk).update(change_note=left)
    found = blockers_of(Action.SUBMIT, edition=Edition.objects.get(pk=draft.pk), actor=writer)
    fields = {each.field for each in found if each.code == "placeholder"}
    assert fields == {
        *("body", "note", "change_note", "figures-1-alt", "figures-1-caption"),
        *("links-1-text", "contacts-1-name", "contacts-1-phone"),
    }


def test_a_page_without_words_is_not_submitted(site: Site, writer: User) -> None:
    page = add(parent=site.bureau, kind=Kind.PAGE, slug="memo", title="メモ", actor=writer)
    assert codes(Action.SUBMIT, edition=Edition.objects.get(page=page), actor=writer) == {"empty"}


def test_news_that_was_public_is_not_submitted_without_its_date(site: Site, writer: User) -> None:
    draft = drafted(site.news[0], writer, title="会議", issued_on=None)
    assert codes(Action.SUBMIT, edition=draft, actor=writer) == {"issued_on"}
    edit(
        edition=draft,
        actor=writer,
        changes={"issued_on": date(2014, 1, 1)},
        revision=draft.revision,
    )
    submit(edition=draft, actor=writer)


def test_a_picture_without_words_is_not_submitted(site: Site, writer: User) -> None:
    picture = Image.objects.create(file="images/a.png", width=1, height=1, byte_size=1)
    draft = drafted(site.bureau, writer)
    figures: dict[type[Part], list[Part]] = {Figure: [Figure(image=picture)]}
    draft = edit(edition=draft, actor=writer, changes={}, revision=draft.revision, parts=figures)
    assert codes(Action.SUBMIT, edition=draft, actor=writer) == {"picture-alt"}


def test_a_minor_change_needs_no_note(site: Site, writer: User) -> None:
    submitted(site.bureau, writer, change_note="", is_minor=True)


def test_nobody_approves_what_they_wrote(site: Site, second_approver: User) -> None:
    edition = submitted(site.bureau, second_approver)
    assert codes(Action.APPROVE, editions=[edition], actor=second_approver) == {"own_text"}


def test_not_even_a_superuser(site: Site, operator: User) -> None:
    edition = submitted(site.bureau, operator)
    assert codes(Action.APPROVE, editions=[edition], actor=operator) == {"own_text"}


def test_a_draft_of_an_older_text_is_not_approved(site: Site, writer: User, approver: User) -> None:
    edition = submitted(site.bureau, writer)
    cast.approve(site.bureau, "急ぎの版", live_from=cast.tokyo(2014))
    assert codes(Action.APPROVE, editions=[edition], actor=approver) == {"outdated"}


def test_nothing_starts_in_the_past(site: Site, writer: User, approver: User) -> None:
    edition = submitted(site.bureau, writer)
    past = timezone.now() - timedelta(seconds=1)
    assert codes(Action.APPROVE, editions=[edition], at=past, actor=approver) == {"past"}


def test_nothing_starts_before_a_booking_that_it_follows(
    site: Site, writer: User, approver: User
) -> None:
    later = timezone.now() + 2 * TOMORROW
    approve(editions=[submitted(site.bureau, writer)], actor=approver, at=later)
    following = submitted(site.bureau, writer)
    earlier = timezone.now() + TOMORROW
    assert codes(Action.APPROVE, editions=[following], at=earlier, actor=approver) == {"order"}


def test_a_page_is_not_public_before_its_parent(site: Site, writer: User, approver: User) -> None:
    parent = add(parent=site.bureau, kind=Kind.PAGE, slug="oya", title="親", actor=writer)
    child = add(parent=parent, kind=Kind.PAGE, slug="ko", title="子", actor=writer)
    editions = []
    for page in (parent, child):
        draft = Edition.objects.get(page=page)
        edit(edition=draft, actor=writer, changes={"lead": "要旨"}, revision=draft.revision)
        editions.append(submit(edition=draft, actor=writer))
    assert codes(Action.APPROVE, editions=editions[1:], actor=approver) == {"parent_unreadable"}
    approve(editions=editions, actor=approver, at=timezone.now() + TOMORROW)
    assert problems() == []


@pytest.mark.parametrize("answer", [Answer.GONE, Answer.MOVED])
def test_a_page_does_not_disappear_from_under_public_pages(
    site: Site, writer: User, approver: User, answer: Answer
) -> None:
    target = site.guide if answer == Answer.MOVED else None
    edition = submitted(site.bureau, writer, answer=answer, moved_to=target)
    assert codes(Action.APPROVE, editions=[edition], actor=approver) == {"children"}


def test_a_branch_can_be_taken_down_at_one_moment(site: Site, writer: User, approver: User) -> None:
    pages = [*site.sections, *site.news, site.bureau]
    editions = [submitted(page, writer, title="終了", answer=Answer.GONE) for page in pages]
    approve(editions=editions, actor=approver, at=timezone.now() + TOMORROW)
    assert problems() == []


def test_a_link_leads_to_what_is_public_by_then(site: Site, writer: User, approver: User) -> None:
    secret = add(parent=site.bureau, kind=Kind.PAGE, slug="memo", title="メモ", actor=writer)
    draft = drafted(site.bureau, writer)
    links: dict[type[Part], list[Part]] = {Link: [Link(text="メモ", page=secret)]}
    draft = edit(edition=draft, actor=writer, changes={}, revision=draft.revision, parts=links)
    edition = submit(edition=draft, actor=writer)
    assert codes(Action.APPROVE, editions=[edition], actor=approver) == {"link"}


def test_a_return_says_why(site: Site, writer: User, approver: User) -> None:
    edition = submitted(site.bureau, writer)
    assert codes(Action.RETURN, edition=edition, actor=approver) == {"comment"}


def test_a_booking_in_force_is_not_cancelled(site: Site, writer: User, approver: User) -> None:
    [edition] = approve(editions=[submitted(site.bureau, writer)], actor=approver)
    assert codes(Action.CANCEL_BOOKING, edition=edition, actor=approver) == {"started"}


def test_a_booking_on_which_another_stands_is_not_cancelled(
    site: Site, writer: User, approver: User
) -> None:
    parent = add(parent=site.bureau, kind=Kind.PAGE, slug="oya", title="親", actor=writer)
    child = add(parent=parent, kind=Kind.PAGE, slug="ko", title="子", actor=writer)
    for days, page in enumerate((parent, child), 1):
        draft = Edition.objects.get(page=page)
        edit(edition=draft, actor=writer, changes={"lead": "要旨"}, revision=draft.revision)
        approve(
            editions=[submit(edition=draft, actor=writer)],
            actor=approver,
            at=timezone.now() + days * TOMORROW,
        )
    booked = Edition.objects.get(page=parent)
    assert codes(Action.CANCEL_BOOKING, edition=booked, actor=approver) == {"children"}


def test_what_was_once_approved_is_not_discarded(site: Site, writer: User, approver: User) -> None:
    booked = submitted(site.bureau, writer)
    approve(editions=[booked], actor=approver, at=timezone.now() + TOMORROW)
    [draft] = cancel_booking(edition=booked, actor=approver)
    assert codes(Action.DISCARD, edition=draft, actor=writer) == {"was_approved"}


def test_another_writers_draft_is_not_discarded(
    site: Site, writer: User, second_approver: User, approver: User
) -> None:
    draft = drafted(site.bureau, second_approver)
    assert codes(Action.DISCARD, edition=draft, actor=writer) == {"author"}
    discard(edition=draft, actor=approver)


def test_all_reasons_are_named_at_once(site: Site, writer: User, outsider: User) -> None:
    draft = drafted(site.bureau, writer, title="", change_note="")
    assert codes(Action.APPROVE, editions=[draft], actor=outsider) == {
        "role",
        "state",
        "title",
        "change_note",
    }


def test_what_is_refused_changes_nothing(site: Site, writer: User, outsider: User) -> None:
    draft = drafted(site.bureau, writer)
    before = (Edition.objects.filter(pk=draft.pk).values().get(), AuditEntry.objects.count())
    for action, extra in ((submit, {}), (discard, {}), (return_, {"comment": "x"})):
        with pytest.raises(Blocked), transaction.atomic():
            action(edition=draft, actor=outsider, **extra)
    after = (Edition.objects.filter(pk=draft.pk).values().get(), AuditEntry.objects.count())
    assert after == before


def test_every_reason_is_a_japanese_sentence_that_says_what_to_do(
    site: Site, writer: User, outsider: User
) -> None:
    draft = drafted(site.bureau, writer, title="")
    for action in (Action.SUBMIT, Action.RETURN, Action.DISCARD, Action.EDIT, Action.CONFIRM):
        for blocker in blockers_of(action, edition=draft, actor=outsider):
            assert blocker.sentence.endswith("。")
            assert "ください" in blocker.sentence or "だけです" in blocker.sentence, blocker


def test_guides_are_not_the_bureaus_to_write(site: Site, writer: User) -> None:
    assert site.guide.url_path == GUIDE
    assert codes(Action.START_DRAFT, page=site.guide, actor=writer) == {"role"}


def test_a_page_that_somebody_keeps_or_leads_to_is_not_taken_away(
    site: Site, writer: User, approver: User
) -> None:
    page = add(parent=site.bureau, kind=Kind.PAGE, slug="memo", title="メモ", actor=writer)
    cast.officer("林", {page: [Role.WRITER]})
    drafted(site.bureau, writer, answer=Answer.MOVED, moved_to=page)
    edition = Edition.objects.get(page=page)
    assert codes(Action.DISCARD, edition=edition, actor=writer) == {"linked", "has_roles"}
