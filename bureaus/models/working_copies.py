"""What an officer has typed and not saved yet, and who has a draft open."""

from django.conf import settings
from django.db import models
from django.utils import timezone

from bureaus.models.editions import Edition


class WorkingCopy(models.Model):
    """
    One officer's own copy of a draft: kept while he types, offered back after a crash.

    `content` is what his form would send, field by field, or empty while nothing is changed.
    """

    edition = models.ForeignKey(
        Edition, on_delete=models.CASCADE, related_name="working_copies", verbose_name="版"
    )
    officer = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.CASCADE,
        related_name="working_copies",
        verbose_name="担当者",
    )
    revision = models.PositiveIntegerField("元にした保存の回数")
    content = models.JSONField("入力中の内容", default=dict, blank=True)
    opened_at = models.DateTimeField("開いた日時", default=timezone.now)
    seen_at = models.DateTimeField("最後に見えた日時", default=timezone.now)

    class Meta:
        verbose_name = verbose_name_plural = "入力中の内容"
        constraints = [
            models.UniqueConstraint(fields=["edition", "officer"], name="working_copy_once"),
        ]

    def __str__(self) -> str:
        return f"{self.officer} {self.edition}"
