"""What the search keeps: its rows, words that mean the same, what was looked for in vain."""

from typing import Any

from django.core.exceptions import ValidationError
from django.db import models

from bureaus.models.editions import Edition
from bureaus.text.words import fold

WORD_LENGTH = 40
TYPED_LENGTH = 100


class SearchRow(models.Model):
    """
    That an approved edition is in the index; of two, the newer has the greater key.

    The index hangs on this table, and only `bureaus.search` writes either: on SQLite by a trigger
    that takes the words of a deleted row out, on PostgreSQL by columns that Django does not know
    (migration 0007). A migration that alters this table on SQLite makes it anew without the
    trigger, and has to execute the statement of migration 0007 that creates it again.
    """

    edition = models.OneToOneField(Edition, on_delete=models.CASCADE, related_name="search_row")
    day = models.DateField("日")  # of news its own, of every other page that of its text
    digest = models.CharField(max_length=16)  # of what is indexed, and how it is folded

    class Meta:
        verbose_name = verbose_name_plural = "検索の索引"

    def __str__(self) -> str:
        return f"{self.edition_id}"


class Synonyms(models.Model):
    """Words that mean the same: whoever looks for one of them finds the others."""

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
        if len(self.folded) < 2:  # noqa: PLR2004 - one word is no synonym
            raise ValidationError("同じ意味の語を、1行に1語ずつ、2語以上書いてください。")

    @property
    def written(self) -> list[str]:
        return [word for line in self.words.splitlines() if (word := line.strip())]

    @property
    def folded(self) -> frozenset[str]:
        return frozenset(filter(None, map(fold, self.written)))


class ZeroResultQuery(models.Model):
    """How often a word was looked for on a day and not found. Not by whom, and not at what time."""

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
