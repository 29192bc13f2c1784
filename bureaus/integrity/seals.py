"""Where a confirmed seal was not carried through: what it names is still there."""

from collections.abc import Iterator, Mapping

from django.core.files.storage import default_storage

from bureaus.integrity.problem import Problem
from bureaus.models import AuditEntry, Edition, Seal, SealKind
from bureaus.models.edition_text import CONTACT, PROSE, TITLES
from bureaus.models.seals import FIELDS, OF_FILES
from bureaus.text.tombstones import is_tombstone

TEXTS = (*TITLES, *PROSE, "change_note")
PARTS = {"figures": ("alt", "caption"), "links": ("text", "url"), "contacts": CONTACT}
AGAIN = "erase_sealed を実行し、それでも残れば、その後の控えから戻してください。"


def seal_problems(addresses: Mapping[int, str]) -> Iterator[Problem]:
    """Yield what is sealed and still says something. 1 query, and 1 to 4 for each seal."""
    for seal in Seal.objects.confirmed():
        if seal.kind in OF_FILES:
            if default_storage.exists(seal.file):
                sentence = f"消去したファイル「{seal.file}」が、保存場所に残っています。"
                yield Problem(addresses.get(seal.page_id or 0, "/"), f"{sentence}{AGAIN}")
        elif not all(map(is_tombstone, sealed_texts(seal))):
            what = f"第{seal.number}版" if seal.number else f"記録{seal.entry}"
            address = addresses.get(seal.page_id or 0, "/")
            yield Problem(address, f"{what}に、消去した内容が残っています。{AGAIN}")


def sealed_texts(seal: Seal) -> list[str]:
    """
    Return the texts that the seal names, as they are now.

    What is newer than the seal has only got its number, after an old copy was restored.
    """
    moment = seal.confirmed_at or seal.proposed_at
    if seal.kind == SealKind.NOTE:
        notes = AuditEntry.objects.filter(pk=seal.entry or 0, at__lte=moment)
        return list(notes.values_list("note", flat=True))
    edition = Edition.objects.filter(page=seal.page_id, number=seal.number).first()
    if edition is None or not edition.has_begun(moment):
        return []
    match seal.kind:
        case SealKind.EDITION:
            parts = [text for name in PARTS for text in part_texts(edition, name)]
            return [*(str(getattr(edition, name)) for name in TEXTS), *parts]
        case SealKind.FIELD:
            return [str(getattr(edition, name)) for name in FIELDS[seal.field][1]]
        case SealKind.PASSAGE if seal.field in TEXTS:
            return [str(getattr(edition, seal.field))]
        case _:
            relation, position, *column = seal.field.split("-")
            return part_texts(edition, relation, int(position), *column)


def part_texts(
    edition: Edition, relation: str, position: int | None = None, *columns: str
) -> list[str]:
    rows = getattr(edition, relation).all()
    if position is not None:
        rows = rows.filter(position=position)
    found = rows.values_list(*(columns or PARTS[relation]))
    return [text for row in found for text in row]
