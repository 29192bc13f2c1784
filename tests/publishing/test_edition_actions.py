"""From a draft to the public and back: what each editorial action does, and what it costs."""

from collections.abc import Callable
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from bureaus.integrity import problems
from bureaus.models import Action, AuditEntry, Contact, Edition, Kind, Link, Page, State
from bureaus.publishing import (
    Blocked,
    add,
    approve,
    approve_urgently,
    cancel_booking,
    confirm,
    discard,
    edit,
    return_,
    start_draft,
    submit,
)
from tests.helpers import cast
from tests.helpers.cast import Site
from tests.helpers.editing import DATA, TOMORROW, actions_of, codes, drafted, submitted
from tests.helpers.reader import BUREAU, read, texts

pytestmark = pytest.mark.django_db


# The way of an edition


def test_a_draft_begins_with_what_the_page_says_now(site: Site, writer: User) -> None:
    now = cast.approve(site.bureau, "局", live_from=cast.tokyo(2014), body="<p>本文</p>")
    Contact(edition=now, name="総務課", position=1).save_base(raw=True, force_insert=True)
    draft = start_draft(page=site.bureau, actor=writer)
    assert (draft.number, draft.based_on, draft.state) == (3, 2, State.DRAFT)
    assert (draft.title, draft.body, draft.change_note) == ("局", "<p>本文</p>", "")
    assert [contact.name for contact in Contact.objects.filter(edition=draft)] == ["総務課"]


def test_a_draft_can_begin_with_any_older_edition(site: Site, writer: User) -> None:
    first = Edition.objects.get(page=site.bureau)
    cast.approve(site.bureau, "新しい名前", live_from=cast.tokyo(2014))
    draft = start_draft(page=site.bureau, actor=writer, source=first)
    assert (draft.title, draft.based_on) == ("情報通信国際戦略局", 2)


def test_nobody_sees_a_draft_or_what_waits_for_approval(
    site: Site, writer: User, citizen: Client
) -> None:
    submitted(site.bureau, writer, lead="まだ見えない要旨")
    assert "まだ見えない要旨" not in citizen.get(BUREAU).content.decode()


def test_what_is_approved_now_is_public_now(
    site: Site, writer: User, approver: User, citizen: Client
) -> None:
    edition = submitted(site.bureau, writer)
    approve(editions=[edition], actor=approver)
    assert texts(read(citizen, BUREAU), "//p[@class='lead']") == ["新しい要旨。"]
    assert actions_of(edition) == [Action.START_DRAFT, Action.EDIT, Action.SUBMIT, Action.APPROVE]
    assert problems() == []


def test_what_is_booked_is_public_then_and_the_old_text_until_then(
    site: Site, writer: User, approver: User
) -> None:
    start = timezone.now() + TOMORROW
    [booked] = approve(editions=[submitted(site.bureau, writer)], actor=approver, at=start)
    old = Edition.objects.get(page=site.bureau, number=1)
    assert (booked.live_from, old.live_until) == (start, start)
    in_force = Edition.objects.filter(page=site.bureau).in_force
    assert in_force(timezone.now()).get() == old
    assert in_force(start).get() == booked


def test_several_editions_start_together_or_not_at_all(
    site: Site, writer: User, approver: User
) -> None:
    good = submitted(site.bureau, writer)
    bad = submitted(site.sections[0], writer, title="政策")
    Edition.objects.filter(pk=bad.pk).update(state=State.DRAFT)
    start = timezone.now() + TOMORROW
    with pytest.raises(Blocked):
        approve(editions=[good, bad], actor=approver, at=start)
    assert Edition.objects.get(pk=good.pk).state == State.REVIEW
    Edition.objects.filter(pk=bad.pk).update(state=State.REVIEW)
    together = approve(editions=[good, bad], actor=approver, at=start)
    assert {edition.live_from for edition in together} == {start}
    assert len({edition.release for edition in together}) == 1
    assert together[0].release


def test_a_release_is_cancelled_as_a_whole(site: Site, writer: User, approver: User) -> None:
    first, second = submitted(site.bureau, writer), submitted(site.sections[0], writer)
    start = timezone.now() + TOMORROW
    approve(editions=[first, second], actor=approver, at=start)
    cancelled = cancel_booking(edition=second, actor=approver, note="延期")
    assert {edition.state for edition in cancelled} == {State.DRAFT}
    assert Edition.objects.get(page=site.bureau, number=1).live_until is None
    assert problems() == []


def test_what_is_returned_can_be_written_again(site: Site, writer: User, approver: User) -> None:
    edition = submitted(site.bureau, writer)
    returned = return_(edition=edition, actor=approver, comment="年を書いてください。")
    assert returned.state == State.DRAFT
    assert AuditEntry.objects.filter(action=Action.RETURN).get().note == "年を書いてください。"
    edit(edition=returned, actor=writer, changes={"lead": "2013年"}, revision=returned.revision)


