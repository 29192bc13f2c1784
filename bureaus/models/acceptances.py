"""Findings of the proofreader that somebody has accepted, with the reason."""

from django.conf import settings
from django.db import models
from django.utils import timezone

from bureaus.models.pages import Page
from bureaus.text.formatting import OPERATOR

RULE_LENGTH = 40
QUOTE_LENGTH = 200
REASON_LENGTH = 300


class AcceptanceManager(models.Manager["Acceptance"]):
    def get_by_natural_key(self, key: str, rule: str, quote: str) -> "Acceptance":
        return self.get(page__key=key, rule=rule, quote=quote)


class Acceptance(models.Model):
    """
    An accepted finding of `rule` in every edition of `page` that contains `quote`.

    `quote` is the text of the finding with the words around it: a change to one of them makes
    another finding. `actor` is NULL where the operator loaded the acceptance with the text.
    """

    page = models.ForeignKey(
        Page, on_delete=models.CASCADE, related_name="acceptances", verbose_name="ページ"
    )
    rule = models.CharField("決まり", max_length=RULE_LENGTH)
    quote = models.CharField("対象の文字", max_length=QUOTE_LENGTH)
    reason = models.CharField("理由", max_length=REASON_LENGTH)
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="担当者",
    )
    at = models.DateTimeField("日時", default=timezone.now)

    objects = AcceptanceManager()

    class Meta:
        verbose_name = verbose_name_plural = "指摘の了承"
        ordering = ["page", "rule", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["page", "rule", "quote"],
                name="acceptance_once",
                violation_error_message="この指摘は、このページでもう了承されています。",
            )
        ]

    def __str__(self) -> str:
        return f"{self.rule}「{self.quote}」"

    @property
    def actor_name(self) -> str:
        return str(self.actor) if self.actor else OPERATOR

    def natural_key(self) -> tuple[str, str, str]:
        return (self.page.key, self.rule, self.quote)

    natural_key.dependencies = ["bureaus.page"]  # type: ignore[attr-defined]
