"""
The outbox: which notices a mail carries, and how it is sent (docs/adr/0050).

Each step is safe to repeat and safe beside another run: notices are settled under a lock, and a
mail is claimed before it is sent.
"""

import smtplib
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime, time, timedelta

from django.contrib.auth.models import User
from django.core.mail import get_connection
from django.core.mail.backends.base import BaseEmailBackend
from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from bureaus.models import DEFAULT_DELIVERY, Delivery, Notice, NoticeChoice, NoticeKind, NoticeMail
from bureaus.models.notices import ERROR_LENGTH
from bureaus.notices.lines import NoticeLine, notice_lines
from bureaus.notices.messages import message_of
from bureaus.permissions import grants_of
from bureaus.text.formatting import TOKYO

DIGEST_HOUR = time(8)  # in Tokyo
CLAIM = timedelta(minutes=15)  # longer than a dialogue with the server can take
FIRST_PAUSE, LONGEST_PAUSE = timedelta(minutes=5), timedelta(hours=4)
GIVE_UP = timedelta(days=3)
KEPT = timedelta(days=90)
DOUBLINGS = 6  # of the pause: then it is the longest
PERMANENT = 500  # the replies of SMTP from here on say that another attempt would fail too
# The failures of every mail, not of one: a wrong setting must not end those that wait.
OF_ALL = (
    smtplib.SMTPSenderRefused,
    smtplib.SMTPAuthenticationError,
    smtplib.SMTPHeloError,
    smtplib.SMTPConnectError,
)
Report = Callable[[str], object]


@dataclass(slots=True)
class Totals:
    """How many mails were sent, are tried again, and were given up."""

    sent: int = 0
    postponed: int = 0
    given_up: int = 0


def delete_old(now: datetime) -> None:
    """Delete the settled notices that are no news any more, and the mails that have ended."""
    old = now - KEPT
    Notice.objects.filter(is_settled=True, created_at__lt=old).delete()
    ended = Q(sent_at__lt=old) | Q(given_up_at__lt=old)
    NoticeMail.objects.filter(ended).delete()


# Which notices a mail carries


def fill_outbox(now: datetime) -> None:
    """Settle the notices of each recipient whose time has come. A few queries for each."""
    waiting = Notice.objects.unsettled().order_by("recipient")
    for recipient in waiting.values_list("recipient", flat=True).distinct():
        settle(recipient, now)


@transaction.atomic
def settle(recipient: int, now: datetime) -> None:
    """Put the due notices into one mail, and unwanted ones into none. At most 6 queries."""
    notices = list(Notice.objects.unsettled().filter(recipient=recipient).select_for_update())
    choices = delivery_of(recipient)
    digest = latest_digest(now)
    wanted, unwanted = [], []
    for notice in notices:
        delivery = choices[NoticeKind(notice.kind)]
        if delivery == Delivery.NONE:
            unwanted.append(notice.pk)
        elif delivery == Delivery.AT_ONCE or notice.created_at < digest:
            wanted.append(notice.pk)
    if wanted:
        mail = NoticeMail.objects.create(recipient_id=recipient)
        Notice.objects.filter(pk__in=wanted).update(mail=mail)
    Notice.objects.filter(pk__in=[*wanted, *unwanted]).update(is_settled=True)


def delivery_of(officer: int) -> dict[NoticeKind, Delivery]:
    """Return how the officer wants the mails of each kind. 1 query."""
    choices = NoticeChoice.objects.filter(officer=officer, kind__in=NoticeKind.values)
    chosen = choices.values_list("kind", "delivery")
    known = {NoticeKind(kind): Delivery(delivery) for kind, delivery in chosen}
    return {**DEFAULT_DELIVERY, **known}


def latest_digest(now: datetime) -> datetime:
    """Return the last 8 o'clock in Tokyo: what is older belongs to a digest that is due."""
    local = timezone.localtime(now, TOKYO)
    today = datetime.combine(local.date(), DIGEST_HOUR, TOKYO)
    return today if local >= today else today - timedelta(days=1)


# Sending


