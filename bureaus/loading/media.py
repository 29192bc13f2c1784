"""The files that a fixture's pictures and documents name: measured, then copied."""

import re
import secrets
from collections.abc import Iterable
from pathlib import Path

import pikepdf
from django.conf import settings
from django.core.files import File
from django.core.files.storage import FileSystemStorage, Storage, default_storage
from PIL import Image as Picture

from bureaus.loading.records import Damaged, Record
from bureaus.models import Document, Image

LIBRARIES: dict[str, type[Image | Document]] = {
    "bureaus.image": Image,
    "bureaus.document": Document,
}
NAME = re.compile(r"(?:(?!\.\.?/)[-\w.]+/)+[-\w.]*[-\w]")
NAME_LENGTH = 100  # of the models' FileField
UNREADABLE = (OSError, pikepdf.PdfError, Picture.DecompressionBombError)


def copy_media(records: Iterable[Record], folders: list[Path]) -> dict[str, Image | Document]:
    """
    Put every file that `records` name into the storage, and return it measured, by its name.

    Looks in `folders`, in the storage itself, and beside the fixtures that come with the site.
    Outside any transaction; done twice it does nothing more. Raises Damaged, before the first
    copy, where a file is missing, is not what its name says, or is another than the one that is
    stored under its name.
    """
    faults: list[str] = []
    measured: dict[str, Image | Document] = {}
    sources: dict[str, Storage] = {}
    for record in records:
        if record.model not in LIBRARIES:
            continue
        name = record.fields["file"]
        try:
            sources[name] = find(name, folders)
            measured[name] = measure(record, sources[name])
            refuse_replacement(record, sources[name])
        except UNREADABLE as error:
            faults.append(
                f"{record}：ファイル「{name}」を読めません（{error}）。"
                "正しいファイルに替えてください。"
            )
        except ValueError as error:
            faults.append(f"{record}：ファイル「{name}」{error}")
    if faults:
        raise Damaged(*faults)
    for name, source in sources.items():
        try:
            copy(name, source)
        except OSError as error:
            raise Damaged(
                f"ファイル「{name}」を保存できません（{error}）。"
                "DATA_DIR の空きと権限を確かめてください。"
            ) from error
    return measured


def find(name: str, folders: list[Path]) -> Storage:
    """Return the storage that holds the file. Raises ValueError with half a sentence."""
    if len(name) > NAME_LENGTH or not NAME.fullmatch(name):
        raise ValueError(
            f"の名前は使えません。{NAME_LENGTH}文字以内の「images/…」の形にしてください。"
        )
    for folder in folders:
        if (folder / name).is_file():
            return FileSystemStorage(location=folder)
    if default_storage.exists(name):
        return default_storage
    for folder in map(Path, settings.FIXTURE_DIRS):
        if (folder / "media" / name).is_file():
            return FileSystemStorage(location=folder / "media")
    raise ValueError("が見つかりません。fixture と同じ場所の media フォルダーに置いてください。")


def measure(record: Record, source: Storage) -> Image | Document:
    item = LIBRARIES[record.model](file=record.fields["file"])
    item.measure(source)
    return item


def refuse_replacement(record: Record, source: Storage) -> None:
    """Raise ValueError where another file is there under this name: nothing is overwritten."""
    name = record.fields["file"]
    if default_storage.exists(name) and not is_same(name, source):
        raise ValueError(
            "は、内容の違うものがすでに保存されています。"
            "どちらかの名前を変えるか、要らないほうを別の場所へ移してください。"
        )


def is_same(name: str, source: Storage) -> bool:
    with default_storage.open(name) as stored, source.open(name) as given:
        return bool(stored.read() == given.read())


def copy(name: str, source: Storage) -> None:
    """Copy unless it is there already. Killed half-way it leaves nothing under this name."""
    if default_storage.exists(name):
        return
    with source.open(name) as stream:
        try:
            target = Path(default_storage.path(name))
        except NotImplementedError:  # not on a disk: such storages save whole files only
            default_storage.save(name, File(stream))
            return
        target.parent.mkdir(parents=True, exist_ok=True)
        partial = target.with_name(f".{secrets.token_hex(8)}.part")
        partial.write_bytes(stream.read())
        partial.replace(target)
