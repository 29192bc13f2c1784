"""
Check an uploaded file and return what may be stored of it, or raise InvalidUpload.

Called outside any transaction. The context managers delete their files at the end.
"""

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

from bureaus.text.formatting import file_size
from bureaus.uploads.antivirus import refuse_virus
from bureaus.uploads.file_names import clean_name, display_name
from bureaus.uploads.hidden.contents import HiddenContent
from bureaus.uploads.invalid_upload import InvalidUpload
from bureaus.uploads.sandbox import run_in_sandbox

IMAGE_BYTES = 40 * 1024 * 1024
DOCUMENT_BYTES = 50 * 1024 * 1024
CHUNK = 64 * 1024


@dataclass(frozen=True, slots=True)
class AcceptedFormats:
    """The formats of a library: in words, as a file field's `accept`, and the most bytes."""

    formats: str
    accept: str
    most: int

    @property
    def size(self) -> str:
        return f"{self.most // 1024**2}MB"


IMAGES_ACCEPTED = AcceptedFormats(
    "JPEG・PNG・WebP・GIF", "image/jpeg,image/png,image/webp,image/gif", IMAGE_BYTES
)
DOCUMENTS_ACCEPTED = AcceptedFormats(
    "PDF・Word（.docx）・Excel（.xlsx）・PowerPoint（.pptx）・CSV（.csv）",
    ".pdf,.docx,.xlsx,.pptx,.csv",
    DOCUMENT_BYTES,
)


class Upload(Protocol):
    """A file that can be read from its beginning: Django's UploadedFile, an open file."""

    def read(self, size: int = ..., /) -> bytes: ...
    def seek(self, position: int, /) -> object: ...


@dataclass(frozen=True, slots=True)
class AcceptedImage:
    """An image written again to `file`; beside it a rendition for each of `suffixes`."""

    file: Path
    name: str
    width: int
    height: int
    suffixes: tuple[str, ...]

    @property
    def renditions(self) -> dict[str, Path]:
        return {ending: self.file.with_name(ending) for ending in self.suffixes}


@dataclass(frozen=True, slots=True)
class AcceptedDocument:
    """A document and the facts about it; `warnings` are sentences for its officer."""

    file: Path
    name: str
    title: str  # the document's own, else from its name
    page_count: int | None
    language: str
    is_tagged: bool | None
    has_text: bool | None
    text: str  # for the search
    warnings: tuple[str, ...]
    hidden: tuple[HiddenContent, ...]
    readability: dict[str, Any] | None  # of a table, see ReadabilityReport


@contextmanager
def accept_image(upload: Upload, name: str) -> Iterator[AcceptedImage]:
    """Raise InvalidUpload where the file is refused; nothing is left behind then."""
    with (
        scanned_copy_of(upload, IMAGE_BYTES) as source,
        run_in_sandbox("image", source) as (answer, folder),
    ):
        file = folder / answer["file"]
        yield AcceptedImage(
            file=file,
            name=clean_name(name, file.suffix.removeprefix(".")),
            width=answer["width"],
            height=answer["height"],
            suffixes=tuple(answer["suffixes"]),
        )


@contextmanager
def accept_social_image(image: Upload, x: int, y: int) -> Iterator[Path]:
    """Make the social image of a stored image around a point (in %). Raises InvalidUpload."""
    with (
        copy_of(image, IMAGE_BYTES) as source,
        run_in_sandbox("card", source, x, y) as (answer, folder),
    ):
        yield folder / answer["suffixes"][0]


@contextmanager
def accept_document(upload: Upload, name: str) -> Iterator[AcceptedDocument]:
    """Raise InvalidUpload where the file is refused; nothing is left behind then."""
    with (
        scanned_copy_of(upload, DOCUMENT_BYTES) as source,
        run_in_sandbox("document", source) as (answer, folder),
    ):
        yield accepted_document(answer, source, folder, name)


def accepted_document(
    answer: dict[str, Any], source: Path, folder: Path, name: str
) -> AcceptedDocument:
    cleaned = clean_name(name, answer["kind"])
    return AcceptedDocument(
        file=folder / answer["file"] if "file" in answer else source,
        name=cleaned,
        title=answer.get("title") or cleaned.rpartition(".")[0],
        page_count=answer.get("page_count"),
        language=answer.get("language", ""),
        is_tagged=answer.get("is_tagged"),
        has_text=answer.get("has_text"),
        text=answer.get("text", ""),
        warnings=tuple(answer["warnings"]),
        hidden=tuple(HiddenContent(*each) for each in answer.get("hidden", ())),
        readability=answer.get("readability"),
    )


@contextmanager
def scanned_copy_of(upload: Upload, limit: int) -> Iterator[Path]:
    """Copy the upload, and have the virus scanner read it before any other program does."""
    with copy_of(upload, limit) as source:
        refuse_virus(source)
        yield source


@contextmanager
def copy_of(upload: Upload, limit: int) -> Iterator[Path]:
    """Copy the upload into a temporary file. Raises InvalidUpload where it is too large."""
    upload.seek(0)
    with tempfile.TemporaryDirectory(prefix="ministry-upload-") as folder:
        source = Path(folder) / "source"
        with source.open("wb") as target:
            while chunk := upload.read(CHUNK):
                target.write(chunk)
                if target.tell() > limit:
                    raise InvalidUpload(
                        "bytes",
                        f"は、{file_size(limit)}を超えています。縮めるか、分けてください。",
                    )
            if not target.tell():
                raise InvalidUpload(
                    "empty", "は、中身のない（0バイトの）ファイルです。選び直してください。"
                )
        yield source


def refusal_sentence(invalid: InvalidUpload, name: str) -> str:
    """Return the whole sentence: the file, the reason, the remedy."""
    return invalid.sentence(display_name(name))
