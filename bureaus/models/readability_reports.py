"""What the rules on machine-readable data say about the tables of the library."""

from typing import Any

from django.db import models

from bureaus.models.media import Document


class ReadabilityReportManager(models.Manager["ReadabilityReport"]):
    def get_queryset(self) -> models.QuerySet["ReadabilityReport"]:
        """Leave out those whose document the version before this one has deleted."""
        return super().get_queryset().filter(document__in=Document.objects.all())


class ReadabilityReport(models.Model):
    """
    The judgement of an Excel or CSV document, in a table of its own as few screens read it.

    It is made from the file at intake (`uploads/machine_readability`). A document from before
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
    findings = models.JSONField("指摘", default=list, blank=True)
    names = models.JSONField("項目名", default=list, blank=True)
    rows = models.PositiveIntegerField("調べた行数", null=True, blank=True)

    objects = ReadabilityReportManager()

    class Meta:
        verbose_name = verbose_name_plural = "機械可読性の指摘"

    def __str__(self) -> str:
        return str(self.document)


def store_report(document: Document, judgement: dict[str, Any] | None) -> None:
    """Store the judgement of the document's file, in place of that of an earlier one."""
    if judgement is None:
        ReadabilityReport.objects.filter(document=document).delete()
    else:
        ReadabilityReport.objects.update_or_create(document=document, defaults=judgement)
