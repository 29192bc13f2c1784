"""
Optimistic locking of the admin's forms by one hidden field.

The field `version` says which version of an edition, a document, an image, a group of synonyms or
a part of the tree a form was shown for. The view compares it with the stored version, and refuses
the form where that has changed since; that of synonyms is compared by their action.
"""

import re
from collections.abc import Iterable
from hashlib import sha256

from django.http import QueryDict

from bureaus.models import Document, Edition, Image
from bureaus.publishing import Blocked, Blocker, BlockerCode

FIELD = "version"
EDITION_VERSION = re.compile(r"(\d{1,18})-(\d{1,9})", re.ASCII)


def edition_version(edition: Edition) -> str:
    return version_of_revision(edition.pk, edition.revision)


def version_of_revision(edition_pk: int, revision: int) -> str:
    return f"{edition_pk}-{revision}"


def sent_revisions(data: QueryDict) -> dict[int, int]:
    """Return the revisions that the form was shown for, by the key of the edition."""
    matches = map(EDITION_VERSION.fullmatch, data.getlist(FIELD))
    return {int(match[1]): int(match[2]) for match in matches if match}


def file_version(file: Document | Image) -> str:
    """Return a digest of what a form changes: a document's file, an image's description."""
    fields: tuple[str, ...] = ("name", "default_alt", "credit", "focal_x", "focal_y")
    if isinstance(file, Document):
        fields = ("file",)
    values = [str(getattr(file, name)) for name in fields]
    return sha256(repr(values).encode()).hexdigest()[:16]


def place_version(keys: Iterable[int]) -> str:
    """Return a digest of the keys of placements: nodes never change, and a move adds new ones."""
    return sha256("-".join(map(str, keys)).encode()).hexdigest()[:16]


def raise_if_place_changed(sent: str, stored: str, sentence: str) -> None:
    """
    Raise Blocked with `sentence` where a form was shown for another version of the tree.

    To be called inside the tree lock. A form without the field is not compared.
    """
    if sent and sent != stored:
        raise Blocked([Blocker(BlockerCode.CHANGED, sentence)])


def file_changed_blocker(file: Document | Image) -> Blocker:
    """Return the refusal for a form that was shown for another version of `file`."""
    return Blocker(
        BlockerCode.CHANGED,
        document_changed(file) if isinstance(file, Document) else image_changed(file),
    )


def document_changed(document: Document) -> str:
    return (
        f"あなたが開いたあとに、ほかの人が「{document.name}」に差し替えました。"
        "いまのファイルを確かめて、それでもよければ、もう一度選んで差し替えてください。"
    )


def image_changed(image: Image) -> str:
    return (
        "あなたが開いたあとに、ほかの人が保存しました。いまの案は"
        f"「{image.default_alt or 'なし'}」、撮影者・提供者は「{image.credit or 'なし'}」、"
        f"中心は左から{image.focal_x}%、上から{image.focal_y}%です。"
        "あなたの入力は下に残っています。よければ、もう一度保存してください。"
    )
