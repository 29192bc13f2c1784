"""The addresses that the pages in force link to, and what was found behind the foreign ones."""

from hashlib import sha256
from typing import Self

from django.db import models
from django.db.models import Q

from bureaus.models.editions import Edition

PROBLEM_LENGTH = 200


def digest_of(address: str) -> str:
    """Return what an address is found by: it may be longer than a key of an index."""
    return sha256(address.encode()).hexdigest()


class CheckedLinkQuerySet(models.QuerySet["CheckedLink"]):
    def internal(self) -> Self:
        return self.filter(address__startswith="/")

    def external(self) -> Self:
        return self.exclude(address__startswith="/")


class CheckedLink(models.Model):
    """
    An address that pages link to, and what was found of a foreign one.

    `attempted_at`: when it was last asked, even where the network was down; `failing_since`: since
    when no server answers; `broken_since`: since when it counts as broken.

    Derived from the editions in force by `manage.py check_links`, and never dumped.
    """

    address = models.TextField("リンク先")
    digest = models.CharField("鍵", max_length=64, unique=True)
    checked_at = models.DateTimeField("確かめた日時", null=True, blank=True)
    attempted_at = models.DateTimeField("確かめようとした日時", null=True, blank=True)
    failing_since = models.DateTimeField("返事がなくなった日時", null=True, blank=True)
    broken_since = models.DateTimeField("切れているのを見つけた日時", null=True, blank=True)
    problem = models.CharField("結果", max_length=PROBLEM_LENGTH, blank=True)

    objects = CheckedLinkQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "リンク先"
        ordering = ["pk"]
        indexes = [
            models.Index(
                fields=["broken_since"],
                condition=Q(broken_since__isnull=False),
                name="checked_link_broken",
            ),
        ]

    def __str__(self) -> str:
        return self.address


class LinkUse(models.Model):
    """That an edition links to an address. The version before this one does not know the table."""

    edition = models.ForeignKey(
        Edition,
        on_delete=models.CASCADE,
        db_constraint=False,
        related_name="link_uses",
        verbose_name="版",
    )
    link = models.ForeignKey(
        CheckedLink, on_delete=models.CASCADE, related_name="uses", verbose_name="リンク先"
    )

    class Meta:
        verbose_name = verbose_name_plural = "リンクのあるところ"
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["edition", "link"],
                name="link_use_once",
                violation_error_message="このリンクは、もうあります。",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.edition} → {self.link}"
