"""
From an uploaded file to what may be kept of it, or to the sentence that says why not.

Outside any transaction. Both are blocks: what they give lies in a folder that goes with them.
"""

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

from bureaus.text.formatting import file_size
from bureaus.uploads.file_names import clean_name, display_name
from bureaus.uploads.invalid_upload import InvalidUpload
from bureaus.uploads.sandbox import run_in_sandbox

IMAGE_BYTES = 40 * 1024 * 1024
DOCUMENT_BYTES = 50 * 1024 * 1024
CHUNK = 64 * 1024


@dataclass(frozen=True, slots=True)
class Accepted:
    """What a library takes: in words, as a file field's `accept` says it, and bytes of one file."""

    formats: str
    accept: str
    most: int

    @property
    def size(self) -> str:
        return f"{self.most // 1024**2}MB"


IMAGES_ACCEPTED = Accepted(
    "JPEG・PNG・WebP・GIF", "image/jpeg,image/png,image/webp,image/gif", IMAGE_BYTES
)
DOCUMENTS_ACCEPTED = Accepted(
    "PDF・Word（.docx）・Excel（.xlsx）・CSV（.csv）", ".pdf,.docx,.xlsx,.csv", DOCUMENT_BYTES
)


class Upload(Protocol):
    """What can be read from its beginning: Django's UploadedFile, an open file."""

    def read(self, size: int = ..., /) -> bytes: ...
    def seek(self, position: int, /) -> object: ...


@dataclass(frozen=True, slots=True)
class TakenImage:
    """A picture written anew, in `file`; beside it a rendition for each of `endings`."""

    file: Path
    name: str
    width: int
    height: int
    endings: tuple[str, ...]

    @property
    def renditions(self) -> dict[str, Path]:
        return {ending: self.file.with_name(ending) for ending in self.endings}


@dataclass(frozen=True, slots=True)
class TakenDocument:
    """A document and what was read in it; `warnings` are sentences for its officer."""

    file: Path
    name: str
    title: str  # the document's own, else from its name
    page_count: int | None
    language: str
    is_tagged: bool | None
    has_text: bool | None
    text: str  # for the search
    warnings: tuple[str, ...]


@contextmanager
def accept_image(upload: Upload, name: str) -> Iterator[TakenImage]:
    """Raises InvalidUpload, and has then left nothing anywhere."""
    with copied(upload, IMAGE_BYTES) as source, run_in_sandbox("image", source) as (answer, folder):
        file = folder / answer["file"]
        yield TakenImage(
            file=file,
            name=clean_name(name, file.suffix.removeprefix(".")),
            width=answer["width"],
            height=answer["height"],
            endings=tuple(answer["endings"]),
        )


@contextmanager
def accept_social_image(picture: Upload, x: int, y: int) -> Iterator[Path]:
    """The card of a picture that is kept, around another point (in %). Raises Unfit."""
    with (
        copied(picture, IMAGE_BYTES) as source,
        run_in_sandbox("card", source, x, y) as (answer, folder),
    ):
        yield folder / answer["endings"][0]


@contextmanager
def accept_document(upload: Upload, name: str) -> Iterator[TakenDocument]:
    """Raises InvalidUpload, and has then left nothing anywhere."""
    with (
        copied(upload, DOCUMENT_BYTES) as source,
        run_in_sandbox("document", source) as (answer, folder),
    ):
        yield taken_document(answer, source, folder, name)


def taken_document(answer: dict[str, Any], source: Path, folder: Path, name: str) -> TakenDocument:
    cleaned = clean_name(name, answer["kind"])
    return TakenDocument(
        file=folder / answer["file"] if "file" in answer else source,
        name=cleaned,
        title=answer.get("title") or cleaned.rpartition(".")[0],
        page_count=answer.get("page_count"),
        language=answer.get("language", ""),
        is_tagged=answer.get("is_tagged"),
        has_text=answer.get("has_text"),
        text=answer.get("text", ""),
        warnings=tuple(answer["warnings"]),
    )


@contextmanager
def copied(upload: Upload, limit: int) -> Iterator[Path]:
    """Copy the upload into a file of our own. Raises InvalidUpload where it is too large."""
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


def sentence_of(unfit: InvalidUpload, name: str) -> str:
    """The whole sentence: the file, the reason, the remedy."""
    return unfit.sentence(display_name(name))