def send_due(report: Report) -> Totals:
    """
    Send the mails that are due, each claimed first. Report what is given up.

    Raises OSError or SMTPException where no mail can be sent: sender, login, greeting or
    connection. The mails wait for the next run then.
    """
    totals = Totals()
    keys = list(NoticeMail.objects.due(timezone.now()).values_list("pk", flat=True))
    if not keys:
        return totals
    connection = get_connection()
    try:
        for key in keys:
            connection.open()  # the first time, and after a failure: before a mail is claimed
            if claim(key):
                send_claimed(key, connection, totals, report)
    finally:
        connection.close()
    return totals


def claim(key: int) -> bool:
    """
    Claim the mail for this run; whether it was free. 1 query.

    After `CLAIM` it is free again: a run that was killed loses nothing.
    """
    now = timezone.now()
    return NoticeMail.objects.due(now).filter(pk=key).update(claimed_until=now + CLAIM) == 1


def send_claimed(key: int, connection: BaseEmailBackend, totals: Totals, report: Report) -> None:
    mail = NoticeMail.objects.select_related("recipient").get(pk=key)
    lines = lines_of(mail)
    if not lines:
        give_up(mail, "知らせることがなくなりました（担当、下書き、宛先のどれかがありません）。")
        return
    try:
        message_of(mail, lines, connection).send()
    except (smtplib.SMTPException, OSError, ValueError) as error:
        connection.close()  # the next mail opens it again
        if isinstance(error, OF_ALL):
            NoticeMail.objects.filter(pk=key).update(claimed_until=None)
            raise
        failed(mail, error, totals, report)
    else:
        NoticeMail.objects.filter(pk=key).update(sent_at=timezone.now(), claimed_until=None)
        totals.sent += 1


def lines_of(mail: NoticeMail) -> list[NoticeLine]:
    """Return what the recipient may still learn; nothing without an account or an address."""
    recipient: User = mail.recipient
    if not (recipient.is_active and recipient.email):
        return []
    notices = Notice.objects.filter(mail=mail).order_by("pk").with_entries()
    return notice_lines(notices, grants_of(recipient))


def failed(mail: NoticeMail, error: Exception, totals: Totals, report: Report) -> None:
    """Try again after a pause that grows, or give up."""
    now, reason = timezone.now(), reason_of(error)
    if is_permanent(error) or now - mail.created_at >= GIVE_UP:
        give_up(mail, reason)
        totals.given_up += 1
        report(
            f"{mail.recipient.get_username()}さん（{mail.recipient.email}）へのお知らせを送れません"
            f"でした。もう送りません（{reason}）。アドレスを確かめて、本人に知らせてください。"
        )
        return
    pause = min(FIRST_PAUSE * 2 ** min(mail.attempts, DOUBLINGS), LONGEST_PAUSE)
    NoticeMail.objects.filter(pk=mail.pk).update(
        attempts=mail.attempts + 1,
        next_attempt_at=now + pause,
        claimed_until=None,
        error=reason[:ERROR_LENGTH],
    )
    totals.postponed += 1


def give_up(mail: NoticeMail, reason: str) -> None:
    NoticeMail.objects.filter(pk=mail.pk).update(
        given_up_at=timezone.now(), claimed_until=None, error=reason[:ERROR_LENGTH]
    )


def reply_codes(error: Exception) -> Iterable[int]:
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        return [code for code, _ in error.recipients.values()]
    return [error.smtp_code] if isinstance(error, smtplib.SMTPResponseException) else []


def is_permanent(error: Exception) -> bool:
    """Whether the server has refused this mail for good, or it cannot be written at all."""
    if isinstance(error, ValueError):  # an address or a subject that no mail can have
        return True
    if not isinstance(error, smtplib.SMTPRecipientsRefused | smtplib.SMTPDataError):
        return False
    codes = list(reply_codes(error))
    return bool(codes) and all(code >= PERMANENT for code in codes)


def reason_of(error: Exception) -> str:
    """Return the reply of the server without the address, or the kind of the failure."""
    codes = "、".join(map(str, reply_codes(error)))
    return f"サーバーの返事{codes}" if codes else type(error).__name__
