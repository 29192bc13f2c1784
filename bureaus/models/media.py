"""
Pictures and documents, each a file below MEDIA_ROOT.

The properties of a file are read from it at intake (`bureaus.uploads`) and never typed.
"""

from datetime import datetime
from pathlib import PurePosixPath
from typing import Any, Self, TypeVar

from django.conf import settings
from django.core.validators import MaxValueValidator, RegexValidator
from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.utils import timezone

from bureaus import social_image
from bureaus.models.visibility import FileViewer, begun, visible_editions

Stored = TypeVar("Stored", bound=models.Model)
NAME_LENGTH = 100  # of a file in the storage
NAME_OF_UPLOAD_LENGTH = 200  # of the name on the uploader's computer
CENTRE = 50


def uploader_field() -> "models.ForeignKey[Any, Any]":
    """Return a field for the uploader, who may use the file anywhere; NULL of a loaded fixture."""
    return models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        editable=False,
        related_name="+",
        verbose_name="登録した人",
    )


# The end of the name of a rendition or a social image, after the name of the picture.
RENDITION_SUFFIX = rf"(?:[1-9][0-9]{{0,4}}\.(?:avif|webp|jpg|png)|{social_image.SUFFIX})"


class UsedFileQuerySet(models.QuerySet[Stored]):
    def ever_public(self, at: datetime) -> Self:
        """The files that an edition in force at `at` or before shows; a row for each use."""
        return self.filter(begun(at, "uses__edition__"))

    def usable_by(self, viewer: FileViewer, now: datetime) -> Self:
        """
        Return the files that were ever public, are used in the officer's branches, or are new.

        A file without a use may be meant for an unpublished page: its uploader may use it, and
        the officers who share a branch with them. Without a role, there are none.
        """
        if viewer.is_unlimited:
            return self
        if not viewer.has_any_role:
            return self.none()
        use: Any = self.model._meta.get_field("uses")
        uses = use.related_model._default_manager.filter(**{use.field.name: OuterRef("pk")})
        visible = Exists(uses.order_by().filter(visible_editions(viewer, now, "edition__")))
        of_colleagues = Q(uploader=None) | viewer.shares_branch_with("uploader")
        own = Q(uploader=viewer.officer) if viewer.officer else Q(pk__in=[])
        return self.filter(visible | (~Exists(uses.order_by()) & of_colleagues) | own)


class FileManager(models.Manager[Stored]):
    def get_by_natural_key(self, file: str) -> Stored:
        return self.get(file=file)


class Image(models.Model):
    """
    A picture, with its largest version in `file`.

    Smaller versions and the social image are stored beside it: `renditions` are the endings of
    their names, `320.webp 640.webp card-1200x630-50-50.jpg`, and empty until they are made.
    Credit and alternative text are suggestions: those of a page are part of its edition.
    """

    file = models.FileField("ファイル", upload_to="images/", unique=True)
    name = models.CharField("元のファイル名", max_length=NAME_OF_UPLOAD_LENGTH, blank=True)
    width = models.PositiveIntegerField("幅（画素）")
    height = models.PositiveIntegerField("高さ（画素）")
    byte_size = models.PositiveBigIntegerField("大きさ（バイト）")
    renditions = models.CharField(
        "小さい画像",
        max_length=300,
        blank=True,
        editable=False,
        validators=[RegexValidator(rf"{RENDITION_SUFFIX}(?: {RENDITION_SUFFIX})*\Z")],
    )
    credit = models.CharField("撮影者・提供者", max_length=200, blank=True)
    default_alt = models.CharField("代替テキストの案", max_length=300, blank=True)
    focal_x = models.PositiveSmallIntegerField(
        "中心の位置（左から%）", default=CENTRE, validators=[MaxValueValidator(100)]
    )
    focal_y = models.PositiveSmallIntegerField(
        "中心の位置（上から%）", default=CENTRE, validators=[MaxValueValidator(100)]
    )
    created_at = models.DateTimeField("登録日時", default=timezone.now, editable=False)
    uploader = uploader_field()

    objects = FileManager.from_queryset(UsedFileQuerySet)()

    class Meta:
        verbose_name = verbose_name_plural = "画像"
        constraints = [
            models.CheckConstraint(
                name="image_has_a_size",
                violation_error_message="画像の幅と高さは、1以上にしてください。",
                condition=models.Q(width__gt=0, height__gt=0),
            ),
            models.CheckConstraint(
                name="image_focus_is_inside",
                violation_error_message="画像の中心の位置は、0から100までにしてください。",
                condition=models.Q(focal_x__lte=100, focal_y__lte=100),
            ),
        ]

    def __str__(self) -> str:
        return next(filter(None, self.names))

    def natural_key(self) -> tuple[str]:
        return (str(self.file),)

    @property
    def names(self) -> tuple[str, str]:
        """The name of the uploaded file, and the name in the storage."""
        return (self.name, PurePosixPath(str(self.file)).name)

    @property
    def files(self) -> list[str]:
        """The names of all its files in the storage, the picture itself first."""
        file = str(self.file)
        return [file, *(f"{file}.{ending}" for ending in self.renditions.split())]


