"""The files that a fixture's pictures and documents name: copied and measured, then stored."""

from collections.abc import Iterable, Iterator
from pathlib import Path

import pikepdf
from django.core.files import File
from django.core.files.storage import default_storage

from bureaus.loading.records import Damaged, Record
from bureaus.models import Document, Image

LIBRARIES: dict[str, type[Image | Document]] = {
    "bureaus.image": Image,
    "bureaus.document": Document,
}


def copy_media(records: Iterable[Record], folders: list[Path]) -> dict[str, Image | Document]:
    """
    Put every file that `records` name into the storage, and return it measured, by its name.

    Looks in `folders` and then in the storage itself. Outside any transaction; done twice it does
    nothing more. Raises Damaged, before the first copy, where a file is missing or is not what
    its name says.
    """
    named = [record for record in records if record.model in LIBRARIES]
    sources = {name_of(record): find(name_of(record), folders) for record in named}
    faults = [fault for record in named for fault in faults_of(record, sources)]
    if faults:
        raise Damaged(faults)
    measured: dict[str, Image | Document] = {}
    for record in named:
        name, source = name_of(record), sources[name_of(record)]
        library = LIBRARIES[record.model]
        if source is not None:
            copy(source, name, is_kept=library._default_manager.filter(file=name).exists())
        item = library(file=name)
        try:
            item.measure(default_storage)
        except (OSError, pikepdf.PdfError) as error:
            raise Damaged(
                [f"{record}：ファイル「{name}」を読めません（{error}）。正しいファイルに替えてください。"]
            ) from error
        measured[name] = item
    return measured


def name_of(record: Record) -> str:
    return str(record.fields.get("file", ""))


def find(name: str, folders: list[Path]) -> Path | None:
    return next((folder / name for folder in folders if (folder / name).is_file()), None)


def faults_of(record: Record, sources: dict[str, Path | None]) -> Iterator[str]:
    name = name_of(record)
    if not name or name.startswith("/") or ".." in name.split("/"):
        yield f"{record}：ファイルの名前「{name}」は使えません。「images/…」の形にしてください。"
    elif sources[name] is None and not default_storage.exists(name):
        yield (
            f"{record}：ファイル「{name}」が見つかりません。"
            "fixture と同じ場所の media フォルダーに置いてください。"
        )


def copy(source: Path, name: str, *, is_kept: bool) -> None:
    """
    Copy unless it is there already.

    A file under this name that no record keeps is what a killed copy left behind: replaced.
    """
    if default_storage.exists(name):
        with default_storage.open(name) as stored:
            if stored.read() == source.read_bytes():
                return
        if is_kept:
            raise Damaged(
                [
                    f"ファイル「{name}」は、内容の違うものがすでに登録されています。"
                    "別の名前にしてください。"
                ]
            )
        default_storage.delete(name)
    with source.open("rb") as stream:
        default_storage.save(name, File(stream))
