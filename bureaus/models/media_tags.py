"""The tags by which officers sort pictures and documents; no citizen sees them."""

from django.db import models

from bureaus.models.media import Document, Image

TAG_LENGTH = 30


class ImageTagManager(models.Manager["ImageTag"]):
    def get_by_natural_key(self, file: str, name: str) -> "ImageTag":
        return self.get(image__file=file, name=name)


class DocumentTagManager(models.Manager["DocumentTag"]):
    def get_by_natural_key(self, address: str, name: str) -> "DocumentTag":
        return self.get(document__address=address, name=name)


class MediaTag(models.Model):
    """
    A tag of one file.

    The version before this one deletes files without knowing the tables: there is no constraint
    in the database.
    """

    name = models.CharField("タグ", max_length=TAG_LENGTH, db_index=True)

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return self.name


class ImageTag(MediaTag):
    image = models.ForeignKey(
        Image,
        on_delete=models.CASCADE,
        db_constraint=False,
        related_name="tags",
        verbose_name="画像",
    )

    objects = ImageTagManager()

    class Meta:
        verbose_name = verbose_name_plural = "画像のタグ"
        ordering = ["image", "name"]
        constraints = [
            models.UniqueConstraint(
                fields=["image", "name"],
                name="image_tag_once",
                violation_error_message="この画像には、このタグがもう付いています。",
            ),
        ]

    def natural_key(self) -> tuple[str, str]:
        return (*self.image.natural_key(), self.name)

    natural_key.dependencies = ["bureaus.image"]  # type: ignore[attr-defined]


class DocumentTag(MediaTag):
    document = models.ForeignKey(
        Document,
        on_delete=models.CASCADE,
        db_constraint=False,
        related_name="tags",
        verbose_name="文書",
    )

    objects = DocumentTagManager()

    class Meta:
        verbose_name = verbose_name_plural = "文書のタグ"
        ordering = ["document", "name"]
        constraints = [
            models.UniqueConstraint(
                fields=["document", "name"],
                name="document_tag_once",
                violation_error_message="この文書には、このタグがもう付いています。",
            ),
        ]

    def natural_key(self) -> tuple[str, str]:
        return (*self.document.natural_key(), self.name)

    natural_key.dependencies = ["bureaus.document"]  # type: ignore[attr-defined]