class DocumentManager(models.Manager["Document"]):
    def get_by_natural_key(self, address: str) -> "Document":
        return self.get(address=address)


class Document(models.Model):
    """
    A document with a permanent address, whichever file is there.

    `page_count`, `is_tagged` and `has_text` are None where they do not apply: of a table, or a
    record from before they were read. `examined_file` is the file whose hidden content was looked
    for: another one may have some that nobody has seen (`manage.py examine_documents`).
    """

    address = models.CharField("アドレス", max_length=NAME_LENGTH, unique=True, editable=False)
    file = models.FileField("ファイル", upload_to="documents/", unique=True)
    name = models.CharField("元のファイル名", max_length=NAME_OF_UPLOAD_LENGTH, blank=True)
    title = models.CharField("表題", max_length=200)
    byte_size = models.PositiveBigIntegerField("大きさ（バイト）")
    page_count = models.PositiveIntegerField("ページ数", null=True, blank=True)
    language = models.CharField("言語", max_length=35, blank=True)
    is_tagged = models.BooleanField("構造のタグ", null=True, blank=True)
    has_text = models.BooleanField("文字の情報", null=True, blank=True)
    is_examined = models.BooleanField(
        "隠れた内容の検査", default=False, db_default=False, editable=False
    )  # of the version before, which replaces a file and leaves it
    examined_file = models.CharField(
        "調べたファイル", max_length=NAME_LENGTH, blank=True, db_default="", editable=False
    )
    created_at = models.DateTimeField("登録日時", default=timezone.now, editable=False)
    uploader = uploader_field()

    objects = DocumentManager.from_queryset(UsedFileQuerySet)()

    class Meta:
        verbose_name = verbose_name_plural = "文書"

    def __str__(self) -> str:
        return self.title

    def save(self, **kwargs: Any) -> None:
        self.address = self.address or str(self.file)
        super().save(**kwargs)

    def get_absolute_url(self) -> str:
        return f"/{self.address}"

    def natural_key(self) -> tuple[str]:
        return (self.address,)

    @property
    def is_file_examined(self) -> bool:
        """Whether hidden content was looked for in the current file."""
        return self.examined_file == str(self.file)


class DocumentText(models.Model):
    """
    The text of a document, for the search, in a table of its own: it is long and seldom read.

    It is read from the file at intake, and empty of a scan without text.
    """

    document = models.OneToOneField(
        Document,
        on_delete=models.CASCADE,
        primary_key=True,
        related_name="extracted",
        verbose_name="文書",
    )
    text = models.TextField("文字", blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "文書の文字"

    def __str__(self) -> str:
        return str(self.document)


Library = type[Image] | type[Document]


class EarlierFile(models.Model):
    """
    The file at the document's address until another one replaced it.

    Only files that the public could read are kept: a past page links the file of its time.
    """

    document = models.ForeignKey(
        Document, on_delete=models.CASCADE, related_name="earlier", verbose_name="文書"
    )
    file = models.FileField("ファイル", upload_to="documents/", unique=True)
    name = models.CharField("元のファイル名", max_length=NAME_OF_UPLOAD_LENGTH, blank=True)
    byte_size = models.PositiveBigIntegerField("大きさ（バイト）")
    page_count = models.PositiveIntegerField("ページ数", null=True, blank=True)
    until = models.DateTimeField("差し替えた日時")

    objects = FileManager()

    class Meta:
        verbose_name = verbose_name_plural = "差し替える前のファイル"
        ordering = ["document", "until"]
        constraints = [
            models.UniqueConstraint(
                fields=["document", "until"],
                name="earlier_file_once_a_moment",
                violation_error_message="同じ文書に、同じ日時に差し替えたファイルがもうあります。",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.document}（{self.until:%Y-%m-%d} まで）"

    def natural_key(self) -> tuple[str]:
        return (str(self.file),)

    natural_key.dependencies = ["bureaus.document"]  # type: ignore[attr-defined]
