"""What an officer has typed and not saved yet, and who has a draft open."""

import secrets

from django.conf import settings
from django.db import models
from django.utils import timezone

from bureaus.models.editions import Edition


def new_form_key() -> str:
    """What tells one form from all others, as long as it is open."""
    return secrets.token_hex(16)


class Autosave(models.Model):
    """
    An officer's own copy of a draft, of one form: kept while he types, offered after a crash.

    `content` is what his form would send, field by field, or empty while nothing is changed.
    Two forms of one draft, in two tabs, have a copy each, which `form_key` tells apart.
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
    # Saved or thrown away: kept a while, so that what was sent before and comes after is refused.
    closed_at = models.DateTimeField("閉じた日時", null=True, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "入力中の内容"
        constraints = [
            models.UniqueConstraint(
                fields=["edition", "officer", "form_key"], name="autosave_once_a_form"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.officer} {self.edition}"
