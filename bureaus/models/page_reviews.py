"""When the text of a page was last found to be still right, and how often it is looked at."""

from django.conf import settings
from django.db import models

from bureaus.models.pages import Page


class PageReview(models.Model):
    """
    The last review of a page, and its own interval.

    `days` is empty where the interval of its kind holds (REVIEW_DAYS), and 0 where the page never
    becomes due. The version before this one deletes pages without knowing the table: there is no
    constraint in the database.
    """

    page = models.OneToOneField(
        Page,
        on_delete=models.CASCADE,
        related_name="review",
        db_constraint=False,
        verbose_name="ページ",
    )
    reviewed_at = models.DateTimeField("見直した日時", null=True, blank=True)
    reviewer = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="見直した人",
    )
    days = models.PositiveIntegerField("見直しの間隔（日）", null=True, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "見直し"
        ordering = ["page"]

    def __str__(self) -> str:
        return f"{self.page}の見直し"
