"""Seals: what was withdrawn from every moment, by whom, and on what ground. Never what it said."""

import secrets
from datetime import datetime
from typing import Any, Self

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now

from bureaus.models.media import NAME_LENGTH
from bureaus.models.pages import Page
from bureaus.text.formatting import TOKYO
from bureaus.text.tombstones import hidden_sentence, sealed_sentence

DECIDER_LENGTH = 200
FIELD_LENGTH = 40


class SealKind(models.TextChoices):
    EDITION = "edition", "版の全体"
    FIELD = "field", "版の欄"
    PASSAGE = "passage", "文章の一部"
    FIGURE = "figure", "図"
    LINK = "link", "リンク"
    CONTACT = "contact", "連絡先"
    DOCUMENT = "document", "文書のファイル"
    EARLIER_FILE = "earlier_file", "差し替える前のファイル"
    IMAGE = "image", "画像"
    NOTE = "note", "記録のメモ"


OF_EDITIONS = frozenset(
    {
        SealKind.EDITION,
        SealKind.FIELD,
        SealKind.PASSAGE,
        SealKind.FIGURE,
        SealKind.LINK,
        SealKind.CONTACT,
    }
)
OF_FILES = frozenset({SealKind.DOCUMENT, SealKind.EARLIER_FILE, SealKind.IMAGE})


class Ground(models.TextChoices):
    PERSONAL = "personal", "個人情報を保護するため"
    RIGHTS = "rights", "第三者の権利を保護するため"
    SECRET = "secret", "秘密を保護するため"
    LAW = "law", "法令に基づき"


class ProposalOutcome(models.TextChoices):
    """How a proposal ended before its time, without a seal."""

    REFUSED = "refused", "却下"
    WITHDRAWN = "withdrawn", "取下げ"


# The fields that are sealed as one, by the first of them, with the word of the public sentence.
FIELDS: dict[str, tuple[str, tuple[str, ...]]] = {
    "title": ("表題", ("title", "title_reading", "title_english")),
    "lead": ("要旨", ("lead",)),
    "body": ("本文", ("body",)),
    "event_place": ("場所", ("event_place",)),
    "note": ("お知らせ", ("note",)),
    "change_note": ("変更の内容", ("change_note",)),
}
WORDS: dict[SealKind, str] = {
    SealKind.EDITION: "この版の内容",
    SealKind.PASSAGE: "このページの文章の一部",
    SealKind.FIGURE: "このページの図",
    SealKind.LINK: "このページのリンク",
    SealKind.CONTACT: "このページの連絡先",
    SealKind.DOCUMENT: "この文書",
    SealKind.EARLIER_FILE: "この文書",
    SealKind.IMAGE: "この画像",
    SealKind.NOTE: "このメモ",
}


def new_key() -> str:
    """Return the key by which every copy of the site knows a seal."""
    return secrets.token_hex(16)


class SealQuerySet(models.QuerySet["Seal"]):
    def confirmed(self) -> Self:
        return self.filter(confirmed_at__isnull=False)

    def pending(self, now: datetime) -> Self:
        """The proposals that a second approver can still confirm."""
        return self.filter(confirmed_at=None, lapses_at__gt=now)

    def hiding(self, now: datetime) -> Self:
        """The urgent proposals that hide their target until they lapse or are confirmed."""
        return self.pending(now).filter(is_urgent=True)

    def withholding(self) -> Self:
        """
        The seals whose target no citizen may read: confirmed, or hidden meanwhile.

        By the clock of the database, as all that citizens read.
        """
        hiding = Q(is_urgent=True, lapses_at__gt=Now())
        return self.filter(Q(confirmed_at__isnull=False) | hiding)

    def hidden_files(self, kind: SealKind) -> models.QuerySet["Seal", Any]:
        """The names of the files of this kind that are hidden, by the clock of the database."""
        hiding = self.filter(confirmed_at=None, is_urgent=True, lapses_at__gt=Now(), kind=kind)
        return hiding.order_by().values("file")


def of_hidden_image(prefix: str = "image__") -> Q:
    """The condition for pictures whose file is hidden; `prefix` leads to the picture."""
    return Q(**{f"{prefix}file__in": Seal.objects.hidden_files(SealKind.IMAGE)})


def of_hidden_document(prefix: str = "document__") -> Q:
    """The condition for documents whose file is hidden; `prefix` leads to the document."""
    return Q(**{f"{prefix}file__in": Seal.objects.hidden_files(SealKind.DOCUMENT)})


class SealManager(models.Manager["Seal"]):
    def get_by_natural_key(self, key: str) -> "Seal":
        return self.get(key=key)


