"""The files of a source, in a folder or in a ZIP file, which is never unpacked onto the disk."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from functools import cached_property
from itertools import islice
from pathlib import Path, PurePosixPath
from typing import IO, Protocol
from zipfile import ZipFile, ZipInfo

from django.utils import timezone

from bureaus.importing.remarks import UnreadableSource
from bureaus.text.formatting import TOKYO, file_size
from bureaus.uploads.zip_errors import DAMAGED_ZIP

ENTRIES = 200_000
WHOLE = 4_000_000_000  # bytes, unpacked
RATIO = 1_000  # of a file: text shrinks to a tenth, seldom to a hundredth
SMALL = 1_000_000  # bytes, for which no ratio is suspicious
LOCKED = 0x1
IN_UTF_8 = 0x800
UNREADABLE = (*DAMAGED_ZIP, OSError, RuntimeError)


class FileTooLarge(Exception):
    """A file is larger than its use allows."""


class Files(Protocol):
    """Files by their names relative to the source, with slashes."""

    @property
    def names(self) -> Sequence[str]: ...
    def open(self, name: str) -> IO[bytes]: ...
    def modified(self, name: str) -> datetime: ...


def read_file(files: Files, name: str, most: int) -> bytes:
    """Return the content. Raises FileTooLarge, UnreadableSource."""
    try:
        with files.open(name) as stream:
            content = stream.read(most + 1)
    except UNREADABLE as error:
        raise UnreadableSource(
            f"「{name}」を読めません（{error}）。元のファイルから作り直してください。"
        ) from error
    if len(content) > most:
        raise FileTooLarge(file_size(most))
    return content


class Folder:
    """The files below a folder; not those that a symbolic link outside it leads to."""

    def __init__(self, path: Path) -> None:
        self.path = path.resolve()

    @cached_property
    def names(self) -> Sequence[str]:
        found = (
            file.relative_to(self.path).as_posix()
            for file in self.path.rglob("*")
            if file.is_file() and file.resolve().is_relative_to(self.path)
        )
        names = list(islice(found, ENTRIES + 1))
        if len(names) > ENTRIES:
            raise UnreadableSource(
                f"「{self.path}」に{ENTRIES:,}より多くのファイルがあります。"
                "取り込むものだけを、別のフォルダーに置いてください。"
            )
        return sorted(names)

    def open(self, name: str) -> IO[bytes]:
        return (self.path / name).open("rb")

    def modified(self, name: str) -> datetime:
        return datetime.fromtimestamp((self.path / name).stat().st_mtime, TOKYO)


class Archive:
    """The files of a ZIP file that was made on any system. Raises UnreadableSource."""

    def __init__(self, path: Path) -> None:
        self.path = path
        try:
            self.zip = ZipFile(path)
        except UNREADABLE as error:
            raise UnreadableSource(
                f"「{path.name}」をZIPとして読めません（{error}）。作り直してください。"
            ) from error
        refuse_bomb(path.name, self.zip.infolist())

    @cached_property
    def entries(self) -> Mapping[str, ZipInfo]:
        return {
            safe_name(self.path.name, name_of(entry)): entry
            for entry in self.zip.infolist()
            if not entry.is_dir()
        }

    @cached_property
    def names(self) -> Sequence[str]:
        return sorted(self.entries)

    def open(self, name: str) -> IO[bytes]:
        return self.zip.open(self.entries[name])

    def modified(self, name: str) -> datetime:
        try:
            return datetime(*self.entries[name].date_time, tzinfo=TOKYO)
        except ValueError:  # some programs write a month 0
            return timezone.now()


def name_of(entry: ZipInfo) -> str:
    """Return the name of an entry; Windows in Japan writes it in CP932, without saying so."""
    if entry.flag_bits & IN_UTF_8 or entry.filename.isascii():
        return entry.filename
    raw = entry.filename.encode("cp437")  # as zipfile has read it
    for codec in ("utf-8", "cp932"):
        try:
            return raw.decode(codec)
        except UnicodeDecodeError:
            continue
    return entry.filename


def safe_name(archive: str, name: str) -> str:
    """Return the name of a file inside the archive. Raises UnreadableSource for one outside it."""
    path = PurePosixPath(name)
    if path.is_absolute() or ".." in path.parts or "\\" in name or ":" in name or "\0" in name:
        raise UnreadableSource(
            f"「{archive}」の中の「{name}」は、フォルダーの外を指す名前です。危ないので、何も"
            "取り込みません。信頼できるファイルか確かめ、作り直してください。"
        )
    return path.as_posix()


def refuse_bomb(archive: str, entries: Sequence[ZipInfo]) -> None:
    """Raise UnreadableSource; zipfile reads no more of an entry than its directory states."""
    whole = sum(entry.file_size for entry in entries)
    if len(entries) > ENTRIES or whole > WHOLE:
        raise UnreadableSource(
            f"「{archive}」は、展開すると{len(entries):,}ファイル、{file_size(whole)}になります。"
            f"{ENTRIES:,}ファイル、{file_size(WHOLE)}以内に分けてください。"
        )
    for entry in entries:
        if entry.file_size > max(SMALL, RATIO * entry.compress_size):
            raise UnreadableSource(
                f"「{archive}」の中の「{name_of(entry)}」は、展開すると{RATIO:,}倍より大きくなります。"
                "危ないので、何も取り込みません。信頼できるファイルか確かめてください。"
            )
        if entry.flag_bits & LOCKED:
            raise UnreadableSource(
                f"「{archive}」には、パスワードが付いています。外して作り直してください。"
            )
