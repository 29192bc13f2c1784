"""The pictures and documents of a source in the media library, each once."""

from collections.abc import Iterable
from hashlib import blake2b
from pathlib import PurePosixPath
from typing import Any, Protocol

from bureaus.importing.archives import UNREADABLE, Files
from bureaus.models import Action, AuditEntry, Document, Image
from bureaus.publishing import Blocked, add_document, add_image
from bureaus.uploads.intake import accept_document, accept_image
from bureaus.uploads.invalid_upload import InvalidUpload

CHUNK = 1024 * 1024
Item = Image | Document


class RefusedFile(Exception):
    """A file cannot be in the library. The message is a sentence with the remedy."""


class Library(Protocol):
    """Takes files of the source. Raises RefusedFile."""

    def image(self, file: str, alt: str) -> Image: ...
    def document(self, file: str, title: str) -> Document: ...


class Preview:
    """A library that checks files and stores nothing: of a dry run."""

    def __init__(self, files: Files, *, is_checking: bool = True) -> None:
        self.files = files
        self.is_checking = is_checking
        self.checked: dict[tuple[str, str], str] = {}

    def image(self, file: str, alt: str) -> Image:
        del alt
        self.check("image", file)
        return Image(file=file)

    def document(self, file: str, title: str) -> Document:
        del title
        self.check("document", file)
        return Document(address=f"documents/{PurePosixPath(file).name}", title=file)

    def check(self, what: str, file: str) -> None:
        if self.is_checking and (what, file) not in self.checked:
            self.checked[what, file] = refusal_of(self.files, what, file)
        if refusal := self.checked.get((what, file)):
            raise RefusedFile(refusal)


def refusal_of(files: Files, what: str, file: str) -> str:
    """Return why the library would refuse the file; empty where it would take it."""
    accept: Any = accept_image if what == "image" else accept_document
    name = PurePosixPath(file).name
    try:
        with files.open(file) as stream, accept(stream, name):
            return ""
    except InvalidUpload as invalid:
        return invalid.sentence(name)
    except UNREADABLE as error:
        return unreadable(file, error)


class Store:
    """
    The media library. A file that an import has taken before is not taken again.

    The audit entry of its upload has the digest of the file. 1 query, and 1 for each file used.
    """

    def __init__(self, files: Files) -> None:
        self.files = files
        self.addresses = stored_digests()
        self.items: dict[tuple[str, str], Item | str] = {}  # a sentence: it was refused

    def image(self, file: str, alt: str) -> Image:
        return self.item("image", file, alt)  # type: ignore[return-value]

    def document(self, file: str, title: str) -> Document:
        return self.item("document", file, title)  # type: ignore[return-value]

    def item(self, what: str, file: str, words: str) -> Item:
        if (what, file) not in self.items:
            try:
                self.items[what, file] = self.find_or_add(what, file, words)
            except RefusedFile as refused:
                self.items[what, file] = str(refused)
        found = self.items[what, file]
        if isinstance(found, str):
            raise RefusedFile(found)
        return found

    def find_or_add(self, what: str, file: str, words: str) -> Item:
        digest = self.digest_of(file)
        stored = find(what, self.addresses.get(digest, []))
        if stored is not None:
            return stored
        name = PurePosixPath(file).name
        added: Item
        try:
            with self.files.open(file) as stream:
                if what == "image":
                    added = add_image(
                        upload=stream, name=name, actor=None, default_alt=words, digest=digest
                    )
                else:
                    added = add_document(
                        upload=stream, name=name, actor=None, title=words[:200], digest=digest
                    ).document
        except Blocked as blocked:
            raise RefusedFile(str(blocked)) from blocked
        address = f"/{added.address}" if isinstance(added, Document) else f"/media/{added.file}"
        self.addresses.setdefault(digest, []).append(address)
        return added

    def digest_of(self, file: str) -> str:
        digest = blake2b(digest_size=16)
        try:
            with self.files.open(file) as stream:
                while chunk := stream.read(CHUNK):
                    digest.update(chunk)
        except UNREADABLE as error:
            raise RefusedFile(unreadable(file, error)) from error
        return digest.hexdigest()


def stored_digests() -> dict[str, list[str]]:
    """Return the addresses of the files that imports have taken, by their digests. 1 query."""
    entries = AuditEntry.objects.filter(action=Action.UPLOAD, details__has_key="digest")
    found: dict[str, list[str]] = {}
    for address, details in entries.values_list("address", "details"):
        found.setdefault(details["digest"], []).append(address)
    return found


def find(what: str, addresses: Iterable[str]) -> Item | None:
    """Return the stored file at one of these addresses; it may have been deleted since."""
    for address in addresses:
        if what == "image" and address.startswith("/media/"):
            found: Item | None = Image.objects.filter(file=address.removeprefix("/media/")).first()
        elif what == "document" and address.startswith("/documents/"):
            found = Document.objects.filter(address=address.removeprefix("/")).first()
        else:
            continue
        if found is not None:
            return found
    return None


def unreadable(file: str, error: Exception) -> str:
    return f"「{file}」を読めません（{error}）。元のファイルから作り直してください。"