class Seal(models.Model):
    """
    A proposal to seal something, and from its confirmation on the record that it was sealed.

    It names its target and holds nothing of it: the page and the number of an edition, a `field`
    or a part (`figures-2`), for a passage where it began and how long it was, the name of a file
    in the storage, or the key of an audit entry. `decider` is the organisation that decided.
    """

    key = models.CharField("鍵", max_length=32, unique=True, default=new_key, editable=False)
    kind = models.CharField("対象", max_length=20, choices=SealKind.choices)
    page = models.ForeignKey(
        Page,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="seals",
        verbose_name="ページ",
    )
    number = models.PositiveIntegerField("版", null=True, blank=True)
    field = models.CharField("欄", max_length=FIELD_LENGTH, blank=True)
    start = models.PositiveIntegerField("始まり", null=True, blank=True)
    length = models.PositiveIntegerField("長さ", null=True, blank=True)
    file = models.CharField("ファイル", max_length=NAME_LENGTH, blank=True)
    entry = models.PositiveBigIntegerField("記録", null=True, blank=True)
    ground = models.CharField("根拠", max_length=20, choices=Ground.choices)
    reason = models.TextField("理由", blank=True)
    decider = models.CharField("決定した組織", max_length=DECIDER_LENGTH)
    is_urgent = models.BooleanField("すぐに隠す", default=False)
    proposer = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="提案した人",
    )
    proposed_at = models.DateTimeField("提案した日時")
    lapses_at = models.DateTimeField("提案の期限")
    confirmer = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="確認した人",
    )
    confirmed_at = models.DateTimeField("確認した日時", null=True, blank=True)
    # Such a proposal lapses at the moment of its end, which every version understands.
    ending = models.CharField(
        "終わり方", max_length=20, choices=ProposalOutcome.choices, blank=True, db_default=""
    )

    objects = SealManager.from_queryset(SealQuerySet)()

    class Meta:
        verbose_name = verbose_name_plural = "消去"
        ordering = ["proposed_at", "pk"]
        indexes = [
            models.Index(fields=["file", "confirmed_at"], name="seal_of_file"),
            models.Index(fields=["page", "number"], name="seal_of_edition"),
            models.Index(
                fields=["lapses_at"], condition=Q(confirmed_at=None), name="seal_unconfirmed"
            ),
        ]
        constraints = [
            models.CheckConstraint(
                name="seal_kind_is_known",
                violation_error_message="消去の対象の種類が正しくありません。",
                condition=Q(kind__in=[str(kind) for kind in SealKind]),
            ),
            models.CheckConstraint(
                name="seal_ground_is_known",
                violation_error_message="消去の根拠が正しくありません。",
                condition=Q(ground__in=[str(ground) for ground in Ground]),
            ),
            models.CheckConstraint(
                name="seal_has_one_target",
                violation_error_message="消去の対象は、版・ファイル・記録のどれか1つにしてください。",
                condition=Q(number__isnull=False, page__isnull=False, file="", entry=None)
                | (Q(number=None, entry=None) & ~Q(file=""))
                | Q(number=None, file="", entry__isnull=False),
            ),
            models.CheckConstraint(
                name="seal_ended_one_way",
                violation_error_message="確認された消去は、却下も取下げもできません。",
                condition=Q(ending="")
                | Q(confirmed_at=None, ending__in=[str(outcome) for outcome in ProposalOutcome]),
            ),
            models.CheckConstraint(
                name="seal_by_two_people",
                violation_error_message="提案した人は、自分の提案を確認できません。",
                condition=Q(proposer=None) | Q(confirmer=None) | ~Q(proposer=F("confirmer")),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()}の消去"

    def natural_key(self) -> tuple[str]:
        return (self.key,)

    natural_key.dependencies = ["bureaus.page"]  # type: ignore[attr-defined]

    def is_pending(self, now: datetime) -> bool:
        return self.confirmed_at is None and self.lapses_at > now

    @property
    def what(self) -> str:
        """What the public sentence calls the target."""
        if self.kind == SealKind.FIELD:
            return f"このページの{FIELDS[self.field][0]}"
        return WORDS[SealKind(self.kind)]

    @property
    def sentence(self) -> str:
        """The tombstone, or the sentence in its place while an urgent proposal is not decided."""
        ground = str(Ground(self.ground).label)
        if self.confirmed_at is None:
            return hidden_sentence(self.proposed_at.astimezone(TOKYO), self.decider, ground)
        day = self.confirmed_at.astimezone(TOKYO)
        return sealed_sentence(self.what, day, self.decider, ground)
