"""The notices to officers: which there are, and that each mail leaves once."""

import io
from collections.abc import Iterator
from datetime import timedelta

import pytest
from django.contrib.auth.models import Group, User
from django.core.management import CommandError, call_command
from django.db import connection
from django.utils import timezone

from bureaus.models import (
    Action,
    Answer,
    AuditEntry,
    Delivery,
    Document,
    Edition,
    Link,
    Notice,
    NoticeChoice,
    NoticeKind,
    NoticeMail,
    SealKind,
)
from bureaus.notices import outbox
from bureaus.publishing import (
    SealRequest,
    approve,
    cancel_booking,
    propose_seal,
    return_,
    submit,
)
from bureaus.publishing.notices import add_due_notices, notify_of_replacement
from tests.helpers.cast import BUREAU, Site, client_of
from tests.helpers.editing import drafted, submitted
from tests.helpers.mail_server import Inbox, running_mail_server

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


@pytest.fixture
def inbox() -> Iterator[Inbox]:
    with running_mail_server() as inbox:
        yield inbox


@pytest.fixture(autouse=True)
def _addresses(writer: User, approver: User) -> None:
    for officer in (writer, approver):
        User.objects.filter(pk=officer.pk).update(email=f"{officer.pk}@example.go.jp")
        officer.refresh_from_db()


def send(*, fails: bool = False) -> str:
    out, err = io.StringIO(), io.StringIO()
    if fails:
        with pytest.raises(SystemExit):
            call_command("send_notices", stdout=out, stderr=err)
    else:
        call_command("send_notices", stdout=out, stderr=err)
    return err.getvalue() + out.getvalue()


def kinds_for(officer: User) -> list[str]:
    return list(
        Notice.objects.filter(recipient=officer).order_by("pk").values_list("kind", flat=True)
    )


def wants(officer: User, kind: NoticeKind, delivery: Delivery) -> None:
    NoticeChoice.objects.create(officer=officer, kind=kind, delivery=delivery)


def test_a_submission_reaches_the_approvers_who_did_not_write_it(
    site: Site, writer: User, second_approver: User, outsider: User, inbox: Inbox
) -> None:
    approver = User.objects.get(username="佐藤")
    draft = drafted(site.bureau, second_approver)
    submit(edition=draft, actor=writer)
    assert kinds_for(approver) == ["submitted"]
    assert [kinds_for(each) for each in (writer, second_approver, outsider)] == [[], [], []]
    send()
    assert inbox.recipients == [approver.email]
    assert inbox.subjects == ["【総務省】確認の依頼：「情報通信国際戦略局」"]
    assert f"https://www.example.go.jp/admin/bureaus/edition/{draft.pk}/review/" in inbox.text
    assert "鈴木さんが確認を依頼しました。" in inbox.text
    assert "新しい要旨" not in inbox.text  # of the draft only the title


def test_a_return_reaches_the_writer_without_its_comment_and_a_recall_nobody(
    site: Site, writer: User, approver: User, inbox: Inbox
) -> None:
    draft = submitted(site.bureau, writer)
    return_(edition=draft, actor=writer)
    assert kinds_for(writer) == []
    submit(edition=Edition.objects.get(pk=draft.pk), actor=writer)
    return_(edition=draft, actor=approver, comment="内密の理由")
    assert kinds_for(writer) == ["returned"]
    send()
    assert "佐藤さんが差し戻しました。" in inbox.text
    assert "内密の理由" not in inbox.text


def test_an_action_that_is_blocked_leaves_no_notice(site: Site, writer: User) -> None:
    from bureaus.publishing import Blocked

    draft = drafted(site.bureau, writer, title="")
    with pytest.raises(Blocked):
        submit(edition=draft, actor=writer)
    assert not Notice.objects.exists()


def test_a_booking_is_told_at_its_moment_and_not_at_its_approval(
    site: Site, writer: User, approver: User, inbox: Inbox
) -> None:
    wants(writer, NoticeKind.PUBLIC, Delivery.AT_ONCE)
    start = timezone.now() + DAY
    approve(editions=[submitted(site.bureau, writer)], actor=approver, at=start)
    add_due_notices(timezone.now())
    assert kinds_for(writer) == ["approved"]
    for _ in range(2):
        add_due_notices(start + timedelta(minutes=4))
    assert kinds_for(writer) == ["approved", "public"]


def test_a_cancelled_booking_never_begins(site: Site, writer: User, approver: User) -> None:
    start = timezone.now() + DAY
    [booked] = approve(editions=[submitted(site.bureau, writer)], actor=approver, at=start)
    cancel_booking(edition=booked, actor=approver)
    add_due_notices(start + timedelta(minutes=4))
    assert kinds_for(writer) == ["approved", "returned"]


def test_an_ending_is_announced_a_week_before(site: Site, writer: User, approver: User) -> None:
    ending = submitted(site.sections[0], writer, answer=Answer.ARCHIVED, note="終わりました。")
    start = timezone.now() + 10 * DAY
    approve(editions=[ending], actor=approver, at=start)
    add_due_notices(start - 8 * DAY)
    assert "expires" not in kinds_for(writer)
    add_due_notices(start - 6 * DAY)
    assert kinds_for(writer) == ["approved", "expires"]


