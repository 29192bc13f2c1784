"""
The notices to officers about what happened to their pages, and the mails that carry them.

A notice holds no text: the title and the address are those of the audit entry when it is read.
"""

import secrets
from datetime import datetime, timedelta
from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import BooleanField, ExpressionWrapper, Q
from django.utils import timezone

from bureaus.models.audit import AuditEntry
from bureaus.models.visibility import is_hidden

ERROR_LENGTH = 300
BEFORE_EXPIRY = timedelta(days=7)


class NoticeKind(models.TextChoices):
    SUBMITTED = "submitted", "確認の依頼が届いたとき"
    RETURNED = "returned", "書いたものが下書きに戻されたとき（差し戻し、公開予約の取消し）"
    APPROVED = "approved", "書いたものが承認されたとき"
    PUBLIC = "public", "予約した公開が始まったとき"
    EXPIRES = "expires", f"掲載の終わりが近いとき（{BEFORE_EXPIRY.days}日前）"
    REPLACED = "replaced", "使っている文書が差し替えられたとき"
    COMMENTED = "commented", "下書きにコメントや答えが書かれたとき"


class Delivery(models.TextChoices):
    NONE = "none", "受け取らない"
    AT_ONCE = "at_once", "そのつど"
    DAILY = "daily", "1日1回まとめて"


# What an officer gets who has not chosen.
DEFAULT_DELIVERY = {
    NoticeKind.SUBMITTED: Delivery.AT_ONCE,
    NoticeKind.RETURNED: Delivery.AT_ONCE,
    NoticeKind.APPROVED: Delivery.AT_ONCE,
    NoticeKind.PUBLIC: Delivery.DAILY,
    NoticeKind.EXPIRES: Delivery.DAILY,
    NoticeKind.REPLACED: Delivery.DAILY,
    NoticeKind.COMMENTED: Delivery.AT_ONCE,
}


class NoticeChoiceManager(models.Manager["NoticeChoice"]):
    def get_by_natural_key(self, username: str, kind: str) -> "NoticeChoice":
        return self.get(officer__username=username, kind=kind)


class NoticeChoice(models.Model):
    """How an officer wants the mails about one kind of notice."""

    officer = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.CASCADE,
        related_name="notice_choices",
        verbose_name="担当者",
    )
    kind = models.CharField("種類", max_length=20, choices=NoticeKind.choices)
    delivery = models.CharField("受け取り方", max_length=10, choices=Delivery.choices)

    objects = NoticeChoiceManager()

    class Meta:
        verbose_name = verbose_name_plural = "お知らせの受け取り方"
        ordering = ["officer", "kind"]
        constraints = [
            models.UniqueConstraint(
                fields=["officer", "kind"],
                name="notice_choice_once",
                violation_error_message="この種類の受け取り方は、もう決まっています。",
            ),
            models.CheckConstraint(
                name="notice_choice_is_known",
                violation_error_message="受け取り方は、none・at_once・daily のどれかです。",
                condition=Q(delivery__in=[str(delivery) for delivery in Delivery])
                & Q(kind__in=[str(kind) for kind in NoticeKind]),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()}：{self.get_delivery_display()}"

    def natural_key(self) -> tuple[str, str]:
        return (self.officer.get_username(), self.kind)

    natural_key.dependencies = ["auth.user"]  # type: ignore[attr-defined]


def new_message_id() -> str:
    """Return the part of a Message-ID before the `@`: the same at every attempt to send."""
    return secrets.token_hex(16)


class NoticeMailQuerySet(models.QuerySet["NoticeMail"]):
    def unsent(self) -> Self:
        return self.filter(sent_at=None, given_up_at=None)

    def due(self, now: datetime) -> Self:
        """The unsent mails that no other run has claimed, and whose next attempt has come."""
        is_free = Q(claimed_until=None) | Q(claimed_until__lte=now)
        return self.unsent().filter(is_free, next_attempt_at__lte=now)


class NoticeMail(models.Model):
    """A mail in the outbox, with one notice or several."""

    recipient = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.CASCADE,
        related_name="+",
        verbose_name="宛先",
    )
    message_id = models.CharField("番号", max_length=32, unique=True, default=new_message_id)
    created_at = models.DateTimeField("作成日時", default=timezone.now)
    next_attempt_at = models.DateTimeField("次に送る日時", default=timezone.now)
    claimed_until = models.DateTimeField("送信中の期限", null=True, blank=True)
    attempts = models.PositiveIntegerField("送った回数", default=0)
    sent_at = models.DateTimeField("送った日時", null=True, blank=True)
    given_up_at = models.DateTimeField("諦めた日時", null=True, blank=True)
    error = models.CharField("最後の失敗", max_length=ERROR_LENGTH, blank=True)

    objects = NoticeMailQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "お知らせのメール"
        ordering = ["pk"]
        indexes = [
            models.Index(
                fields=["next_attempt_at"],
                condition=Q(sent_at=None, given_up_at=None),
                name="notice_mail_unsent",
            ),
        ]

    def __str__(self) -> str:
        return self.message_id


class NoticeQuerySet(models.QuerySet["Notice"]):
    def known(self) -> Self:
        """Those of this version's kinds: the next one may write others during an upgrade."""
        return self.filter(kind__in=NoticeKind.values)

    def unsettled(self) -> Self:
        """The known notices of which it is not decided yet whether a mail carries them."""
        return self.known().filter(is_settled=False)

    def with_entries(self) -> Self:
        """With what their lines are made of; `is_edition_hidden` by the clock of the database."""
        is_hidden_now = ExpressionWrapper(is_hidden("entry__edition__"), BooleanField())
        rows = self.select_related("entry__edition", "entry__actor")
        return rows.defer("entry__edition__body").annotate(is_edition_hidden=is_hidden_now)


class Notice(models.Model):
    """What `recipient` is to learn of `entry`. `is_settled`: a mail has it, or none will."""

    kind = models.CharField("種類", max_length=20, choices=NoticeKind.choices)
    recipient = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.CASCADE,
        related_name="notices",
        verbose_name="宛先",
    )
    entry = models.ForeignKey(
        AuditEntry, on_delete=models.CASCADE, related_name="notices", verbose_name="記録"
    )
    created_at = models.DateTimeField("日時", default=timezone.now)
    mail = models.ForeignKey(
        NoticeMail,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="notices",
        verbose_name="メール",
    )
    is_settled = models.BooleanField("送り方が決まった", default=False)

    objects = NoticeQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "お知らせ"
        ordering = ["-pk"]
        indexes = [
            models.Index(
                fields=["recipient"], condition=Q(is_settled=False), name="notice_unsettled"
            ),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["entry", "kind", "recipient"],
                name="notice_once",
                violation_error_message="このお知らせは、もうあります。",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.entry}"
