"""Findings of the proofreader that somebody has accepted: the words stay, and it is said why."""

from django.conf import settings
from django.db import models
from django.utils import timezone

from bureaus.models.pages import Page

RULE_LENGTH = 40
QUOTE_LENGTH = 200
REASON_LENGTH = 300


class AcceptanceManager(models.Manager["Acceptance"]):
    def get_by_natural_key(self, url_path: str, rule: str, quote: str) -> "Acceptance":
        return self.get(page__url_path=url_path, rule=rule, quote=quote)


class Acceptance(models.Model):
    """
    On this page, what `rule` says of these words is accepted, in every edition that has them.

    `quote` is what the finding is about with the words around it: where one of them changes, it is
    another finding. `actor` is empty where the operator loaded it with the text.
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
    def who(self) -> str:
        return str(self.actor) if self.actor else "運用の担当者"

    def natural_key(self) -> tuple[str, str, str]:
        return (self.page.url_path, self.rule, self.quote)

    natural_key.dependencies = ["bureaus.page"]  # type: ignore[attr-defined]
