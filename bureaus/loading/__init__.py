"""Loading fixtures: read and refuse first, then store in one transaction, then check the whole."""

from bureaus.loading.fixture_records import DamagedFixture, Record, read_records
from bureaus.loading.media import copied_media
from bureaus.loading.site_checks import refuse_broken_site, refuse_damaged
from bureaus.loading.store import Store

__all__ = [
    "DamagedFixture",
    "Record",
    "Store",
    "copied_media",
    "read_records",
    "refuse_broken_site",
    "refuse_damaged",
]
