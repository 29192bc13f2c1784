"""The tables of the search: index rows, synonyms and queries without results."""

from hashlib import sha256
from typing import Any

from django.core.exceptions import ValidationError
from django.db import models

from bureaus.models.editions import Edition
from bureaus.text.words import fold

WORD_LENGTH = 40
TYPED_LENGTH = 100
MIN_SYNONYMS = 2  # one word is no synonym
TOO_FEW = f"同じ意味の語を、1行に1語ずつ、{MIN_SYNONYMS}語以上書いてください。"


class SearchRow(models.Model):
    """
    The row of an approved edition in the search index; of two, the newer has the greater key.

    Only `bureaus.search` writes this table and the index. On SQLite a trigger removes the words
    of a deleted row; on PostgreSQL the index is columns unknown to Django (migration 0007). A
    migration that alters this table on SQLite rebuilds it without the trigger, and has to execute
    the statement of migration 0007 that creates it again.
    """

    edition = models.OneToOneField(Edition, on_delete=models.CASCADE, related_name="search_row")
    day = models.DateField("日")  # of news its date of issue, of other pages the start
    digest = models.CharField(max_length=16)  # of the indexed text and the version of its folding

    class Meta:
        verbose_name = verbose_name_plural = "検索の索引"

    def __str__(self) -> str:
        return f"{self.edition_id}"


class Synonyms(models.Model):
    """A group of synonyms: a search for one of them finds the others."""

    words = models.TextField(
        "同じ意味の語",
        help_text="1行に1語。どれで検索しても、ほかの語を含むページも見つかります。",
    )

    class Meta:
        verbose_name = verbose_name_plural = "同義語"

    def __str__(self) -> str:
        return "＝".join(self.written)

    def save(self, **kwargs: Any) -> None:
        self.words = "\n".join(self.written)
        super().save(**kwargs)

    def clean(self) -> None:
        if len(self.folded) < MIN_SYNONYMS:
            raise ValidationError(TOO_FEW)

    @property
    def written(self) -> list[str]:
        return [word for line in self.words.splitlines() if (word := line.strip())]

    @property
    def version(self) -> str:
        """A digest of the words, by which a form notices that they have changed."""
        return sha256(self.words.encode()).hexdigest()[:16]

    @property
    def folded(self) -> frozenset[str]:
        return frozenset(filter(None, map(fold, self.written)))


class ZeroResultQuery(models.Model):
    """The daily count of a query without results, without its user and its time."""

    day = models.DateField("日")
    word = models.CharField("検索語", max_length=WORD_LENGTH)  # folded
    typed = models.CharField("入力された形", max_length=TYPED_LENGTH, blank=True)
    count = models.PositiveIntegerField("回数", default=1)

    class Meta:
        verbose_name = verbose_name_plural = "見つからなかった検索"
        ordering = ["-day", "-count", "word"]
        constraints = [
            models.UniqueConstraint(
                fields=["day", "word"],
                name="zero_result_once_a_day",
                violation_error_message="同じ日の同じ検索語が、もうあります。",
            )
        ]

    def __str__(self) -> str:
        return f"{self.day} {self.word} {self.count}"
