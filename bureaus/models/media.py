"""Pictures and documents, each a file below MEDIA_ROOT."""

from pathlib import PurePosixPath
from typing import ClassVar

import pikepdf
from django.core.files.storage import Storage
from django.db import models
from django.utils import timezone
from PIL import Image as Picture


class FileManager(models.Manager["models.Model"]):
    def get_by_natural_key(self, file: str) -> models.Model:
        return self.get(file=file)


class Image(models.Model):
    file = models.FileField("ファイル", upload_to="images/", unique=True)
    width = models.PositiveIntegerField("幅（画素）")
    height = models.PositiveIntegerField("高さ（画素）")
    byte_size = models.PositiveBigIntegerField("大きさ（バイト）")
    created_at = models.DateTimeField("登録日時", default=timezone.now, editable=False)

    objects: ClassVar[FileManager] = FileManager()  # type: ignore[assignment]

    class Meta:
        verbose_name = verbose_name_plural = "画像"
        constraints = [
            models.CheckConstraint(
                name="image_has_a_size", condition=models.Q(width__gt=0, height__gt=0)
            )
        ]

    def __str__(self) -> str:
        return PurePosixPath(self.file.name).name

    def natural_key(self) -> tuple[str]:
        return (self.file.name,)

    def measure(self, storage: Storage) -> None:
        """Fill in the sizes from the stored file. Raises OSError where it is no picture."""
        with storage.open(self.file.name) as stream, Picture.open(stream) as picture:
            self.width, self.height = picture.size
        self.byte_size = storage.size(self.file.name)


class Document(models.Model):
    file = models.FileField("ファイル", upload_to="documents/", unique=True)
    title = models.CharField("表題", max_length=200)
    byte_size = models.PositiveBigIntegerField("大きさ（バイト）")
    page_count = models.PositiveIntegerField("ページ数", null=True, blank=True)
    created_at = models.DateTimeField("登録日時", default=timezone.now, editable=False)

    objects: ClassVar[FileManager] = FileManager()  # type: ignore[assignment]

    class Meta:
        verbose_name = verbose_name_plural = "文書"

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return f"/{self.file.name}"

    def natural_key(self) -> tuple[str]:
        return (self.file.name,)

    def measure(self, storage: Storage) -> None:
        """
        Fill in size and pages from the stored file.

        Raises OSError where it cannot be read, pikepdf.PdfError where a .pdf is no PDF.
        """
        self.byte_size = storage.size(self.file.name)
        if self.file.name.endswith(".pdf"):
            with storage.open(self.file.name) as stream, pikepdf.open(stream) as pdf:
                self.page_count = len(pdf.pages)
