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
from django.utils.dateparse import parse_datetime

from bureaus.models import Ground, Page, Seal, SealKind
from bureaus.models.locks import under_tree_lock
from bureaus.publishing.sealing.carrying_out import carry_out
from bureaus.uploads.storage import store

FILE = "seals/seals.json"
COLUMNS = ("kind", "number", "field", "start", "length", "file", "entry", "ground", "decider")
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
        for entry in entries.values():
            SealKind(entry["kind"]), Ground(entry["ground"]), confirmed_at(entry)
    except (ValueError, TypeError, KeyError, AttributeError) as error:
        raise DamagedSealList(str(error)) from error
    return entries


def confirmed_at(entry: Mapping[str, Any]) -> datetime:
    moment = parse_datetime(entry["confirmed_at"])
    if moment is None or moment.tzinfo is None:
        raise ValueError(entry["confirmed_at"])
    return moment


def kept_entries() -> Entries:
    """Return the list in the media storage; empty where there is none. Raises DamagedSealList."""
    with suppress(FileNotFoundError), default_storage.open(FILE) as stream:
        return read_entries(stream.read())
    return {}


def keep_list() -> Entries:
    """Write every seal that is known here to the media storage, and return them."""
    entries = {**kept_entries(), **stored_entries()}
    if entries:
        store(FILE, BytesIO(written(entries)))
    return entries


@under_tree_lock
def replay(entries: Entries) -> int:
    """
    Carry out the seals that the database does not know, in their order; return how many.

    What a seal names may be missing in an old copy: then nothing of it can come back.
    """
    known = set(Seal.objects.confirmed().values_list("key", flat=True))
    pages = pages_by_key(entry["page"] for entry in entries.values())
    new = [(confirmed_at(entry), key) for key, entry in entries.items() if key not in known]
    done = 0
    for moment, key in sorted(new):
        entry = entries[key]
        if entry["page"] and entry["page"] not in pages:
            continue
        carry_out(stored_seal(key, entry, moment, pages.get(entry["page"])))
        done += 1
    return done


def pages_by_key(keys: Iterable[str | None]) -> dict[str, int]:
    wanted = {key for key in keys if key}
    return dict(Page.objects.filter(key__in=wanted).values_list("key", "pk"))


def stored_seal(key: str, entry: Mapping[str, Any], moment: datetime, page: int | None) -> Seal:
    """Return the seal as a row: the proposal that the copy has, confirmed, or a new one."""
    times = {"proposed_at": moment, "lapses_at": moment}
    values = {name: entry.get(name) for name in COLUMNS}
    values |= {"page_id": page, "confirmed_at": moment}
    seal, _ = Seal.objects.update_or_create(
        key=key, defaults=values, create_defaults={**values, **times}
    )
    return seal
