"""What the rules on machine-readable data say about the tables of the library."""

from typing import Any

from django.db import models
from django.db.models import F

from bureaus.models.media import NAME_LENGTH, Document


class ReadabilityReportManager(models.Manager["ReadabilityReport"]):
    def get_queryset(self) -> models.QuerySet["ReadabilityReport"]:
        """
        Leave out those of files that no longer exist.

        The version before replaces files, and names no file in a report.
        """
        return super().get_queryset().filter(document__file=F("file"))


class ReadabilityReport(models.Model):
    """
    The judgement of an Excel or CSV document, in a table of its own as few screens read it.

    It is made from `file` at intake (`uploads/machine_readability`). A document from before
    there were reports has none, and one that could not be judged has none either.
    """

    document = models.OneToOneField(
        Document,
        on_delete=models.CASCADE,
        primary_key=True,
        related_name="readability",
        db_constraint=False,  # as in FileFinding
        verbose_name="文書",
    )
    file = models.CharField("ファイル", max_length=NAME_LENGTH, blank=True, db_default="")
    findings = models.JSONField("指摘", default=list, blank=True)
    names = models.JSONField("項目名", default=list, blank=True)
    rows = models.PositiveIntegerField("調べた行数", null=True, blank=True)

    objects = ReadabilityReportManager()
    of_any_file = models.Manager["ReadabilityReport"]()

    class Meta:
        verbose_name = verbose_name_plural = "機械可読性の指摘"

    def __str__(self) -> str:
        return str(self.document)


def store_report(document: Document, judgement: dict[str, Any] | None) -> None:
    """Store the judgement of the document's file, in place of that of an earlier one."""
    reports = ReadabilityReport.of_any_file
    if judgement is None:
        reports.filter(document=document).delete()
    else:
        named = {"file": str(document.file), **judgement}
        reports.update_or_create(document=document, defaults=named)
