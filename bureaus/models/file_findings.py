"""Findings about the files of documents: what each holds beside what its pages show."""

from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import F

from bureaus.models.acceptances import REASON_LENGTH, RULE_LENGTH
from bureaus.models.media import NAME_LENGTH, Document
from bureaus.text.formatting import OPERATOR

PLACE_LENGTH = 80
WORDS_LENGTH = 80


class FileFindingManager(models.Manager["FileFinding"]):
    def get_queryset(self) -> models.QuerySet["FileFinding"]:
        """
        Leave out those of files that no longer exist.

        The version before replaces files and deletes documents, and knows no findings.
        """
        return super().get_queryset().filter(document__file=F("file"))

    def get_by_natural_key(self, address: str, rule: str, place: str, words: str) -> "FileFinding":
        return self.get(document__address=address, rule=rule, place=place, words=words)


class FileFinding(models.Model):
    """
    A finding in the file `file` of `document`, and who has accepted it with which reason.

    The findings of a file are deleted with it: another file at the address has its own.
    """

    document = models.ForeignKey(
        Document,
        on_delete=models.CASCADE,
        related_name="findings",
        db_constraint=False,  # the version before deletes documents, and knows no findings
        verbose_name="文書",
    )
    file = models.CharField("ファイル", max_length=NAME_LENGTH, blank=True, db_default="")
    rule = models.CharField("決まり", max_length=RULE_LENGTH)
    place = models.CharField("場所", max_length=PLACE_LENGTH)
    words = models.CharField("内容", max_length=WORDS_LENGTH, blank=True)
    reason = models.CharField("了承の理由", max_length=REASON_LENGTH, blank=True)
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="了承した担当者",
    )
    at = models.DateTimeField("了承の日時", null=True, blank=True)

    objects = FileFindingManager()
    of_any_file = models.Manager["FileFinding"]()

    class Meta:
        verbose_name = verbose_name_plural = "ファイルの指摘"
        ordering = ["document", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["document", "rule", "place", "words"],
                name="file_finding_once",
                violation_error_message="この文書に、同じ指摘がもうあります。",
            )
        ]

    def __str__(self) -> str:
        return f"{self.document}：{self.place}"

    @property
    def is_accepted(self) -> bool:
        return bool(self.reason)

    @property
    def actor_name(self) -> str:
        return str(self.actor) if self.actor else OPERATOR

    def natural_key(self) -> tuple[Any, ...]:
        return (self.document.address, self.rule, self.place, self.words)

    natural_key.dependencies = ["bureaus.document"]  # type: ignore[attr-defined]
