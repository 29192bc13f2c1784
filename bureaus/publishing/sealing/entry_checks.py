"""What an entry in a list of seals has to be before anything is carried out."""

import re
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.utils.dateparse import parse_datetime

from bureaus.models import Ground, SealKind
from bureaus.models.media import NAME_LENGTH
from bureaus.models.pages import KEY_LENGTH
from bureaus.models.seals import DECIDER_LENGTH, FIELDS, OF_EDITIONS, OF_FILES
from bureaus.publishing.sealing.targets import PART_KINDS, PART_TEXTS, TEXTS

COLUMNS = ("kind", "number", "field", "start", "length", "file", "entry", "ground", "decider")
KEYS = frozenset({*COLUMNS, "page", "confirmed_at"})
KEY = re.compile(r"[0-9a-f]{32}")
# A file of the media library; the list itself is in another folder.
FILE_NAME = re.compile(r"(?:images|documents)(?:/(?!\.\.?/)[-\w.]+)*/[-\w.]*[-\w]")
POSITION = r"[1-9][0-9]{0,4}"
GREATEST = {"number": 2**31 - 1, "start": 2**31 - 1, "length": 2**31 - 1, "entry": 2**63 - 1}
YEARS = range(2000, 9999)  # a moment outside has no local time, or no sentence


def check_entry(key: str, entry: Mapping[str, Any]) -> None:
    """Raise ValueError or TypeError, with what is wrong, for an entry that no site has written."""
    if not KEY.fullmatch(key) or entry.keys() != KEYS:
        raise ValueError(f"「{key}」の項目の名前")
    kind, _ = SealKind(entry["kind"]), Ground(entry["ground"])
    wrong = [
        name
        for name, is_right in (
            ("confirmed_at", confirmed_at(entry).year in YEARS),
            ("decider", is_line(entry["decider"], DECIDER_LENGTH)),
            ("page", entry["page"] is None or is_line(entry["page"], KEY_LENGTH)),
            *((name, is_count(entry[name], most)) for name, most in GREATEST.items()),
            ("file", entry["file"] == "" or is_file_name(entry["file"])),
        )
        if not is_right
    ]
    if wrong:
        raise ValueError(f"「{key}」の{wrong[0]}")
    if named(entry) != targets_of(kind) or not is_field_of(kind, entry["field"]):
        raise ValueError(f"「{key}」の対象")


def confirmed_at(entry: Mapping[str, Any]) -> datetime:
    moment = parse_datetime(entry["confirmed_at"])
    if moment is None or moment.tzinfo is None:
        raise ValueError(entry["confirmed_at"])
    return moment


def is_line(value: object, most: int) -> bool:
    """Return whether a database can store it. UnicodeEncodeError is a ValueError."""
    if not isinstance(value, str) or "\0" in value:
        return False
    value.encode()
    return len(value) <= most


def is_count(value: object, most: int) -> bool:
    return value is None or (type(value) is int and 0 <= value <= most)


def is_file_name(value: object) -> bool:
    return isinstance(value, str) and len(value) <= NAME_LENGTH and bool(FILE_NAME.fullmatch(value))


def named(entry: Mapping[str, Any]) -> set[str]:
    """Return which of the columns that name a target are filled."""
    names = {name for name in GREATEST if entry[name] is not None}
    if entry["page"] is None and "number" in names:
        return set()
    return names | ({"file"} if entry["file"] else set())


def targets_of(kind: SealKind) -> set[str]:
    if kind == SealKind.PASSAGE:
        return {"number", "start", "length"}
    if kind in OF_EDITIONS:
        return {"number"}
    return {"file"} if kind in OF_FILES else {"entry"}


def is_field_of(kind: SealKind, field: object) -> bool:
    match kind:
        case SealKind.FIELD:
            return field in FIELDS
        case SealKind.PASSAGE:
            return field in TEXTS or any(
                is_match(rf"{relation}-{POSITION}-{column}", field)
                for relation, columns in PART_TEXTS.items()
                for column in columns
            )
        case _:
            relations = [name for name, of in PART_KINDS.items() if of == kind]
            return is_match(rf"{relations[0]}-{POSITION}", field) if relations else field == ""


def is_match(pattern: str, field: object) -> bool:
    return isinstance(field, str) and bool(re.fullmatch(pattern, field))