def test_what_was_not_wanted_is_not_sent_and_a_digest_leaves_in_the_morning(
    site: Site, writer: User, approver: User, inbox: Inbox
) -> None:
    wants(writer, NoticeKind.APPROVED, Delivery.NONE)
    wants(approver, NoticeKind.SUBMITTED, Delivery.DAILY)
    sections = site.sections
    for page in sections:
        approve(editions=[submitted(page, writer, title="節")], actor=approver)
    send()
    assert inbox.recipients == []
    assert kinds_for(writer) == ["approved", "approved"]  # on the screen all the same
    outbox.fill_outbox(timezone.now() + DAY)
    send()
    assert inbox.subjects == ["【総務省】お知らせ2件"]
    assert inbox.recipients == [approver.email]


@pytest.mark.one_database
def test_a_kind_that_the_next_version_knows_waits_for_it(
    site: Site, writer: User, approver: User, inbox: Inbox
) -> None:
    submitted(site.bureau, writer)
    # The next version's migration has let the database take it.
    connection.cursor().execute("PRAGMA ignore_check_constraints = ON")
    Notice.objects.update(kind="unknown_yet")
    wants(approver, NoticeKind.SUBMITTED, Delivery.AT_ONCE)
    NoticeChoice.objects.update(kind="unknown_yet")
    send()
    connection.cursor().execute("PRAGMA ignore_check_constraints = OFF")
    assert inbox.recipients == []
    assert not Notice.objects.get().is_settled
    assert client_of(approver).get("/admin/bureaus/notices/").status_code == 200


def test_who_lost_the_branch_gets_no_notice_of_it(
    site: Site, writer: User, approver: User, inbox: Inbox
) -> None:
    submitted(site.bureau, writer)
    Group.objects.get(name="佐藤の担当").branch_roles.all().delete()
    send()
    assert inbox.recipients == []
    send()
    assert NoticeMail.objects.filter(sent_at=None, given_up_at=None).count() == 0


def test_a_second_run_sends_nothing_again(
    site: Site, writer: User, approver: User, inbox: Inbox
) -> None:
    submitted(site.bureau, writer)
    outbox.fill_outbox(timezone.now())
    mail = NoticeMail.objects.get()
    assert outbox.claim(mail.pk)
    send()  # beside the run that holds the claim
    assert inbox.recipients == []
    NoticeMail.objects.update(claimed_until=timezone.now() - DAY)  # that run was killed
    send()
    send()
    assert [str(message["Message-ID"]) for message in inbox.messages] == [
        f"<{mail.message_id}@example.go.jp>"
    ]


def test_a_refusal_for_the_moment_is_tried_again_later_and_for_good_given_up(
    site: Site, writer: User, approver: User, inbox: Inbox
) -> None:
    submitted(site.bureau, writer)
    inbox.replies = ["451 try again", "550 no such user"]
    assert "あとで送り直すものは1通" in send()
    assert "0通送りました" in send()  # not yet
    NoticeMail.objects.update(next_attempt_at=timezone.now())
    said = send(fails=True)
    assert f"佐藤さん（{approver.email}）へのお知らせを送れませんでした" in said
    assert "550" in said
    NoticeMail.objects.update(next_attempt_at=timezone.now())
    send()
    assert inbox.recipients == []


@pytest.mark.one_database
def test_without_a_server_nothing_is_lost(site: Site, writer: User, inbox: Inbox) -> None:
    from django.test import override_settings

    submitted(site.bureau, writer)
    with override_settings(EMAIL_PORT=1), pytest.raises(CommandError, match="つながりません"):
        call_command("send_notices")
    with override_settings(SITE_ORIGIN=""), pytest.raises(CommandError, match="SITE_ORIGIN"):
        call_command("send_notices")
    send()
    assert len(inbox.messages) == 1


@pytest.mark.one_database
def test_a_refused_sender_stops_the_run_and_loses_nothing(
    site: Site, writer: User, inbox: Inbox
) -> None:
    submitted(site.bureau, writer)
    inbox.sender_reply = "550 not from here"
    with pytest.raises(CommandError, match=r"差出人「site@example.go.jp」.+550.+EMAIL_FROM"):
        call_command("send_notices")
    inbox.sender_reply = "250 OK"
    send()
    assert len(inbox.messages) == 1


@pytest.mark.one_database
def test_an_address_that_no_mail_can_have_ends_that_mail_alone(
    site: Site, writer: User, second_approver: User, approver: User, inbox: Inbox
) -> None:
    User.objects.filter(pk=approver.pk).update(email="a\nb@example.go.jp")
    User.objects.filter(pk=second_approver.pk).update(email="second@example.go.jp")
    submitted(site.bureau, writer)
    said = send(fails=True)
    assert "佐藤さん" in said
    assert inbox.recipients == ["second@example.go.jp"]


@pytest.mark.one_database
def test_what_is_withheld_is_named_by_no_notice(
    site: Site, writer: User, approver: User, inbox: Inbox
) -> None:
    document = Document.objects.create(
        address="documents/a.pdf",
        file="documents/a.pdf",
        name="a.pdf",
        title="甲の名簿",
        byte_size=1,
    )
    edition = submitted(site.bureau, writer)
    Link.objects.create(edition=edition, text="名簿", document=document, position=9)
    entry = AuditEntry.objects.create(action=Action.REPLACE, address="/documents/a.pdf")
    notify_of_replacement(entry, document)
    hide(SealRequest(document, SealKind.DOCUMENT), approver)
    Edition.objects.filter(pk=edition.pk).update(hidden_until=timezone.now() + DAY)
    outbox.fill_outbox(timezone.now() + DAY)
    send()
    assert "（表示を止めている文書）" in inbox.text
    assert not any(words in inbox.text for words in ("甲の名簿", "a.pdf", BUREAU))


def hide(request: SealRequest, actor: User) -> None:
    propose_seal(request=request, ground="personal", reason="申し出", actor=actor, is_urgent=True)
