"""The ordered parts of an edition: figures, links and contacts."""

from typing import Any, ClassVar

from django.db import models, transaction
from django.db.models import Q
from django.utils import timezone

from bureaus.models.editions import Edition, lock_unapproved
from bureaus.models.media import Document, Image
from bureaus.models.pages import JOINED, Page, fields_to_save, placement_at, read_with
from bureaus.models.placements import PlacementsOfPage
from bureaus.text.alt_text import Fault, faults_of_alt


class PartQuerySet(models.QuerySet[Any]):
    @transaction.atomic
    def delete(self) -> tuple[int, dict[str, int]]:
        lock_unapproved(self.values("edition"))
        return super().delete()


class PartManager(models.Manager[Any].from_queryset(PartQuerySet)):  # type: ignore[misc]
    def get_by_natural_key(self, key: str, number: int, position: int) -> models.Model:
        part: models.Model = self.get(
            edition__page__key=key, edition__number=number, position=position
        )
        return part


class LinkQuerySet(PartQuerySet):
    def with_targets(self) -> models.QuerySet[Any, Any]:
        """Read the documents, and the pages with their placements of now. No query more."""
        joined: dict[str, Any] = {JOINED: placement_at(timezone.now())}
        return read_with(self.annotate(**joined), "page", "document", JOINED)


class LinkManager(PartManager.from_queryset(LinkQuerySet)):  # type: ignore[misc]
    pass


class FigureManager(PartManager):
    def get_queryset(self) -> models.QuerySet[Any]:
        """With the pictures: the check of an alternative text needs the name of the file."""
        rows: models.QuerySet[Any] = super().get_queryset()
        return rows.select_related("image")


class Part(models.Model):
    """An ordered part of an edition."""

    edition = models.ForeignKey(
        Edition, on_delete=models.CASCADE, related_name="%(class)ss", verbose_name="版"
    )
    position = models.PositiveIntegerField("順番", default=1)

    objects: ClassVar[PartManager] = PartManager()

    class Meta:
        abstract = True
        ordering = ["edition", "position"]
        constraints = [
            models.UniqueConstraint(
                fields=["edition", "position"],
                name="%(class)s_position_once",
                violation_error_message="同じ版に、同じ順番のものがもうあります。",
            )
        ]

    def save(self, **kwargs: Any) -> None:
        """
        Save; 1 query more than Django's. The edition of a stored part is never updated.

        Raises ApprovedEditionIsFinal where the edition is approved, and DatabaseError where the
        part has been removed.
        """
        with transaction.atomic():
            if self._state.adding:
                lock_unapproved([self.edition_id])
                kwargs["force_insert"] = True
            else:
                lock_unapproved(self.stored_edition())
                kwargs["update_fields"] = fields_to_save(self, kwargs, frozenset({"edition"}))
            super().save(**kwargs)

    @transaction.atomic
    def delete(self, *args: Any, **kwargs: Any) -> tuple[int, dict[str, int]]:
        """Raise ApprovedEditionIsFinal where the edition is approved."""
        lock_unapproved(self.stored_edition())
        return super().delete(*args, **kwargs)

    def stored_edition(self) -> models.QuerySet[Any, Any]:
        """Return the key of the edition as it is stored, whatever this object has."""
        rows: models.QuerySet[Any, Any] = type(self).objects.filter(pk=self.pk).values("edition")
        return rows

    def natural_key(self) -> tuple[Any, ...]:
        return (*self.edition.natural_key(), self.position)

    natural_key.dependencies = ["bureaus.edition"]  # type: ignore[attr-defined]


class FigureSize(models.TextChoices):
    """How wide a picture stands. Without one, its shape decides."""

    SMALL = "small", "小（本文の横）"
    MEDIUM = "medium", "中（本文の3分の2ほど）"
    LARGE = "large", "大（本文の幅いっぱい）"


class Figure(Part):
    image = models.ForeignKey(
        Image, on_delete=models.PROTECT, related_name="uses", verbose_name="画像"
    )
    alt = models.CharField("代替テキスト", max_length=300, blank=True)
    is_decorative = models.BooleanField("装飾の画像", default=False)
    caption = models.CharField("説明文", max_length=300, blank=True)
    size = models.CharField(
        "大きさ", max_length=10, choices=FigureSize.choices, blank=True, default="", db_default=""
    )

    objects: ClassVar[PartManager] = FigureManager()

    class Meta(Part.Meta):
        verbose_name = verbose_name_plural = "図"

    def __str__(self) -> str:
        return self.caption or self.alt

    @property
    def faults(self) -> list[Fault]:
        """The faults of the alternative text (JIS X 8341-3 1.1.1, as miChecker has them)."""
        return faults_of_alt(
            self.alt,
            is_decorative=self.is_decorative,
            caption=self.caption,
            file_names=self.image.names,
        )


class Link(Part):
    text = models.CharField("リンクの文字", max_length=300)
    page = models.ForeignKey(
        Page,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="ページ",
    )
    document = models.ForeignKey(
        Document,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="uses",
        verbose_name="文書",
    )
    url = models.URLField("外部のアドレス", max_length=1000, blank=True)

    placements = PlacementsOfPage()

    objects: ClassVar[Any] = LinkManager()

    class Meta(Part.Meta):
        verbose_name = verbose_name_plural = "リンク"
        constraints = [
            *Part.Meta.constraints,
            models.CheckConstraint(
                name="link_has_one_target",
                violation_error_message="リンク先は、ページ・文書・外部のアドレスのうち1つだけにしてください。",
                condition=Q(page__isnull=False, document=None, url="")
                | Q(page=None, document__isnull=False, url="")
                | (Q(page=None, document=None) & ~Q(url="")),
            ),
        ]

    def __str__(self) -> str:
        return self.text


class Contact(Part):
    name = models.CharField("課・担当", max_length=200)
    phone = models.CharField("電話", max_length=40, blank=True)
    fax = models.CharField("FAX", max_length=40, blank=True)
    email = models.EmailField("メール", blank=True)

    class Meta(Part.Meta):
        verbose_name = verbose_name_plural = "連絡先"

    def __str__(self) -> str:
        return self.name


PARTS: tuple[type[Part], ...] = (Figure, Link, Contact)