def test_the_submitter_recalls_it_without_a_comment(site: Site, writer: User) -> None:
    assert return_(edition=submitted(site.bureau, writer), actor=writer).state == State.DRAFT


def test_an_inactive_submitter_recalls_nothing(site: Site, writer: User) -> None:
    edition = submitted(site.bureau, writer)
    writer.is_active = False
    writer.save()
    assert codes(Action.RETURN, edition=edition, actor=writer) == {"role", "comment"}


def test_an_edition_that_is_named_twice_is_approved_once(
    site: Site, writer: User, approver: User
) -> None:
    edition = submitted(site.bureau, writer)
    (approved,) = approve(editions=[edition, edition], actor=approver)
    assert approved.release == ""
    assert AuditEntry.objects.filter(action=Action.APPROVE).count() == 1


def test_an_incomplete_draft_is_saved(site: Site, writer: User) -> None:
    draft = drafted(site.bureau, writer, title="", lead="", body="")
    assert Edition.objects.get(pk=draft.pk).title == ""


def test_parts_are_saved_in_their_order(site: Site, writer: User) -> None:
    draft = start_draft(page=site.bureau, actor=writer)
    links = [Link(text=text, url="https://example.go.jp/") for text in ("一", "二", "三")]
    saved = edit(
        edition=draft, actor=writer, changes={}, revision=draft.revision, parts={Link: links}
    )
    edit(
        edition=saved,
        actor=writer,
        changes={},
        revision=saved.revision,
        parts={Link: reversed(links)},
    )
    assert [link.text for link in Link.objects.filter(edition=draft)] == ["三", "二", "一"]


def test_a_discarded_draft_leaves_the_page_as_it_is(
    site: Site, writer: User, citizen: Client
) -> None:
    discard(edition=drafted(site.bureau, writer), actor=writer)
    assert Edition.objects.filter(page=site.bureau).count() == 1
    assert citizen.get(BUREAU).status_code == 200
    assert AuditEntry.objects.filter(action=Action.DISCARD, page=site.bureau).exists()


def test_a_page_that_was_never_public_goes_with_its_draft(site: Site, writer: User) -> None:
    page = add(parent=site.bureau, kind=Kind.PAGE, slug="memo", title="メモ", actor=writer)
    discard(edition=Edition.objects.get(page=page), actor=writer)
    assert not Page.objects.filter(pk=page.pk).exists()
    event = AuditEntry.objects.get(action=Action.DISCARD)
    assert (event.address, event.details["title"]) == (f"{BUREAU}memo/", "メモ")
    assert problems() == []


def test_an_urgent_approval_waits_for_a_second_approver(
    site: Site, approver: User, second_approver: User
) -> None:
    draft = drafted(site.bureau, second_approver)
    approve_urgently(edition=draft, actor=second_approver, reason="災害の情報のため")
    assert codes(Action.CONFIRM, edition=draft, actor=second_approver) == {"own_text"}
    confirm(edition=draft, actor=approver)
    assert codes(Action.CONFIRM, edition=draft, actor=approver) == {"not_urgent"}


# What it costs


def test_an_action_costs_few_statements(
    site: Site, writer: User, approver: User, second_approver: User
) -> None:
    costs: dict[str, int] = {}

    def counted(name: str, work: Callable[[], Any]) -> Any:
        with CaptureQueriesContext(connection) as queries:
            result = work()
        costs[name] = len([1 for query in queries if "SAVEPOINT" not in query["sql"]])
        return result

    page = site.bureau
    draft = counted("start_draft", lambda: start_draft(page=page, actor=writer))
    draft = counted(
        "edit",
        lambda: edit(edition=draft, actor=writer, changes=DATA, revision=draft.revision),
    )
    counted("submit", lambda: submit(edition=draft, actor=writer))
    counted("return_", lambda: return_(edition=draft, actor=approver, comment="年を"))
    submit(edition=draft, actor=writer)
    start = timezone.now() + TOMORROW
    counted("approve", lambda: approve(editions=[draft], actor=approver, at=start))
    counted("cancel_booking", lambda: cancel_booking(edition=draft, actor=approver))
    counted(
        "approve_urgently",
        lambda: approve_urgently(edition=draft, actor=approver, reason="災害"),
    )
    counted("confirm", lambda: confirm(edition=draft, actor=second_approver))
    other = drafted(page, writer)
    counted("discard", lambda: discard(edition=other, actor=writer))
    # Two of them write the notices to officers.
    assert {name: cost for name, cost in costs.items() if not 3 <= cost <= 25} == {}
