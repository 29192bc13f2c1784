"""Comments of officers on a draft: internal, and part of nothing that is published."""

import secrets
from typing import Self

from django.conf import settings
from django.db import models
from django.utils import timezone

from bureaus.models.editions import Edition
from bureaus.text.formatting import OPERATOR

FIELD_LENGTH = 40
QUOTE_LENGTH = 300
COMMENT_LENGTH = 2_000


def new_key() -> str:
    """Return the key of a comment, which is that of a thread where it is the first."""
    return secrets.token_hex(16)


class DraftCommentQuerySet(models.QuerySet["DraftComment"]):
    def first_ones(self) -> Self:
        """The comments that are no answers: one a thread."""
        return self.filter(thread=models.F("key"))

    def unresolved(self) -> Self:
        """The first comments of the open threads."""
        return self.first_ones().filter(resolved_at=None)


class DraftCommentManager(models.Manager["DraftComment"]):
    def get_by_natural_key(self, key: str) -> "DraftComment":
        return self.get(key=key)


class DraftComment(models.Model):
    """
    A comment on an edition, or an answer: `thread` is the key of the first one.

    `field` is the label under which the passage stands, empty for the whole draft; `quote` is the
    passage as it was read, with the words `before` and `after` it, by which it is found again.
    The version before this one deletes drafts without knowing the table: there is no constraint.
    """

    key = models.CharField("鍵", max_length=32, unique=True, default=new_key)
    thread = models.CharField("やりとりの鍵", max_length=32)
    edition = models.ForeignKey(
        Edition,
        on_delete=models.CASCADE,
        db_constraint=False,
        related_name="comments",
        verbose_name="版",
    )
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="書いた人",
    )
    at = models.DateTimeField("日時", default=timezone.now)
    text = models.TextField("コメント", max_length=COMMENT_LENGTH)
    field = models.CharField("欄", max_length=FIELD_LENGTH, blank=True, default="")
    quote = models.TextField("引用", max_length=QUOTE_LENGTH, blank=True, default="")
    before = models.CharField("引用の前", max_length=FIELD_LENGTH, blank=True, default="")
    after = models.CharField("引用の後", max_length=FIELD_LENGTH, blank=True, default="")
    resolved_at = models.DateTimeField("解決した日時", null=True, blank=True)
    resolver = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="解決した人",
    )

    objects = DraftCommentManager.from_queryset(DraftCommentQuerySet)()

    class Meta:
        verbose_name = verbose_name_plural = "下書きへのコメント"
        ordering = ["at", "pk"]

    def __str__(self) -> str:
        return f"{self.edition}へのコメント"

    @property
    def is_first(self) -> bool:
        return self.thread == self.key

    @property
    def author_name(self) -> str:
        return (self.author.get_full_name() or str(self.author)) if self.author else OPERATOR

    @property
    def resolver_name(self) -> str:
        return str(self.resolver) if self.resolver else OPERATOR

    def natural_key(self) -> tuple[str]:
        return (self.key,)

    natural_key.dependencies = ["bureaus.edition", "auth.user"]  # type: ignore[attr-defined]
