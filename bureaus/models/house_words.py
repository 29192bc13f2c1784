"""The words of the house: how the whole site writes a word, for the proofreader."""

from hashlib import sha256

from django.core.exceptions import ValidationError
from django.db import models

WORD_LENGTH = 40
REASON_LENGTH = 200
SHORTEST = 2  # characters: a single one stands in too many words
TOO_SHORT = "用語は、2文字以上で書いてください。"
SAME = "使わない表記と使う表記が同じです。"


class HouseWord(models.Model):
    """
    A word that the site writes otherwise, or, without `preferred`, as it stands.

    The proofreader reports the former, and nothing that may be accepted within the latter.
    """

    written = models.CharField("表記", max_length=WORD_LENGTH, unique=True)
    preferred = models.CharField("使う表記", max_length=WORD_LENGTH, blank=True)
    reason = models.CharField("理由", max_length=REASON_LENGTH, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "用語"

    def __str__(self) -> str:
        return f"{self.written}→{self.preferred}" if self.preferred else self.written

    def clean(self) -> None:
        if len(self.written) < SHORTEST:
            raise ValidationError(TOO_SHORT)
        if self.written == self.preferred:
            raise ValidationError(SAME)

    @property
    def version(self) -> str:
        """A digest of the entry, by which a form notices that it has changed."""
        whole = f"{self.written}\n{self.preferred}\n{self.reason}"
        return sha256(whole.encode()).hexdigest()[:16]
