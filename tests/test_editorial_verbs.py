"""From a draft to the public and back: what each editorial verb does, and what it refuses."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.db import connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from bureaus.integrity import problems
from bureaus.models import (
    Answer,
    Contact,
    Edition,
    Event,
    Figure,
    Image,
    Kind,
    Link,
    Page,
    Part,
    State,
    Verb,
)
from bureaus.publishing import (
    Refused,
    add,
    approve,
    approve_urgently,
    cancel_booking,
    confirm,
    discard,
    edit,
    reasons_against,
    return_,
    start_draft,
    submit,
)
from tests import cast
from tests.cast import Site
from tests.reader import BUREAU, GUIDE, read, texts

pytestmark = pytest.mark.django_db
TOMORROW = timedelta(days=1)
DATA = {"title": "情報通信国際戦略局", "lead": "新しい要旨。", "change_note": "要旨を直しました。"}


def codes(verb: Verb, **subject: object) -> set[str]:
    return {reason.code for reason in reasons_against(verb, **subject)}


def refused(caught: pytest.ExceptionInfo[Refused]) -> set[str]:
    return {reason.code for reason in caught.value.reasons}


def drafted(page: Page, writer: User, **changes: object) -> Edition:
    draft = start_draft(page=page, actor=writer)
    return edit(edition=draft, actor=writer, changes={**DATA, **changes}, revision=draft.revision)


def submitted(page: Page, writer: User, **changes: object) -> Edition:
    return submit(edition=drafted(page, writer, **changes), actor=writer)


def verbs_of(edition: Edition) -> list[str]:
    return list(Event.objects.filter(edition=edition).order_by("pk").values_list("verb", flat=True))


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
    assert verbs_of(edition) == [Verb.START_DRAFT, Verb.EDIT, Verb.SUBMIT, Verb.APPROVE]
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
    with pytest.raises(Refused):
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
    assert Event.objects.filter(verb=Verb.RETURN).get().note == "年を書いてください。"
    edit(edition=returned, actor=writer, changes={"lead": "2013年"}, revision=returned.revision)


def test_who_submitted_it_can_take_it_back_without_a_word(site: Site, writer: User) -> None:
    assert return_(edition=submitted(site.bureau, writer), actor=writer).state == State.DRAFT


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
    assert Event.objects.filter(verb=Verb.DISCARD, page=site.bureau).exists()


def test_a_page_that_was_never_public_goes_with_its_draft(site: Site, writer: User) -> None:
    page = add(parent=site.bureau, kind=Kind.PAGE, slug="memo", title="メモ", actor=writer)
    discard(edition=Edition.objects.get(page=page), actor=writer)
    assert not Page.objects.filter(pk=page.pk).exists()
    event = Event.objects.get(verb=Verb.DISCARD)
    assert (event.address, event.details["title"]) == (f"{BUREAU}memo/", "メモ")
    assert problems() == []


def test_an_urgent_approval_waits_for_a_second_pair_of_eyes(
    site: Site, approver: User, second_approver: User
) -> None:
    draft = drafted(site.bureau, second_approver)
    approve_urgently(edition=draft, actor=second_approver, reason="災害の情報のため")
    assert codes(Verb.CONFIRM, edition=draft, actor=second_approver) == {"own_hand"}
    confirm(edition=draft, actor=approver)
    assert codes(Verb.CONFIRM, edition=draft, actor=approver) == {"not_urgent"}


# What is refused


def test_only_one_draft_a_page_is_open(site: Site, writer: User) -> None:
    drafted(site.bureau, writer)
    with pytest.raises(Refused) as caught:
        start_draft(page=site.bureau, actor=writer)
    assert refused(caught) == {"open"}


def test_the_second_of_two_who_save_is_refused_and_loses_nothing(site: Site, writer: User) -> None:
    draft = start_draft(page=site.bureau, actor=writer)
    edit(edition=draft, actor=writer, changes={"lead": "先"}, revision=draft.revision)
    with pytest.raises(Refused) as caught:
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
    assert codes(Verb.SUBMIT, edition=draft, actor=writer) == {code}


def test_a_page_without_words_is_not_submitted(site: Site, writer: User) -> None:
    page = add(parent=site.bureau, kind=Kind.PAGE, slug="memo", title="メモ", actor=writer)
    assert codes(Verb.SUBMIT, edition=Edition.objects.get(page=page), actor=writer) == {"empty"}


def test_news_without_its_date_is_not_submitted(site: Site, writer: User) -> None:
    page = add(parent=site.bureau, kind=Kind.NEWS_ITEM, slug="n", title="会議", actor=writer)
    draft = Edition.objects.get(page=page)
    draft = edit(edition=draft, actor=writer, changes={"lead": "要旨"}, revision=draft.revision)
    assert codes(Verb.SUBMIT, edition=draft, actor=writer) == {"issued_on"}
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
    assert codes(Verb.SUBMIT, edition=draft, actor=writer) == {"alt"}


def test_a_minor_change_needs_no_note(site: Site, writer: User) -> None:
    submitted(site.bureau, writer, change_note="", is_minor=True)


def test_nobody_approves_what_he_wrote(site: Site, second_approver: User) -> None:
    edition = submitted(site.bureau, second_approver)
    assert codes(Verb.APPROVE, editions=[edition], actor=second_approver) == {"own_hand"}


def test_not_even_a_superuser(site: Site, operator: User) -> None:
    edition = submitted(site.bureau, operator)
    assert codes(Verb.APPROVE, editions=[edition], actor=operator) == {"own_hand"}


def test_a_draft_of_an_older_text_is_not_approved(site: Site, writer: User, approver: User) -> None:
    edition = submitted(site.bureau, writer)
    cast.approve(site.bureau, "急ぎの版", live_from=cast.tokyo(2014))
    assert codes(Verb.APPROVE, editions=[edition], actor=approver) == {"outdated"}


def test_nothing_starts_in_the_past(site: Site, writer: User, approver: User) -> None:
    edition = submitted(site.bureau, writer)
    past = timezone.now() - timedelta(seconds=1)
    assert codes(Verb.APPROVE, editions=[edition], at=past, actor=approver) == {"past"}


def test_nothing_starts_before_a_booking_that_it_follows(
    site: Site, writer: User, approver: User
) -> None:
    later = timezone.now() + 2 * TOMORROW
    approve(editions=[submitted(site.bureau, writer)], actor=approver, at=later)
    following = submitted(site.bureau, writer)
    earlier = timezone.now() + TOMORROW
    assert codes(Verb.APPROVE, editions=[following], at=earlier, actor=approver) == {"order"}


def test_a_page_is_not_public_before_its_parent(site: Site, writer: User, approver: User) -> None:
    parent = add(parent=site.bureau, kind=Kind.PAGE, slug="oya", title="親", actor=writer)
    child = add(parent=parent, kind=Kind.PAGE, slug="ko", title="子", actor=writer)
    editions = []
    for page in (parent, child):
        draft = Edition.objects.get(page=page)
        edit(edition=draft, actor=writer, changes={"lead": "要旨"}, revision=draft.revision)
        editions.append(submit(edition=draft, actor=writer))
    assert codes(Verb.APPROVE, editions=editions[1:], actor=approver) == {"parent_unreadable"}
    approve(editions=editions, actor=approver, at=timezone.now() + TOMORROW)
    assert problems() == []


@pytest.mark.parametrize("answer", [Answer.GONE, Answer.MOVED])
def test_a_page_does_not_disappear_from_under_public_pages(
    site: Site, writer: User, approver: User, answer: Answer
) -> None:
    target = site.guide if answer == Answer.MOVED else None
    edition = submitted(site.bureau, writer, answer=answer, moved_to=target)
    assert codes(Verb.APPROVE, editions=[edition], actor=approver) == {"children"}


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
    assert codes(Verb.APPROVE, editions=[edition], actor=approver) == {"link"}


def test_a_return_says_why(site: Site, writer: User, approver: User) -> None:
    edition = submitted(site.bureau, writer)
    assert codes(Verb.RETURN, edition=edition, actor=approver) == {"comment"}


def test_a_booking_in_force_is_not_cancelled(site: Site, writer: User, approver: User) -> None:
    [edition] = approve(editions=[submitted(site.bureau, writer)], actor=approver)
    assert codes(Verb.CANCEL_BOOKING, edition=edition, actor=approver) == {"started"}


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
    assert codes(Verb.CANCEL_BOOKING, edition=booked, actor=approver) == {"children"}


def test_what_was_once_approved_is_not_discarded(site: Site, writer: User, approver: User) -> None:
    booked = submitted(site.bureau, writer)
    approve(editions=[booked], actor=approver, at=timezone.now() + TOMORROW)
    [draft] = cancel_booking(edition=booked, actor=approver)
    assert codes(Verb.DISCARD, edition=draft, actor=writer) == {"was_approved"}


def test_another_writers_draft_is_not_discarded(
    site: Site, writer: User, second_approver: User, approver: User
) -> None:
    draft = drafted(site.bureau, second_approver)
    assert codes(Verb.DISCARD, edition=draft, actor=writer) == {"author"}
    discard(edition=draft, actor=approver)


def test_all_reasons_are_named_at_once(site: Site, writer: User, outsider: User) -> None:
    draft = drafted(site.bureau, writer, title="", change_note="")
    assert codes(Verb.APPROVE, editions=[draft], actor=outsider) == {
        "role",
        "state",
        "title",
        "change_note",
    }


def test_what_is_refused_changes_nothing(site: Site, writer: User, outsider: User) -> None:
    draft = drafted(site.bureau, writer)
    before = (Edition.objects.filter(pk=draft.pk).values().get(), Event.objects.count())
    for verb, extra in ((submit, {}), (discard, {}), (return_, {"comment": "x"})):
        with pytest.raises(Refused), transaction.atomic():
            verb(edition=draft, actor=outsider, **extra)
    after = (Edition.objects.filter(pk=draft.pk).values().get(), Event.objects.count())
    assert after == before


def test_every_reason_is_a_japanese_sentence_that_says_what_to_do(
    site: Site, writer: User, outsider: User
) -> None:
    draft = drafted(site.bureau, writer, title="")
    for verb in (Verb.SUBMIT, Verb.RETURN, Verb.DISCARD, Verb.EDIT, Verb.CONFIRM):
        for reason in reasons_against(verb, edition=draft, actor=outsider):
            assert reason.sentence.endswith("。")
            assert "ください" in reason.sentence or "だけです" in reason.sentence, reason


def test_guides_are_not_the_bureaus_to_write(site: Site, writer: User) -> None:
    assert site.guide.url_path == GUIDE
    assert codes(Verb.START_DRAFT, page=site.guide, actor=writer) == {"role"}


# What it costs


def test_a_verb_costs_at_most_twenty_statements(
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
    assert {name: cost for name, cost in costs.items() if not 3 <= cost <= 20} == {}
