"""Pictures and documents, each a file below MEDIA_ROOT."""

from pathlib import PurePosixPath
from typing import BinaryIO, TypeVar, cast

import pikepdf
from django.core.files.storage import Storage
from django.db import models
from django.utils import timezone
from PIL import Image as Picture

Stored = TypeVar("Stored", bound=models.Model)


class FileManager(models.Manager[Stored]):
    def get_by_natural_key(self, file: str) -> Stored:
        return self.get(file=file)


class Image(models.Model):
    file = models.FileField("ファイル", upload_to="images/", unique=True)
    width = models.PositiveIntegerField("幅（画素）")
    height = models.PositiveIntegerField("高さ（画素）")
    byte_size = models.PositiveBigIntegerField("大きさ（バイト）")
    created_at = models.DateTimeField("登録日時", default=timezone.now, editable=False)

    objects = FileManager()

    class Meta:
        verbose_name = verbose_name_plural = "画像"
        constraints = [
            models.CheckConstraint(
                name="image_has_a_size",
                violation_error_message="画像の幅と高さは、1以上にしてください。",
                condition=models.Q(width__gt=0, height__gt=0),
            )
        ]

    def __str__(self) -> str:
        return PurePosixPath(str(self.file)).name

    def natural_key(self) -> tuple[str]:
        return (str(self.file),)

    def measure(self, storage: Storage) -> None:
        """Fill in the sizes from the stored file. Raises OSError where it is no picture."""
        with storage.open(str(self.file)) as stream, Picture.open(stream) as picture:
            self.width, self.height = picture.size
        self.byte_size = storage.size(str(self.file))


class Document(models.Model):
    file = models.FileField("ファイル", upload_to="documents/", unique=True)
    title = models.CharField("表題", max_length=200)
    byte_size = models.PositiveBigIntegerField("大きさ（バイト）")
    page_count = models.PositiveIntegerField("ページ数", null=True, blank=True)
    created_at = models.DateTimeField("登録日時", default=timezone.now, editable=False)

    objects = FileManager()

    class Meta:
        verbose_name = verbose_name_plural = "文書"

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return f"/{self.file}"

    def natural_key(self) -> tuple[str]:
        return (str(self.file),)

    def measure(self, storage: Storage) -> None:
        """
        Fill in size and pages from the stored file.

        Raises OSError where it cannot be read, pikepdf.PdfError where a .pdf is no PDF.
        """
        self.byte_size = storage.size(str(self.file))
        if str(self.file).endswith(".pdf"):
            with (
                storage.open(str(self.file)) as stream,
                pikepdf.open(cast("BinaryIO", stream)) as pdf,
            ):
                self.page_count = len(pdf.pages)
