"""
The list of all confirmed seals, which outlives every copy of the site, and its replay.

It names what was sealed and holds nothing of it. The newest list is a file of the media storage,
each backup has a copy, and `restore` and `import_content` replay whatever lists they find: what
was sealed after a copy was made does not come back with it.
"""

import json
from collections.abc import Iterable, Mapping
from contextlib import suppress
from datetime import datetime
from io import BytesIO
from typing import Any

from django.core.files.storage import default_storage

from bureaus.models import AuditEntry, Edition, Page, Seal, SealKind
from bureaus.models.locks import under_tree_lock
from bureaus.models.seals import OF_EDITIONS
from bureaus.publishing.sealing.carrying_out import carry_out
from bureaus.publishing.sealing.entry_checks import COLUMNS, check_entry, confirmed_at
from bureaus.uploads.storage import store

FILE = "seals/seals.json"
Entries = Mapping[str, dict[str, Any]]


class DamagedSealList(ValueError):
    """A file is not a list of seals."""


def stored_entries() -> Entries:
    """Return the confirmed seals of the database, by their keys. 1 query."""
    rows = Seal.objects.confirmed().order_by("confirmed_at", "pk")
    columns = ("key", "page__key", "confirmed_at", *COLUMNS)
    return {row["key"]: entry_of(row) for row in rows.values(*columns)}


def entry_of(row: Mapping[str, Any]) -> dict[str, Any]:
    entry = {name: row[name] for name in COLUMNS}
    return entry | {"page": row["page__key"], "confirmed_at": row["confirmed_at"].isoformat()}


def written(entries: Entries) -> bytes:
    """Return the file of a list: JSON, a line for each seal."""
    lines = [json.dumps([key, entries[key]], ensure_ascii=False) for key in entries]
    return ("[" + ",\n".join(lines) + "]\n").encode()


def read_entries(content: bytes) -> Entries:
    """Return the list in a file. Raises DamagedSealList."""
    try:
        entries = {str(key): dict(entry) for key, entry in json.loads(content)}
        for key, entry in entries.items():
            check_entry(key, entry)
    except (ValueError, TypeError, RecursionError) as error:
        raise DamagedSealList(str(error)) from error
    return entries


def kept_entries() -> Entries:
    """Return the list in the media storage; empty where there is none. Raises DamagedSealList."""
    with suppress(FileNotFoundError), default_storage.open(FILE) as stream:
        return read_entries(stream.read())
    return {}


def keep_list(given: Entries | None = None) -> Entries:
    """
    Write every seal that is known here to the media storage, and return them.

    Of those `given`, the database may not have all: a later copy may need them.
    """
    entries = {**kept_entries(), **(given or {}), **stored_entries()}
    if entries:
        store(FILE, BytesIO(written(entries)))
    return entries


@under_tree_lock
def replay(entries: Entries) -> int:
    """
    Carry out the seals that the database does not know, in their order; return how many.

    What a seal names may be missing in an old copy: then nothing of it can come back. It may also
    be something else there, with the same number: that stays.
    """
    known = set(Seal.objects.confirmed().values_list("key", flat=True))
    pages = pages_by_key(entry["page"] for entry in entries.values())
    new = [(confirmed_at(entry), key) for key, entry in entries.items() if key not in known]
    done = 0
    for moment, key in sorted(new):
        entry = entries[key]
        page = pages.get(entry["page"])
        if names_the_same(entry, page, moment):
            carry_out(stored_seal(key, entry, moment, page))
            done += 1
    return done


def names_the_same(entry: Mapping[str, Any], page: int | None, moment: datetime) -> bool:
    """
    Return whether what the entry names is here what was sealed at `moment`, or missing. 1 query.

    Numbers are given anew after an old copy was restored: what is newer than the seal is another.
    """
    if entry["kind"] in OF_EDITIONS:
        edition = Edition.objects.filter(page=page, number=entry["number"]).first()
        return page is not None and (edition is None or edition.has_begun(moment))
    if entry["kind"] == SealKind.NOTE:
        note = AuditEntry.objects.filter(pk=entry["entry"]).first()
        is_there = note is None or not entry["page"] or note.page_id in (page, None)
        return note is None or (note.at <= moment and is_there)
    return True


def pages_by_key(keys: Iterable[str | None]) -> dict[str, int]:
    wanted = {key for key in keys if key}
    return dict(Page.objects.filter(key__in=wanted).values_list("key", "pk"))


def stored_seal(key: str, entry: Mapping[str, Any], moment: datetime, page: int | None) -> Seal:
    """Return the seal as a row: the proposal that the copy has, confirmed, or a new one."""
    times = {"proposed_at": moment, "lapses_at": moment}
    values = {name: entry.get(name) for name in COLUMNS}
    values |= {"page_id": page, "confirmed_at": moment, "ending": ""}
    seal, _ = Seal.objects.update_or_create(
        key=key, defaults=values, create_defaults={**values, **times}
    )
    return seal
