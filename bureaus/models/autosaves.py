"""Unsaved input of the edition form, and who has a draft open."""

import secrets
from datetime import datetime, timedelta
from typing import Self

from django.conf import settings
from django.db import models
from django.utils import timezone

from bureaus.models.editions import Edition

OPEN_FOR = timedelta(minutes=2)  # since the last heartbeat of the form


def new_form_key() -> str:
    """Return the key that identifies one open form."""
    return secrets.token_hex(16)


class AutosaveQuerySet(models.QuerySet["Autosave"]):
    def of_open_forms(self, now: datetime) -> Self:
        """Those whose form sent a heartbeat a short time ago and is not saved or discarded."""
        return self.filter(seen_at__gt=now - OPEN_FOR, closed_at=None)


class Autosave(models.Model):
    """
    The unsaved input of one form of a draft: stored during typing, offered after a crash.

    `content` is what the form would send, field by field, and empty while nothing is changed.
    Two forms of one draft, in two tabs, have one each, with different `form_key`.
    """

    edition = models.ForeignKey(
        Edition, on_delete=models.CASCADE, related_name="autosaves", verbose_name="版"
    )
    officer = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.CASCADE,
        related_name="autosaves",
        verbose_name="担当者",
    )
    form_key = models.CharField("画面の鍵", max_length=32, default=new_form_key, blank=True)
    revision = models.PositiveIntegerField("元にした保存の回数")
    sequence = models.PositiveIntegerField("画面の中での順番", default=0)
    content = models.JSONField("入力中の内容", default=dict, blank=True)
    opened_at = models.DateTimeField("開いた日時", default=timezone.now)
    seen_at = models.DateTimeField("最後に見えた日時", default=timezone.now)
    # Saved or discarded: the row stays for a while, to refuse input that arrives late.
    closed_at = models.DateTimeField("閉じた日時", null=True, blank=True)

    objects = AutosaveQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "入力中の内容"
        constraints = [
            models.UniqueConstraint(
                fields=["edition", "officer", "form_key"], name="autosave_once_a_form"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.officer} {self.edition}"

    def has_open_form(self, now: datetime) -> bool:
        """Whether its form sent a heartbeat a short time ago."""
        return self.seen_at > now - OPEN_FOR
