"""Loading fixtures: read and refuse first, then store in one transaction, then check the whole."""

from bureaus.loading.checks import refuse_broken_site, refuse_damaged
from bureaus.loading.media import copied_media
from bureaus.loading.records import Damaged, Record, read_records
from bureaus.loading.store import Store

__all__ = [
    "Damaged",
    "Record",
    "Store",
    "copied_media",
    "read_records",
    "refuse_broken_site",
    "refuse_damaged",
]
